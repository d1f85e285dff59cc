import { ForbiddenException, Injectable, NotFoundException } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { changes } from '../audit/changes.js';
import { record } from '../audit/record.js';
import { Database, type Reader } from '../database/database.js';
import { countReferences } from '../database/references.js';
import { unlessReferred, unlessTaken } from '../database/refusals.js';
import { SettingsService } from '../settings/settings.service.js';
import type { SignedIn } from '../web/allow.js';
import { now } from '../web/clock.js';
import { nameKey, nameProblem, takenBy, tidy } from '../web/names.js';
import type { Outcome } from '../web/outcome.js';
import { allPermissions, covers, type Permission } from '../web/permissions.js';
import type { Problem } from '../web/problem.js';
import { Role } from './role.entity.js';
import { limitProblems, noLimits, type RoleLimits } from './role-limits.js';
import { beyond, mayChange, someoneHoldsAll, type Held } from './role-rules.js';

/** What the form of a role says. */
export interface RoleForm extends RoleLimits {
  name: string;
  permissions: Permission[];
  ownDesksOnly: boolean;
}

export interface ListedRole extends RoleForm {
  id: number;
  users: number;
  mayChange: boolean;
}

/** Who has a role: how many, and the first of them by username, as far as the reader meets users. */
export interface Holders {
  count: number;
  shown: { id: number; username: string; active: boolean }[];
  /** May the reader follow the number to the table of users. */
  listed: boolean;
}

const mostShown = 10;

/** Whoever takes permissions from people decides alone, so that two administrators cannot demote each other. */
export const lastAdministrator = 'last administrator';

@Injectable()
export class RolesService {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
  ) {}

  /** All roles by name, and whether this person may change each. */
  async list(person: SignedIn): Promise<ListedRole[]> {
    const { read } = this.database;
    const roles = await read.find(Role, { order: { nameKey: 'ASC' } });
    const users = await countReferences(read, 'user_roles', 'role_id');
    return roles.map((role) => {
      const mine = mayChange(person, role);
      return { id: role.id, ...formOf(role), users: users.get(role.id) ?? 0, mayChange: mine };
    });
  }

  /** The role, for somebody who may change it; else not found, or forbidden. */
  async find(
    id: number,
    person: SignedIn,
    manager: Reader | EntityManager = this.database.read,
  ): Promise<Role> {
    const role = await manager.findOneBy(Role, { id });
    if (!role) throw new NotFoundException();
    if (mayChange(person, role)) return role;
    throw new ForbiddenException(
      'This role permits more than you may do yourself, so it is not yours to change.',
    );
  }

  /** How many users have the role: while there are any it cannot be deleted. */
  async usersOf(id: number): Promise<number> {
    return (await countReferences(this.database.read, 'user_roles', 'role_id', id)).get(id) ?? 0;
  }

  /** Who has the role. People who meet only users of own desks, or none, learn the number. */
  async holders(id: number, person: SignedIn): Promise<Holders> {
    const count = await this.usersOf(id);
    const listed = person.permissions.has('users.view');
    const shown = listed && !person.ownDesksOnly ? await firstHolders(this.database.read, id) : [];
    return { count, shown, listed };
  }

  /** Problems: the name, or more permissions than this person holds. */
  async create(form: RoleForm, person: SignedIn): Promise<Problem[] | Role> {
    const role = formOf({ ...form, name: tidy(form.name) });
    const problems = [...check(role, person), ...(await this.limits(noLimits, role, person))];
    if (problems.length > 0) return problems;
    const taken = () => this.taken(role.name);
    return unlessTaken(this.database, taken, async (manager) => {
      const row = { ...role, nameKey: nameKey(role.name), version: 1, createdAt: now() };
      const { identifiers } = await manager.insert(Role, { ...row });
      const made: Role = { ...row, id: identifiers[0].id as number };
      await record(manager, person, { action: 'role.created', subject: subject(made), details: { ...role } });
      return made;
    });
  }

  /**
   * @param version of the role as it was when the form was opened
   * @returns also `last`: without these permissions no active user would hold all of them, and nothing was changed
   */
  async change(
    id: number,
    version: number,
    form: RoleForm,
    person: SignedIn,
  ): Promise<Outcome<Role> | 'last'> {
    const role = formOf({ ...form, name: tidy(form.name) });
    const problems = [
      ...check(role, person),
      ...(await this.limits(await this.find(id, person), role, person)),
    ];
    if (problems.length > 0) return problems;
    const taken = () => this.taken(role.name, id);
    const work = async (manager: EntityManager) => {
      const before = await this.find(id, person, manager);
      if (before.version !== version) return { newer: before };
      const loses = !covers(new Set(role.permissions), before.permissions);
      if (loses && !(await anAdministratorIsLeft(manager, { ...before, ...role }))) return 'last' as const;
      const after = { ...role, nameKey: nameKey(role.name), version: version + 1 };
      const { affected } = await manager.update(Role, { id, version }, { ...after });
      if (affected !== 1) return { newer: await this.find(id, person, manager) };
      const details = changes(formOf(before), role);
      await record(manager, person, { action: 'role.changed', subject: subject(before), details });
      return { made: { ...before, ...after } };
    };
    return unlessTaken(this.database, taken, work, { alone: lastAdministrator });
  }

  /** False when users have it: nothing was deleted. */
  async remove(id: number, person: SignedIn): Promise<boolean> {
    return unlessReferred(this.database, async (manager) => {
      const role = await this.find(id, person, manager);
      await manager.delete(Role, { id });
      await record(manager, person, {
        action: 'role.deleted',
        subject: subject(role),
        details: { ...formOf(role) },
      });
    });
  }

  private async limits(before: RoleLimits, after: RoleLimits, person: SignedIn): Promise<Problem[]> {
    return limitProblems(before, after, person, await this.settings.current());
  }

  private async taken(name: string, except?: number): Promise<Problem[]> {
    const holder = await this.database.read.findOneBy(Role, { nameKey: nameKey(name) });
    return takenBy(holder, name, 'name', except);
  }
}

