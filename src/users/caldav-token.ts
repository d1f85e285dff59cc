// The end of a CalDAV token: the form sets and replaces it, and only its hash is known.
import type { EntityManager } from 'typeorm';
import { record, type Actor } from '../audit/record.js';
import { User } from './user.entity.js';

/** Takes the token away from the user. Who has none stays as they are. */
export async function removeToken(manager: EntityManager, user: User, actor: Actor): Promise<void> {
  if (user.caldavTokenHash === null) return;
  await manager.update(User, { id: user.id }, { caldavTokenHash: null, version: user.version + 1 });
  const subject = { kind: 'user', id: user.id, name: user.username };
  await record(manager, actor, { action: 'user.caldav_token_removed', subject });
}
