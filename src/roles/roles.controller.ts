import { Body, Controller, Get, Param, Post, Render, Req, Res } from '@nestjs/common';
import { Transform, Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, MaxLength } from 'class-validator';
import type { Request, Response } from 'express';
import { SettingsService } from '../settings/settings.service.js';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { done, readerOf, refused, saved } from '../web/answers.js';
import { IdPipe } from '../web/id.pipe.js';
import { allPermissions, type Permission } from '../web/permissions.js';
import { roleConflict, roleModel } from './role-form.js';
import { limitFields, limitsFrom, noLimits, type RoleLimits } from './role-limits.js';
import { RolesService, type RoleForm } from './roles.service.js';

class NewRole {
  @IsString()
  @MaxLength(1000)
  name: string;

  @Transform(({ value }) => [value as string | string[]].flat())
  @IsIn(allPermissions, { each: true })
  permissions: Permission[] = [];

  @IsOptional()
  @IsIn(['on'])
  ownDesksOnly?: 'on';

  @LimitChoice('twoFactor')
  twoFactor?: string;

  @LimitChoice('sessionTtl')
  sessionTtl?: string;

  @LimitChoice('maxSessions')
  maxSessions?: string;
}

function LimitChoice(name: keyof RoleLimits): PropertyDecorator {
  const choices = limitFields.find((field) => field.name === name)!.choices.map(({ value }) => value);
  return (target, property) => {
    for (const decorate of [IsIn(['', ...choices]), IsOptional()]) decorate(target, property);
  };
}

class ChangedRole extends NewRole {
  @Type(() => Number)
  @IsInt()
  version: number;
}

@Controller('roles')
export class RolesController {
  constructor(
    private readonly roles: RolesService,
    private readonly settings: SettingsService,
  ) {}

  @Get()
  @Allow('users.view', 'roles.manage')
  @Render('roles/list')
  async list(@Signed() person: SignedIn) {
    const all = allPermissions.length;
    return { title: 'Roles', ownHeading: true, roles: await this.roles.list(person), all };
  }

  @Get('new')
  @Allow('roles.manage')
  async blank(@Signed() person: SignedIn, @Res() response: Response) {
    const empty = { name: '', permissions: [], ownDesksOnly: person.ownDesksOnly, ...noLimits };
    response.render('roles/form', await this.creating(empty, person, response));
  }

  @Post()
  @Allow('roles.manage')
  async create(
    @Body() body: NewRole,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const form = formIn(body, noLimits);
    const outcome = await this.roles.create(form, person);
    if (Array.isArray(outcome))
      return refused(response, 'roles/form', await this.creating(form, person, response), outcome);
    return done(request, response, '/roles', '“{{name}}” was created.', { name: outcome.name });
  }

  @Get(':id')
  @Allow('roles.manage')
  async edit(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const role = await this.roles.find(id, person);
    response.render('roles/form', await this.changing(role, role, person, response));
  }

  @Post(':id')
  @Allow('roles.manage')
  async save(
    @Param('id', IdPipe) id: number,
    @Body() { version, ...body }: ChangedRole,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const form = formIn(body, await this.roles.find(id, person));
    const outcome = await this.roles.change(id, version, form, person);
    const page = await this.changing({ id, version }, form, person, response);
    if (outcome === 'last') return response.status(409).render('roles/form', { ...page, last: true });
    const answer = { view: 'roles/form', page, list: '/roles' };
    return saved(request, response, outcome, answer, (newer) =>
      roleConflict(form, newer, readerOf(response)),
    );
  }

  @Get(':id/delete')
  @Allow('roles.manage')
  @Render('shared/delete')
  async question(@Param('id', IdPipe) id: number, @Signed() person: SignedIn) {
    return this.deleting(id, person);
  }

  @Post(':id/delete')
  @Allow('roles.manage')
  async remove(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const { name } = await this.roles.find(id, person);
    if (await this.roles.remove(id, person))
      return done(request, response, '/roles', '“{{name}}” was deleted.', { name });
    return response.status(422).render('shared/delete', await this.deleting(id, person));
  }

  private async creating(form: RoleForm, person: SignedIn, response: Response) {
    const role = roleModel(form, await this.settings.current(), person, readerOf(response));
    return { title: 'New Role', action: '/roles', button: 'Create Role', role };
  }

  private async changing(
    { id, version }: { id: number; version: number },
    form: RoleForm,
    person: SignedIn,
    response: Response,
  ) {
    const role = roleModel(form, await this.settings.current(), person, readerOf(response));
    const holders = await this.roles.holders(id, person);
    return { title: 'Edit Role', action: `/roles/${id}`, button: 'Save Changes', version, role, id, holders };
  }

  private async deleting(id: number, person: SignedIn) {
    const { name } = await this.roles.find(id, person);
    return { title: 'Delete Role', path: '/roles', id, name, users: await this.roles.usersOf(id) };
  }
}

function formIn({ name, permissions, ownDesksOnly, ...texts }: NewRole, stored: RoleLimits): RoleForm {
  return { name, permissions, ownDesksOnly: ownDesksOnly === 'on', ...limitsFrom(texts, stored) };
}
