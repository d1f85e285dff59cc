// What happens to a user after creation, beside editing: a new password, the end of sessions, off and on, deletion.
import { ForbiddenException, Injectable, NotFoundException } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import { hashTemporaryPassword, makeTemporaryPassword } from '../handout/temporary-password.js';
import { LimitsService } from '../limits/limits.service.js';
import { post } from '../mail/outbox.js';
import { lastAdministrator } from '../roles/roles.service.js';
import type { Session } from '../sessions/session.entity.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SettingsService } from '../settings/settings.service.js';
import { kickPhones, newSipAccount, type SipAccount } from '../sip/sip-accounts.js';
import type { SignedIn } from '../web/allow.js';
import { day, now } from '../web/clock.js';
import { removeToken } from './caldav-token.js';
import { Authenticator, RecoveryCode } from './authenticator.entity.js';
import { guessesAtCodes } from './code-guesses.js';
import { forgetSecrets, forgetSipSecrets } from './forget-secrets.js';
import { NoAdministratorLeft, nobodyLeft, unlessNobodyIsLeft } from './last-administrator.js';
import { forgetPasswordLinks } from './mail-links.js';
import { userUnder } from './met-user.js';
import { removePhones } from './phones.js';
import { recipientOf } from './recipient.js';
import { valuesOf } from './stored-values.js';
import { User } from './user.entity.js';
import { tellOfReset } from './tell-of-reset.js';
import { keepSearchable } from './user-search.js';

/** A temporary password, in clear text: shown in one answer and kept nowhere. */
export interface NewPassword {
  id: number;
  username: string;
  extension: number;
  password: string;
  expiresAt: number;
}

/** A SIP account with its password in clear text: shown in one answer and kept nowhere. */
export interface NewSipPassword {
  id: number;
  username: string;
  account: SipAccount;
}

/** Why nothing was done (English). */
export interface Refused {
  refused: string;
}

