import { Body, Controller, Get, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';
import type { Request, Response } from 'express';
import { freshTenant } from '../settings/tenant-settings.js';
import { Allow } from '../web/allow.js';
import { done, refused } from '../web/answers.js';
import { SetUpService } from './set-up.service.js';
import { SignInService } from './sign-in.service.js';

class SetUpForm {
  @IsString()
  @MaxLength(1000)
  username: string;

  @IsString()
  @MaxLength(1000)
  email: string;

  @IsString()
  @MaxLength(4000)
  password: string;

  @IsString()
  @MaxLength(4000)
  repeatPassword: string;
}

const labels = {
  username: 'Username',
  email: 'Email',
  password: 'Password',
  repeatPassword: 'Repeat Password',
};

const page = { layout: 'bare', title: 'Set Up Rollcall', hintValues: { least: freshTenant.passwordLength } };

@Controller('setup/:token')
export class SetUpController {
  constructor(
    private readonly setUps: SetUpService,
    private readonly signIns: SignInService,
  ) {}

  @Get()
  @Allow('anyone')
  async form(@Param('token') token: string, @Res() response: Response) {
    if (!(await this.setUps.isOpen(token))) throw closed();
    response.render('access/set-up', { ...page, token });
  }

  @Post()
  @Allow('anyone')
  async create(
    @Param('token') token: string,
    @Body() form: SetUpForm,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    if (!(await this.setUps.isOpen(token))) throw closed();
    const made = await this.setUps.create(token, form);
    if (made === 'closed') throw closed();
    const { username, email } = form;
    if (Array.isArray(made))
      return refused(response, 'access/set-up', { ...page, token, username, email }, made, labels);
    await this.signIns.begin(request, made);
    return done(request, response, '/users', 'Welcome to Rollcall. You are its first administrator.');
  }
}

function closed(): NotFoundException {
  return new NotFoundException(
    'This set-up link was used already, or a newer one was printed. Sign in, or look for the newest link in the log.',
  );
}
