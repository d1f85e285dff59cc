// Setting up an app that shows codes: it counts only once a right code was typed (SECURITY.md MF-9).
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { toString as qrCode } from 'qrcode';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import { open, seal } from '../database/sealed.js';
import { post } from '../mail/outbox.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SettingsService } from '../settings/settings.service.js';
import { Authenticator, RecoveryCode } from '../users/authenticator.entity.js';
import { strictTwoFactor } from '../users/effective.js';
import { recipientOf } from '../users/recipient.js';
import { factorState, type FactorState } from '../users/second-factor.js';
import { User } from '../users/user.entity.js';
import type { SignedIn } from '../web/allow.js';
import { now } from '../web/clock.js';
import { newRecoveryCodes } from './recovery-codes.js';
import { digitsOf } from './digits.js';
import { enrolmentAddress, makeSecret, placeOfSecret, stepOf } from './totp.js';

/** What the page of a new app shows. */
export interface Enrolment {
  /** The QR code, as an address for an image. */
  image: string;
  /** For typing, in groups of four. */
  secret: string;
  address: string;
}

/** What /account says about the second factor. */
export interface OwnFactor extends FactorState {
  recoveryCodes: number;
}

@Injectable()
export class AuthenticatorService {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly sessions: SessionsService,
  ) {}

  /** The person's own second factor as it is now. */
  async own(person: SignedIn): Promise<OwnFactor> {
    const { read } = this.database;
    const user = await read.findOneByOrFail(User, { id: person.id });
    const state = await factorState(read, user, await this.settings.current());
    return { ...state, recoveryCodes: await read.countBy(RecoveryCode, { userId: person.id }) };
  }

  /** Begins anew, with a secret that nobody has seen; it waits in the session. */
  async start(person: SignedIn, request: Request): Promise<Enrolment> {
    const secret = makeSecret();
    request.session.enrolment = seal(secret, waitingPlace(person));
    return this.shown(person, secret);
  }

  /** The enrolment that was begun in this session, undefined when there is none. */
  async begun(person: SignedIn, request: Request): Promise<Enrolment | undefined> {
    const secret = secretIn(person, request);
    return secret === undefined ? undefined : this.shown(person, secret);
  }

  /**
   * Counts the app from now on, if the code is right; whatever was set up before is replaced, other sessions end.
   * @returns ten recovery codes, shown in one answer and kept nowhere; undefined when the code is wrong
   */
  async confirm(person: SignedIn, typed: string, request: Request): Promise<string[] | undefined> {
    const secret = secretIn(person, request);
    const step = secret === undefined ? undefined : stepOf(digitsOf(typed), secret);
    if (secret === undefined || step === undefined) return undefined;
    delete request.session.enrolment;
    const settings = await this.settings.current();
    return this.database.write(async (manager) => {
      const user = await manager.findOneByOrFail(User, { id: person.id });
      const app = {
        userId: user.id,
        secret: seal(secret, placeOfSecret(user.id)),
        lastStep: step,
        setUpAt: now(),
      };
      await manager.upsert(Authenticator, app, ['userId']);
      // Whoever sets up an app of their own accord wants to be asked for its codes: nobody is made weaker by that.
      const { value } = await factorState(manager, user, settings);
      const raised = strictTwoFactor(value) < strictTwoFactor('google');
      if (raised)
        await manager.update(User, { id: user.id }, { twoFactor: 'google', version: user.version + 1 });
      const codes = await newRecoveryCodes(manager, user.id);
      await this.sessions.endAll(manager, [user.id], request.sessionID);
      const twoFactor = raised ? { old: user.twoFactor, new: 'google' } : undefined;
      await record(manager, person, {
        action: 'authenticator.set_up',
        subject: { kind: 'user', id: user.id, name: user.username },
        details: twoFactor && { twoFactor },
      });
      await post(manager, 'authenticator_set_up', recipientOf(user, settings), { address: person.address });
      return codes;
    });
  }

  /** Ten new recovery codes instead of the old ones; undefined without an app. */
  async renewRecoveryCodes(person: SignedIn): Promise<string[] | undefined> {
    const settings = await this.settings.current();
    return this.database.write(async (manager) => {
      if (!(await manager.existsBy(Authenticator, { userId: person.id }))) return undefined;
      const user = await manager.findOneByOrFail(User, { id: person.id });
      const codes = await newRecoveryCodes(manager, user.id);
      const subject = { kind: 'user', id: user.id, name: user.username };
      await record(manager, person, { action: 'recovery_codes.made', subject });
      await post(manager, 'recovery_codes_made', recipientOf(user, settings), { address: person.address });
      return codes;
    });
  }

  private async shown(person: SignedIn, secret: string): Promise<Enrolment> {
    const { name } = await this.settings.current();
    const address = enrolmentAddress(secret, person.username, name ? `Rollcall ${name}` : 'Rollcall');
    const svg = await qrCode(address, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' });
    return {
      image: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
      secret: secret.match(/.{4}/g)!.join(' '),
      address,
    };
  }
}

function secretIn(person: SignedIn, request: Request): string | undefined {
  const { enrolment } = request.session;
  return enrolment === undefined ? undefined : open(enrolment, waitingPlace(person));
}

// Bound to the session too: a sealed secret of one does not open in another.
function waitingPlace({ id, sessionId }: SignedIn): string {
  return `authenticator of user ${id} in session ${sessionId}`;
}
