// Temporary passwords with their hashes. Those of digits cost an argon2id each, so the next rows' are hashed while the
// database is busy with the present ones.
import { hashTemporaryPassword, makeTemporaryPassword } from '../handout/temporary-password.js';
import { sideBySide } from '../jobs/side-by-side.js';

export interface HashedPassword {
  /** To be sealed for the report. */
  password: string;
  passwordHash: string;
}

// One thread of Node's pool stays free: else a sign-in would wait until a hundred passwords are hashed.
const hashingThreads = Math.max(1, Number(process.env.UV_THREADPOOL_SIZE ?? 4) - 1);

export class Passwords {
  /** By the import's ID. */
  private readonly ahead = new Map<number, Promise<HashedPassword[]>>();

  /** So many passwords for an import; those that were made ahead come first, what is too many of them is forgotten. */
  async take(importId: number, count: number, digitsOnly: boolean): Promise<HashedPassword[]> {
    const made = (await this.ahead.get(importId)) ?? [];
    this.ahead.delete(importId);
    return [...made.slice(0, count), ...(await make(count - made.length, digitsOnly))];
  }

  /** Begins with the passwords that an import will ask for next. */
  prepare(importId: number, count: number, digitsOnly: boolean): void {
    // Whoever takes them makes those anew that failed here, and is told why.
    if (digitsOnly)
      this.ahead.set(
        importId,
        make(count, digitsOnly).catch(() => []),
      );
  }

  /** Nobody will ask for more. */
  forget(importId: number): void {
    this.ahead.delete(importId);
  }
}

function make(count: number, digitsOnly: boolean): Promise<HashedPassword[]> {
  return sideBySide(Array.from({ length: Math.max(0, count) }), hashingThreads, async () => {
    const password = makeTemporaryPassword(digitsOnly);
    return { password, passwordHash: await hashTemporaryPassword(password, digitsOnly) };
  });
}
