// Keeps express-session's data on our rows. It only ever updates a row that `begin` made: an upsert would bring an ended
// session back to life. Sessions of people who are not signed in are never stored.
import session, { type SessionData } from 'express-session';
import { IsNull } from 'typeorm';
import type { Database } from '../database/database.js';
import { tokenHash } from '../database/sealed.js';
import type { SettingsService } from '../settings/settings.service.js';
import { minute, now } from '../web/clock.js';
import { HalfSession } from './half-session.entity.js';
import { Session, type EndedWhy } from './session.entity.js';

declare module 'express-session' {
  interface SessionData {
    /** ID of our row. */
    rowId: number;
    userId: number;
    startedAt: number;
    seenAt: number;
    provenAt: number;
    /** Before the code: the half session, and whose it is. There is no rowId then. */
    half?: { id: number; userId: number };
    /** Where to go after the code. */
    next?: string;
    /** Of the person, where their browser says another one. */
    language?: string;
    /** Secret of an app that is being set up, sealed. */
    enrolment?: string;
    /** The session is over, and the browser has not been told yet. Nobody is signed in by it. */
    ended?: EndedWhy;
    flash?: { kind: string; text: string; values?: Record<string, unknown> }[];
  }
}

export class SessionStore extends session.Store {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
  ) {
    super();
  }

  override get(sid: string, answer: (error: unknown, session?: SessionData | null) => void): void {
    this.find(sid).then((data) => answer(null, data), answer);
  }

  override set(sid: string, data: SessionData, done: (error?: unknown) => void = () => {}): void {
    const {
      rowId: _rowId,
      userId: _userId,
      startedAt: _startedAt,
      seenAt: _seenAt,
      provenAt: _provenAt,
      ended: _ended,
      half,
      ...kept
    } = data;
    const session = { idHash: idHash(sid) };
    const changed = { data: JSON.stringify(kept) };
    this.database
      .write((manager) =>
        half
          ? manager.update(HalfSession, session, changed)
          : manager.update(Session, { ...session, endedAt: IsNull() }, changed),
      )
      .then(() => done(), done);
  }

  override destroy(sid: string, done: (error?: unknown) => void = () => {}): void {
    this.database
      .write(async (manager) => {
        await manager.delete(Session, { idHash: idHash(sid) });
        await manager.delete(HalfSession, { idHash: idHash(sid) });
      })
      .then(() => done(), done);
  }

  private async find(sid: string): Promise<SessionData | null> {
    const hash = idHash(sid);
    const row = await this.database.remember(`session ${hash}`, (read) =>
      read.findOneBy(Session, { idHash: hash }),
    );
    if (!row) return this.findHalf(hash);
    const { idleLimit } = await this.settings.current();
    const ended = row.endedWhy ?? over(row, idleLimit);
    const data = { cookie: { originalMaxAge: null }, ...(JSON.parse(row.data) as Partial<SessionData>) };
    if (!ended) {
      const { id: rowId, userId, createdAt: startedAt, seenAt, provenAt } = row;
      return { ...data, rowId, userId, startedAt, seenAt, provenAt };
    }
    if (row.endedAt === null) await this.end(row.id, ended);
    return { cookie: data.cookie, ended } as SessionData;
  }

  private async findHalf(hash: string): Promise<SessionData | null> {
    const half = await this.database.remember(`half session ${hash}`, (read) =>
      read.findOneBy(HalfSession, { idHash: hash }),
    );
    if (!half || half.expiresAt <= now()) return null;
    const data = { cookie: { originalMaxAge: null }, ...(JSON.parse(half.data) as Partial<SessionData>) };
    return { ...data, half: { id: half.id, userId: half.userId } } as SessionData;
  }

  // Written down, so that it is over for good, also when the clock is put back.
  private async end(id: number, endedWhy: EndedWhy): Promise<void> {
    await this.database.write((manager) =>
      manager.update(Session, { id, endedAt: IsNull() }, { endedAt: now(), endedWhy, data: '{}' }),
    );
  }
}

/**
 * Why a session cannot go on, if it cannot. One that was seen in the future is from before the clock was put back: nobody
 * knows how old it is, so its time is up (SECURITY.md R-09).
 * @param idleLimit minutes
 */
export function over({ expiresAt, seenAt }: Session, idleLimit: number): EndedWhy | undefined {
  if (expiresAt <= now() || seenAt > now() + minute) return 'time';
  return seenAt + idleLimit * minute <= now() ? 'idle' : undefined;
}

/** What the database keeps of a session's ID. */
export function idHash(sid: string): string {
  return tokenHash(sid).toString('hex');
}
