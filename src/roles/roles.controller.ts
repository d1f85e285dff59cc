import { Body, Controller, Get, Param, Post, Render, Req, Res } from '@nestjs/common';
import { Transform, Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, MaxLength } from 'class-validator';
import type { Request, Response } from 'express';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { done, readerOf, refused } from '../web/answers.js';
import { IdPipe } from '../web/id.pipe.js';
import { allPermissions, type Permission } from '../web/permissions.js';
import { roleConflict, roleModel } from './role-form.js';
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
}

class ChangedRole extends NewRole {
  @Type(() => Number)
  @IsInt()
  version: number;
}

@Controller('roles')
export class RolesController {
  constructor(private readonly roles: RolesService) {}

  @Get()
  @Allow('users.view', 'roles.manage')
  @Render('roles/list')
  async list(@Signed() person: SignedIn) {
    const all = allPermissions.length;
    return { title: 'Roles', ownHeading: true, roles: await this.roles.list(person), all };
  }

  @Get('new')
  @Allow('roles.manage')
  @Render('roles/form')
  blank(@Signed() person: SignedIn) {
    return creating({ name: '', permissions: [], ownDesksOnly: person.ownDesksOnly }, person);
  }

  @Post()
  @Allow('roles.manage')
  async create(
    @Body() { name, permissions, ownDesksOnly }: NewRole,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const form = { name, permissions, ownDesksOnly: ownDesksOnly === 'on' };
    const outcome = await this.roles.create(form, person);
    if (Array.isArray(outcome)) return refused(response, 'roles/form', creating(form, person), outcome);
    return done(request, response, '/roles', '“{{name}}” was created.', { name: outcome.name });
  }

  @Get(':id')
  @Allow('roles.manage')
  @Render('roles/form')
  async edit(@Param('id', IdPipe) id: number, @Signed() person: SignedIn) {
    const role = await this.roles.find(id, person);
    return changing(role, role, person);
  }

  @Post(':id')
  @Allow('roles.manage')
  async save(
    @Param('id', IdPipe) id: number,
    @Body() { name, permissions, ownDesksOnly, version }: ChangedRole,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    await this.roles.find(id, person);
    const form = { name, permissions, ownDesksOnly: ownDesksOnly === 'on' };
    const outcome = await this.roles.change(id, version, form, person);
    const page = changing({ id, version }, form, person);
    if (outcome === 'last') return response.status(409).render('roles/form', { ...page, last: true });
    if (Array.isArray(outcome)) return refused(response, 'roles/form', page, outcome);
    if ('made' in outcome)
      return done(request, response, '/roles', '“{{name}}” was saved.', { name: outcome.made.name });
    const { newer } = outcome;
    const conflict = roleConflict(form, newer, readerOf(response));
    return response.status(409).render('roles/form', { ...page, version: newer.version, conflict });
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

  private async deleting(id: number, person: SignedIn) {
    const { name } = await this.roles.find(id, person);
    return { title: 'Delete Role', path: '/roles', id, name, users: await this.roles.usersOf(id) };
  }
}

function creating(form: RoleForm, person: SignedIn) {
  return { title: 'New Role', action: '/roles', button: 'Create Role', role: roleModel(form, person) };
}

function changing({ id, version }: { id: number; version: number }, form: RoleForm, person: SignedIn) {
  const role = roleModel(form, person);
  return { title: 'Edit Role', action: `/roles/${id}`, button: 'Save Changes', version, role };
}
