// Codes for the day when the app is lost: ten, shown once, each good once (SECURITY.md MF-10).
import type { EntityManager } from 'typeorm';
import { tokenHash } from '../database/sealed.js';
import { makeTemporaryPassword, plain } from '../handout/temporary-password.js';
import { RecoveryCode } from '../users/authenticator.entity.js';

const count = 10;

/** New codes for a user instead of all that were there; shown in one answer and kept nowhere. Over 120 bits each. */
export async function newRecoveryCodes(manager: EntityManager, userId: number): Promise<string[]> {
  const codes = Array.from({ length: count }, () => makeTemporaryPassword(false));
  await manager.delete(RecoveryCode, { userId });
  await manager.insert(
    RecoveryCode,
    codes.map((code) => ({ userId, codeHash: hash(code) })),
  );
  return codes;
}

/** Takes a code, once: false when it is not one of the user's. */
export async function takeRecoveryCode(
  manager: EntityManager,
  userId: number,
  code: string,
): Promise<boolean> {
  return (await manager.delete(RecoveryCode, { userId, codeHash: hash(code) })).affected === 1;
}

function hash(code: string): string {
  return tokenHash(plain(code)).toString('hex');
}
