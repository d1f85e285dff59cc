// Between the right password and the session: what is asked, codes by mail, and whether a code is right (SECURITY.md MF).
import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { EntityManager } from 'typeorm';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import { keyedHash, matchesKeyedHash, open, seal } from '../database/sealed.js';
import { LimitsService } from '../limits/limits.service.js';
import { Mail } from '../mail/mail.entity.js';
import { post, withdraw } from '../mail/outbox.js';
import { MailSender } from '../mail/sender.js';
import { HalfSession } from '../sessions/half-session.entity.js';
import { HalfSessions, mostCodeTries } from '../sessions/half-sessions.js';
import { SettingsService } from '../settings/settings.service.js';
import { Authenticator, RecoveryCode } from '../users/authenticator.entity.js';
import { administrators } from '../users/administrators.js';
import { codeGuesses, guessesAtCodes } from '../users/code-guesses.js';
import { recipientOf } from '../users/recipient.js';
import { factorState } from '../users/second-factor.js';
import { User } from '../users/user.entity.js';
import { day, minute, now } from '../web/clock.js';
import { digitsOf } from './digits.js';
import { takeRecoveryCode } from './recovery-codes.js';
import { placeOfSecret, stepOf } from './totp.js';

/** Mails with codes that one user gets. */
const codeMails = { most: 3, length: 10 * minute };
const codeLifetime = 10 * minute;
/** Wrong codes of one sign-in after which its owner is told. */
const toldAfter = 3;

/** What became of the newest code mail. `none` = none was sent, because there were three of them already. */
export type Delivery = 'sent' | 'on its way' | 'failed' | 'none';

/** A code that an app shows. */
export interface Shown {
  step: number;
  secret: string;
}

export type Verdict = 'right' | 'wrong' | 'over' | 'blocked';

