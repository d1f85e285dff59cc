import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';
import type { Request, Response } from 'express';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { done, readerOf, refused } from '../web/answers.js';
import { publicUrl } from '../web/environment.js';
import { IdPipe } from '../web/id.pipe.js';
import { UserLife } from './user-life.js';
import { UserPages } from './user-pages.js';
import type { User } from './user.entity.js';

class ResetReason {
  @IsString()
  @MaxLength(500)
  reason: string;
}

/** What can be done to a user. */
@Controller('users')
export class UserLifeController {
  constructor(
    private readonly life: UserLife,
    private readonly pages: UserPages,
  ) {}

  @Post(':id/password')
  @Allow('users.reset')
  async resetPassword(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Res() response: Response,
  ) {
    const handout = {
      ...(await this.life.resetPassword(id, person)),
      signInAddress: `${publicUrl()}/sign-in`,
    };
    response.status(200).render('users/reset', { title: 'Password Reset', handout });
  }

  @Post(':id/sip-password')
  @Allow('users.reset')
  async resetSipPassword(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Res() response: Response,
  ) {
    const { username, account } = await this.life.resetSipPassword(id, person);
    response.status(200).render('users/sip-reset', { title: 'SIP Password Reset', id, username, account });
  }

  @Get(':id/authenticator')
  @Allow('users.reset')
  async askReason(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    response.render('users/authenticator', authenticatorPage(await this.life.find(id, person)));
  }

  @Post(':id/authenticator')
  @Allow('users.reset')
  async resetAuthenticator(
    @Param('id', IdPipe) id: number,
    @Body() { reason }: ResetReason,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const user = await this.life.find(id, person);
    if (reason.trim() === '') {
      const text = 'Say why: the user reads it in a mail, and it stands in the audit log.';
      const missing = { field: 'reason', value: '', code: 'missing' as const, text };
      return refused(response, 'users/authenticator', authenticatorPage(user), [missing]);
    }
    await this.life.resetAuthenticator(id, reason, person);
    const text = 'The authenticator of “{{name}}” was reset, and the user was signed out everywhere.';
    return done(request, response, `/users/${id}`, text, { name: user.username });
  }

  @Post(':id/activation')
  @Allow('users.edit')
  async activate(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const { username } = await this.life.activate(id, person);
    done(request, response, `/users/${id}`, '“{{name}}” is active.', { name: username });
  }

  @Post(':id/deactivation')
  @Allow('users.edit')
  async deactivate(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const outcome = await this.life.deactivate(id, person);
    if ('refused' in outcome) {
      const { view, model } = await this.pages.user(id, person, readerOf(response));
      return response.status(409).render(view, { ...model, refused: outcome.refused });
    }
    const { username } = outcome;
    return done(
      request,
      response,
      `/users/${id}`,
      '“{{name}}” is not active any more and was signed out everywhere.',
      {
        name: username,
      },
    );
  }

  @Post(':id/caldav-token/delete')
  @Allow('users.edit')
  async removeToken(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const { username } = await this.life.removeToken(id, person);
    done(request, response, `/users/${id}`, 'The CalDAV token of “{{name}}” was removed.', {
      name: username,
    });
  }

  @Get(':id/delete')
  @Allow('users.delete')
  async question(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    response.render('users/delete', {
      title: 'Delete User',
      user: { ...(await this.life.find(id, person)) },
    });
  }

  @Post(':id/delete')
  @Allow('users.delete')
  async remove(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const user = await this.life.find(id, person);
    const outcome = await this.life.remove(id, person);
    if ('refused' in outcome)
      return response
        .status(409)
        .render('users/delete', { title: 'Delete User', user: { ...user }, refused: outcome.refused });
    return done(request, response, '/users', '“{{name}}” was deleted.', { name: outcome.username });
  }
}

function authenticatorPage({ id, username }: User) {
  return { title: 'Reset Authenticator of {{username}}', titleValues: { username }, id };
}
