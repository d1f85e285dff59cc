import { Injectable, NotFoundException } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { changes } from '../audit/changes.js';
import { record, type Actor } from '../audit/record.js';
import { Database, type Reader } from '../database/database.js';
import { countReferences } from '../database/references.js';
import { StillReferred, unlessReferred, unlessTaken } from '../database/refusals.js';
import { SettingsService, settingsAlone } from '../settings/settings.service.js';
import { now } from '../web/clock.js';
import { nameKey, takenBy } from '../web/names.js';
import type { Outcome } from '../web/outcome.js';
import type { Problem } from '../web/problem.js';
import { CallerId } from './caller-id.entity.js';
import { readCallerId, type CallerIdForm, type CallerIdValues } from './read-caller-id.js';

export interface ListedCallerId extends CallerIdValues {
  id: number;
  /** Users who call out with it by a choice of their own. */
  users: number;
  /** Everybody else calls out with it. */
  isDefault: boolean;
}

@Injectable()
export class CallerIdsService {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
  ) {}

  /** All caller IDs, by name. */
  async list(): Promise<ListedCallerId[]> {
    const { read } = this.database;
    const callerIds = await read.find(CallerId, { order: { nameKey: 'ASC' } });
    const users = await countReferences(read, 'users', 'caller_id_id');
    const settings = await this.settings.current();
    return callerIds.map((callerId) => {
      const { id } = callerId;
      const isDefault = id === settings.callerId;
      return { id, ...valuesOf(callerId), users: users.get(id) ?? 0, isDefault };
    });
  }

  async find(id: number, manager: Reader | EntityManager = this.database.read): Promise<CallerId> {
    const callerId = await manager.findOneBy(CallerId, { id });
    if (!callerId) throw new NotFoundException();
    return callerId;
  }

  /** How many users call out with it: while there are any it cannot be deleted. */
  async usersOf(id: number): Promise<number> {
    return (await countReferences(this.database.read, 'users', 'caller_id_id', id)).get(id) ?? 0;
  }

  async create(form: CallerIdForm, actor: Actor): Promise<Problem[] | CallerId> {
    const { values, problems } = readCallerId(form);
    if (problems.length > 0) return problems;
    const taken = () => this.taken(values);
    return unlessTaken(this.database, taken, async (manager) => {
      const row = { ...values, nameKey: nameKey(values.name), version: 1, createdAt: now() };
      const { identifiers } = await manager.insert(CallerId, row);
      const made = { ...row, id: identifiers[0].id as number };
      await record(manager, actor, {
        action: 'caller_id.created',
        subject: subject(made),
        details: { ...values },
      });
      return made;
    });
  }

  /** @param version of the caller ID as it was when the form was opened */
  async change(id: number, version: number, form: CallerIdForm, actor: Actor): Promise<Outcome<CallerId>> {
    const { values, problems } = readCallerId(form);
    if (problems.length > 0) return problems;
    const taken = () => this.taken(values, id);
    return unlessTaken(this.database, taken, async (manager) => {
      const before = await this.find(id, manager);
      const after = { ...values, nameKey: nameKey(values.name), version: version + 1 };
      const { affected } = await manager.update(CallerId, { id, version }, after);
      if (affected !== 1) return { newer: await this.find(id, manager) };
      const details = changes(valuesOf(before), values);
      await record(manager, actor, { action: 'caller_id.changed', subject: subject(before), details });
      return { made: { ...before, ...after } };
    });
  }

  /** True for the one that the tenant's settings name as default: it cannot be deleted either. */
  async isDefault(id: number, manager?: EntityManager): Promise<boolean> {
    return (await this.settings.current(manager)).callerId === id;
  }

  /** False when users call out with it, or it is the tenant's default: nothing was deleted. */
  async remove(id: number, actor: Actor): Promise<boolean> {
    const work = async (manager: EntityManager) => {
      const callerId = await this.find(id, manager);
      if (await this.isDefault(id, manager)) throw new StillReferred();
      await manager.delete(CallerId, { id });
      const details = { ...valuesOf(callerId) };
      await record(manager, actor, { action: 'caller_id.deleted', subject: subject(callerId), details });
    };
    return unlessReferred(this.database, work, { alone: settingsAlone });
  }

  private async taken({ name, number }: CallerIdValues, except?: number): Promise<Problem[]> {
    const sameName = await this.database.read.findOneBy(CallerId, { nameKey: nameKey(name) });
    const sameNumber = await this.database.read.findOneBy(CallerId, { number });
    return [...takenBy(sameName, name, 'name', except), ...takenBy(sameNumber, number, 'number', except)];
  }
}

function valuesOf({ name, number }: CallerId): CallerIdValues {
  return { name, number };
}

function subject({ id, name }: Pick<CallerId, 'id' | 'name'>) {
  return { kind: 'caller_id', id, name };
}
