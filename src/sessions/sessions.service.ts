import { Injectable } from '@nestjs/common';
import {
  In,
  IsNull,
  LessThan,
  LessThanOrEqual,
  MoreThan,
  Not,
  type EntityManager,
  type FindOptionsWhere,
} from 'typeorm';
import { Database, type Reader } from '../database/database.js';
import { SettingsService } from '../settings/settings.service.js';
import { day, minute, now } from '../web/clock.js';
import { HalfSession } from './half-session.entity.js';
import { Session, type EndedWhy } from './session.entity.js';
import { idHash } from './session-store.js';

export interface NewSession {
  /** The cookie's session ID. */
  sid: string;
  userId: number;
  address: string;
  agent: string;
  /** Minutes from now. */
  ttl: number;
  /** How many the user may have at the same time, with this one; 0 = unlimited. */
  most: number;
  /** What gives way at the limit. */
  atLimit: 'end_oldest' | 'refuse_new';
}

/** In a `write` that begins a session, alone: two at once would both find the last free place. */
export function sessionsOf(userId: number): string {
  return `sessions of ${userId}`;
}

@Injectable()
export class SessionsService {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
  ) {}

  /** Makes a session live; false when the user has as many as may be and none gives way. In a `write`, alone: sessionsOf. */
  async begin(manager: EntityManager, session: NewSession): Promise<boolean> {
    const { sid, userId, address, agent, ttl, most, atLimit } = session;
    if (most > 0) {
      const live = await this.live(manager, userId);
      if (atLimit === 'refuse_new' && live.length >= most) return false;
      await this.endSurplus(manager, userId, most - 1, live);
    }
    await manager.insert(Session, {
      idHash: idHash(sid),
      userId,
      data: '{}',
      address,
      agent: agent.slice(0, 255),
      createdAt: now(),
      seenAt: now(),
      provenAt: now(),
      expiresAt: now() + ttl * minute,
    });
    return true;
  }

  /**
   * Ends the oldest sessions of a user beyond so many.
   * @returns how many were ended
   */
  async endSurplus(manager: EntityManager, userId: number, most: number, live?: Session[]): Promise<number> {
    const surplus = (live ?? (await this.live(manager, userId))).slice(most);
    return endThese(manager, { id: In(surplus.map(({ id }) => id)) }, 'elsewhere');
  }

  /**
   * Ends every session of these users, those that wait for a code too, but for one that may go on (the own one, by its
   * cookie's session ID).
   * @returns how many were ended
   */
  async endAll(
    manager: EntityManager,
    userIds: number[],
    exceptSid?: string,
    why: EndedWhy = 'by_hand',
  ): Promise<number> {
    await manager.delete(HalfSession, { userId: In(userIds) });
    const others = exceptSid ? { idHash: Not(idHash(exceptSid)) } : {};
    return endThese(manager, { userId: In(userIds), ...others }, why);
  }

  /** The live sessions of a user, the newest first. */
  async list(userId: number): Promise<Session[]> {
    return this.live(this.database.read, userId);
  }

  /** Ends one session of this user; false when it had ended already, or is somebody else's. */
  async end(manager: EntityManager, id: number, userId: number, why: EndedWhy = 'by_hand'): Promise<boolean> {
    return (await endThese(manager, { id, userId }, why)) === 1;
  }

  /** True when so many sessions of the user are newer than this one: it is in the way of the limit. */
  async isSurplus(id: number, userId: number, most: number): Promise<boolean> {
    const live = await this.live(this.database.read, userId);
    return live.filter((session) => session.id > id).length >= most;
  }

  /** Notes that the person has just proved who they are. */
  async proven(rowId: number): Promise<void> {
    await this.database.write((manager) => manager.update(Session, { id: rowId }, { provenAt: now() }));
  }

  /** Notes that the person is there, once a minute at the most. */
  async seen(rowId: number, seenAt: number): Promise<void> {
    if (now() - seenAt < minute) return;
    await this.database.write((manager) => manager.update(Session, { id: rowId }, { seenAt: now() }));
  }

  /** Ends what is over although its browser never asked again, and forgets what ended a day ago. */
  async sweep(): Promise<void> {
    const { idleLimit } = await this.settings.current();
    await this.database.write(async (manager) => {
      await endThese(manager, { expiresAt: LessThanOrEqual(now()) }, 'time');
      await endThese(manager, { seenAt: MoreThan(now() + minute) }, 'time');
      await endThese(manager, { seenAt: LessThanOrEqual(now() - idleLimit * minute) }, 'idle');
      await manager.delete(Session, { endedAt: LessThan(now() - day) });
    });
  }

  private async live(manager: Reader | EntityManager, userId: number): Promise<Session[]> {
    const { idleLimit } = await this.settings.current(manager);
    return manager.find(Session, {
      where: {
        userId,
        endedAt: IsNull(),
        expiresAt: MoreThan(now()),
        seenAt: MoreThan(now() - idleLimit * minute),
      },
      order: { id: 'DESC' },
    });
  }
}

async function endThese(
  manager: EntityManager,
  which: FindOptionsWhere<Session>,
  endedWhy: EndedWhy,
): Promise<number> {
  const live = { ...which, endedAt: IsNull() };
  return (await manager.update(Session, live, { endedAt: now(), endedWhy, data: '{}' })).affected ?? 0;
}
