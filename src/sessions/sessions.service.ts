import { Injectable } from '@nestjs/common';
import { In, LessThanOrEqual, Not, type EntityManager } from 'typeorm';
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

  /** Ends every session of these users, but for one that may go on (the own one, by its cookie's session ID). */
  async endAll(manager: EntityManager, userIds: number[], exceptSid?: string): Promise<void> {
    await manager.delete(Session, {
      userId: In(userIds),
      ...(exceptSid ? { idHash: Not(idHash(exceptSid)) } : {}),
    });
  }

  /** Notes that the person is there, once a minute at the most. */
  async seen(rowId: number, seenAt: number): Promise<void> {
    if (now() - seenAt < minute) return;
    await this.database.write((manager) => manager.update(Session, { id: rowId }, { seenAt: now() }));
  }
}
