// The second factor of one user as the database has it now.
import { In, type EntityManager } from 'typeorm';
import type { Reader } from '../database/database.js';
import { Role } from '../roles/role.entity.js';
import type { TenantSettings } from '../settings/tenant-settings.js';
import { now } from '../web/clock.js';
import { Authenticator } from './authenticator.entity.js';
import { secondFactorOf, type DecidedFactor } from './effective.js';
import { UserRole, type User } from './user.entity.js';

export interface FactorState extends DecidedFactor {
  /** The app, once it is set up. */
  authenticator: Authenticator | null;
}

/** What is asked of a user beside the password, who decides it, and the app if there is one. */
export async function factorState(
  manager: Reader | EntityManager,
  user: User,
  tenant: TenantSettings,
): Promise<FactorState> {
  const held = await manager.findBy(UserRole, { userId: user.id });
  const roles = await manager.find(Role, {
    where: { id: In(held.map(({ roleId }) => roleId)) },
    order: { nameKey: 'ASC' },
  });
  const decided = secondFactorOf(
    {
      own: user.twoFactor,
      roles: roles.map(({ name, twoFactor }) => ({ role: name, value: twoFactor })),
      administrative: roles.some(({ permissions }) => permissions.length > 0),
      createdAt: user.createdAt,
    },
    tenant,
    now(),
  );
  return { ...decided, authenticator: await manager.findOneBy(Authenticator, { userId: user.id }) };
}
