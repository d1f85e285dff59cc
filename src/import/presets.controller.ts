// The choices that are remembered for files with the same columns: to be named, looked at and forgotten.
import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { done, refused, told, readerOf } from '../web/answers.js';
import { IdPipe } from '../web/id.pipe.js';
import { one, type Answers } from './answers.js';
import { ImportsService } from './imports.service.js';
import { ImportPresets } from './presets.js';
import { presetsPage } from './presets-view.js';

const path = '/imports/presets';

@Controller('imports/presets')
@Allow('users.import')
export class PresetsController {
  constructor(
    private readonly presets: ImportPresets,
    private readonly imports: ImportsService,
  ) {}

  @Get()
  async list(@Signed() person: SignedIn, @Res() response: Response) {
    const tenant = await this.imports.tenant(person);
    const page = presetsPage(await this.presets.list(tenant), tenant, readerOf(response));
    return response.render('import/presets', { ...page, ...told([], readerOf(response)) });
  }

  @Post(':id')
  async rename(
    @Param('id', IdPipe) id: number,
    @Body() body: Answers,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const name = one(body[`name-${id}`]);
    const problem = await this.presets.rename(id, name, person);
    if (!problem) return done(request, response, path, 'The name was saved.');
    const tenant = await this.imports.tenant(person);
    const page = presetsPage(await this.presets.list(tenant), tenant, readerOf(response), { id, problem });
    return refused(response, 'import/presets', page, [problem]);
  }

  @Post(':id/remove')
  async forget(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    await this.presets.remove(id, person);
    done(request, response, path, 'The choices for such files are forgotten.');
  }
}
