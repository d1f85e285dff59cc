import { Body, Controller, Get, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';
import type { Request, Response } from 'express';
import { Allow, Proof, Signed, type SignedIn } from '../web/allow.js';
import { done, refused } from '../web/answers.js';
import { EmailService } from './email.service.js';

class EmailForm {
  @IsString()
  @MaxLength(300)
  email: string;
}

const page = { layout: 'bare', title: 'Change Email' };

/** One's own email address. */
@Controller('account/email')
export class EmailController {
  constructor(private readonly emails: EmailService) {}

  @Get()
  @Allow('signed-in')
  form(@Res() response: Response) {
    response.render('access/email', page);
  }

  @Post()
  @Allow('signed-in')
  @Proof()
  async ask(
    @Body() { email }: EmailForm,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const problems = await this.emails.ask(email, person);
    if (problems.length > 0) return refused(response, 'access/email', { ...page, email }, problems);
    const text = 'A mail with a link is on its way to {{email}}. Your address changes when you open it.';
    return done(request, response, '/account', text, { email: email.trim() });
  }

  /** Whoever reads the mail has the address; they need not be signed in where they read it. */
  @Get(':token')
  @Allow('anyone')
  async question(@Param('token') token: string, @Res() response: Response) {
    const address = await this.emails.addressOf(token);
    if (!address) throw over();
    response.render('access/email-confirm', { layout: 'bare', title: 'Confirm Your Email', token, address });
  }

  @Post(':token')
  @Allow('anyone')
  async confirm(@Param('token') token: string, @Req() request: Request, @Res() response: Response) {
    if (!(await this.emails.confirm(token, { address: request.ip, requestId: request.requestId })))
      throw over();
    response.render('access/email-confirm', { layout: 'bare', title: 'Confirm Your Email', confirmed: true });
  }
}

function over(): NotFoundException {
  return new NotFoundException(
    'This link was used already, is older than 30 minutes, or somebody else has the address by now. Ask for a new one on My Account.',
  );
}
