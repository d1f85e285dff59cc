import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { iceServersFor } from '../sip/ice-servers.js';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { allowPhone } from '../web/headers.js';
import { IdPipe } from '../web/id.pipe.js';
import { SoftphoneService } from './softphone.service.js';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** The phone in the browser. A line is one open page of it; public/softphone.js asks for all but the page itself. */
@Controller('softphone')
@Allow('signed-in')
export class SoftphoneController {
  constructor(private readonly softphone: SoftphoneService) {}

  @Get()
  async show(@Signed() person: SignedIn, @Req() request: Request, @Res() response: Response) {
    const phone = await this.softphone.of(person);
    if (!('server' in phone))
      return response.render('softphone/elsewhere', { title: 'Softphone', phone: { ...phone } });
    allowPhone(request, response, phone.server);
    return response.render('softphone/softphone', { title: 'Softphone', ...phone, keys });
  }

  @Post('lines')
  async open(@Signed() person: SignedIn) {
    return this.softphone.open(person);
  }

  /**
   * Asked by a registered page again and again: whoever can be called is there, also without pressing anything. It gets
   * anew what ends after some hours.
   */
  @Post('lines/:id/alive')
  @HttpCode(200)
  async alive(@Param('id', IdPipe) id: number, @Signed() person: SignedIn) {
    await this.softphone.mustBeOpen(id, person);
    return { iceServers: iceServersFor(person.id) };
  }

  @Post('lines/:id/end')
  @HttpCode(204)
  async end(@Param('id', IdPipe) id: number, @Signed() person: SignedIn) {
    await this.softphone.close(id, person);
  }
}