@Injectable()
export class UserLife {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly sessions: SessionsService,
    private readonly limits: LimitsService,
  ) {}

  /** The user, for somebody who may act on them: not found for whom they do not meet, forbidden for who holds more. */
  async find(id: number, person: SignedIn): Promise<User> {
    return userUnder(this.database.read, id, person);
  }

  /** Gives the user a new temporary password, of digits only where the user wants that, and ends all sessions. */
  async resetPassword(id: number, person: SignedIn): Promise<NewPassword> {
    if (id === person.id)
      throw new ForbiddenException(
        'Choose a new password for yourself on My Account, with your present one.',
      );
    const { digitsOnly } = await this.find(id, person);
    const password = makeTemporaryPassword(digitsOnly);
    const passwordHash = await hashTemporaryPassword(password, digitsOnly);
    const settings = await this.settings.current();
    return this.database.write(async (manager) => {
      const user = await userUnder(manager, id, person);
      const expiresAt = now() + settings.temporaryPasswordDays * day;
      await manager.update(
        User,
        { id },
        {
          passwordHash,
          passwordTemporary: true,
          passwordExpiresAt: expiresAt,
          passwordChangedAt: now(),
        },
      );
      await forgetSecrets(manager, [user]);
      await this.limits.forget(manager, guessesAtCodes(id));
      const sessions = await this.sessions.endAll(manager, [id]);
      const details = { sessions };
      await record(manager, person, { action: 'user.password_reset', subject: about(user), details });
      await tellOfReset(manager, [user], person.username, settings);
      const { username, extension } = user;
      return { id, username, extension, password, expiresAt };
    });
  }

  /** Gives a Built-in PBX user a new SIP secret; the phone with the old one is off. Sign-in and sessions are not touched. */
  async resetSipPassword(id: number, person: SignedIn): Promise<NewSipPassword> {
    if (id === person.id) throw new ForbiddenException('Make your own SIP password anew on My Account.');
    return this.database.write(async (manager) => {
      const user = await userUnder(manager, id, person);
      if (user.sip !== 'builtin_pbx')
        throw new NotFoundException('This user has no phone at the SIP server.');
      const account = await newSipAccount(manager, user);
      await forgetSipSecrets(manager, [user]);
      await record(manager, person, { action: 'user.sip_password_reset', subject: about(user) });
      return { id, username: user.username, account };
    });
  }

  /** Forgets the app and the recovery codes, ends all sessions and tells the user why, by mail. Wrong codes start from none again. */
  async resetAuthenticator(id: number, reason: string, person: SignedIn): Promise<void> {
    if (id === person.id)
      throw new ForbiddenException('Replace your own authenticator on My Account, or ask somebody else.');
    const settings = await this.settings.current();
    await this.database.write(async (manager) => {
      const user = await userUnder(manager, id, person);
      const { affected } = await manager.delete(Authenticator, { userId: id });
      if (affected !== 1) throw new NotFoundException('This user has no authenticator.');
      await manager.delete(RecoveryCode, { userId: id });
      await this.limits.forget(manager, guessesAtCodes(id));
      const sessions = await this.sessions.endAll(manager, [id]);
      const details = { reason, sessions };
      await record(manager, person, { action: 'user.authenticator_reset', subject: about(user), details });
      await post(manager, 'authenticator_reset', recipientOf(user, settings), {
        by: person.username,
        reason,
      });
    });
  }

  /** Lets the user sign in and be called again. Who is active already stays so. */
  async activate(id: number, person: SignedIn): Promise<User> {
    return this.database.write(async (manager) => {
      const user = await userUnder(manager, id, person);
      if (user.active) return user;
      await manager.update(User, { id }, { active: true, version: user.version + 1 });
      await record(manager, person, { action: 'user.activated', subject: about(user) });
      return user;
    });
  }

  /** Takes sign-in and phone away and ends all sessions. Refuses oneself and the last active administrator. */
  async deactivate(id: number, person: SignedIn): Promise<User | Refused> {
    if (id === person.id) return { refused: 'Nobody deactivates themselves: ask another administrator.' };
    return this.keepingSomebody(async (manager) => {
      const user = await userUnder(manager, id, person);
      if (!user.active) return user;
      await unlessNobodyIsLeft(manager, id, async () => {
        await manager.update(User, { id }, { active: false, version: user.version + 1 });
      });
      const sessions = await this.sessions.endAll(manager, [id]);
      await kickPhones(manager, [id]);
      await forgetPasswordLinks(manager, [id]);
      await record(manager, person, {
        action: 'user.deactivated',
        subject: about(user),
        details: { sessions },
      });
      return user;
    });
  }

  /** Deletes the user; names and numbers are free again, the audit log stays. Refuses as `deactivate` does. */
  async remove(id: number, person: SignedIn): Promise<User | Refused> {
    if (id === person.id) return { refused: 'Nobody deletes themselves: ask another administrator.' };
    return this.keepingSomebody(async (manager) => {
      const user = await userUnder(manager, id, person);
      const { username, email, firstName, lastName, extension, roles, sip } = await valuesOf(manager, user);
      await forgetSecrets(manager, [user], true);
      await removePhones(manager, [id]);
      await unlessNobodyIsLeft(manager, id, async () => {
        await manager.delete(User, { id });
      });
      await keepSearchable(manager, [id]);
      const details = { username, email, firstName, lastName, extension, roles, sip };
      await record(manager, person, { action: 'user.deleted', subject: about(user), details });
      return user;
    });
  }

  /** Takes the user's CalDAV token away. */
  async removeToken(id: number, person: SignedIn): Promise<User> {
    return this.database.write(async (manager) => {
      const user = await userUnder(manager, id, person);
      await removeToken(manager, user, person);
      return user;
    });
  }

  /** Live sessions of the user, the newest first. */
  async listSessions(id: number, person: SignedIn): Promise<Session[]> {
    await this.find(id, person);
    return this.sessions.list(id);
  }

  /** Ends one session of the user. One that has ended meanwhile is no problem. */
  async endSession(id: number, sessionId: number, person: SignedIn): Promise<void> {
    await this.database.write(async (manager) => {
      const user = await userUnder(manager, id, person);
      const ended = await this.sessions.end(manager, sessionId, id);
      if (ended) await noteEnded(manager, person, user, 1);
    });
  }

  /** Ends all sessions of the user; says how many there were. */
  async endSessions(id: number, person: SignedIn): Promise<number> {
    return this.database.write(async (manager) => {
      const user = await userUnder(manager, id, person);
      const count = await this.sessions.endAll(manager, [id]);
      if (count > 0) await noteEnded(manager, person, user, count);
      return count;
    });
  }

  private async keepingSomebody<T>(work: (manager: EntityManager) => Promise<T>): Promise<T | Refused> {
    try {
      return await this.database.write(work, { alone: lastAdministrator });
    } catch (error) {
      if (error instanceof NoAdministratorLeft) return { refused: nobodyLeft };
      throw error;
    }
  }
}

async function noteEnded(manager: EntityManager, person: SignedIn, user: User, count: number): Promise<void> {
  await record(manager, person, { action: 'sessions.ended', subject: about(user), details: { count } });
}

function about({ id, username }: User) {
  return { kind: 'user', id, name: username };
}
