import { randomBytes } from 'node:crypto';
import {
  BadRequestException,
  Body,
  Controller,
  ForbiddenException,
  Get,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsOptional, Matches } from 'class-validator';
import type { Request, Response } from 'express';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { done, readerOf } from '../web/answers.js';
import { publicUrl } from '../web/environment.js';
import { Id } from '../web/id-field.js';
import { IdPipe } from '../web/id.pipe.js';
import type { Problem } from '../web/problem.js';
import { AddUser } from './add-user.js';
import { EditUser } from './edit-user.js';
import { formFields, similar } from './form-parts.js';
import { nobodyLeft } from './last-administrator.js';
import { typedIn, type Typed } from './user-form.js';
import { UserPages } from './user-pages.js';

class NewUserQuery {
  /** ID of a user whose choices the form begins with. */
  @Id()
  like?: number;
}

class TickedRoles {
  @IsOptional()
  @Transform(({ value }) => [value].flat() as unknown)
  @Matches(/^\d{1,9}$/, { each: true })
  roles?: string[];
}

const buttons = ['generate', 'then'];

/** The form of a user, new or not. */
@Controller('users')
export class UserController {
  constructor(
    private readonly pages: UserPages,
    private readonly adding: AddUser,
    private readonly editing: EditUser,
  ) {}

  @Get('new')
  @Allow('users.create')
  async blank(@Query() { like }: NewUserQuery, @Signed() person: SignedIn, @Res() response: Response) {
    if (like && !person.permissions.has('users.view')) throw new ForbiddenException();
    const typed = like ? await this.pages.similarTo(like, person) : undefined;
    response.render('users/new', await this.pages.blank(person, readerOf(response), typed));
  }

  @Post()
  @Allow('users.create')
  async add(@Body() body: Record<string, unknown>, @Signed() person: SignedIn, @Res() response: Response) {
    const typed = typedIn(body, formFields, buttons);
    if (body.generate !== undefined) return this.generate(body.generate, typed, person, response);
    const added = await this.adding.add(typed, formFields, person);
    if (Array.isArray(added)) return this.answerNew(typed, added, person, response);
    const handout = { ...added, signInAddress: `${publicUrl()}/sign-in` };
    if (body.then === undefined)
      return response.status(200).render('users/added', { title: 'User Created', handout });
    const next = await this.pages.blank(person, readerOf(response), similar(typed));
    return response.status(200).render('users/new', { ...next, handout });
  }

  /** The words of the defaults alone, as the form asks for them while roles are ticked. */
  @Get('defaults')
  @Allow('users.create', 'users.edit')
  async defaults(
    @Query() { roles = [] }: TickedRoles,
    @Signed() person: SignedIn,
    @Res() response: Response,
  ) {
    const defaults = await this.pages.defaults(roles.map(Number), person, readerOf(response));
    response.render('users/_defaults', { layout: false, defaults });
  }

  @Get(':id')
  @Allow('users.view')
  async show(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const { view, model } = await this.pages.user(id, person, readerOf(response));
    response.render(view, model);
  }

  @Post(':id')
  @Allow('users.edit')
  async save(
    @Param('id', IdPipe) id: number,
    @Body() { version, ...body }: Record<string, unknown>,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    if (!/^\d{1,9}$/.test(String(version))) throw new BadRequestException();
    await this.editing.open(id, person);
    const typed = typedIn(body, formFields, buttons);
    const answer = async (status: number, more: object, problems: Problem[] = []) => {
      const { view, model } = await this.pages.user(id, person, readerOf(response), typed, problems);
      response.status(status).render(view, { ...model, version, ...more });
    };
    if (body.generate !== undefined) {
      const problems = await this.fillIn(body.generate, typed);
      return answer(problems.length > 0 ? 422 : 200, {}, problems);
    }
    const outcome = await this.editing.save(id, Number(version), typed, person);
    if (outcome === 'last') return answer(409, { refused: nobodyLeft });
    if (Array.isArray(outcome)) return answer(422, {}, outcome);
    if ('made' in outcome && outcome.made.sip) {
      const { user, sip: account } = outcome.made;
      const { username } = user;
      return response
        .status(200)
        .render('users/sip-reset', { title: 'SIP Password Reset', id, username, account });
    }
    if ('made' in outcome)
      return done(request, response, `/users/${id}`, '“{{name}}” was saved.', {
        name: outcome.made.values.username,
      });
    const conflict = await this.pages.conflict(typed, outcome.newer, person, readerOf(response));
    return answer(409, { conflict, version: outcome.newer.user.version });
  }

  private async generate(what: unknown, typed: Typed, person: SignedIn, response: Response) {
    return this.answerNew(typed, await this.fillIn(what, typed), person, response);
  }

  private async answerNew(typed: Typed, problems: Problem[], person: SignedIn, response: Response) {
    const page = await this.pages.blank(person, readerOf(response), typed, problems);
    response.status(problems.length > 0 ? 422 : 200).render('users/new', page);
  }

  // Works as any other button does, so that it needs no JavaScript; nothing is saved.
  private async fillIn(what: unknown, typed: Typed): Promise<Problem[]> {
    if (what === 'caldavToken') typed.caldavToken = [randomBytes(24).toString('base64url')];
    else {
      const free = await this.adding.freeExtension();
      if (free === undefined) return [noneFree];
      typed.extension = [String(free)];
    }
    return [];
  }
}

const noneFree: Problem = {
  field: 'extension',
  value: '',
  code: 'none_free',
  text: 'No virtual extension of the tenant’s range is free: type one, or make the range larger in the settings.',
};
