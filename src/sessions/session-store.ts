// Keeps express-session's data on our rows. It only ever updates a row that `begin` made: an upsert would bring an ended
// session back to life. Sessions of people who are not signed in are never stored.
import session, { type SessionData } from 'express-session';
import type { Database } from '../database/database.js';
import { tokenHash } from '../database/sealed.js';
import { minute, now } from '../web/clock.js';
import type { SettingsService } from '../settings/settings.service.js';
import { Session } from './session.entity.js';

declare module 'express-session' {
  interface SessionData {
    /** ID of our row. */
    rowId: number;
    userId: number;
    seenAt: number;
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
    const { rowId: _rowId, userId: _userId, seenAt: _seenAt, ...kept } = data;
    this.database
      .write((manager) => manager.update(Session, { idHash: idHash(sid) }, { data: JSON.stringify(kept) }))
      .then(() => done(), done);
  }

  override destroy(sid: string, done: (error?: unknown) => void = () => {}): void {
    this.database
      .write((manager) => manager.delete(Session, { idHash: idHash(sid) }))
      .then(() => done(), done);
  }

  private async find(sid: string): Promise<SessionData | null> {
    const hash = idHash(sid);
    const row = await this.database.remember(`session ${hash}`, (read) =>
      read.findOneBy(Session, { idHash: hash }),
    );
    if (!row || row.expiresAt <= now()) return null;
    const { idleLimit } = await this.settings.current();
    if (row.seenAt + idleLimit * minute <= now()) return null;
    return {
      ...(JSON.parse(row.data) as SessionData),
      rowId: row.id,
      userId: row.userId,
      seenAt: row.seenAt,
    };
  }
}

/** What the database keeps of a session's ID. */
export function idHash(sid: string): string {
  return tokenHash(sid).toString('hex');
}
