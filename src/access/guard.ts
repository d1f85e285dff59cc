// Asks at every request, of the database and not of the session's memory: who is this, and may they (SECURITY.md SE-7, AZ-1).
import { ForbiddenException, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { record } from '../audit/record.js';
import { Database, type Reader } from '../database/database.js';
import { Role } from '../roles/role.entity.js';
import { together, type Permits } from '../roles/role-rules.js';
import type { EndedWhy } from '../sessions/session.entity.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SettingsService } from '../settings/settings.service.js';
import type { TenantSettings } from '../settings/tenant-settings.js';
import { Authenticator } from '../users/authenticator.entity.js';
import { secondFactorOf, type TwoFactor } from '../users/effective.js';
import { User, UserRole } from '../users/user.entity.js';
import { ALLOW, POLLED, PROOF, type Allowed, type SignedIn } from '../web/allow.js';
import { askedLanguage } from '../web/answers.js';
import { minute, now } from '../web/clock.js';
import { GoTo, isFragment } from '../web/go-to.js';
import { covers, type Permission } from '../web/permissions.js';
import { SignedOut, typedFields } from '../web/signed-out.js';
import { mayBeAt } from './address-check.js';
import { Proofs } from './proofs.js';
import { Refusals } from './refusals.js';
import { idleLimit, sessionLimits, type SaysOfSessions } from './session-limits.js';

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly database: Database,
    private readonly sessions: SessionsService,
    private readonly settings: SettingsService,
    private readonly proofs: Proofs,
    private readonly refusals: Refusals,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const allowed = this.reflector.getAllAndOverride<Allowed[] | undefined>(ALLOW, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!allowed) throw new ForbiddenException();
    if (allowed.includes('monitor')) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    const tenant = await this.settings.current();
    const person = await this.who(request, tenant);
    const half = await this.waiting(request, tenant);
    response.locals.language = (person ?? half)?.language ?? tenant.language;
    // For pages of addresses that no route has: nobody looks there who asks.
    if (person && askedLanguage(request) !== response.locals.language)
      request.session.language = response.locals.language as string;
    response.locals.timezone = (person ?? half)?.timezone ?? tenant.timezone;
    response.locals.tenantName = tenant.name;
    response.locals.path = request.path;
    if (person && !mayBeAt(person.address, person, tenant)) {
      await this.endElsewhere(person);
      throw new GoTo('/sign-in');
    }
    if (allowed.includes('anyone')) return true;
    if (half && allowed.includes('code')) return true;
    if (half) throw new GoTo('/sign-in/code');
    if (!person) throw signInAgain(request);
    if (person.due === 'password' && !allowed.includes('unfinished')) throw new GoTo('/password');
    if (person.due === 'authenticator' && !allowed.includes('enrolling'))
      throw new GoTo('/account/authenticator');
    request.signedIn = person;
    response.locals.signedIn = forViews(person);
    response.locals.factorDue = person.due ? undefined : person.factorDue;
    const proof = this.reflector.getAllAndOverride<boolean | undefined>(PROOF, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!this.reflector.get<boolean | undefined>(POLLED, context.getHandler()))
      await this.sessions.seen(person.sessionId, request.session.seenAt ?? 0);
    const permitted =
      allowed.some((one) => forEverybody.includes(one)) ||
      allowed.some((permission) => covers(person.permissions, [permission as Permission]));
    if (!permitted && allowed.includes('code')) throw new GoTo('/');
    if (!permitted) {
      await this.refusals.note(person, request);
      throw new ForbiddenException();
    }
    request.prove = () => this.proofs.demand(person, request);
    if (proof) await request.prove();
    return true;
  }

  // A session that moves to an address that is not listed ends; its next request has none.
  private async endElsewhere(person: SignedIn): Promise<void> {
    const subject = { kind: 'user', id: person.id, name: person.username };
    await this.database.write(async (manager) => {
      if (await this.sessions.end(manager, person.sessionId, person.id, 'address'))
        await record(manager, person, { action: 'session.moved', subject });
    });
  }

  private async who(request: Request, tenant: TenantSettings): Promise<Person | undefined> {
    const { userId, rowId } = request.session ?? {};
    if (!userId || !rowId) return undefined;
    const rows = await this.rows(userId);
    if (rows.length === 0) return undefined;
    const [user] = rows;
    const held = together(rows);
    const over = await this.over(request, rows, held.permissions, tenant);
    if (over) {
      await this.database.write((manager) => this.sessions.end(manager, rowId, userId, over));
      return undefined;
    }
    const factor = factorOf(rows, tenant);
    const appIsDue = factor.value === 'google' && user.authenticator === null;
    return {
      id: user.id,
      username: user.username,
      name: `${user.firstName} ${user.lastName}`.trim() || user.username,
      email: user.email,
      ...held,
      language: user.language ?? tenant.language,
      timezone: user.timezone ?? tenant.timezone,
      sessionId: rowId,
      extendedAcl: Boolean(user.extendedAcl),
      due: user.temporary ? 'password' : appIsDue ? 'authenticator' : undefined,
      factorDue: factor.graceUntil,
      address: request.ip ?? '',
      requestId: request.requestId,
    };
  }

  // Somebody who has yet to type a code; nobody once the user is inactive, gone, or at an address that is not listed.
  private async waiting(request: Request, tenant: TenantSettings): Promise<Waiting | undefined> {
    const { half } = request.session ?? {};
    const [user] = half ? await this.rows(half.userId) : [];
    if (!user || !mayBeAt(request.ip ?? '', { extendedAcl: Boolean(user.extendedAcl) }, tenant))
      return undefined;
    return { language: user.language ?? tenant.language, timezone: user.timezone ?? tenant.timezone };
  }

  // Limits hold as they are now, not as they were at the sign-in.
  private async over(
    { session: { userId, rowId, startedAt, seenAt } }: Request,
    rows: PersonRow[],
    permissions: ReadonlySet<Permission>,
    settings: TenantSettings,
  ): Promise<EndedWhy | undefined> {
    if (!userId || !rowId || !startedAt || !seenAt) return undefined;
    const roles = rows.map(({ roleSessionTtl: sessionTtl, roleMaxSessions: maxSessions }) => {
      return { sessionTtl, maxSessions };
    });
    const { ttl, most } = sessionLimits(rows[0], roles, settings);
    if (startedAt + ttl * minute <= now()) return 'time';
    if (seenAt + idleLimit(settings, permissions) * minute <= now()) return 'idle';
    return most > 0 && (await this.sessions.isSurplus(rowId, userId, most)) ? 'elsewhere' : undefined;
  }

  private rows(userId: number): Promise<PersonRow[]> {
    return this.database.remember(`person ${userId}`, (read) => personRows(read, userId));
  }
}

