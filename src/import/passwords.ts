// Temporary passwords with their hashes. Those of digits cost an argon2id each, so the next rows' are hashed while the
// database is busy with the present ones.
import { hashLongPassword, hashPassword, makeTemporaryPassword } from '../handout/temporary-password.js';
import { sideBySide } from '../jobs/side-by-side.js';

export interface HashedPassword {
  /** To be sealed for the report. */
  password: string;
  passwordHash: string;
}

// One thread of Node's pool stays free: else a sign-in would wait until a hundred passwords are hashed.
const hashingThreads = Math.max(1, Number(process.env.UV_THREADPOOL_SIZE ?? 4) - 1);

interface Ahead {
  count: number;
  made: Promise<HashedPassword[]>;
}

export class Passwords {
  /** By the import's ID. */
  private readonly ahead = new Map<number, Ahead>();

  /** So many passwords for an import: those that were made ahead come first, and what is too many of them is kept. */
  async take(importId: number, count: number, digitsOnly: boolean): Promise<HashedPassword[]> {
    const made = (await this.ahead.get(importId)?.made) ?? [];
    const missing = await make(count - made.length, digitsOnly);
    const left = made.slice(count);
    this.ahead.set(importId, { count: left.length, made: Promise.resolve(left) });
    return [...made.slice(0, count), ...missing];
  }

  /** Begins with as many passwords as the import will ask for next, those included that are there. */
  prepare(importId: number, count: number, digitsOnly: boolean): void {
    const known = this.ahead.get(importId) ?? { count: 0, made: Promise.resolve([]) };
    if (!digitsOnly || known.count >= count) return;
    // Whoever takes them makes those anew that failed here, and is told why.
    const more = make(count - known.count, digitsOnly).catch(() => []);
    const made = Promise.all([known.made, more]).then((lists) => lists.flat());
    this.ahead.set(importId, { count, made });
  }

  /** Nobody will ask for more. */
  forget(importId: number): void {
    this.ahead.delete(importId);
  }
}

async function make(count: number, digitsOnly: boolean): Promise<HashedPassword[]> {
  const passwords = Array.from({ length: Math.max(0, count) }, () => makeTemporaryPassword(digitsOnly));
  if (!digitsOnly)
    return passwords.map((password) => ({ password, passwordHash: hashLongPassword(password) }));
  return sideBySide(passwords, hashingThreads, async (password) => {
    return { password, passwordHash: await hashPassword(password) };
  });
}
