import { Body, Controller, Get, Param, Post, Render, Req, Res } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsString, MaxLength } from 'class-validator';
import type { Request, Response } from 'express';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { done, refused, saved } from '../web/answers.js';
import { IdPipe } from '../web/id.pipe.js';
import { differences } from '../web/outcome.js';
import { CallerIdsService } from './caller-ids.service.js';
import type { CallerIdForm } from './read-caller-id.js';

class NewCallerId implements CallerIdForm {
  @IsString()
  @MaxLength(1000)
  name: string;

  @IsString()
  @MaxLength(1000)
  number: string;
}

class ChangedCallerId extends NewCallerId {
  @Type(() => Number)
  @IsInt()
  version: number;
}

@Controller('caller-ids')
@Allow('callerids.manage')
export class CallerIdsController {
  constructor(private readonly callerIds: CallerIdsService) {}

  @Get()
  @Render('sip/caller-ids')
  async list() {
    return { title: 'Caller IDs', ownHeading: true, callerIds: await this.callerIds.list() };
  }

  @Get('new')
  @Render('sip/caller-id')
  blank() {
    return creating({ name: '', number: '' });
  }

  @Post()
  async create(
    @Body() form: NewCallerId,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const outcome = await this.callerIds.create(form, person);
    if (Array.isArray(outcome)) return refused(response, 'sip/caller-id', creating(form), outcome);
    return done(request, response, '/caller-ids', '“{{name}}” was created.', { name: outcome.name });
  }

  @Get(':id')
  @Render('sip/caller-id')
  async edit(@Param('id', IdPipe) id: number) {
    const callerId = await this.callerIds.find(id);
    return changing(callerId, callerId);
  }

  @Post(':id')
  async save(
    @Param('id', IdPipe) id: number,
    @Body() { version, ...form }: ChangedCallerId,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    await this.callerIds.find(id);
    const outcome = await this.callerIds.change(id, version, form, person);
    const answer = { view: 'sip/caller-id', page: changing({ id, version }, form), list: '/caller-ids' };
    return saved(request, response, outcome, answer, (newer) =>
      differences([
        { label: 'Name', yours: form.name, theirs: newer.name },
        { label: 'Number', yours: form.number, theirs: newer.number },
      ]),
    );
  }

  @Get(':id/delete')
  @Render('shared/delete')
  async question(@Param('id', IdPipe) id: number) {
    return this.deleting(id);
  }

  @Post(':id/delete')
  async remove(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const { name } = await this.callerIds.find(id);
    if (await this.callerIds.remove(id, person)) {
      return done(request, response, '/caller-ids', '“{{name}}” was deleted.', { name });
    }
    return response.status(422).render('shared/delete', await this.deleting(id));
  }

  private async deleting(id: number) {
    const { name } = await this.callerIds.find(id);
    const users = await this.callerIds.usersOf(id);
    const needed = (await this.callerIds.isDefault(id))
      ? 'It is the default caller ID of the tenant: choose another one in the settings first. Nothing was deleted.'
      : undefined;
    return { title: 'Delete Caller ID', path: '/caller-ids', id, name, users, needed };
  }
}

function creating({ name, number }: CallerIdForm) {
  return { title: 'New Caller ID', action: '/caller-ids', button: 'Create Caller ID', name, number };
}

function changing({ id, version }: { id: number; version: number }, { name, number }: CallerIdForm) {
  return {
    title: 'Edit Caller ID',
    action: `/caller-ids/${id}`,
    button: 'Save Changes',
    version,
    name,
    number,
  };
}
