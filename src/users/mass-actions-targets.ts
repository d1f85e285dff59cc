// The users of a mass action as they are now, and who of them is left out (SECURITY.md AZ-5, AZ-6, AZ-9).
import { In, type EntityManager } from 'typeorm';
import type { Reader } from '../database/database.js';
import { Group } from '../groups/group.entity.js';
import { Role } from '../roles/role.entity.js';
import { mayChange, someoneHoldsAll } from '../roles/role-rules.js';
import { Session } from '../sessions/session.entity.js';
import { now } from '../web/clock.js';
import type { Permission } from '../web/permissions.js';
import type { Author } from './author.js';
import { actionOf, isImportAction, mayActOnImport, undoImport, type ImportAction } from './import-actions.js';
import type { MassAction } from './mass-actions.js';
import type { MassActionRun } from './mass-actions.entity.js';
import { limitOf, onlyMet } from './own-desks.js';
import { User, UserGroup, UserRole } from './user.entity.js';

/** A user, with what the rules ask about. */
export interface Target {
  id: number;
  username: string;
  active: boolean;
  /** The password is a temporary one. */
  passwordTemporary: boolean;
  lastSignInAt: number | null;
  /** 1 until somebody changes the user. */
  version: number;
  importId: number | null;
  importRow: number | null;
  roles: number[];
  /** Groups of the kind in question. */
  groups: number[];
  /** Live sessions. */
  sessions: number;
}

/** What the rules know of the tenant. */
export interface Surroundings {
  author: Author;
  roles: ReadonlyMap<number, Role>;
  /** Active users who hold every permission. */
  administrators: Set<number>;
}

/** True while this person may do what they started, and have the passwords that it made: asked again each time (SECURITY.md AZ-8, TP-6). */
export async function mayStillDo(
  reader: Reader | EntityManager,
  run: MassActionRun,
  person: { id: number; permissions: ReadonlySet<Permission> },
): Promise<boolean> {
  const action = actionOf(run);
  if (!isImportAction(action)) return person.permissions.has(action.permission);
  // The room of imports lies above this one: its table is asked by name.
  const file = await reader
    .createQueryBuilder()
    .select('file.author_id', 'authorId')
    .from('imports', 'file')
    .where('file.id = :id', { id: run.thingId })
    .getRawOne<{ authorId: number }>();
  return file !== undefined && mayActOnImport(person, action, file.authorId);
}

/** Those of the users who exist and whom the author may meet. */
export async function targetsOf(
  manager: EntityManager,
  ids: number[],
  { thing }: MassAction,
  author: Author,
): Promise<Map<number, Target>> {
  const query = manager
    .createQueryBuilder(User, 'user')
    .select(['user.id AS id', 'user.username AS username', 'user.active AS active'])
    .addSelect(['user.importId AS "importId"', 'user.importRow AS "importRow"', 'user.version AS version'])
    .addSelect('user.lastSignInAt', 'lastSignInAt')
    .addSelect('user.passwordTemporary', 'passwordTemporary')
    .where({ id: In(ids) });
  const users: Omit<Target, 'roles' | 'groups' | 'sessions'>[] = await onlyMet(
    query,
    await limitOf(manager, author),
  ).getRawMany();
  const roles = byUser(await manager.findBy(UserRole, { userId: In(ids) }), ({ roleId }) => roleId);
  const groups =
    thing && thing.kind !== 'role' ? await groupsOf(manager, ids, thing.kind) : new Map<number, number[]>();
  const sessions = await sessionsOf(manager, ids);
  return new Map(
    users.map((user) => [
      user.id,
      {
        ...user,
        active: Boolean(user.active),
        passwordTemporary: Boolean(user.passwordTemporary),
        roles: roles.get(user.id) ?? [],
        groups: groups.get(user.id) ?? [],
        sessions: sessions.get(user.id) ?? 0,
      },
    ]),
  );
}

/** What holds for all users of a chunk. */
export async function surroundings(manager: EntityManager, author: Author): Promise<Surroundings> {
  const roles = await manager.find(Role);
  return {
    author,
    roles: new Map(roles.map((role) => [role.id, role])),
    administrators: await administratorsAmong(manager, roles),
  };
}

/**
 * Why a user is left out (English), or undefined. Whoever loses every permission by it is taken off the administrators, so
 * that the next question knows.
 */
export function whyLeftOut(
  target: Target | undefined,
  action: MassAction,
  thingId: number | null,
  around: Surroundings,
): string | undefined {
  if (!target) return 'This user does not exist any more, or you may not meet them.';
  if (target.id === around.author.id && action.notOneself) return action.notOneself;
  if (!target.roles.every((id) => mayChange(around.author, around.roles.get(id)!)))
    return 'This user holds more than you do, so you cannot change them.';
  return nothingToDo(target, action, thingId) ?? leavesNobody(target, action, thingId, around);
}

