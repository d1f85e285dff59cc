// What a mass action does to the users who are not left out: one chunk, one transaction, an audit entry for each.
import { In, type EntityManager } from 'typeorm';
import type { Event } from '../audit/record.js';
import { breathe } from '../database/database.js';
import { insertAll } from '../database/insert-all.js';
import type { SessionsService } from '../sessions/sessions.service.js';
import { kickPhones } from '../sip/sip-accounts.js';
import type { TenantSettings } from '../settings/tenant-settings.js';
import { now } from '../web/clock.js';
import { forgetPasswordLinks } from './mail-links.js';
import { makesPasswords, type Belonging, type MassAction } from './mass-actions.js';
import type { Target } from './mass-actions-targets.js';
import { removePhones } from './phones.js';
import { User, UserGroup, UserRole } from './user.entity.js';
import { forgetSecrets } from './forget-secrets.js';
import { invite, unknownPassword } from './invitations.js';
import { tellOfReset } from './tell-of-reset.js';
import { keepSearchable } from './user-search.js';

/** A temporary password that was made before the transaction: hashing is slow. */
export interface FreshPassword {
  password: string;
  hash: string;
}

export interface Doing {
  manager: EntityManager;
  action: MassAction;
  thingId: number | null;
  targets: Target[];
  passwords: ReadonlyMap<number, FreshPassword>;
  /** When new temporary passwords end, milliseconds since 1970. */
  expiresAt: number;
  sessions: SessionsService;
  /** Username of who started it. */
  by: string;
  tenant: TenantSettings;
}

/** Does it and returns what the audit log has to tell. */
export async function carryOut(doing: Doing): Promise<Event[]> {
  const { value, thing } = doing.action;
  if (doing.targets.length === 0) return [];
  if (thing) return changeBelonging(doing, thing.kind, value.startsWith('add_'));
  if (value === 'activate') return setActive(doing, true);
  if (value === 'deactivate') return setActive(doing, false);
  if (makesPasswords({ kind: value })) return resetPasswords(doing);
  if (doing.action.byMail) return inviteUsers(doing);
  if (value === 'end_sessions') return endSessions(doing);
  return remove(doing);
}

async function setActive({ manager, targets, sessions }: Doing, active: boolean): Promise<Event[]> {
  const ids = idsOf(targets);
  await manager.update(User, { id: In(ids) }, { active, version: newer });
  if (!active) {
    await sessions.endAll(manager, ids);
    await kickPhones(manager, ids);
    await forgetPasswordLinks(manager, ids);
  }
  return targets.map((target) => ({
    action: active ? 'user.activated' : 'user.deactivated',
    subject: about(target),
    ...(!active && { details: { sessions: target.sessions } }),
  }));
}

const fields: Record<Belonging, string> = {
  desk: 'desks',
  role: 'roles',
  skill_group: 'skillGroups',
  queue: 'queues',
};

async function changeBelonging(
  { manager, targets, thingId }: Doing,
  kind: Belonging,
  add: boolean,
): Promise<Event[]> {
  const id = thingId!;
  const userIds = idsOf(targets);
  if (kind === 'role' && add) {
    await insertAll(
      manager,
      UserRole,
      userIds.map((userId) => ({ userId, roleId: id })),
    );
  } else if (kind === 'role') {
    await manager.delete(UserRole, { userId: In(userIds), roleId: id });
  } else if (add) {
    await insertAll(
      manager,
      UserGroup,
      userIds.map((userId) => ({ userId, groupId: id })),
    );
  } else {
    await manager.delete(UserGroup, { userId: In(userIds), groupId: id });
  }
  await manager.update(User, { id: In(userIds) }, { version: newer });
  return targets.map((target) => {
    const from = (kind === 'role' ? target.roles : target.groups).toSorted((a, b) => a - b);
    const to = add ? [...from, id].toSorted((a, b) => a - b) : from.filter((one) => one !== id);
    return { action: 'user.changed', subject: about(target), details: { [fields[kind]]: { from, to } } };
  });
}

async function resetPasswords(doing: Doing): Promise<Event[]> {
  const { manager, targets, passwords, expiresAt, sessions, by, tenant } = doing;
  const before = await manager.findBy(User, { id: In(idsOf(targets)) });
  for (const [index, { id }] of targets.entries()) {
    await manager.update(
      User,
      { id },
      {
        passwordHash: passwords.get(id)!.hash,
        passwordTemporary: true,
        passwordExpiresAt: expiresAt,
        passwordChangedAt: now(),
      },
    );
    if (index % 20 === 19) await breathe();
  }
  await forgetSecrets(manager, targets);
  await sessions.endAll(manager, idsOf(targets));
  await breathe();
  await tellOfReset(manager, before, by, tenant);
  return targets.map((target) => ({
    action: 'user.password_reset',
    subject: about(target),
    details: { sessions: target.sessions },
  }));
}

async function inviteUsers({ manager, targets, tenant, expiresAt }: Doing): Promise<Event[]> {
  const ids = idsOf(targets);
  await forgetSecrets(manager, targets);
  await manager.update(
    User,
    { id: In(ids) },
    { passwordHash: await unknownPassword(), passwordExpiresAt: expiresAt, passwordChangedAt: now() },
  );
  await invite(manager, await manager.findBy(User, { id: In(ids) }), tenant);
  return targets.map((target) => ({ action: 'user.invited', subject: about(target) }));
}

async function endSessions({ manager, targets, sessions }: Doing): Promise<Event[]> {
  await sessions.endAll(manager, idsOf(targets));
  return targets.map((target) => ({
    action: 'sessions.ended',
    subject: about(target),
    details: { count: target.sessions },
  }));
}

async function remove({ manager, targets }: Doing): Promise<Event[]> {
  const ids = idsOf(targets);
  await forgetSecrets(manager, targets, true);
  await removePhones(manager, ids);
  await manager.delete(User, { id: In(ids) });
  await keepSearchable(manager, ids);
  return targets.map((target) => ({
    action: 'user.deleted',
    subject: about(target),
    details: { roles: target.roles },
  }));
}

const newer = () => 'version + 1';

function idsOf(targets: Target[]): number[] {
  return targets.map(({ id }) => id);
}

function about({ id, username }: Target) {
  return { kind: 'user', id, name: username };
}
