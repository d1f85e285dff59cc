import { Body, Controller, ForbiddenException, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { Transform, Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches } from 'class-validator';
import type { Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { wipedAt } from '../handout/window.js';
import { Allow, Polled, Signed, type SignedIn } from '../web/allow.js';
import { readerOf, refused } from '../web/answers.js';
import { csvLine, csvText } from '../web/csv.js';
import { Id } from '../web/id-field.js';
import { IdPipe, largestId } from '../web/id.pipe.js';
import type { Translate } from '../web/texts.js';
import { actionOf, isImportAction } from './import-actions.js';
import { actionsFor, makesPasswords, massActions, type MassAction } from './mass-actions.js';
import { isOpen } from './mass-actions-secrets.js';
import { MassActions, type Chosen } from './mass-actions.service.js';
import type { MassActionRun } from './mass-actions.entity.js';
import { filtersIn, UserFilters } from './user-filters.js';

const values = massActions.map(({ value }) => value);
const listOfIds = /^(\d{1,10}(,\d{1,10}){0,999})?$/;

class Question {
  @IsIn(values)
  action: string;

  @IsIn(['ticked', 'all'])
  to: 'ticked' | 'all';

  @IsOptional()
  @Transform(({ value }) => [value].flat() as unknown)
  @Matches(/^\d{1,10}$/, { each: true })
  user?: string[];

  /** All IDs of the page, when its box is ticked. */
  @IsOptional()
  @Matches(listOfIds)
  page?: string;
}

class Confirmation {
  @IsIn(values)
  action: string;

  @IsIn(['ticked', 'all'])
  to: 'ticked' | 'all';

  @IsOptional()
  @Matches(listOfIds)
  users?: string;

  @Type(() => Number)
  @IsInt()
  count: number;

  @Id()
  thing?: number;
}

const shownLeftOut = 100;

@Controller('mass-actions')
@Allow('users.edit', 'users.reset', 'users.sessions', 'users.delete', 'users.import', 'imports.all')
export class MassActionsController {
  constructor(private readonly actions: MassActions) {}

  @Get()
  async list(@Signed() person: SignedIn, @Res() response: Response) {
    const runs = (await this.actions.list(person)).map((run) => ({
      ...run,
      label: actionOf(run).label,
    }));
    response.render('users/mass-actions', { title: 'Mass Actions', runs });
  }

  @Post('new')
  @HttpCode(200)
  async question(
    @Body() form: Question,
    @Query() query: UserFilters,
    @Signed() person: SignedIn,
    @Res() response: Response,
  ) {
    const action = allowed(form.action, person);
    const ticked = form.page ? form.page.split(',') : (form.user ?? []);
    const page = await this.asking(action, form.to, ticked.join(','), query, person, readerOf(response));
    response.render('users/mass-question', page);
  }

  @Post()
  async start(
    @Body() form: Confirmation,
    @Query() query: UserFilters,
    @Signed() person: SignedIn,
    @Res() response: Response,
  ) {
    const action = allowed(form.action, person);
    const chosen = chosenBy(form.to, form.users ?? '', query);
    const started = await this.actions.start(
      { action, chosen, count: form.count, thingId: form.thing },
      person,
    );
    if (typeof started === 'number') return response.redirect(303, `/mass-actions/${started}`);
    const page = await this.asking(
      action,
      form.to,
      form.users ?? '',
      query,
      person,
      readerOf(response),
      form.thing,
    );
    return refused(response, 'users/mass-question', page, started);
  }

  @Get(':id')
  async show(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const run = await this.actions.find(id, person);
    const progress = await this.actions.progress(run);
    const left = progress.finished ? await this.actions.leftOut(run, shownLeftOut + 1) : [];
    const action = actionOf(run);
    response.render('users/mass-result', {
      ...progress,
      title: run.thingName ? '{{action}} ({{name}})' : '{{action}}',
      titleValues: { action: readerOf(response)(action.label), name: run.thingName },
      words: action.words ?? { done: 'Done', left: 'Left out' },
      importId: isImportAction(action) ? run.thingId : undefined,
      refresh: !progress.finished,
      notRun: run.total - run.done - run.leftOut,
      left: left.slice(0, shownLeftOut),
      more: left.length > shownLeftOut,
      passwords: isOpen(run),
      gone: makesPasswords(run) && progress.finished && run.done > 0 && !isOpen(run),
      until: isOpen(run) ? wipedAt(run) : undefined,
    });
  }

  @Get(':id/progress')
  @Polled()
  async progress(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const progress = await this.actions.progress(await this.actions.find(id, person));
    if (progress.finished) return showResult(id, response);
    return response.render('users/_mass-progress', { layout: false, ...progress });
  }

  @Post(':id/cancel')
  async cancel(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    await this.actions.cancel(await this.actions.find(id, person), person);
    response.redirect(303, `/mass-actions/${id}`);
  }

  @Get(':id/report.csv')
  async report(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const run = await this.actions.find(id, person);
    response.attachment('rollcall-mass-action.csv').type('text/csv');
    return pipeline(this.reportLines(run, readerOf(response)), response).catch(unlessGone);
  }

  private async *reportLines(run: MassActionRun, t: Translate) {
    yield csvText([['ID', 'Username', 'Outcome', 'Reason']]);
    for await (const rows of this.actions.report(run)) {
      const lines = rows.map(({ userId, username, state, reason }) =>
        csvLine([userId, username, t(outcomes[state]), reason ? t(reason) : '']),
      );
      yield lines.join('');
    }
  }

  private async asking(
    action: MassAction,
    to: 'ticked' | 'all',
    users: string,
    query: UserFilters,
    person: SignedIn,
    t: Translate,
    thing?: number,
  ) {
    const filters = filtersText(query);
    const things = await this.actions.things(action, person);
    return {
      title: '{{action}}?',
      titleValues: { action: t(action.label) },
      action,
      to,
      users: to === 'ticked' ? users : undefined,
      count: await this.actions.count(chosenBy(to, users, query), person),
      query: filters && `?${filters}`,
      filtered: filters !== '',
      things: things.map(({ id, name }) => ({ value: id, label: name, selected: id === thing })),
    };
  }
}

const outcomes = { pending: 'Waiting', done: 'Done', left_out: 'Left out', not_run: 'Not reached' };

function allowed(value: string, person: SignedIn): MassAction {
  const action = actionsFor(person).find((one) => one.value === value);
  if (!action) throw new ForbiddenException();
  return action;
}

function filtersText(query: UserFilters): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(filtersIn(query))) params.set(name, String(value));
  return params.toString();
}

function chosenBy(to: 'ticked' | 'all', users: string, query: UserFilters): Chosen {
  if (to === 'all') return { filters: filtersIn(query) };
  return {
    ids: users
      .split(',')
      .map(Number)
      .filter((id) => id > 0 && id <= largestId),
  };
}

// The result takes the place of the progress, in the same page.
function showResult(id: number, response: Response): void {
  const swap = {
    path: `/mass-actions/${id}`,
    target: '#main',
    select: '#main',
    swap: 'outerHTML',
    replace: 'true',
  };
  response.set('HX-Location', JSON.stringify(swap)).status(204).end();
}

// Whoever closes the connection in the middle of a file has had enough of it.
function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}
