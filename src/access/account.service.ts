// What a person sees and changes of themselves.
import { Injectable, NotFoundException } from '@nestjs/common';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import type { Session } from '../sessions/session.entity.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SettingsService } from '../settings/settings.service.js';
import { phoneOf, type Phone } from '../sip/phone.js';
import { newSipAccount, type SipAccount } from '../sip/sip-accounts.js';
import { removeToken } from '../users/caldav-token.js';
import { forgetSipSecrets } from '../users/forget-secrets.js';
import { readTenant } from '../users/tenant-directory.js';
import { User } from '../users/user.entity.js';
import { readTyped, type Typed } from '../users/user-form.js';
import { keepSearchable } from '../users/user-search.js';
import { userField } from '../users/user-fields.js';
import type { SignedIn } from '../web/allow.js';
import type { Outcome } from '../web/outcome.js';
import type { Translate } from '../web/texts.js';

/** Fields of the catalogue that people set themselves. */
export const profileFields = (['firstName', 'lastName', 'timezone', 'language'] as const).map(userField);

export type Profile = Pick<User, 'firstName' | 'lastName' | 'timezone' | 'language'>;

@Injectable()
export class AccountService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsService,
    private readonly settings: SettingsService,
  ) {}

  /** The person's own user. */
  async user(person: SignedIn): Promise<User> {
    return this.database.read.findOneByOrFail(User, { id: person.id });
  }

  /** What the form's controls are made of. */
  async tenant(person: SignedIn) {
    return readTenant(this.database.read, await this.settings.current(), person);
  }

  /** Saves name, timezone and language, unless somebody else changed the user since the page was opened. */
  async saveProfile(typed: Typed, version: number, person: SignedIn): Promise<Outcome<User>> {
    const { values, problems } = readTyped(typed, profileFields, await this.tenant(person));
    const own = problems.filter(({ field }) => profileFields.some(({ name }) => name === field));
    if (own.length > 0) return own;
    const { firstName, lastName, timezone, language } = values;
    const profile: Profile = { firstName, lastName, timezone, language };
    return this.database.write(async (manager) => {
      const before = await manager.findOneByOrFail(User, { id: person.id });
      const changed = await manager.update(
        User,
        { id: person.id, version },
        { ...profile, version: version + 1 },
      );
      if (changed.affected !== 1) return { newer: before };
      await keepSearchable(manager, [person.id]);
      await record(manager, person, {
        action: 'user.profile_changed',
        subject: { kind: 'user', id: before.id, name: before.username },
        details: differencesOf(before, profile),
      });
      return { made: { ...before, ...profile } };
    });
  }

  /** Takes the own CalDAV token away. */
  async removeToken(person: SignedIn): Promise<void> {
    await this.database.write(async (manager) =>
      removeToken(manager, await manager.findOneByOrFail(User, { id: person.id }), person),
    );
  }

  /** The own phone; undefined for people whose calls ring on a phone system of their own. */
  async phone(user: User, t: Translate): Promise<Phone | undefined> {
    return phoneOf(this.database.read, user, t);
  }

  /** Makes a new SIP password for a Built-in PBX user; the phone with the old one is off. */
  async newSipPassword(person: SignedIn): Promise<SipAccount> {
    return this.database.write(async (manager) => {
      const user = await manager.findOneByOrFail(User, { id: person.id });
      if (user.sip !== 'builtin_pbx') throw new NotFoundException('You have no phone at the SIP server.');
      const account = await newSipAccount(manager, user);
      await forgetSipSecrets(manager, [user]);
      const subject = { kind: 'user', id: user.id, name: user.username };
      await record(manager, person, { action: 'sip_password.made', subject });
      return account;
    });
  }

  /** Own live sessions, the newest first. */
  async listSessions(person: SignedIn): Promise<Session[]> {
    return this.sessions.list(person.id);
  }

  /** Ends one of the own sessions. One that has ended meanwhile is no problem. */
  async endSession(id: number, person: SignedIn): Promise<void> {
    await this.database.write(async (manager) => {
      if (await this.sessions.end(manager, id, person.id)) await record(manager, person, ended(person, 1));
    });
  }

  /** Ends all of the own sessions but this one. */
  async endOtherSessions(person: SignedIn, sid: string): Promise<number> {
    return this.database.write(async (manager) => {
      const count = await this.sessions.endAll(manager, [person.id], sid);
      if (count > 0) await record(manager, person, ended(person, count));
      return count;
    });
  }
}

function ended({ id, username }: SignedIn, count: number) {
  return { action: 'sessions.ended', subject: { kind: 'user', id, name: username }, details: { count } };
}

function differencesOf(before: Profile, after: Profile) {
  const names = (Object.keys(after) as (keyof Profile)[]).filter((name) => before[name] !== after[name]);
  return Object.fromEntries(names.map((name) => [name, { old: before[name], new: after[name] }]));
}
