import type { EntityManager } from 'typeorm';
import { post } from '../mail/outbox.js';
import type { TenantSettings } from '../settings/tenant-settings.js';
import { recipientOf } from './recipient.js';
import type { User } from './user.entity.js';

/**
 * Tells users by mail that somebody in charge has reset their password (SECURITY.md AU-10): those who had chosen it, and who
 * can sign in.
 * @param users as they were before
 * @param by username of who did it
 */
export async function tellOfReset(
  manager: EntityManager,
  users: User[],
  by: string,
  tenant: Pick<TenantSettings, 'language'>,
): Promise<void> {
  const owners = users.filter(({ active, passwordTemporary }) => active && !passwordTemporary);
  for (const user of owners) await post(manager, 'password_reset', recipientOf(user, tenant), { by });
}
