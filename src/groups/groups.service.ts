import { Injectable, NotFoundException } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { changes } from '../audit/changes.js';
import { record, type Actor } from '../audit/record.js';
import { Database, type Reader } from '../database/database.js';
import { countReferences } from '../database/references.js';
import { unlessReferred, unlessTaken } from '../database/refusals.js';
import { now } from '../web/clock.js';
import { nameKey, nameProblem, takenBy, tidy } from '../web/names.js';
import type { Outcome } from '../web/outcome.js';
import type { Problem } from '../web/problem.js';
import { Group, type GroupKind } from './group.entity.js';
import type { GroupPages } from './group-kinds.js';

export interface ListedGroup {
  id: number;
  name: string;
  /** Users who are in it, by their own list or by the flag "all current and future". */
  users: number;
}

@Injectable()
export class GroupsService {
  constructor(private readonly database: Database) {}

  /** All groups of a kind, by name. */
  async list({ kind, flag }: GroupPages): Promise<ListedGroup[]> {
    const { read } = this.database;
    const groups = await read.find(Group, { where: { kind }, order: { nameKey: 'ASC' } });
    const listed = await countListed(read, flag);
    const flagged = flag ? await countFlagged(read, flag) : 0;
    return groups.map(({ id, name }) => ({ id, name, users: (listed.get(id) ?? 0) + flagged }));
  }

  /** A group of that kind; an ID of another kind is not found. */
  async find(
    kind: GroupKind,
    id: number,
    manager: Reader | EntityManager = this.database.read,
  ): Promise<Group> {
    const group = await manager.findOneBy(Group, { id, kind });
    if (!group) throw new NotFoundException();
    return group;
  }

  /** How many users have it on their own list: while there are any it cannot be deleted. */
  async usersOf(id: number): Promise<number> {
    return (await countReferences(this.database.read, 'user_groups', 'group_id', id)).get(id) ?? 0;
  }

  /** Problems: a name that cannot be one, or that another group of this kind has, ignoring case. */
  async create(kind: GroupKind, typed: string, actor: Actor): Promise<Problem[] | Group> {
    const name = tidy(typed);
    const problem = nameProblem(name);
    if (problem) return [problem];
    const taken = () => this.taken(kind, name);
    return unlessTaken(this.database, taken, async (manager) => {
      const group = { kind, name, nameKey: nameKey(name), version: 1, createdAt: now() };
      const { identifiers } = await manager.insert(Group, group);
      const made = { ...group, id: identifiers[0].id as number };
      await record(manager, actor, { action: `${kind}.created`, subject: subject(made), details: { name } });
      return made;
    });
  }

  /** @param version of the group as it was when the form was opened */
  async rename(
    kind: GroupKind,
    id: number,
    version: number,
    typed: string,
    actor: Actor,
  ): Promise<Outcome<Group>> {
    const name = tidy(typed);
    const problem = nameProblem(name);
    if (problem) return [problem];
    const taken = () => this.taken(kind, name, id);
    return unlessTaken(this.database, taken, async (manager) => {
      const before = await this.find(kind, id, manager);
      const after = { name, nameKey: nameKey(name), version: version + 1 };
      const { affected } = await manager.update(Group, { id, version }, after);
      if (affected !== 1) return { newer: await this.find(kind, id, manager) };
      const details = changes({ name: before.name }, { name });
      await record(manager, actor, { action: `${kind}.changed`, subject: subject(before), details });
      return { made: { ...before, ...after } };
    });
  }

  /** False when users have it: nothing was deleted. */
  async remove(kind: GroupKind, id: number, actor: Actor): Promise<boolean> {
    return unlessReferred(this.database, async (manager) => {
      const group = await this.find(kind, id, manager);
      await manager.delete(Group, { id });
      const details = { name: group.name };
      await record(manager, actor, { action: `${kind}.deleted`, subject: subject(group), details });
    });
  }

  private async taken(kind: GroupKind, name: string, except?: number): Promise<Problem[]> {
    const holder = await this.database.read.findOneBy(Group, { kind, nameKey: nameKey(name) });
    return takenBy(holder, name, 'name', except);
  }
}

// Who is in all groups by the flag is counted there, not a second time by the list that the flag keeps for later.
async function countListed(read: Reader, flag: string | undefined): Promise<Map<number, number>> {
  const query = read
    .createQueryBuilder()
    .select('member.group_id', 'id')
    .addSelect('COUNT(*)', 'count')
    .from('user_groups', 'member')
    .groupBy('member.group_id');
  if (flag)
    query.innerJoin('users', 'person', `person.id = member.user_id AND person.${flag} = :off`, {
      off: false,
    });
  const rows: { id: number; count: number }[] = await query.getRawMany();
  return new Map(rows.map((row) => [row.id, Number(row.count)]));
}

async function countFlagged(read: Reader, flag: string): Promise<number> {
  const query = read.createQueryBuilder().select('COUNT(*)', 'count').from('users', 'person');
  const row = await query.where(`person.${flag} = :on`, { on: true }).getRawOne<{ count: number }>();
  return Number(row?.count ?? 0);
}

function subject({ kind, id, name }: Pick<Group, 'kind' | 'id' | 'name'>) {
  return { kind, id, name };
}