function nothingToDo(target: Target, action: MassAction, thingId: number | null): string | undefined {
  const { value, thing } = action;
  if (isImportAction(action) && target.importId !== thingId)
    return 'This user does not come from this import.';
  if (isImportAction(action) || action.byMail) return notNew(target, action);
  if (value === 'activate' && target.active) return 'This user is active already.';
  if (value === 'deactivate' && !target.active) return 'This user is inactive already.';
  if (value === 'end_sessions' && target.sessions === 0) return 'This user is not signed in.';
  if (!thing) return undefined;
  const has = (thing.kind === 'role' ? target.roles : target.groups).includes(thingId!);
  if (value.startsWith('add_')) return has ? 'This user has it already.' : undefined;
  if (!has) return 'This user does not have it.';
  return thing.kind === 'role' && target.roles.length === 1
    ? 'It is the only role of this user: give another one first.'
    : undefined;
}

function notNew(target: Target, action: MassAction | ImportAction): string | undefined {
  if (target.lastSignInAt !== null) return 'This user has signed in already.';
  if (!target.passwordTemporary) return 'This user has chosen a password already.';
  if (action.byMail && !target.active) return 'This user is inactive.';
  if (action.value === undoImport.value && target.version > 1) return 'This user was edited since.';
  return undefined;
}

function leavesNobody(
  target: Target,
  action: MassAction,
  thingId: number | null,
  { administrators, roles }: Surroundings,
): string | undefined {
  if (!action.weakens || !administrators.has(target.id)) return undefined;
  const left = action.thing ? target.roles.filter((id) => id !== thingId) : [];
  const held = left.map((roleId) => ({ userId: target.id, roleId }));
  if (someoneHoldsAll(held, [...roles.values()])) return undefined;
  if (administrators.size === 1) return 'Nobody else who is active holds every permission.';
  administrators.delete(target.id);
  return undefined;
}

// Only those can hold everything who have a role with roles.manage: few, however many users there are.
async function administratorsAmong(manager: EntityManager, roles: Role[]): Promise<Set<number>> {
  const keys = roles.filter(({ permissions }) => permissions.includes('roles.manage')).map(({ id }) => id);
  if (keys.length === 0) return new Set();
  const held: { userId: number; roleId: number }[] = await manager
    .createQueryBuilder(UserRole, 'held')
    .innerJoin(User, 'person', 'person.id = held.userId AND person.active = :active', { active: true })
    .select(['held.userId AS "userId"', 'held.roleId AS "roleId"'])
    .where((query) => {
      const managers = query
        .subQuery()
        .select('own.userId')
        .from(UserRole, 'own')
        .where('own.roleId IN (:...keys)');
      return `held.userId IN ${managers.getQuery()}`;
    })
    .setParameters({ keys })
    .getRawMany();
  const all = byUser(held, ({ roleId }) => roleId);
  return new Set(
    [...all].flatMap(([userId, ids]) =>
      someoneHoldsAll(
        ids.map((roleId) => ({ userId, roleId })),
        roles,
      )
        ? userId
        : [],
    ),
  );
}

async function groupsOf(
  manager: EntityManager,
  ids: number[],
  kind: Group['kind'],
): Promise<Map<number, number[]>> {
  const rows: { userId: number; groupId: number }[] = await manager
    .createQueryBuilder(UserGroup, 'member')
    .innerJoin(Group, 'joined', 'joined.id = member.groupId AND joined.kind = :kind', { kind })
    .select(['member.userId AS "userId"', 'member.groupId AS "groupId"'])
    .where({ userId: In(ids) })
    .orderBy('member.groupId')
    .getRawMany();
  return byUser(rows, ({ groupId }) => groupId);
}

async function sessionsOf(manager: EntityManager, ids: number[]): Promise<Map<number, number>> {
  const rows: { userId: number; count: number | string }[] = await manager
    .createQueryBuilder(Session, 'session')
    .select(['session.userId AS "userId"', 'COUNT(*) AS count'])
    .where('session.userId IN (:...ids) AND session.endedAt IS NULL AND session.expiresAt > :now', {
      ids,
      now: now(),
    })
    .groupBy('session.userId')
    .getRawMany();
  return new Map(rows.map(({ userId, count }) => [userId, Number(count)]));
}

function byUser<T extends { userId: number }>(rows: T[], idOf: (row: T) => number): Map<number, number[]> {
  const ids = new Map<number, number[]>();
  for (const row of rows) ids.set(row.userId, [...(ids.get(row.userId) ?? []), idOf(row)]);
  return ids;
}