// The room of users lies above: their table is asked by its name.
async function firstHolders(read: Reader, roleId: number): Promise<Holders['shown']> {
  const rows: { id: number; username: string; active: boolean | number }[] = await read
    .createQueryBuilder()
    .select('holder.id', 'id')
    .addSelect('holder.username', 'username')
    .addSelect('holder.active', 'active')
    .from('users', 'holder')
    .innerJoin('user_roles', 'held', 'held.user_id = holder.id')
    .where('held.role_id = :roleId', { roleId })
    .orderBy('holder.username_key')
    .limit(mostShown)
    .getRawMany();
  return rows.map((row) => ({ ...row, active: Boolean(row.active) }));
}

function formOf({ name, permissions, ownDesksOnly, twoFactor, sessionTtl, maxSessions }: RoleForm): RoleForm {
  const ordered = allPermissions.filter((one) => permissions.includes(one));
  return { name, permissions: ordered, ownDesksOnly, twoFactor, sessionTtl, maxSessions };
}

function check(role: RoleForm, person: SignedIn): Problem[] {
  const problem = nameProblem(role.name);
  return [...(problem ? [problem] : []), ...beyond(person, role)];
}

/**
 * True when some active user holds every permission.
 * @param changed a role as it is about to be
 */
// Only those can hold everything who have a role with roles.manage: few, however many users there are.
export async function anAdministratorIsLeft(manager: EntityManager, changed?: Role): Promise<boolean> {
  const others = await manager.find(Role);
  const roles = others.map((role) => (role.id === changed?.id ? changed : role));
  const keys = roles.filter(({ permissions }) => permissions.includes('roles.manage')).map(({ id }) => id);
  if (keys.length === 0) return false;
  const query = manager.createQueryBuilder();
  const managers = query
    .subQuery()
    .select('key_held.user_id')
    .from('user_roles', 'key_held')
    .where('key_held.role_id IN (:...keys)');
  const held: Held[] = await query
    .select('held.user_id', 'userId')
    .addSelect('held.role_id', 'roleId')
    .from('user_roles', 'held')
    .innerJoin('users', 'person', 'person.id = held.user_id AND person.active = :active', { active: true })
    .where(`held.user_id IN ${managers.getQuery()}`, { keys })
    .getRawMany();
  return someoneHoldsAll(held, roles);
}

function subject({ id, name }: Pick<Role, 'id' | 'name'>) {
  return { kind: 'role', id, name };
}
