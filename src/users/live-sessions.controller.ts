import { Controller, Get, Param, Post, Query, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { done } from '../web/answers.js';
import { IdPlace } from '../web/id-field.js';
import { IdPipe } from '../web/id.pipe.js';
import { pageAddress } from '../web/paging.js';
import { LiveSessions } from './live-sessions.js';
import { UserLife } from './user-life.js';

/** Who is signed in just now. */
@Controller('sessions')
@Allow('users.sessions')
export class LiveSessionsController {
  constructor(
    private readonly sessions: LiveSessions,
    private readonly life: UserLife,
  ) {}

  @Get()
  @Render('users/live-sessions')
  async list(@Query() { after, before }: IdPlace, @Signed() person: SignedIn) {
    const { rows, previous, next } = await this.sessions.page(person, {
      after: after?.toString(),
      before: before?.toString(),
    });
    return {
      title: 'Live Sessions',
      sessions: rows,
      previous: pageAddress('/sessions', {}, previous),
      next: pageAddress('/sessions', {}, next),
    };
  }

  @Post(':id/end')
  async end(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    await this.life.endSession(await this.sessions.userOf(id), id, person);
    done(request, response, '/sessions', 'The session was ended.');
  }
}