type Waiting = Pick<SignedIn, 'language' | 'timezone'>;

interface Person extends SignedIn {
  /** When an administrator's days of grace are over (milliseconds since 1970). */
  factorDue?: number;
}

const forEverybody: Allowed[] = ['signed-in', 'unfinished', 'enrolling'];

async function personRows(read: Reader, userId: number): Promise<PersonRow[]> {
  const rows: StoredRow[] = await read
    .createQueryBuilder(User, 'user')
    .leftJoin(UserRole, 'held', 'held.userId = user.id')
    .leftJoin(Role, 'role', 'role.id = held.roleId')
    .leftJoin(Authenticator, 'app', 'app.userId = user.id')
    .select(['user.id AS id', 'user.username AS username', 'user.email AS email'])
    .addSelect(['user.firstName AS "firstName"', 'user.lastName AS "lastName"', 'user.language AS language'])
    .addSelect(['user.timezone AS timezone', 'user.passwordTemporary AS temporary'])
    .addSelect('user.extendedAcl', 'extendedAcl')
    .addSelect(['user.twoFactor AS "twoFactor"', 'user.createdAt AS "createdAt"'])
    .addSelect(['role.permissions AS permissions', 'role.twoFactor AS "roleTwoFactor"'])
    .addSelect(['user.sessionTtl AS "sessionTtl"', 'user.maxSessions AS "maxSessions"'])
    .addSelect(['role.sessionTtl AS "roleSessionTtl"', 'role.maxSessions AS "roleMaxSessions"'])
    .addSelect('role.ownDesksOnly', 'ownDesksOnly')
    .addSelect('app.userId', 'authenticator')
    .where('user.id = :userId AND user.active = :active', { userId, active: true })
    .getRawMany();
  return rows.map(({ permissions, ownDesksOnly, ...row }) => ({
    ...row,
    permissions: JSON.parse(permissions ?? '[]') as Permission[],
    ownDesksOnly: Boolean(ownDesksOnly),
  }));
}

function factorOf(rows: PersonRow[], tenant: TenantSettings) {
  const [{ twoFactor, createdAt }] = rows;
  const roles = rows.map(({ roleTwoFactor }) => ({ role: '', value: roleTwoFactor }));
  const administrative = rows.some(({ permissions }) => permissions.length > 0);
  return secondFactorOf({ own: twoFactor, roles, administrative, createdAt }, tenant, now());
}

/** The person with one of their roles; without a role one row that permits nothing. */
type PersonRow = Omit<StoredRow, keyof Permits> & Permits;

interface StoredRow extends SaysOfSessions {
  id: number;
  username: string;
  email: string;
  firstName: string;
  lastName: string;
  language: string | null;
  timezone: string | null;
  temporary: boolean | number;
  extendedAcl: boolean | number;
  permissions: string | null;
  ownDesksOnly: boolean | number | null;
  roleSessionTtl: number | null;
  roleMaxSessions: number | null;
  twoFactor: TwoFactor | null;
  roleTwoFactor: TwoFactor | null;
  createdAt: number;
  authenticator: number | null;
}

// A form of a session that has ended is not lost; a fragment and a page have nothing to lose.
function signInAgain(request: Request): GoTo | SignedOut {
  const fields = request.session?.ended && !isFragment(request) ? typedFields(request) : [];
  return fields.length > 0 ? new SignedOut(request.originalUrl, fields) : new GoTo(signInPath(request));
}

function signInPath(request: Request): string {
  return request.method === 'GET' && request.path !== '/'
    ? `/sign-in?next=${encodeURIComponent(request.originalUrl)}`
    : '/sign-in';
}

function forViews({ id, username, name, permissions }: SignedIn) {
  return { id, username, name, permissions: [...permissions] };
}
