// What still needs a key that is to go.
import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { Reader } from '../database/database.js';
import { presentKeyId, startOfKeyedHash, startOfSealed } from '../database/sealed.js';
import { User } from '../users/user.entity.js';
import { now } from '../web/clock.js';
import { sealedColumns, type SealedColumn } from './sealed-columns.js';

/** The rows whose text another key than the first has sealed. */
export function sealedBefore(
  manager: Reader | EntityManager,
  { entity, column }: SealedColumn,
): SelectQueryBuilder<ObjectLiteral> {
  return manager
    .createQueryBuilder(entity, 'row')
    .where(`row.${column} IS NOT NULL`)
    .andWhere(`row.${column} NOT LIKE :own`, { own: `${startOfSealed(presentKeyId())}%` });
}

/** How many texts another key than the first has sealed. */
export async function countSealedBefore(reader: Reader | EntityManager): Promise<number> {
  let count = 0;
  for (const column of sealedColumns) count += await sealedBefore(reader, column).getCount();
  return count;
}

/** Unused temporary passwords that only another key than the first can check: how many, and until when the last one is good. */
export async function passwordsOfBefore(
  reader: Reader | EntityManager,
): Promise<{ count: number; until: number }> {
  const found = await reader
    .createQueryBuilder(User, 'user')
    .select('COUNT(*)', 'count')
    .addSelect('MAX(user.passwordExpiresAt)', 'until')
    .where('user.passwordTemporary = :unused AND user.passwordExpiresAt > :now', { unused: true, now: now() })
    .andWhere('user.passwordHash LIKE :hashed AND user.passwordHash NOT LIKE :own', {
      hashed: '$hmac-sha256$%',
      own: `${startOfKeyedHash(presentKeyId())}%`,
    })
    .getRawOne<{ count: number | string; until: number | string | null }>();
  return { count: Number(found?.count), until: Number(found?.until) };
}
