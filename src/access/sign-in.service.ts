import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { In, type EntityManager } from 'typeorm';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import { checkNobody, isPassword } from '../handout/temporary-password.js';
import { Role } from '../roles/role.entity.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SettingsService } from '../settings/settings.service.js';
import { User, UserRole } from '../users/user.entity.js';
import { now } from '../web/clock.js';
import { nameKey } from '../web/names.js';
import { mayBeAt } from './address-check.js';

@Injectable()
export class SignInService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsService,
    private readonly settings: SettingsService,
  ) {}

  /** Signs in by username or email. One answer, in equal time, for unknown, wrong, inactive and expired: false. */
  async signIn(name: string, password: string, request: Request): Promise<boolean> {
    const user = await this.find(name);
    const right = user ? await isPassword(password, user.passwordHash) : await checkNobody(password);
    const isListed = user !== null && mayBeAt(request.ip ?? '', user, await this.settings.current());
    if (!isListed || !right || !user.active || (user.passwordExpiresAt ?? Infinity) <= now()) {
      await this.noteRefusal(request, user);
      return false;
    }
    await this.begin(request, user);
    return true;
  }

  /** Gives the browser a new session of this user, whatever it had before. */
  async begin(request: Request, user: User): Promise<void> {
    await regenerate(request);
    const { sessionTtl } = await this.settings.current();
    await this.database.write(async (manager) => {
      await this.sessions.begin(manager, {
        sid: request.sessionID,
        userId: user.id,
        address: request.ip ?? '',
        agent: request.get('user-agent') ?? '',
        ttl: user.sessionTtl ?? (await this.shortestOfRoles(manager, user.id)) ?? sessionTtl,
      });
      await manager.update(User, { id: user.id }, { lastSignInAt: now() });
      await record(
        manager,
        { ...user, ...place(request) },
        { action: 'signed_in', subject: aboutUser(user) },
      );
    });
  }

  private async find(name: string): Promise<User | null> {
    const key = nameKey(name.trim());
    return this.database.read.findOne(User, { where: [{ usernameKey: key }, { emailKey: key }] });
  }

  private async shortestOfRoles(manager: EntityManager, userId: number): Promise<number | undefined> {
    const held = await manager.findBy(UserRole, { userId });
    const roles = await manager.findBy(Role, { id: In(held.map(({ roleId }) => roleId)) });
    const limits = roles.flatMap(({ sessionTtl }) => sessionTtl ?? []);
    return limits.length > 0 ? Math.min(...limits) : undefined;
  }

  private async noteRefusal(request: Request, user: User | null): Promise<void> {
    const actor = { id: null, username: '', ...place(request) };
    const event = { action: 'sign_in_refused', subject: user ? aboutUser(user) : undefined };
    await this.database.write((manager) => record(manager, actor, event));
  }
}

function aboutUser({ id, username }: User) {
  return { kind: 'user', id, name: username };
}

function place(request: Request) {
  return { address: request.ip, requestId: request.requestId };
}

function regenerate(request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    request.session.regenerate((error?: Error) => (error ? reject(error) : resolve()));
  });
}
