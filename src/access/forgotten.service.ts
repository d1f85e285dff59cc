// A forgotten password: whoever reads the mail of an account may choose a new one, and nothing else (SECURITY.md AU-12).
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { EntityManager } from 'typeorm';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import { hashPassword } from '../handout/temporary-password.js';
import { LimitsService } from '../limits/limits.service.js';
import { post } from '../mail/outbox.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SettingsService } from '../settings/settings.service.js';
import type { TenantSettings } from '../settings/tenant-settings.js';
import { forgetSecrets } from '../users/forget-secrets.js';
import { findLink, forgetResetLinks, linkLifetime, newLink, useLink } from '../users/mail-links.js';
import { userNamed } from '../users/named-user.js';
import { recipientOf } from '../users/recipient.js';
import { User } from '../users/user.entity.js';
import { minute } from '../web/clock.js';
import { nameKey } from '../web/names.js';
import { networkOf } from '../web/networks.js';
import type { Problem } from '../web/problem.js';
import { TooMany } from '../web/too-many.js';
import { mayBeAt } from './address-check.js';
import { inEvenTime } from './even-time.js';
import { chosen, PasswordService, type PasswordForm } from './password.service.js';

const askedFromAddress = { most: 20, length: 10 * minute };
/** As long as a link lives: whoever is refused has one that is good, unless it was used. */
const askedForName = { most: 3, length: linkLifetime };

const tooManyFromAddress = 'There were too many requests from your address. Wait ten minutes and try again.';
const tooManyForName =
  'Three links were asked for under this name within half an hour. Use the newest one, or wait half an hour.';

/** Links by which a password is chosen: asked for by who forgot theirs, or sent to a new user. */
export type LinkKind = 'password' | 'invitation';

/** Why nobody gets a link, for the audit log. */
type Refusal = 'unknown' | 'inactive' | 'address' | 'often';

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
   * Mails a link to whoever has the name, if they may sign in from here; in equal time, and without a word, nothing to others.
   * Throws TooMany after 20 requests from one address in ten minutes, and after three for one name in half an hour.
   */
  async ask(name: string, request: Request): Promise<void> {
    const settings = await this.settings.current();
    const tooMany = await inEvenTime(() =>
      this.database.write(async (manager) => {
        const full = await this.count(manager, name, request);
        if (!full) await this.send(manager, name, request, settings);
        return full;
      }),
    );
    if (tooMany) throw tooMany;
  }

  /** The user whose link it is, while it is good; a link to an address that the user no longer has is not. */
  async userOf(token: string, kind: LinkKind): Promise<User | null> {
    const { read } = this.database;
    const link = await findLink(read, kind, token);
    return link && read.findOneBy(User, { id: link.userId, email: link.email, active: true });
  }

  /**
   * Sets the password of the link's user and ends all sessions. Signs nobody in: a code is asked as ever.
   * @returns the user; `over` when the link is no longer good; else what is wrong with the password
   */
  async choose(
    token: string,
    kind: LinkKind,
    form: PasswordForm,
    request: Request,
  ): Promise<User | 'over' | Problem[]> {
    const user = await this.userOf(token, kind);
    if (!user) return 'over';
    const problems = await this.passwords.problems(user, form);
    if (problems.length > 0) return problems;
    const own = chosen(await hashPassword(form.newPassword));
    const settings = await this.settings.current();
    const done = await this.database.write(async (manager) => {
      const link = await findLink(manager, kind, token);
      if (!link || !(await useLink(manager, link))) return false;
      const { id, email } = user;
      const { affected } = await manager.update(User, { id, email, active: true }, own);
      if (affected !== 1) return false;
      // The count of wrong codes stays: a new password is no new secret of that factor (SECURITY.md MF-5).
      await forgetSecrets(manager, [user]);
      await this.limits.forget(manager, ofAccount(user));
      await this.sessions.endAll(manager, [id], undefined, 'password');
      const { address } = place(request);
      await post(manager, 'password_chosen_by_link', recipientOf(user, settings), { address });
      const actor = { id, username: user.username, ...place(request) };
      await record(manager, actor, { action: 'password.chosen_by_link', subject: about(user) });
      return true;
    });
    return done ? user : 'over';
  }

  // By the name as it is typed, whether somebody has it or not: the refusal tells nothing.
  private async count(manager: EntityManager, name: string, request: Request): Promise<TooMany | undefined> {
    const fromAddress = `links asked from ${networkOf(request.ip ?? '')}`;
    const addressFree = await this.limits.take(manager, fromAddress, askedFromAddress);
    if (addressFree) return new TooMany(addressFree, tooManyFromAddress);
    const forName = `links asked for ${nameKey(name.trim())}`;
    const nameFree = await this.limits.take(manager, forName, askedForName);
    return nameFree ? new TooMany(nameFree, tooManyForName) : undefined;
  }

  private async send(
    manager: EntityManager,
    name: string,
    request: Request,
    settings: TenantSettings,
  ): Promise<void> {
    const user = await userNamed(manager, name);
    const refusal = await this.refusal(manager, user, request, settings);
    const subject = user ? about(user) : undefined;
    const actor = { id: null, username: '', ...place(request) };
    if (refusal || !user) {
      const details = { refusal };
      return record(manager, actor, { action: 'password.link_refused', subject, details });
    }
    await forgetResetLinks(manager, [user.id]);
    const link = await newLink(manager, 'password', user.id, user.email);
    await post(manager, 'password_link', recipientOf(user, settings), { link }, linkLifetime);
    await record(manager, actor, { action: 'password.link_sent', subject });
  }

  private async refusal(
    manager: EntityManager,
    user: User | null,
    request: Request,
    settings: TenantSettings,
  ): Promise<Refusal | undefined> {
    if (!user) return 'unknown';
    if (!user.active) return 'inactive';
    if (!mayBeAt(request.ip ?? '', user, settings)) return 'address';
    // Username and email are one account: said aloud, the fourth would tell that they are. On PostgreSQL the counter's
    // row also lets one request of an account after the other make its link, so that only the newest is good.
    const often = await this.limits.take(manager, ofAccount(user), askedForName);
    return often ? 'often' : undefined;
  }
}

function ofAccount({ id }: User): string {
  return `links to user ${id}`;
}

function about({ id, username }: User) {
  return { kind: 'user', id, name: username };
}

function place(request: Request) {
  return { address: request.ip ?? '', requestId: request.requestId };
}
