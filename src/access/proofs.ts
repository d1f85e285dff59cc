// A fresh proof of who sits there: the password, and a code of the app where there is one.
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { Authenticator } from '../users/authenticator.entity.js';
import { User } from '../users/user.entity.js';
import type { SignedIn } from '../web/allow.js';
import { minute, now } from '../web/clock.js';
import { ownPath } from '../web/go-to.js';
import { ProofNeeded } from '../web/proof.js';
import { typedFields } from '../web/signed-out.js';
import { PasswordCheck } from './password-check.js';
import { SecondFactorService } from './second-factor.service.js';

const goodFor = 10 * minute;

@Injectable()
export class Proofs {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsService,
    private readonly checks: PasswordCheck,
    private readonly factor: SecondFactorService,
  ) {}

  /** Lets a request go on when its session was proven in the last ten minutes, or the proof comes with it; else throws ProofNeeded. */
  async demand(person: SignedIn, request: Request): Promise<void> {
    if (isFresh(request)) return;
    const { proofPassword, proofCode, ...body } = request.body as Record<string, unknown>;
    request.body = body;
    const app = await this.hasApp(person);
    const given = typeof proofPassword === 'string' && proofPassword !== '';
    const code = typeof proofCode === 'string' ? proofCode : '';
    if (given && (await this.isRight(person, proofPassword, app ? code : undefined)))
      return this.sessions.proven(person.sessionId);
    const wrong = app
      ? 'The password or the code is not right. Type both again.'
      : 'The password is not right. Type it again.';
    throw new ProofNeeded(
      actionOf(request),
      request.method === 'GET' ? [] : typedFields(request),
      app,
      given ? wrong : undefined,
      backOf(request),
    );
  }

  /** For what asks for the password in any case: true when there is an app, and its code was not given of late. */
  async codeIsDue(person: SignedIn, request: Request): Promise<boolean> {
    return !isFresh(request) && (await this.hasApp(person));
  }

  private hasApp(person: SignedIn): Promise<boolean> {
    return this.database.read.existsBy(Authenticator, { userId: person.id });
  }

  private async isRight(person: SignedIn, password: string, code?: string): Promise<boolean> {
    const user = await this.database.read.findOneByOrFail(User, { id: person.id });
    const name = user.username;
    const guess = {
      user,
      name,
      password,
      usable: user.active,
      actor: person,
      refusal: 'password.refused',
    } as const;
    if (!(await this.checks.isRight(guess))) return false;
    if (code === undefined || (await this.factor.proves(person.id, code))) return true;
    const subject = { kind: 'user', id: person.id, name };
    await this.database.write((manager) => record(manager, person, { action: 'code_refused', subject }));
    return false;
  }
}

function isFresh({ session: { provenAt = 0 } }: Request): boolean {
  const age = now() - provenAt;
  return age >= 0 && age < goodFor;
}

// A page is asked for again once the proof was given.
function actionOf(request: Request): string {
  if (request.method !== 'GET') return request.originalUrl;
  return `/account/proof?next=${encodeURIComponent(request.originalUrl)}`;
}

// Where a download leaves the person: it opens no page of its own.
function backOf(request: Request): string {
  const referer = request.get('referer') ?? '';
  return ownPath(URL.canParse(referer) ? new URL(referer).pathname : '', '/');
}
