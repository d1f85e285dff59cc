// So many of something in a window of time, counted in the database: all processes count together, and none forgets.
import { Injectable } from '@nestjs/common';
import { LessThanOrEqual, type EntityManager } from 'typeorm';
import { Database } from '../database/database.js';
import { minute, now } from '../web/clock.js';
import { keyHash } from './key-hash.js';
import { Limit } from './limit.entity.js';

// A window that ends later was begun before the clock was put back. A minute is left to requests that began a little
// later than this one, and to clocks of other machines: else one of many at once would begin the count anew.
function latest(length: number): number {
  return now() + length + minute;
}

/** So many in a window that begins with the first of them. */
export interface Window {
  most: number;
  /** Milliseconds. */
  length: number;
}

@Injectable()
export class LimitsService {
  private sweptAt = 0;

  constructor(private readonly database: Database) {}

  /**
   * Takes one, unless all are taken. Two that come at once take two.
   * @param name what is counted and for whom, e.g. `sign-in from 10.0.0.7`; stored as a keyed hash
   * @returns undefined when one was taken, else when (milliseconds since 1970) all are free again
   */
  async take(manager: EntityManager, name: string, { most, length }: Window): Promise<number | undefined> {
    await this.sweep(manager);
    const key = keyHash(name);
    const fresh = { keyHash: key, taken: 0, freeAt: now() + length };
    await manager.createQueryBuilder().insert().into(Limit).values(fresh).orIgnore().execute();
    await manager
      .createQueryBuilder()
      .update(Limit)
      .set({ taken: 0, freeAt: fresh.freeAt })
      .where('key_hash = :key AND (free_at <= :now OR free_at > :latest)', {
        key,
        now: now(),
        latest: latest(length),
      })
      .execute();
    const { affected } = await manager
      .createQueryBuilder()
      .update(Limit)
      .set({ taken: () => 'taken + 1' })
      .where('key_hash = :key AND taken < :most', { key, most })
      .execute();
    return affected === 1 ? undefined : (await manager.findOneByOrFail(Limit, { keyHash: key })).freeAt;
  }

  /** When all are free again, if all are taken now; takes none. */
  async fullUntil(name: string, { most, length }: Window): Promise<number | undefined> {
    const limit = await this.database.read.findOneBy(Limit, { keyHash: keyHash(name) });
    if (!limit || limit.taken < most) return undefined;
    return limit.freeAt > now() && limit.freeAt <= latest(length) ? limit.freeAt : undefined;
  }

  /** All are free again. */
  async forget(manager: EntityManager, name: string): Promise<void> {
    await manager.delete(Limit, { keyHash: keyHash(name) });
  }

  private async sweep(manager: EntityManager): Promise<void> {
    if (Math.abs(now() - this.sweptAt) < minute) return;
    this.sweptAt = now();
    await manager.delete(Limit, { freeAt: LessThanOrEqual(now()) });
  }
}
