import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { Request, Response } from 'express';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { done, refused } from '../web/answers.js';
import { GoTo } from '../web/go-to.js';
import { PasswordService } from './password.service.js';
import { Proofs } from './proofs.js';
import { landingPage } from './sign-in.controller.js';

class ChoosePassword {
  @IsOptional()
  @IsString()
  @MaxLength(4000)
  currentPassword?: string;

  @IsString()
  @MaxLength(4000)
  newPassword: string;

  @IsString()
  @MaxLength(4000)
  repeatPassword: string;
}

const labels = {
  currentPassword: 'Current Password',
  newPassword: 'New Password',
  repeatPassword: 'Repeat New Password',
};

@Controller('password')
export class PasswordController {
  constructor(
    private readonly passwords: PasswordService,
    private readonly proofs: Proofs,
  ) {}

  @Get()
  @Allow('unfinished')
  async form(@Signed() person: SignedIn, @Req() request: Request, @Res() response: Response) {
    const page = await this.page(person);
    if (!page.first && (await this.proofs.codeIsDue(person, request)))
      await this.proofs.demand(person, request);
    response.render('access/password', page);
  }

  @Post()
  @Allow('unfinished')
  async choose(
    @Body() form: ChoosePassword,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const page = await this.page(person);
    // The form asks for the proof; the passwords that were typed are not kept meanwhile.
    if (!page.first && (await this.proofs.codeIsDue(person, request))) throw new GoTo('/password');
    const problems = await this.passwords.choose(person, form, request);
    if (problems.length > 0) return refused(response, 'access/password', page, problems, labels);
    return done(request, response, landingPage(person), 'Your new password is saved. Use it from now on.');
  }

  private async page(person: SignedIn) {
    const { first, least } = await this.passwords.ask(person.id);
    return {
      layout: 'bare',
      title: first ? 'Choose Your Password' : 'Change Password',
      first,
      hintValues: { least },
    };
  }
}
