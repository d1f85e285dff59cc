// Whom a person meets, and on whom they may act (SECURITY.md AZ-2, AZ-5).
import { ForbiddenException, NotFoundException } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import type { Reader } from '../database/database.js';
import { Role } from '../roles/role.entity.js';
import { mayChange, together } from '../roles/role-rules.js';
import type { SignedIn } from '../web/allow.js';
import { allPermissions, covers } from '../web/permissions.js';
import { limitOf, onlyMet } from './own-desks.js';
import { User, UserRole } from './user.entity.js';

/** The user, for somebody who may meet them; else not found. */
export async function metUser(manager: Reader | EntityManager, id: number, person: SignedIn): Promise<User> {
  const query = manager.createQueryBuilder(User, 'user').where('user.id = :userId', { userId: id });
  const user = await onlyMet(query, await limitOf(manager, person)).getOne();
  if (!user) throw new NotFoundException();
  return user;
}

/** The user, for somebody who may act on them; not found, or forbidden when they hold more than the person does. */
export async function userUnder(
  manager: Reader | EntityManager,
  id: number,
  person: SignedIn,
): Promise<User> {
  const user = await metUser(manager, id, person);
  if (await holdsMore(manager, id, person))
    throw new ForbiddenException('This user holds more than you do, so you cannot change them.');
  return user;
}

/** True when the user's roles permit together more than the person may do. */
export async function holdsMore(
  manager: Reader | EntityManager,
  id: number,
  person: SignedIn,
): Promise<boolean> {
  const { permissions, ownDesksOnly } = together(await rolesOf(manager, id));
  return !mayChange(person, { permissions: [...permissions], ownDesksOnly });
}

/** True when the user's roles permit together everything. */
export async function holdsAll(manager: Reader | EntityManager, id: number): Promise<boolean> {
  return covers(together(await rolesOf(manager, id)).permissions, allPermissions);
}

/** The roles that a user has. */
export async function rolesOf(manager: Reader | EntityManager, userId: number): Promise<Role[]> {
  const held = await manager.findBy(UserRole, { userId });
  return manager.findBy(Role, { id: In(held.map(({ roleId }) => roleId)) });
}
