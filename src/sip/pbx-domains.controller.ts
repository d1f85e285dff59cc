import { Body, Controller, Get, Param, Post, Render, Req, Res } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsString, MaxLength } from 'class-validator';
import type { Request, Response } from 'express';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { done, refused, saved } from '../web/answers.js';
import { IdPipe } from '../web/id.pipe.js';
import { differences } from '../web/outcome.js';
import { PbxDomainsService } from './pbx-domains.service.js';
import { transports, type PbxDomainForm } from './read-pbx-domain.js';

class NewPbxDomain implements PbxDomainForm {
  @IsString()
  @MaxLength(1000)
  name: string;

  @IsString()
  @MaxLength(1000)
  host: string;

  @IsString()
  @MaxLength(1000)
  nextHop: string;

  @IsIn(transports.map(({ value }) => value))
  transport: string;
}

class ChangedPbxDomain extends NewPbxDomain {
  @Type(() => Number)
  @IsInt()
  version: number;
}

@Controller('pbx-domains')
@Allow('pbx.manage')
export class PbxDomainsController {
  constructor(private readonly domains: PbxDomainsService) {}

  @Get()
  @Render('sip/pbx-domains')
  async list() {
    const domains = await this.domains.list();
    const shown = domains.map((domain) => ({ ...domain, transport: domain.transport.toUpperCase() }));
    return { title: 'PBX Domains', ownHeading: true, domains: shown };
  }

  @Get('new')
  @Render('sip/pbx-domain')
  blank() {
    return creating({ name: '', host: '', nextHop: '', transport: 'udp' });
  }

  @Post()
  async create(
    @Body() form: NewPbxDomain,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const outcome = await this.domains.create(form, person);
    if (Array.isArray(outcome)) return refused(response, 'sip/pbx-domain', creating(form), outcome);
    return done(request, response, '/pbx-domains', '“{{name}}” was created.', { name: outcome.name });
  }

  @Get(':id')
  @Render('sip/pbx-domain')
  async edit(@Param('id', IdPipe) id: number) {
    const domain = await this.domains.find(id);
    return changing(domain, { ...domain, nextHop: domain.nextHop ?? '' });
  }

  @Post(':id')
  async save(
    @Param('id', IdPipe) id: number,
    @Body() { version, ...form }: ChangedPbxDomain,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    await this.domains.find(id);
    const outcome = await this.domains.change(id, version, form, person);
    const answer = { view: 'sip/pbx-domain', page: changing({ id, version }, form), list: '/pbx-domains' };
    return saved(request, response, outcome, answer, (newer) =>
      differences([
        { label: 'Name', yours: form.name, theirs: newer.name },
        { label: 'Host', yours: form.host, theirs: newer.host },
        { label: 'Next Hop', yours: form.nextHop, theirs: newer.nextHop ?? '' },
        { label: 'Transport', yours: form.transport.toUpperCase(), theirs: newer.transport.toUpperCase() },
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
    const { name } = await this.domains.find(id);
    if (await this.domains.remove(id, person)) {
      return done(request, response, '/pbx-domains', '“{{name}}” was deleted.', { name });
    }
    return response.status(422).render('shared/delete', await this.deleting(id));
  }

  private async deleting(id: number) {
    const { name } = await this.domains.find(id);
    const users = await this.domains.usersOf(id);
    return { title: 'Delete PBX Domain', path: '/pbx-domains', id, name, users };
  }
}

function creating(form: PbxDomainForm) {
  return { title: 'New PBX Domain', action: '/pbx-domains', button: 'Create PBX Domain', ...fields(form) };
}

function changing({ id, version }: { id: number; version: number }, form: PbxDomainForm) {
  const action = `/pbx-domains/${id}`;
  return { title: 'Edit PBX Domain', action, button: 'Save Changes', version, ...fields(form) };
}

function fields({ name, host, nextHop, transport }: PbxDomainForm) {
  const choices = transports.map((choice) => ({ ...choice, selected: choice.value === transport }));
  return { name, host, nextHop, transports: choices };
}
