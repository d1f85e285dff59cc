// Some active user always holds every permission (SECURITY.md AZ-9). In a `write`, alone: lastAdministrator.
import type { EntityManager } from 'typeorm';
import { anAdministratorIsLeft } from '../roles/roles.service.js';
import { holdsAll } from './met-user.js';
import { User } from './user.entity.js';

/** Why it was refused (English). */
export const nobodyLeft =
  'No active user would hold every permission any more. Give a role with every permission to somebody else first. Nothing was changed.';

/** Rolls back what would leave nobody in charge. */
export class NoAdministratorLeft extends Error {}

/** Does something to a user; throws NoAdministratorLeft when that took away the last active user who held everything. */
export async function unlessNobodyIsLeft(
  manager: EntityManager,
  id: number,
  work: () => Promise<void>,
): Promise<void> {
  const isActive = await manager.existsBy(User, { id, active: true });
  const mayBeLast = isActive && (await holdsAll(manager, id));
  await work();
  if (mayBeLast && !(await anAdministratorIsLeft(manager))) throw new NoAdministratorLeft();
}
