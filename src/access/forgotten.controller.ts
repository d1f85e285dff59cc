import { Body, Controller, Get, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';
import type { Request, Response } from 'express';
import { mailRoute } from '../mail/route.js';
import { Allow } from '../web/allow.js';
import { refused } from '../web/answers.js';
import { ForgottenService } from './forgotten.service.js';
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

/** A forgotten password. */
@Controller()
@Allow('anyone')
export class ForgottenController {
  constructor(
    private readonly forgotten: ForgottenService,
    private readonly passwords: PasswordService,
  ) {}

  @Get('forgotten')
  form(@Res() response: Response) {
    response.render('access/forgotten', { ...page, mail: mailRoute() !== 'none' });
  }

  /** One answer for everybody. */
  @Post('forgotten')
  async ask(@Body() { name }: NameForm, @Req() request: Request, @Res() response: Response) {
    await this.forgotten.ask(name, request);
    response.render('access/forgotten', { ...page, mail: mailRoute() !== 'none', asked: true });
  }

  @Get('reset/:token')
  async choosing(@Param('token') token: string, @Res() response: Response) {
    response.render('access/reset', await this.page(token));
  }

  @Post('reset/:token')
  async choose(
    @Param('token') token: string,
    @Body() form: NewPasswordForm,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const model = await this.page(token);
    const outcome = await this.forgotten.choose(token, form, request);
    if (outcome === 'over') throw over();
    if (outcome === 'done') return response.redirect(303, '/sign-in?why=password');
    return refused(response, 'access/reset', model, outcome);
  }

  private async page(token: string) {
    const user = await this.forgotten.userOf(token);
    if (!user) throw over();
    const { least } = await this.passwords.rules(user);
    return { layout: 'bare', title: 'Choose a New Password', token, hintValues: { least } };
  }
}

const page = { layout: 'bare', title: 'Forgotten Password' };

function over(): NotFoundException {
  return new NotFoundException(
    'This link was used already, or is older than 30 minutes. Ask for a new one on the sign-in page.',
  );
}
