import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { Request, Response } from 'express';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import { Session } from '../sessions/session.entity.js';
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
  async form(@Query('next') next: string, @Req() request: Request, @Res() response: Response) {
    if (request.session.userId) return response.redirect(303, '/');
    return response.render('access/sign-in', await this.page(next, request));
  }

  @Post('sign-in')
  @Allow('anyone')
  async signIn(@Body() form: SignInForm, @Req() request: Request, @Res() response: Response) {
    if (await this.signIns.signIn(form.name, form.password, request))
      return response.redirect(303, ownPath(form.next, '/'));
    const model = { ...(await this.page(form.next, request, true)), name: form.name };
    const text = 'The username or the password is not right, or this account cannot sign in.';
    return refused(response, 'access/sign-in', model, [{ field: 'name', value: '', code: 'invalid', text }]);
  }

  @Post('sign-out')
  @Allow('unfinished')
  async signOut(@Signed() person: SignedIn, @Req() request: Request, @Res() response: Response) {
    await this.database.write(async (manager) => {
      await manager.delete(Session, { id: person.sessionId });
      await record(manager, person, {
        action: 'signed_out',
        subject: { kind: 'user', id: person.id, name: person.username },
      });
    });
    request.session.destroy(() => {
      response.set('Clear-Site-Data', '"cache", "storage"').redirect(303, '/sign-in');
    });
  }

  private async page(next: unknown, request: Request, refused = false) {
    const elsewhere = addressNotice(request.ip ?? '', await this.settings.current(), refused);
    return { layout: 'bare', title: 'Sign In', next: ownPath(next, '/'), elsewhere };
  }
}

/** Where a person begins: people who work on users, domains or caller IDs with their list, everybody else on the own page. */
export function landingPage({ permissions }: SignedIn): string {
  if (['users.view', 'users.create', 'users.import'].some((name) => permissions.has(name as 'users.view')))
    return '/users';
  if (permissions.has('pbx.manage')) return '/pbx-domains';
  return '/account';
}
