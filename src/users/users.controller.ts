import { Body, Controller, Get, Param, Post, Query, Render, Res } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import type { Response } from 'express';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { readerOf, told } from '../web/answers.js';
import { publicUrl } from '../web/environment.js';
import { IdPipe, largestId } from '../web/id.pipe.js';
import { mostCounted, pageAddress } from '../web/paging.js';
import type { Problem } from '../web/problem.js';
import { AddUser } from './add-user.js';
import { emptyUser, userField } from './user-fields.js';
import { formField, formParts, typedFrom, typedIn, type Typed } from './user-form.js';
import { UserFacts } from './user-facts.js';
import { UserTable } from './user-table.js';

class UsersQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(largestId)
  import?: number;

  /** Username key of the last user of the page before. */
  @IsOptional()
  @Matches(/^[a-z0-9._@-]{1,64}$/)
  after?: string;

  /** Username key of the first user of the page after. */
  @IsOptional()
  @Matches(/^[a-z0-9._@-]{1,64}$/)
  before?: string;
}

const fields =
  'username email firstName lastName roles active sip pbxDomain pbxDevice customUri extension digitsOnly'
    .split(' ')
    .map(userField);

@Controller('users')
export class UsersController {
  constructor(
    private readonly table: UserTable,
    private readonly facts: UserFacts,
    private readonly adding: AddUser,
  ) {}

  @Get()
  @Allow('users.view', 'users.create', 'users.import')
  @Render('users/list')
  async list(@Query() { import: importId, after, before }: UsersQuery, @Signed() person: SignedIn) {
    const page = { title: 'Users', ownHeading: true };
    if (!person.permissions.has('users.view')) return page;
    const filters = { import: importId };
    const { rows, previous, next, total } = await this.table.page(person, filters, { after, before });
    return {
      ...page,
      table: {
        rows,
        total: Math.min(total, mostCounted),
        more: total > mostCounted,
        previous: pageAddress('/users', filters, previous),
        next: pageAddress('/users', filters, next),
      },
      ofImport: importId && (await this.table.importSummary(person, importId)),
    };
  }

  @Get('new')
  @Allow('users.create')
  async blank(@Signed() person: SignedIn, @Res() response: Response) {
    response.render('users/new', await this.form(typedFrom(emptyUser(), fields), person, response));
  }

  @Post()
  @Allow('users.create')
  async add(@Body() body: Record<string, unknown>, @Signed() person: SignedIn, @Res() response: Response) {
    const typed = typedIn(body, fields, ['generate']);
    if (body.generate !== undefined) return this.generate(typed, person, response);
    const added = await this.adding.add(typed, fields, person);
    if (Array.isArray(added)) return this.refuse(typed, added, person, response);
    const signInAddress = `${publicUrl()}/sign-in`;
    return response.status(200).render('users/added', { title: 'User Created', ...added, signInAddress });
  }

  @Get(':id')
  @Allow('users.view')
  @Render('users/facts')
  async show(@Param('id', IdPipe) id: number, @Signed() person: SignedIn) {
    const user = await this.facts.of(id, person);
    return { title: 'User {{username}}', titleValues: { username: user.username }, user };
  }

  // Works as any other button does, so that it needs no JavaScript; nothing is created.
  private async generate(typed: Typed, person: SignedIn, response: Response) {
    const free = await this.adding.freeExtension();
    if (free === undefined) return this.refuse(typed, [noneFree], person, response);
    const filled = { ...typed, extension: [String(free)] };
    return response.status(200).render('users/new', await this.form(filled, person, response));
  }

  private async refuse(typed: Typed, problems: Problem[], person: SignedIn, response: Response) {
    const page = await this.form(typed, person, response);
    response.status(422).render('users/new', { ...page, ...told(problems, readerOf(response)) });
  }

  private async form(typed: Typed, person: SignedIn, response: Response) {
    const tenant = await this.adding.tenantFor(person);
    const t = readerOf(response);
    const inParts = fields.filter(({ name }) => name !== 'digitsOnly');
    return {
      title: 'New User',
      parts: formParts(inParts, typed, tenant, t),
      digitsOnly: formField(userField('digitsOnly'), typed, tenant, t),
    };
  }
}

const noneFree: Problem = {
  field: 'extension',
  value: '',
  code: 'none_free',
  text: 'No virtual extension of the tenant’s range is free: type one, or make the range larger in the settings.',
};
