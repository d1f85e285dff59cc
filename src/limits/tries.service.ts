// Guesses at a secret, counted before the secret is looked at, so that many at once cannot slip past (SECURITY.md AU-3, AU-4;
// NIST SP 800-63B 3.2.2: at most 100 in a row). A right guess forgets the wrong ones before it.
import { Injectable } from '@nestjs/common';
import { In, LessThanOrEqual, type EntityManager } from 'typeorm';
import { Database } from '../database/database.js';
import { hour, minute, now } from '../web/clock.js';
import { keyHash } from './key-hash.js';
import { Tries } from './tries.entity.js';

/** So many are free; then each costs a delay that doubles. */
const freeTries = 5;
const firstDelay = 30_000;
const longestDelay = hour;
/** In a row; then only a reset helps. */
const mostTries = 100;

/** A guess that may be made, or may not. */
export interface Guess {
  allowed: boolean;
  /** In a row, with this one. */
  failures: number;
  /** When the next guess is taken, in milliseconds since 1970; Infinity: only after a reset. 0 while there is no delay. */
  freeAt: number;
}

@Injectable()
export class TriesService {
  private sweptAt = 0;

  constructor(private readonly database: Database) {}

  /**
   * Counts a guess that is about to be made. One that is not allowed counts nothing.
   * @param name the secret that is guessed at, e.g. `password of user 17`; stored as a keyed hash
   * @param forget milliseconds after which a name that belongs to nobody is forgotten; without it never
   */
  async guess(manager: EntityManager, name: string, forget?: number): Promise<Guess> {
    await this.sweep(manager);
    const key = keyHash(name);
    const keptUntil = forget === undefined ? null : now() + forget;
    const fresh = { keyHash: key, failures: 0, freeAt: 0, keptUntil };
    await manager.createQueryBuilder().insert().into(Tries).values(fresh).orIgnore().execute();
    const { affected } = await manager
      .createQueryBuilder()
      .update(Tries)
      .set({ failures: () => 'failures + 1', keptUntil })
      .where('key_hash = :key AND free_at <= :now AND failures < :mostTries', { key, now: now(), mostTries })
      .execute();
    const tries = await manager.findOneByOrFail(Tries, { keyHash: key });
    if (affected !== 1) return { allowed: false, failures: tries.failures, freeAt: freeAtOf(tries) };
    const freeAt = now() + delayAfter(tries.failures);
    if (freeAt > now()) await manager.update(Tries, { keyHash: key }, { freeAt });
    return { allowed: true, failures: tries.failures, freeAt: freeAtOf({ ...tries, freeAt }) };
  }

  /** Until when no guess is taken, in milliseconds since 1970; Infinity: until a reset; undefined: guesses are taken. */
  async closedUntil(name: string): Promise<number | undefined> {
    const tries = await this.database.read.findOneBy(Tries, { keyHash: keyHash(name) });
    const freeAt = tries ? freeAtOf(tries) : 0;
    return freeAt > now() ? freeAt : undefined;
  }

  private async sweep(manager: EntityManager): Promise<void> {
    if (Math.abs(now() - this.sweptAt) < minute) return;
    this.sweptAt = now();
    await manager.delete(Tries, { keptUntil: LessThanOrEqual(now()) });
  }
}

/** Begins to count anew: a guess was right, or somebody in charge resets the count. */
export async function forgetTries(manager: EntityManager, names: string[]): Promise<undefined> {
  await manager.delete(Tries, { keyHash: In(names.map(keyHash)) });
}

/** The delay after so many failures in a row, in milliseconds: none, then 30 s doubling to an hour. */
export function delayAfter(failures: number): number {
  if (failures < freeTries) return 0;
  return Math.min(firstDelay * 2 ** (failures - freeTries), longestDelay);
}

function freeAtOf({ failures, freeAt }: Pick<Tries, 'failures' | 'freeAt'>): number {
  if (failures >= mostTries) return Infinity;
  return freeAt > now() ? freeAt : 0;
}
