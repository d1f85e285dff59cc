// A forgotten password: a link by mail to the address that is stored (SECURITY.md AU-12).
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import { hashPassword, isPassword } from '../handout/temporary-password.js';
import { LimitsService } from '../limits/limits.service.js';
import { forgetTries } from '../limits/tries.service.js';
import { post } from '../mail/outbox.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SettingsService } from '../settings/settings.service.js';
import { forgetSecrets } from '../users/forget-secrets.js';
import { guessesAtPasswordOf } from '../users/password-tries.js';
import { recipientOf } from '../users/recipient.js';
import { User } from '../users/user.entity.js';
import { hour, now } from '../web/clock.js';
import { nameKey } from '../web/names.js';
import { networkOf } from '../web/networks.js';
import type { Problem } from '../web/problem.js';
import { TooMany } from '../web/too-many.js';
import { findLink, linkLifetime, newLink, useLink } from './mail-links.js';
import { passwordProblems } from './password-rules.js';
import { PasswordService, type PasswordForm } from './password.service.js';

const ofAddress = { most: 20, length: hour };
const ofAccount = { most: 3, length: hour };

@Injectable()
export class ForgottenService {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly limits: LimitsService,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordService,
  ) {}

  /**
   * Mails a link to whoever has the name, if they may sign in; for everybody else nothing happens, and nobody can tell.
   * Throws TooMany after 20 requests from one address in an hour.
   */
  async ask(name: string, request: Request): Promise<void> {
    const settings = await this.settings.current();
    const key = nameKey(name.trim());
    const actor = { id: null, username: '', address: request.ip, requestId: request.requestId };
    const freeAt = await this.database.write(async (manager) => {
      const address = `links asked from ${networkOf(request.ip ?? '')}`;
      const full = await this.limits.take(manager, address, ofAddress);
      if (full !== undefined) return full;
      // Unknown names are counted as well, so that they take the same time.
      const tooOften = await this.limits.take(manager, `links for ${key}`, ofAccount);
      const user = await manager.findOne(User, { where: [{ usernameKey: key }, { emailKey: key }] });
      if (!user?.active || tooOften !== undefined) return undefined;
      const link = await newLink(manager, 'password', user.id, user.email);
      await post(manager, 'password_link', recipientOf(user, settings), { link }, linkLifetime);
      const subject = { kind: 'user', id: user.id, name: user.username };
      await record(manager, actor, { action: 'password.link_sent', subject });
      return undefined;
    });
    if (freeAt !== undefined)
      throw new TooMany(
        freeAt,
        'There were too many requests from your address. Wait an hour and try again.',
      );
  }

  /** The user whose link it is, while it is good; a link to an address that the user no longer has is not. */
  async userOf(token: string): Promise<User | null> {
    const { read } = this.database;
    const link = await findLink(read, 'password', token);
    return link && read.findOneBy(User, { id: link.userId, active: true, email: link.email });
  }

  /**
   * Sets the password and ends all sessions; signs nobody in, so that a code is asked as ever.
   * @returns `over` when the link is no longer good
   */
  async choose(token: string, form: PasswordForm, request: Request): Promise<Problem[] | 'over' | 'done'> {
    const user = await this.userOf(token);
    if (!user) return 'over';
    const problems = passwordProblems(
      form.newPassword,
      form.repeatPassword,
      await this.passwords.rules(user),
    );
    if (problems.length > 0) return problems;
    if (await isPassword(form.newPassword, user.passwordHash)) {
      const text = 'Choose a password that differs from the present one.';
      return [{ field: 'newPassword', value: '', code: 'invalid', text }];
    }
    const passwordHash = await hashPassword(form.newPassword);
    const settings = await this.settings.current();
    const address = request.ip ?? '';
    return this.database.write(async (manager) => {
      const link = await findLink(manager, 'password', token);
      if (!link || !(await useLink(manager, link))) return 'over';
      const own = {
        passwordHash,
        passwordTemporary: false,
        passwordExpiresAt: null,
        passwordChangedAt: now(),
      };
      await manager.update(User, { id: user.id }, own);
      await forgetSecrets(manager, [user]);
      await forgetTries(manager, [guessesAtPasswordOf(user.id)]);
      await this.sessions.endAll(manager, [user.id], undefined, 'password');
      const actor = { id: user.id, username: user.username, address, requestId: request.requestId };
      const subject = { kind: 'user', id: user.id, name: user.username };
      await record(manager, actor, { action: 'password.chosen_by_link', subject });
      await post(manager, 'password_changed', recipientOf(user, settings), { address });
      return 'done';
    });
  }
}
