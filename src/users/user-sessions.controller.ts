import { Controller, Get, Param, Post, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { done } from '../web/answers.js';
import { IdPipe } from '../web/id.pipe.js';
import { deviceOf } from '../sessions/device.js';
import { UserLife } from './user-life.js';

/** Where a user is signed in. */
@Controller('users/:id/sessions')
@Allow('users.sessions')
export class UserSessionsController {
  constructor(private readonly life: UserLife) {}

  @Get()
  @Render('users/sessions')
  async list(@Param('id', IdPipe) id: number, @Signed() person: SignedIn) {
    const { username } = await this.life.find(id, person);
    const sessions = await this.life.listSessions(id, person);
    return {
      title: 'Sessions of {{username}}',
      titleValues: { username },
      id,
      sessions: sessions.map((session) => ({
        ...session,
        device: deviceOf(session.agent),
        own: session.id === person.sessionId,
      })),
    };
  }

  @Post(':session/end')
  async end(
    @Param('id', IdPipe) id: number,
    @Param('session', IdPipe) session: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    await this.life.endSession(id, session, person);
    done(request, response, `/users/${id}/sessions`, 'The session was ended.');
  }

  @Post('end')
  async endAll(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const count = await this.life.endSessions(id, person);
    done(request, response, `/users/${id}/sessions`, '{{count}} sessions were ended.', { count });
  }
}