@Injectable()
export class SecondFactorService {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly halves: HalfSessions,
    private readonly limits: LimitsService,
    private readonly sender: MailSender,
  ) {}

  /** What is asked of a user now; undefined = nothing. An app is asked for once it is set up. */
  async demandedOf(user: User): Promise<HalfSession['factor'] | undefined> {
    const { value, authenticator } = await factorState(
      this.database.read,
      user,
      await this.settings.current(),
    );
    if (value === 'email') return 'email';
    return value === 'google' && authenticator ? 'google' : undefined;
  }

  /** Makes the browser's new session one that waits for a code, and mails the code; false when the password is no longer right. */
  async begin(request: Request, user: User, factor: HalfSession['factor']): Promise<boolean> {
    const id = await this.database.write(async (manager) => {
      const { passwordHash } = user;
      // As of this moment: a password that was reset while it was checked opens nothing.
      if (!(await manager.existsBy(User, { id: user.id, active: true, passwordHash }))) return undefined;
      return this.halves.begin(manager, request.sessionID, user.id, factor);
    });
    if (id === undefined) return false;
    request.session.half = { id, userId: user.id };
    if (factor === 'email') await this.sendCode(id);
    return true;
  }

  /** The session that waits, and its user; undefined once one of them is gone. */
  async waiting(id: number): Promise<{ half: HalfSession; user: User } | undefined> {
    const half = await this.halves.find(id);
    const user = half && (await this.database.read.findOneBy(User, { id: half.userId, active: true }));
    return user ? { half, user } : undefined;
  }

  /** How it stands with the code of a waiting session. */
  async delivery({ factor, mailId }: HalfSession): Promise<Delivery> {
    if (factor === 'google') return 'sent';
    const mail = mailId === null ? null : await this.database.read.findOneBy(Mail, { id: mailId });
    if (!mail) return 'none';
    if (mail.state === 'sent') return 'sent';
    return mail.state === 'waiting' && mail.error === null ? 'on its way' : 'failed';
  }

  /**
   * Mails a new code, which makes older ones useless; or tries the mail again that could not be sent.
   * @returns when the next code can be had (milliseconds since 1970) if three were sent in ten minutes
   */
  async sendCode(id: number): Promise<number | undefined> {
    const settings = await this.settings.current();
    const code = String(randomInt(10 ** 8)).padStart(8, '0');
    const codeHash = keyedHash(place(id, code));
    const sent = await this.database.write(async (manager): Promise<{ freeAt?: number; mail?: number }> => {
      const half = await manager.findOneBy(HalfSession, { id, factor: 'email' });
      if (!half) return {};
      const last = half.mailId === null ? null : await manager.findOneBy(Mail, { id: half.mailId });
      if (last?.state === 'waiting' && last.expiresAt! > now()) return { mail: last.id };
      const freeAt = await this.limits.take(manager, `code mails to ${half.userId}`, codeMails);
      if (freeAt !== undefined) return { freeAt };
      const user = await manager.findOneByOrFail(User, { id: half.userId });
      const mail = await post(manager, 'sign_in_code', recipientOf(user, settings), { code }, codeLifetime);
      const codeExpiresAt = now() + codeLifetime;
      await manager.update(HalfSession, { id }, { codeHash, codeExpiresAt, mailId: mail ?? null });
      return { mail };
    });
    if (sent.mail !== undefined) await this.sender.deliver(sent.mail);
    return sent.freeAt;
  }

  /**
   * Looks at a code, or at a recovery code. A right one ends the waiting session, and so do five wrong ones.
   * Each try is counted before it is looked at, so that many at once cannot slip past (SECURITY.md MF-5).
   */
  async verify(id: number, typed: string, request: Request): Promise<Verdict> {
    const code = digitsOf(typed);
    const settings = await this.settings.current();
    const shown = await this.shownBy(id, code);
    return this.database.write(async (manager) => {
      const half = await this.halves.try(manager, id);
      const user = half && (await manager.findOneBy(User, { id: half.userId, active: true }));
      if (!half || !user) return 'over';
      const subject = { kind: 'user', id: user.id, name: user.username };
      const actor = { id: null, username: '', address: request.ip, requestId: request.requestId };
      const reader = recipientOf(user, settings);
      const address = request.ip ?? '';
      if ((await this.limits.take(manager, guessesAtCodes(user.id), codeGuesses)) !== undefined) {
        await this.tellAdministrators(manager, user);
        await record(manager, actor, { action: 'user.codes_blocked', subject });
        return 'blocked';
      }
      const recovered = half.factor === 'google' && (await takeRecoveryCode(manager, user.id, typed));
      if (recovered || (await isRight(manager, half, code, shown))) {
        await this.limits.forget(manager, guessesAtCodes(user.id));
        await this.halves.end(manager, id);
        if (recovered) {
          const left = await manager.countBy(RecoveryCode, { userId: user.id });
          await post(manager, 'recovery_code_used', reader, { address, left });
          await record(manager, actor, { action: 'recovery_code.used', subject, details: { left } });
        }
        return 'right';
      }
      await record(manager, actor, { action: 'code_refused', subject });
      if (half.tries === toldAfter) await post(manager, 'wrong_codes', reader, { address });
      if (half.tries < mostCodeTries) return 'wrong';
      if (half.mailId !== null) await withdraw(manager, half.mailId);
      await this.halves.end(manager, id);
      return 'over';
    });
  }

  /** True for the code that the app of a signed-in user shows, or one of the recovery codes; counted as at sign-in. */
  async proves(userId: number, typed: string): Promise<boolean> {
    const shown = await this.shownTo(userId, digitsOf(typed));
    return this.database.write(async (manager) => {
      const name = guessesAtCodes(userId);
      if ((await this.limits.take(manager, name, codeGuesses)) !== undefined) return false;
      const right =
        (shown !== undefined && (await takeStep(manager, userId, shown))) ||
        (await takeRecoveryCode(manager, userId, typed));
      if (right) await this.limits.forget(manager, name);
      return right;
    });
  }

  /** Ends a waiting session. */
  async cancel(id: number): Promise<void> {
    await this.database.write((manager) => this.halves.end(manager, id));
  }

  // The time step of which the app of the waiting user shows this code.
  private async shownBy(id: number, code: string): Promise<Shown | undefined> {
    const half = await this.halves.find(id);
    return half?.factor === 'google' ? this.shownTo(half.userId, code) : undefined;
  }

  private async shownTo(userId: number, code: string): Promise<Shown | undefined> {
    const app = await this.database.read.findOneBy(Authenticator, { userId });
    if (!app) return undefined;
    const secret = open(app.secret, placeOfSecret(userId));
    const step = stepOf(code, secret);
    return step === undefined ? undefined : { step, secret };
  }

  private async tellAdministrators(manager: EntityManager, { id, username }: User): Promise<void> {
    const once = { most: 1, length: day };
    if ((await this.limits.take(manager, `told that ${id} is blocked`, once)) !== undefined) return;
    const settings = await this.settings.current(manager);
    for (const administrator of await administrators(manager))
      await post(manager, 'account_blocked', recipientOf(administrator, settings), { username });
  }
}

async function isRight(
  manager: EntityManager,
  half: HalfSession,
  code: string,
  shown: Shown | undefined,
): Promise<boolean> {
  if (half.factor === 'google') return shown !== undefined && takeStep(manager, half.userId, shown);
  const { codeHash, codeExpiresAt } = half;
  return (
    codeHash !== null && (codeExpiresAt ?? 0) > now() && matchesKeyedHash(place(half.id, code), codeHash)
  );
}

/**
 * Takes a time step, once and never an earlier one: in one statement, so that of two at once one gets it. The secret is
 * sealed anew each time.
 */
export async function takeStep(
  manager: EntityManager,
  userId: number,
  { step, secret }: Shown,
): Promise<boolean> {
  const { affected } = await manager
    .createQueryBuilder()
    .update(Authenticator)
    .set({ lastStep: step, secret: seal(secret, placeOfSecret(userId)) })
    .where('user_id = :userId AND last_step < :step', { userId, step })
    .execute();
  return affected === 1;
}

function place(id: number, code: string): string {
  return `code of half session ${id}: ${code}`;
}
