// Sessions between the right password and the code: they wait ten minutes and then are gone (SECURITY.md SE-3).
import { Injectable } from '@nestjs/common';
import { LessThanOrEqual, MoreThan, type EntityManager } from 'typeorm';
import { Database } from '../database/database.js';
import { minute, now } from '../web/clock.js';
import { HalfSession } from './half-session.entity.js';
import { idHash } from './session-store.js';

/** Wrong codes after which one starts again with the password. */
export const mostCodeTries = 5;
const lifetime = 10 * minute;

@Injectable()
export class HalfSessions {
  constructor(private readonly database: Database) {}

  /** Makes one for a session ID; returns its ID. */
  async begin(
    manager: EntityManager,
    sid: string,
    userId: number,
    factor: HalfSession['factor'],
  ): Promise<number> {
    await manager.delete(HalfSession, { expiresAt: LessThanOrEqual(now()) });
    const { identifiers } = await manager.insert(HalfSession, {
      idHash: idHash(sid),
      userId,
      factor,
      data: '{}',
      createdAt: now(),
      expiresAt: now() + lifetime,
    });
    return (identifiers[0] as { id: number }).id;
  }

  /** The session as it is now; null once it is over. */
  async find(id: number): Promise<HalfSession | null> {
    return this.database.read.findOneBy(HalfSession, { id, expiresAt: MoreThan(now()) });
  }

  /** Counts a try that is about to be made; undefined when there were enough, or the session is over. */
  async try(manager: EntityManager, id: number): Promise<HalfSession | undefined> {
    const { affected } = await manager
      .createQueryBuilder()
      .update(HalfSession)
      .set({ tries: () => 'tries + 1' })
      .where('id = :id AND tries < :most AND expires_at > :now', { id, most: mostCodeTries, now: now() })
      .execute();
    return affected === 1 ? manager.findOneByOrFail(HalfSession, { id }) : undefined;
  }

  /** Ends it; false when it had ended already. */
  async end(manager: EntityManager, id: number): Promise<boolean> {
    return (await manager.delete(HalfSession, { id })).affected === 1;
  }
}
