import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { EntityManager } from 'typeorm';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import { SessionsService, sessionsOf } from '../sessions/sessions.service.js';
import { SettingsService } from '../settings/settings.service.js';
import { rolesOf } from '../users/met-user.js';
import { userNamed } from '../users/named-user.js';
import { User } from '../users/user.entity.js';
import { now } from '../web/clock.js';
import { mayBeAt } from './address-check.js';
import { PasswordCheck } from './password-check.js';
import { SecondFactorService } from './second-factor.service.js';
import { sessionLimits } from './session-limits.js';

@Injectable()
export class SignInService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsService,
    private readonly settings: SettingsService,
    private readonly checks: PasswordCheck,
    private readonly factor: SecondFactorService,
  ) {}

  /**
   * Signs in by username or email. One answer, in equal time, for unknown, wrong, inactive, locked and expired: false.
   * Throws TooMany after many wrong passwords from one address.
   * @returns also `full`: the password is right, but the user is signed in in as many browsers as may be
   */
  async signIn(name: string, password: string, request: Request): Promise<boolean | 'full'> {
    const user = await userNamed(this.database.read, name);
    const who = user ?? { extendedAcl: false };
    const elsewhere = !mayBeAt(request.ip ?? '', who, await this.settings.current());
    const usable = !elsewhere && user !== null && user.active && (user.passwordExpiresAt ?? Infinity) > now();
    const actor = { id: null, username: '', ...place(request) };
    const guess = { user, name, password, usable, elsewhere, actor, refusal: 'sign_in_refused' } as const;
    if (!(await this.checks.isRight(guess)) || !user) return false;
    return this.proceed(request, user);
  }

  // The password is right. Where a code is asked too, the browser gets a session that waits for it.
  private async proceed(request: Request, user: User): Promise<boolean | 'full'> {
    const factor = await this.factor.demandedOf(user);
    if (factor) {
      await regenerate(request);
      return this.factor.begin(request, user, factor);
    }
    return (await this.begin(request, user)) || 'full';
  }

  /**
   * Gives the browser a new session of this user, whatever it had before.
   * @returns false when the user is signed in in as many browsers as may be, and the tenant refuses new ones then
   */
  async begin(request: Request, user: User): Promise<boolean> {
    await regenerate(request);
    const tenant = await this.settings.current();
    const actor = { ...user, ...place(request) };
    const work = async (manager: EntityManager) => {
      const begun = await this.sessions.begin(manager, {
        sid: request.sessionID,
        userId: user.id,
        address: request.ip ?? '',
        agent: request.get('user-agent') ?? '',
        ...sessionLimits(user, await rolesOf(manager, user.id), tenant),
        atLimit: tenant.atSessionLimit,
      });
      if (begun) await manager.update(User, { id: user.id }, { lastSignInAt: now() });
      const action = begun ? 'signed_in' : 'sign_in_refused';
      await record(manager, actor, { action, subject: aboutUser(user) });
      return begun;
    };
    return this.database.write(work, { alone: sessionsOf(user.id) });
  }
}

function aboutUser({ id, username }: User) {
  return { kind: 'user', id, name: username };
}

function place(request: Request) {
  return { address: request.ip ?? '', requestId: request.requestId };
}

function regenerate(request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    request.session.regenerate((error?: Error) => (error ? reject(error) : resolve()));
  });
}
