// Two refusals of the database that people can understand: something has this already, something still needs this.
import type { EntityManager } from 'typeorm';
import type { Problem } from '../web/problem.js';
import { isReferred, isTaken, type Database, type WriteOptions } from './database.js';

/**
 * Writes unless something unique is taken. The index has the last word: who loses a race is told the same as who came late.
 * @param taken says what is taken, by whom
 */
export async function unlessTaken<T>(
  database: Database,
  taken: () => Promise<Problem[]>,
  work: (manager: EntityManager) => Promise<T>,
  options?: WriteOptions,
): Promise<T | Problem[]> {
  const found = await taken();
  if (found.length > 0) return found;
  try {
    return await database.write(work, options);
  } catch (error) {
    const lost = isTaken(error) ? await taken() : [];
    if (lost.length > 0) return lost;
    throw error;
  }
}

/** Thrown by such work when something refers to it that the database itself does not know of. */
export class StillReferred extends Error {}

/** Writes, and answers false when something still refers to what was to be deleted: nothing happened then. */
export async function unlessReferred(
  database: Database,
  work: (manager: EntityManager) => Promise<unknown>,
  options?: WriteOptions,
): Promise<boolean> {
  try {
    await database.write(work, options);
    return true;
  } catch (error) {
    if (error instanceof StillReferred || isReferred(error)) return false;
    throw error;
  }
}
