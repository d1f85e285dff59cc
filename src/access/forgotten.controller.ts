import { Body, Controller, Get, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';
import type { Request, Response } from 'express';
import { mailIsSetUp } from '../mail/route.js';
import { SettingsService } from '../settings/settings.service.js';
import type { User } from '../users/user.entity.js';
import { Allow } from '../web/allow.js';
import { flash, refused } from '../web/answers.js';
import { addressNotice, mayBeAt } from './address-check.js';
import { ForgottenService, type LinkKind } from './forgotten.service.js';
import { PasswordService } from './password.service.js';

class NameForm {
  @IsString()
  @MaxLength(1000)
  name: string;
}

class NewPasswordForm {
  @IsString()
  @MaxLength(4000)
  newPassword: string;

  @IsString()
  @MaxLength(4000)
  repeatPassword: string;
}

@Controller()
@Allow('anyone')
export class ForgottenController {
  constructor(
    private readonly forgotten: ForgottenService,
    private readonly passwords: PasswordService,
    private readonly settings: SettingsService,
  ) {}

  @Get('forgotten')
  async form(@Req() request: Request, @Res() response: Response) {
    response.render('access/forgotten', await this.askPage(request));
  }

  @Post('forgotten')
  async ask(@Body() { name }: NameForm, @Req() request: Request, @Res() response: Response) {
    const page = await this.askPage(request);
    if (name.trim() === '') {
      const text = 'Enter your username or your email address.';
      return refused(response, 'access/forgotten', page, [
        { field: 'name', value: '', code: 'missing', text },
      ]);
    }
    await this.forgotten.ask(name, request);
    return response.redirect(303, '/forgotten/sent');
  }

  @Get('forgotten/sent')
  sent(@Res() response: Response) {
    response.render('access/link-sent', { layout: 'bare', title: 'Look into Your Mail' });
  }

  /** Changes nothing: programs that look through mail open every link. */
  @Get(['reset/:token', 'invitation/:token'])
  async choosing(@Param('token') token: string, @Req() request: Request, @Res() response: Response) {
    const user = await this.userOf(token, request, response);
    if (user) response.render('access/reset', await this.choosePage(request, user));
  }

  @Post(['reset/:token', 'invitation/:token'])
  async choose(
    @Param('token') token: string,
    @Body() form: NewPasswordForm,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const user = await this.userOf(token, request, response);
    if (!user) return;
    const outcome = await this.forgotten.choose(token, kindOf(request), form, request);
    if (outcome === 'over') return noLink(kindOf(request), response);
    if (Array.isArray(outcome))
      return refused(response, 'access/reset', await this.choosePage(request, user), outcome);
    await signedOut(request, user);
    // Somebody else is signed in in this browser.
    if (request.session?.userId)
      flash(request, 'success', 'The new password of {{username}} is saved.', { username: user.username });
    return response.redirect(303, '/sign-in?why=password');
  }

  // Whose link it is, in their language from here on; else the answer is given.
  private async userOf(token: string, request: Request, response: Response): Promise<User | undefined> {
    const kind = kindOf(request);
    const user = await this.forgotten.userOf(token, kind);
    if (!user) return noLink(kind, response);
    const settings = await this.settings.current();
    response.locals.language = user.language ?? settings.language;
    const address = request.ip ?? '';
    if (mayBeAt(address, user, settings)) return user;
    return noLink(kind, response, addressNotice(address, settings, true));
  }

  private async askPage(request: Request) {
    if (!mailIsSetUp())
      throw new NotFoundException(
        'Mail is not set up here, so no link can be sent. Ask your administrator for a new password.',
      );
    const elsewhere = addressNotice(request.ip ?? '', await this.settings.current(), true);
    return { layout: 'bare', title: 'Forgotten Password', elsewhere };
  }

  private async choosePage(request: Request, user: User) {
    const { least } = await this.passwords.rules(user);
    const { username } = user;
    const invited = kindOf(request) === 'invitation';
    const title = invited ? 'Choose Your Password' : 'Choose a New Password';
    return { layout: 'bare', title, path: request.path, invited, username, hintValues: { least } };
  }
}

function kindOf({ path }: Request): LinkKind {
  return path.startsWith('/invitation/') ? 'invitation' : 'password';
}

// Used, too old, never made, replaced by a newer one, of somebody who is inactive: nobody learns which.
function noLink(kind: LinkKind, response: Response, elsewhere?: object): undefined {
  response.status(elsewhere ? 403 : 410).render('access/no-link', {
    layout: 'bare',
    title: elsewhere ? 'Not from This Address' : 'This Link Is No Longer Good',
    elsewhere,
    invited: kind === 'invitation',
    byMail: mailIsSetUp(),
  });
}

// The own session of this browser is over too, and need not say so.
async function signedOut(request: Request, { id }: User): Promise<void> {
  const { userId, half } = request.session;
  if (userId !== id && half?.userId !== id) return;
  await new Promise<void>((resolve, reject) => {
    request.session.destroy((error?: Error) => (error ? reject(error) : resolve()));
  });
}
