// Who is signed in just now, of the users that somebody meets.
import { Injectable, NotFoundException } from '@nestjs/common';
import { In } from 'typeorm';
import { Database } from '../database/database.js';
import { Role } from '../roles/role.entity.js';
import { mayChange, together } from '../roles/role-rules.js';
import { deviceOf } from '../sessions/device.js';
import { Session } from '../sessions/session.entity.js';
import { SettingsService } from '../settings/settings.service.js';
import type { SignedIn } from '../web/allow.js';
import { minute, now } from '../web/clock.js';
import { cutPage, pageSize, type Page, type Place } from '../web/paging.js';
import { limitOf, onlyMet } from './own-desks.js';
import { User, UserRole } from './user.entity.js';

/** A row of the list. */
export interface LiveSession {
  id: number;
  userId: number;
  username: string;
  name: string;
  address: string;
  /** Undefined when the browser said nothing. */
  device: string | undefined;
  createdAt: number;
  seenAt: number;
  /** The one that the reader uses. */
  own: boolean;
  /** The user holds no more than the reader does. */
  mayEnd: boolean;
}

type Row = Pick<Session, 'id' | 'userId' | 'address' | 'agent' | 'createdAt' | 'seenAt'> &
  Pick<User, 'username' | 'firstName' | 'lastName'>;

@Injectable()
export class LiveSessions {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
  ) {}

  /** A page of the live sessions, the newest first, of the users that this person meets. */
  async page(person: SignedIn, place: Place): Promise<Page<LiveSession>> {
    const page = cutPage(await this.find(person, place), place, ({ id }) => String(id));
    const above = await this.above(
      page.rows.map(({ userId }) => userId),
      person,
    );
    const rows = page.rows.map(({ agent, firstName, lastName, ...row }) => ({
      ...row,
      name: `${firstName} ${lastName}`.trim(),
      device: deviceOf(agent),
      own: row.id === person.sessionId,
      mayEnd: !above.has(row.userId),
    }));
    return { ...page, rows };
  }

  /** Whose session it is; not found for one that is not there. */
  async userOf(id: number): Promise<number> {
    const session = await this.database.read.findOneBy(Session, { id });
    if (!session) throw new NotFoundException();
    return session.userId;
  }

  private async find(person: SignedIn, { after, before }: Place): Promise<Row[]> {
    const { idleLimit } = await this.settings.current();
    const { read } = this.database;
    const query = read
      .createQueryBuilder(User, 'user')
      .innerJoin(Session, 'session', 'session.userId = user.id')
      .select(['user.username AS username', 'user.firstName AS "firstName"', 'user.lastName AS "lastName"'])
      .addSelect(['session.id AS id', 'session.userId AS "userId"', 'session.address AS address'])
      .addSelect(['session.agent AS agent', 'session.createdAt AS "createdAt"', 'session.seenAt AS "seenAt"'])
      .where('session.endedAt IS NULL AND session.expiresAt > :now AND session.seenAt > :idle', {
        now: now(),
        idle: now() - idleLimit * minute,
      });
    onlyMet(query, await limitOf(read, person));
    if (after !== undefined) query.andWhere('session.id < :after', { after: Number(after) });
    if (before !== undefined) query.andWhere('session.id > :before', { before: Number(before) });
    return query
      .orderBy('session.id', before === undefined ? 'DESC' : 'ASC')
      .limit(pageSize + 1)
      .getRawMany<Row>();
  }

  // Who of these users holds more than the person.
  private async above(userIds: number[], person: SignedIn): Promise<Set<number>> {
    const { read } = this.database;
    const held = await read.findBy(UserRole, { userId: In(userIds) });
    const roles = await read.findBy(Role, { id: In(held.map(({ roleId }) => roleId)) });
    const above = userIds.filter((userId) => {
      const own = held.filter((one) => one.userId === userId).map(({ roleId }) => roleId);
      const { permissions, ownDesksOnly } = together(roles.filter(({ id }) => own.includes(id)));
      return !mayChange(person, { permissions: [...permissions], ownDesksOnly });
    });
    return new Set(above);
  }
}
