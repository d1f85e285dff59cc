import { Body, Controller, Get, Param, Post, Render, Req, Res } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsString, MaxLength } from 'class-validator';
import type { Request, Response } from 'express';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { done, refused, saved } from '../web/answers.js';
import { IdPipe } from '../web/id.pipe.js';
import { differences } from '../web/outcome.js';
import { Pages, type GroupPages } from './group-kinds.js';
import { GroupsService } from './groups.service.js';

class NewGroup {
  @IsString()
  @MaxLength(1000)
  name: string;
}

class ChangedGroup extends NewGroup {
  @Type(() => Number)
  @IsInt()
  version: number;
}

@Controller(['desks', 'skill-groups', 'queues'])
export class GroupsController {
  constructor(private readonly groups: GroupsService) {}

  @Get()
  @Allow('groups.manage', 'users.view')
  @Render('groups/list')
  async list(@Pages() pages: GroupPages) {
    return { title: pages.title, ownHeading: true, pages, groups: await this.groups.list(pages) };
  }

  @Get('new')
  @Allow('groups.manage')
  @Render('groups/form')
  blank(@Pages() pages: GroupPages) {
    return creating(pages, '');
  }

  @Post()
  @Allow('groups.manage')
  async create(
    @Pages() pages: GroupPages,
    @Body() form: NewGroup,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const outcome = await this.groups.create(pages.kind, form.name, person);
    if (Array.isArray(outcome)) return refused(response, 'groups/form', creating(pages, form.name), outcome);
    return done(request, response, pages.path, '“{{name}}” was created.', { name: outcome.name });
  }

  @Get(':id')
  @Allow('groups.manage')
  @Render('groups/form')
  async edit(@Pages() pages: GroupPages, @Param('id', IdPipe) id: number) {
    return changing(pages, await this.groups.find(pages.kind, id));
  }

  @Post(':id')
  @Allow('groups.manage')
  async save(
    @Pages() pages: GroupPages,
    @Param('id', IdPipe) id: number,
    @Body() form: ChangedGroup,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    await this.groups.find(pages.kind, id);
    const outcome = await this.groups.rename(pages.kind, id, form.version, form.name, person);
    const answer = { view: 'groups/form', page: changing(pages, { id, ...form }), list: pages.path };
    return saved(request, response, outcome, answer, (newer) =>
      differences([{ label: 'Name', yours: form.name, theirs: newer.name }]),
    );
  }

  @Get(':id/delete')
  @Allow('groups.manage')
  @Render('shared/delete')
  async question(@Pages() pages: GroupPages, @Param('id', IdPipe) id: number) {
    return this.deleting(pages, id);
  }

  @Post(':id/delete')
  @Allow('groups.manage')
  async remove(
    @Pages() pages: GroupPages,
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const { name } = await this.groups.find(pages.kind, id);
    if (await this.groups.remove(pages.kind, id, person)) {
      return done(request, response, pages.path, '“{{name}}” was deleted.', { name });
    }
    return response.status(422).render('shared/delete', await this.deleting(pages, id));
  }

  private async deleting({ kind, path, deleteTitle }: GroupPages, id: number) {
    const { name } = await this.groups.find(kind, id);
    return { title: deleteTitle, path, id, name, users: await this.groups.usersOf(id) };
  }
}

function creating(pages: GroupPages, name: string) {
  return { title: pages.newTitle, pages, action: pages.path, name, button: pages.create };
}

function changing(pages: GroupPages, { id, name, version }: { id: number; name: string; version: number }) {
  return {
    title: pages.editTitle,
    pages,
    action: `${pages.path}/${id}`,
    name,
    version,
    button: 'Save Changes',
  };
}
