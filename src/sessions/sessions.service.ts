import { Injectable } from '@nestjs/common';
import { In, LessThanOrEqual, MoreThan, Not, type EntityManager } from 'typeorm';
import { Database } from '../database/database.js';
import { minute, now } from '../web/clock.js';
import { Session } from './session.entity.js';
import { idHash } from './session-store.js';

export interface NewSession {
  /** The cookie's session ID. */
  sid: string;
  userId: number;
  address: string;
  agent: string;
  /** Minutes from now. */
  ttl: number;
}

@Injectable()
export class SessionsService {
  constructor(private readonly database: Database) {}

  /** Makes a session live. */
  async begin(manager: EntityManager, session: NewSession): Promise<void> {
    await manager.delete(Session, { expiresAt: LessThanOrEqual(now()) });
    await manager.insert(Session, {
      idHash: idHash(session.sid),
      userId: session.userId,
      data: '{}',
      address: session.address,
      agent: session.agent.slice(0, 255),
      createdAt: now(),
      seenAt: now(),
      expiresAt: now() + session.ttl * minute,
    });
  }

  /**
   * Ends every session of these users, but for one that may go on (the own one, by its cookie's session ID).
   * @returns how many were ended
   */
  async endAll(manager: EntityManager, userIds: number[], exceptSid?: string): Promise<number> {
    const others = exceptSid ? { idHash: Not(idHash(exceptSid)) } : {};
    return (await manager.delete(Session, { userId: In(userIds), ...others })).affected ?? 0;
  }

  /** The live sessions of a user, the newest first. */
  async list(userId: number): Promise<Session[]> {
    return this.database.read.find(Session, {
      where: { userId, expiresAt: MoreThan(now()) },
      order: { id: 'DESC' },
    });
  }

  /** Ends one session of this user; false when it had ended already, or is somebody else's. */
  async end(manager: EntityManager, id: number, userId: number): Promise<boolean> {
    return (await manager.delete(Session, { id, userId })).affected === 1;
  }

  /** Notes that the person is there, once a minute at the most. */
  async seen(rowId: number, seenAt: number): Promise<void> {
    if (now() - seenAt < minute) return;
    await this.database.write((manager) => manager.update(Session, { id: rowId }, { seenAt: now() }));
  }
}
