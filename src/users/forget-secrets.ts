// What belongs to a user's present password: a reset or a deletion ends it.
import type { EntityManager } from 'typeorm';
import { forgetTries } from '../limits/tries.service.js';
import { forgetPasswordLinks } from './mail-links.js';
import { guessesAtPasswordOf } from './password-tries.js';
import type { User } from './user.entity.js';

/**
 * Wipes what is still kept of the temporary passwords of these users, the count of wrong guesses that locks them, and the
 * links by which they could choose a password.
 */
export async function forgetSecrets(
  manager: EntityManager,
  users: Pick<User, 'id' | 'importId' | 'importRow'>[],
  deleted = false,
): Promise<void> {
  const userIds = users.map(({ id }) => id);
  await forgetTries(manager, userIds.map(guessesAtPasswordOf));
  await forgetPasswordLinks(manager, userIds);
  await changeImportRows(manager, users, {
    secret: null,
    ...(deleted ? { sipSecret: null, userId: null } : {}),
  });
  const open = `SELECT id FROM mass_actions WHERE secrets_wiped_at IS NULL AND kind IN ('reset', 'reissue')`;
  await manager.query(
    `UPDATE mass_action_users SET secret = NULL WHERE action_id IN (${open}) AND user_id IN (${userIds.join(', ')})`,
  );
}

/** Wipes what is still kept of the SIP passwords of these users to be handed out. */
export async function forgetSipSecrets(
  manager: EntityManager,
  users: Pick<User, 'importId' | 'importRow'>[],
): Promise<void> {
  await changeImportRows(manager, users, { sipSecret: null });
}

// The room of imports lies above this one: its table is asked by name.
async function changeImportRows(
  manager: EntityManager,
  users: Pick<User, 'importId' | 'importRow'>[],
  change: Record<string, null>,
): Promise<void> {
  const byImport = new Map<number, number[]>();
  for (const { importId, importRow } of users) {
    if (importId === null || importRow === null) continue;
    byImport.set(importId, [...(byImport.get(importId) ?? []), importRow]);
  }
  for (const [importId, rows] of byImport) {
    await manager
      .createQueryBuilder()
      .update('import_rows')
      .set(change)
      .where('importId = :importId AND number IN (:...rows)', { importId, rows })
      .execute();
  }
}
