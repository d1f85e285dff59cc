import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';
import type { Request, Response } from 'express';
import { Allow, Proof, Signed, type SignedIn } from '../web/allow.js';
import { refused } from '../web/answers.js';
import { GoTo, ownPath } from '../web/go-to.js';
import { AuthenticatorService, type Enrolment } from './authenticator.service.js';
import { landingPage } from './sign-in.controller.js';

class CodeForm {
  @IsString()
  @MaxLength(200)
  code: string;
}

/** Setting up an app that shows codes. */
@Controller('account')
@Proof()
export class AuthenticatorController {
  constructor(private readonly authenticators: AuthenticatorService) {}

  @Get('authenticator')
  @Allow('enrolling')
  async form(@Signed() person: SignedIn, @Req() request: Request, @Res() response: Response) {
    if (person.due === 'password') throw new GoTo('/password');
    response.render('access/authenticator', page(person, await this.authenticators.start(person, request)));
  }

  @Post('authenticator')
  @Allow('enrolling')
  async confirm(
    @Body() { code }: CodeForm,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    if (person.due === 'password') throw new GoTo('/password');
    const begun = await this.authenticators.begun(person, request);
    if (!begun) throw new GoTo('/account/authenticator');
    const codes = await this.authenticators.confirm(person, code, request);
    if (codes) return response.render('access/recovery-codes', codesPage(person, codes));
    const text =
      'This is not the code that the app shows now. Scan the QR code that stands here, and type the newest code.';
    const problem = { field: 'code', value: '', code: 'invalid' as const, text };
    return refused(response, 'access/authenticator', page(person, begun), [problem]);
  }

  @Post('recovery-codes')
  @Allow('signed-in')
  async renewCodes(@Signed() person: SignedIn, @Res() response: Response) {
    const codes = await this.authenticators.renewRecoveryCodes(person);
    if (!codes) throw new GoTo('/account');
    response.render('access/recovery-codes', codesPage({ ...person, due: undefined }, codes));
  }
}

/** Where a page that wanted a proof goes on, once it was given. */
@Controller('account/proof')
@Allow('signed-in', 'enrolling')
@Proof()
export class ProofController {
  @Post()
  goOn(@Query('next') next: unknown, @Res() response: Response) {
    response.redirect(303, ownPath(next, '/account'));
  }
}

function page(person: SignedIn, enrolment: Enrolment) {
  const due = person.due === 'authenticator';
  return { layout: 'bare', title: 'Set Up Authenticator', due, ...enrolment };
}

// Shown in this one answer.
function codesPage(person: SignedIn, codes: string[]) {
  const next = person.due ? landingPage(person) : '/account';
  return { layout: 'bare', title: 'Recovery Codes', codes, all: codes.join('\n'), next };
}
