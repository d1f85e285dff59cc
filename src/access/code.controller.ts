import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';
import type { Request, Response } from 'express';
import { Allow } from '../web/allow.js';
import { flash, refused, told, readerOf } from '../web/answers.js';
import { minute } from '../web/clock.js';
import { GoTo } from '../web/go-to.js';
import type { Problem } from '../web/problem.js';
import { SecondFactorService, type Delivery } from './second-factor.service.js';
import { SignInService } from './sign-in.service.js';

class CodeForm {
  @IsString()
  @MaxLength(200)
  code: string;
}

/** Between the password and the session. */
@Controller('sign-in/code')
@Allow('code')
export class CodeController {
  constructor(
    private readonly factor: SecondFactorService,
    private readonly signIns: SignInService,
  ) {}

  @Get()
  async form(@Query('recovery') recovery: unknown, @Req() request: Request, @Res() response: Response) {
    const model = await this.page(request, recovery !== undefined);
    // Nobody comes in without a code: while it cannot be sent, this page says so and lets people try again.
    if (model.delivery === 'failed') response.status(503).set('Retry-After', '30');
    if (model.delivery === 'none') response.status(429).set('Retry-After', String((10 * minute) / 1000));
    response.render('access/code', model);
  }

  @Post()
  async verify(
    @Body() { code }: CodeForm,
    @Query('recovery') recovery: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const { id } = waitingIn(request);
    const found = await this.factor.waiting(id);
    const verdict = await this.factor.verify(id, code, request);
    if (verdict === 'right' && found) {
      const next = request.session.next ?? '/';
      const begun = await this.signIns.begin(request, found.user);
      return response.redirect(303, begun ? next : '/sign-in?why=full');
    }
    if (verdict === 'over' || verdict === 'right') return response.redirect(303, '/sign-in?why=codes');
    const page = await this.page(request, recovery !== undefined);
    const text =
      verdict === 'blocked'
        ? 'This account is blocked after too many wrong codes. Ask an administrator to reset your password or your authenticator.'
        : 'This code is not right, or no longer good. Look again, and type the newest one.';
    return refused(response, 'access/code', page, [wrong(text)]);
  }

  @Post('new')
  async sendNew(@Req() request: Request, @Res() response: Response) {
    const { id } = waitingIn(request);
    const freeAt = await this.factor.sendCode(id);
    if (freeAt === undefined) {
      const page = await this.page(request, false);
      if (page.delivery === 'sent')
        flash(request, 'success', 'A new code is on its way. Older ones are no longer good.');
      return response.redirect(303, '/sign-in/code');
    }
    const page = await this.page(request, false);
    const text =
      'Three codes were sent within ten minutes. Use the newest, or wait ten minutes for another one.';
    const problems = told([wrong(text)], readerOf(response));
    return response
      .status(429)
      .set('Retry-After', '600')
      .render('access/code', { ...page, ...problems });
  }

  private async page(request: Request, recovery: boolean) {
    const found = await this.factor.waiting(waitingIn(request).id);
    if (!found) throw new GoTo('/sign-in?why=codes');
    const { half, user } = found;
    const delivery: Delivery = await this.factor.delivery(half);
    return {
      layout: 'bare',
      title: recovery && half.factor === 'google' ? 'Recovery Code' : 'Enter Your Code',
      byMail: half.factor === 'email',
      recovery: recovery && half.factor === 'google',
      delivery,
      undelivered: delivery === 'failed',
      tooMany: delivery === 'none',
      address: masked(user.email),
    };
  }
}

// Whoever comes here without having typed a password, or after the code, is led on.
function waitingIn(request: Request): { id: number } {
  const { half, userId } = request.session;
  if (half) return half;
  throw new GoTo(userId ? '/' : '/sign-in');
}

function wrong(text: string): Problem {
  return { field: 'code', value: '', code: 'invalid', text };
}

// Enough to know one's own mailbox by.
function masked(email: string): string {
  const at = email.lastIndexOf('@');
  return `${email.slice(0, 1)}…${email.slice(at)}`;
}
