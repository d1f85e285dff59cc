import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { Request, Response } from 'express';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import { mailIsSetUp } from '../mail/route.js';
import { Session, type EndedWhy } from '../sessions/session.entity.js';
import { SettingsService } from '../settings/settings.service.js';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { refused } from '../web/answers.js';
import { ownPath } from '../web/go-to.js';
import { addressNotice } from './address-check.js';
import { SignInService } from './sign-in.service.js';

class SignInForm {
  @IsString()
  @MaxLength(1000)
  name: string;

  @IsString()
  @MaxLength(4000)
  password: string;

  @IsOptional()
  @IsString()
  next?: string;
}

@Controller()
export class SignInController {
  constructor(
    private readonly signIns: SignInService,
    private readonly database: Database,
    private readonly settings: SettingsService,
  ) {}

  @Get()
  @Allow('signed-in')
  home(@Signed() person: SignedIn, @Res() response: Response) {
    response.redirect(303, landingPage(person));
  }

  @Get('sign-in')
  @Allow('anyone')
  async form(
    @Query('next') next: unknown,
    @Query('why') why: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    if (request.session.userId) return response.redirect(303, '/');
    const { ended } = request.session;
    // Said once.
    if (ended) await forget(request);
    const page = {
      ...(await this.page(next, request)),
      ended: ended ? endedTexts[ended] : reasons.get(String(why)),
    };
    return response.render('access/sign-in', page);
  }

  @Post('sign-in')
  @Allow('anyone')
  async signIn(@Body() form: SignInForm, @Req() request: Request, @Res() response: Response) {
    const outcome = await this.signIns.signIn(form.name, form.password, request);
    if (outcome === true) {
      const next = ownPath(form.next, '/');
      if (!request.session.half) return response.redirect(303, next);
      request.session.next = next;
      return response.redirect(303, '/sign-in/code');
    }
    const model = { ...(await this.page(form.next, request, true)), name: form.name };
    const text =
      outcome === 'full'
        ? full
        : 'The username or the password is not right, or this account cannot sign in.';
    return refused(response, 'access/sign-in', model, [{ field: 'name', value: '', code: 'invalid', text }]);
  }

  @Post('sign-out')
  @Allow('unfinished', 'enrolling', 'code')
  async signOut(@Signed() person: SignedIn | undefined, @Req() request: Request, @Res() response: Response) {
    // Nobody yet, between the password and the code: then only what waits is thrown away.
    if (person) await this.noteSignOut(person);
    request.session.destroy(() => {
      response.set('Clear-Site-Data', '"cache", "storage"').redirect(303, '/sign-in');
    });
  }

  private async noteSignOut(person: SignedIn): Promise<void> {
    await this.database.write(async (manager) => {
      await manager.delete(Session, { id: person.sessionId });
      await record(manager, person, {
        action: 'signed_out',
        subject: { kind: 'user', id: person.id, name: person.username },
      });
    });
  }

  private async page(next: unknown, request: Request, refused = false) {
    const elsewhere = addressNotice(request.ip ?? '', await this.settings.current(), refused);
    return { layout: 'bare', title: 'Sign In', next: ownPath(next, '/'), elsewhere, byMail: mailIsSetUp() };
  }
}

const endedTexts: Record<EndedWhy, string> = {
  elsewhere:
    'You were signed out here, because you are signed in in as many other browsers as you may be. If that was not you, change your password.',
  by_hand: 'You were signed out here from another browser, or by an administrator.',
  password:
    'You were signed out here, because the password of this account was changed. If that was not you, tell your administrator.',
  address: 'You were signed out, because your address is none of those that you may sign in from.',
  idle: 'You were signed out, because nothing was done here for a while. Sign in to go on.',
  time: 'You were signed out, because a sign-in lasts for a limited time. Sign in to go on.',
};

function forget(request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    request.session.destroy((error?: Error) => (error ? reject(error) : resolve()));
  });
}
// Why somebody is back here (English); who they are is not known any more.
const full =
  'You are signed in in as many browsers as you may be. Sign out in one of them, then sign in here.';
const reasons = new Map([
  ['full', full],
  ['password', 'Your new password is saved. Sign in with it.'],
  ['codes', 'The time for the code is over, or there were five wrong ones. Sign in again.'],
]);

/** Where a person begins: people who work on users, domains or caller IDs with their list, everybody else on the own page. */
export function landingPage({ permissions }: SignedIn): string {
  if (['users.view', 'users.create', 'users.import'].some((name) => permissions.has(name as 'users.view')))
    return '/users';
  if (permissions.has('pbx.manage')) return '/pbx-domains';
  return '/account';
}
