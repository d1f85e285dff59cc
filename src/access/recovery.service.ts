// The way back in for an administrator whom nobody else can help: a command on the server, never a page.
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { record, theSystem } from '../audit/record.js';
import { Database } from '../database/database.js';
import { hashTemporaryPassword, makeTemporaryPassword } from '../handout/temporary-password.js';
import { LimitsService } from '../limits/limits.service.js';
import { Role } from '../roles/role.entity.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { Authenticator, RecoveryCode } from '../users/authenticator.entity.js';
import { guessesAtCodes } from '../users/code-guesses.js';
import { forgetSecrets } from '../users/forget-secrets.js';
import { linkLifetime, newLink } from '../users/mail-links.js';
import { holdsAll } from '../users/met-user.js';
import { User, UserRole } from '../users/user.entity.js';
import { now } from '../web/clock.js';
import { nameKey } from '../web/names.js';

/** What the command prints. */
export type Recovered =
  | { username: string; link: string; expiresAt: number }
  /** Nothing was changed: nobody is called so, or several could be meant. */
  | { administrators: string[] };

@Injectable()
export class RecoveryService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsService,
    private readonly limits: LimitsService,
  ) {}

  /**
   * Gives an administrator (a user who holds every permission) a link to choose a new password by, good once and for half
   * an hour: active again, every lock off, the old password, the authenticator and all sessions gone.
   * @param username undefined = the only administrator there is
   */
  async recover(username: string | undefined): Promise<Recovered> {
    // Nobody gets to know this one: the old password ends here, the new one comes by the link.
    const passwordHash = await hashTemporaryPassword(makeTemporaryPassword(false), false);
    return this.database.write(async (manager) => {
      const all = await administrators(manager);
      const meant = username === undefined ? all : all.filter((one) => one.usernameKey === nameKey(username));
      if (meant.length !== 1) return { administrators: all.map((one) => one.username) };
      const [user] = meant;
      const expiresAt = now() + linkLifetime;
      const fresh = {
        passwordHash,
        passwordTemporary: true,
        passwordExpiresAt: expiresAt,
        passwordChangedAt: now(),
      };
      await manager.update(User, { id: user.id }, { ...fresh, active: true, version: user.version + 1 });
      await manager.delete(Authenticator, { userId: user.id });
      await manager.delete(RecoveryCode, { userId: user.id });
      await forgetSecrets(manager, [user]);
      await this.limits.forget(manager, guessesAtCodes(user.id));
      await this.sessions.endAll(manager, [user.id]);
      const link = await newLink(manager, 'password', user.id, user.email);
      const subject = { kind: 'user', id: user.id, name: user.username };
      await record(manager, theSystem, { action: 'user.recovered', subject });
      return { username: user.username, link, expiresAt };
    });
  }
}

// Only those can hold everything who have a role with roles.manage: few, however many users there are.
async function administrators(manager: EntityManager): Promise<User[]> {
  const users = await manager
    .createQueryBuilder(User, 'user')
    .innerJoin(UserRole, 'held', 'held.userId = user.id')
    .innerJoin(Role, 'role', `role.id = held.roleId AND role.permissions LIKE '%"roles.manage"%'`)
    .orderBy('user.usernameKey')
    .getMany();
  const holding: User[] = [];
  for (const user of users) if (await holdsAll(manager, user.id)) holding.push(user);
  return holding;
}
