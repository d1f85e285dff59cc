import { Injectable, NotFoundException } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { changes } from '../audit/changes.js';
import { record, type Actor } from '../audit/record.js';
import { Database, type Reader } from '../database/database.js';
import { countReferences } from '../database/references.js';
import { unlessReferred, unlessTaken } from '../database/refusals.js';
import { now } from '../web/clock.js';
import { nameKey, takenBy } from '../web/names.js';
import type { Outcome } from '../web/outcome.js';
import type { Problem } from '../web/problem.js';
import { PbxDomain } from './pbx-domain.entity.js';
import { readPbxDomain, type PbxDomainForm, type PbxDomainValues } from './read-pbx-domain.js';

export interface ListedPbxDomain extends PbxDomainValues {
  id: number;
  /** Users with a device in it. */
  users: number;
}

@Injectable()
export class PbxDomainsService {
  constructor(private readonly database: Database) {}

  /** All PBX domains, by name. */
  async list(): Promise<ListedPbxDomain[]> {
    const { read } = this.database;
    const domains = await read.find(PbxDomain, { order: { nameKey: 'ASC' } });
    const users = await countReferences(read, 'users', 'pbx_domain_id');
    return domains.map((domain) => ({
      id: domain.id,
      ...valuesOf(domain),
      users: users.get(domain.id) ?? 0,
    }));
  }

  async find(id: number, manager: Reader | EntityManager = this.database.read): Promise<PbxDomain> {
    const domain = await manager.findOneBy(PbxDomain, { id });
    if (!domain) throw new NotFoundException();
    return domain;
  }

  /** How many users have a device in it: while there are any it cannot be deleted. */
  async usersOf(id: number): Promise<number> {
    return (await countReferences(this.database.read, 'users', 'pbx_domain_id', id)).get(id) ?? 0;
  }

  async create(form: PbxDomainForm, actor: Actor): Promise<Problem[] | PbxDomain> {
    const { values, problems } = readPbxDomain(form);
    if (problems.length > 0) return problems;
    const taken = () => this.taken(values);
    return unlessTaken(this.database, taken, async (manager) => {
      const row = { ...values, nameKey: nameKey(values.name), version: 1, createdAt: now() };
      const { identifiers } = await manager.insert(PbxDomain, row);
      const made = { ...row, id: identifiers[0].id as number };
      const event = { action: 'pbx_domain.created', subject: subject(made), details: { ...values } };
      await record(manager, actor, event);
      return made;
    });
  }

  /** @param version of the domain as it was when the form was opened */
  async change(id: number, version: number, form: PbxDomainForm, actor: Actor): Promise<Outcome<PbxDomain>> {
    const { values, problems } = readPbxDomain(form);
    if (problems.length > 0) return problems;
    const taken = () => this.taken(values, id);
    return unlessTaken(this.database, taken, async (manager) => {
      const before = await this.find(id, manager);
      const after = { ...values, nameKey: nameKey(values.name), version: version + 1 };
      const { affected } = await manager.update(PbxDomain, { id, version }, after);
      if (affected !== 1) return { newer: await this.find(id, manager) };
      const details = changes(valuesOf(before), values);
      await record(manager, actor, { action: 'pbx_domain.changed', subject: subject(before), details });
      return { made: { ...before, ...after } };
    });
  }

  /** False when users have a device in it: nothing was deleted. */
  async remove(id: number, actor: Actor): Promise<boolean> {
    return unlessReferred(this.database, async (manager) => {
      const domain = await this.find(id, manager);
      await manager.delete(PbxDomain, { id });
      const details = { ...valuesOf(domain) };
      await record(manager, actor, { action: 'pbx_domain.deleted', subject: subject(domain), details });
    });
  }

  private async taken({ name }: PbxDomainValues, except?: number): Promise<Problem[]> {
    const holder = await this.database.read.findOneBy(PbxDomain, { nameKey: nameKey(name) });
    return takenBy(holder, name, 'name', except);
  }
}

function valuesOf({ name, host, nextHop, transport }: PbxDomain): PbxDomainValues {
  return { name, host, nextHop, transport };
}

function subject({ id, name }: Pick<PbxDomain, 'id' | 'name'>) {
  return { kind: 'pbx_domain', id, name };
}
