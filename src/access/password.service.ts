import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { EntityManager } from 'typeorm';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import { post } from '../mail/outbox.js';
import { hashPassword, isPassword } from '../handout/temporary-password.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SettingsService } from '../settings/settings.service.js';
import { forgetPasswordLinks } from '../users/mail-links.js';
import { rolesOf } from '../users/met-user.js';
import { User } from '../users/user.entity.js';
import type { SignedIn } from '../web/allow.js';
import { now } from '../web/clock.js';
import type { Problem } from '../web/problem.js';
import { PasswordCheck } from './password-check.js';
import { passwordProblems, rulesFor, type PasswordRules } from './password-rules.js';
import { SignInService } from './sign-in.service.js';

export interface PasswordForm {
  /** Not asked after a temporary password, which was typed a moment ago, nor by a link. */
  currentPassword?: string;
  newPassword: string;
  repeatPassword: string;
}

@Injectable()
export class PasswordService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsService,
    private readonly signIns: SignInService,
    private readonly checks: PasswordCheck,
    private readonly settings: SettingsService,
  ) {}

  /** Whether the present password is a temporary one, and how long an own one has to be. */
  async ask(userId: number): Promise<{ first: boolean; least: number }> {
    const user = await this.database.read.findOneByOrFail(User, { id: userId });
    return { first: user.passwordTemporary, least: (await this.rules(user)).least };
  }

  /** The rules for the password of a user. */
  async rules(user: User): Promise<PasswordRules> {
    return rulesFor(user, await rolesOf(this.database.read, user.id), await this.settings.current());
  }

  /** What is wrong with a password that a user wants instead of the present one. */
  async problems(user: User, { newPassword, repeatPassword }: PasswordForm): Promise<Problem[]> {
    const problems = passwordProblems(newPassword, repeatPassword, await this.rules(user));
    if (problems.length > 0) return problems;
    if (await isPassword(newPassword, user.passwordHash))
      return wrong('newPassword', 'Choose a password that differs from the present one.');
    return [];
  }

  /** Sets an own password, ends the other sessions and begins this one anew; or says what is wrong with it. */
  async choose(person: SignedIn, form: PasswordForm, request: Request): Promise<Problem[]> {
    const user = await this.database.read.findOneByOrFail(User, { id: person.id });
    const problems = await this.check(user, form, person);
    if (problems.length > 0) return problems;
    const passwordHash = await hashPassword(form.newPassword);
    const changed = await this.database.write(async (manager) => {
      const was = { id: user.id, passwordHash: user.passwordHash };
      const { affected } = await manager.update(User, was, chosen(passwordHash));
      if (affected !== 1) return false;
      await forgetPasswordLinks(manager, [user.id]);
      await this.sessions.endAll(manager, [user.id], undefined, 'password');
      if (!user.passwordTemporary) await this.tell(manager, person);
      await record(manager, person, {
        action: 'password.chosen',
        subject: { kind: 'user', id: user.id, name: user.username },
      });
      return true;
    });
    if (!changed) return wrong('newPassword', 'The password was changed meanwhile. Sign in again.');
    await this.signIns.begin(request, user);
    return [];
  }

  private async tell(
    manager: EntityManager,
    { id, email, name, language, address }: SignedIn,
  ): Promise<void> {
    await post(manager, 'password_changed', { userId: id, address: email, name, language }, { address });
  }

  private async check(user: User, form: PasswordForm, person: SignedIn): Promise<Problem[]> {
    const guess = {
      user,
      name: user.username,
      password: form.currentPassword ?? '',
      usable: true,
      actor: person,
    };
    if (!user.passwordTemporary && !(await this.checks.isRight({ ...guess, refusal: 'password.refused' }))) {
      return wrong(
        'currentPassword',
        'This is not your current password, or there were too many wrong ones: then wait a while.',
      );
    }
    return this.problems(user, form);
  }
}

/** What is stored once a user has chosen a password, by its hash. */
export function chosen(passwordHash: string) {
  return { passwordHash, passwordTemporary: false, passwordExpiresAt: null, passwordChangedAt: now() };
}

function wrong(field: string, text: string): Problem[] {
  return [{ field, value: '', code: 'invalid', text }];
}
