// The review: what will happen to each row, with everything that can be mended right here.
import { setTimeout } from 'node:timers/promises';
import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Allow, Polled, Signed, type SignedIn } from '../web/allow.js';
import { IdPipe } from '../web/id.pipe.js';
import { done, flash, readerOf } from '../web/answers.js';
import type { TenantDirectory } from '../users/tenant-directory.js';
import { one, type Answers } from './answers.js';
import { ImportChecks } from './check-rows.js';
import { ImportCorrections } from './correct-row.js';
import type { Import } from './import.entity.js';
import { ImportsService } from './imports.service.js';
import { isLarge, Reviewer, type Review } from './review.js';
import { choicesKey, reviewPage, shownRows } from './review-view.js';
import { withNames } from './value-choices.js';
import { stepsOf } from './wizard-view.js';

/** Milliseconds: how long a page waits for the check of a large file, and how long a start by a script does. */
const shortWait = 500;
const longWait = 30_000;

@Controller('imports/:id')
@Allow('users.import')
export class ReviewController {
  constructor(
    private readonly imports: ImportsService,
    private readonly reviewer: Reviewer,
    private readonly checks: ImportChecks,
    private readonly corrections: ImportCorrections,
  ) {}

  @Get('review')
  async show(
    @Param('id', IdPipe) id: number,
    @Query() query: Answers,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const draft = await this.draft(id, person, response);
    if (!draft) return;
    const open = await this.imports.open(draft, person);
    if (open.length > 0) {
      flash(request, 'warning', 'Something has to be settled on this step before the review.');
      return response.redirect(303, `/imports/${id}/${stepWith(open[0].field)}`);
    }
    const tenant = await this.imports.tenant(person);
    const review = isLarge(draft)
      ? await this.checked(draft, tenant)
      : await this.reviewer.review(draft, tenant);
    if (!review) return response.render('import/checking', await this.checkingPage(draft));
    const shown = await shownRows(review, query);
    const free = await this.reviewer.freeExtensions(tenant);
    const page = reviewPage(draft, review, shown, free, tenant, query, readerOf(response));
    return response.render('import/review', page);
  }

  /** How far the check of a large file is; the review when it has ended. */
  @Get('checking')
  @Polled()
  async checking(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const draft = await this.draft(id, person, response);
    if (!draft) return;
    const page = await this.checkingPage(draft);
    if (page.isChecked) return response.set('HX-Redirect', `/imports/${id}/review`).status(204).end();
    return response.render('import/_checking', { layout: false, ...page });
  }

  /** Checks a large file anew. */
  @Post('check')
  async check(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const draft = await this.draft(id, person, response);
    if (!draft) return;
    await this.imports.checkAgain(draft);
    response.redirect(303, `/imports/${id}/review`);
  }

  /** Corrects the cells of a row; leaves it out or takes it in again. */
  @Post('rows/:number')
  async changeRow(
    @Param('id', IdPipe) id: number,
    @Param('number', IdPipe) number: number,
    @Body() body: Answers,
    @Signed() person: SignedIn,
    @Res() response: Response,
  ) {
    const draft = await this.draft(id, person, response);
    if (!draft) return;
    const skipped = body.do === 'skip' ? true : body.do === 'include' ? false : undefined;
    const edits = skipped === undefined ? editsOf(body, draft) : undefined;
    await this.corrections.change(draft, number, { edits, skipped }, await this.imports.tenant(person));
    response.redirect(303, back(id, body, String(number), 'rows'));
  }

  /** Matches unknown names of the file with things of the tenant, each for all its rows. */
  @Post('names')
  async matchNames(
    @Param('id', IdPipe) id: number,
    @Body() body: Answers,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const draft = await this.draft(id, person, response);
    if (!draft) return;
    const valueChoices = withNames(draft.valueChoices, body, await this.imports.tenant(person));
    if (JSON.stringify(valueChoices) === JSON.stringify(draft.valueChoices))
      flash(request, 'warning', 'Choose what at least one of the names means, then press Match Names.');
    else await this.imports.change(draft, { valueChoices });
    response.redirect(303, back(id, body, 'names', 'names'));
  }

  /** Rows without an extension get the lowest free ones. */
  @Post('generate')
  async generate(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const draft = await this.draft(id, person, response);
    if (!draft) return;
    await this.imports.change(draft, { answers: { ...draft.answers, 'extension.generateMissing': 'on' } });
    done(
      request,
      response,
      `/imports/${id}/review`,
      'Rows without a virtual extension get a free one at the import.',
    );
  }

  @Post('run')
  async run(
    @Param('id', IdPipe) id: number,
    @Body() body: Answers,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const own = await this.imports.findOwn(id, person);
    if (own.state === 'draft' && (await this.imports.open(own, person)).length > 0)
      return response.redirect(303, `/imports/${id}/review`);
    const hindrance =
      own.state === 'draft' && !one(body.confirmed) ? await this.hindrance(own, one(body.seen), person) : '';
    if (hindrance) {
      flash(request, 'warning', hindrance);
      return response.redirect(303, `/imports/${id}/review`);
    }
    await this.imports.start(own, person, promisedIn(body));
    return response.redirect(303, `/imports/${id}`);
  }

  // What to say instead of a start when most rows fail in the same way, else nothing. The review has looked at it for the
  // choices that it showed; whoever comes with others, or without a review as scripts do, is asked as well.
  private async hindrance(draft: Import, seen: string, person: SignedIn): Promise<string> {
    if (seen === choicesKey(draft)) return '';
    const tenant = await this.imports.tenant(person);
    const review = isLarge(draft)
      ? await this.checked(draft, tenant, longWait)
      : await this.reviewer.review(draft, tenant);
    if (!review)
      return 'Nothing was imported yet: the rows are still being checked. Press Import Users on the review when that has ended.';
    return review.totals.sameFailure
      ? 'Nothing was imported: look at what most rows have in common, or tick “Import the other rows all the same”.'
      : '';
  }

  // Undefined while the check of a large file goes on. Most are quick: it is waited for a moment.
  private async checked(
    draft: Import,
    tenant: TenantDirectory,
    wait = shortWait,
  ): Promise<Review | undefined> {
    for (const end = Date.now() + wait; ;) {
      const check = await this.checks.of(draft);
      if (check.totals) return this.reviewer.checked(draft, { ...check, totals: check.totals }, tenant);
      if (Date.now() > end) return undefined;
      await setTimeout(shortWait / 10);
    }
  }

  private async checkingPage(draft: Import) {
    const check = await this.checks.of(draft);
    return {
      title: 'Review',
      steps: stepsOf('review', draft),
      refresh: true,
      draft,
      isChecked: check.totals !== null,
      done: await this.checks.done(check),
    };
  }

  // The draft, or the answer that leads to the result of an import that was started.
  private async draft(id: number, person: SignedIn, response: Response): Promise<Import | undefined> {
    const draft = await this.imports.findDraft(id, person);
    if (draft !== 'started') return draft;
    response.redirect(303, `/imports/${id}`);
    return undefined;
  }
}

// How many users the page said would be created; a script need not say it.
function promisedIn(body: Answers): number | null {
  return /^\d{1,7}$/.test(one(body.promised)) ? Number(one(body.promised)) : null;
}

function stepWith(control: string): string {
  if (!control.includes('.')) return 'security';
  const asked = control.split('.')[0];
  return ['username', 'email', 'extension', 'role', 'sip', 'pbxDomain', 'pbxDevice', 'customUri'].includes(
    asked,
  )
    ? 'fields'
    : 'options';
}

// `cell.3` = the new text of the third column; `suggested.3` = the same from the button that takes over a suggestion.
function editsOf(body: Answers, { reading }: Import): Record<number, string> {
  const edits: Record<number, string> = {};
  for (const kind of ['cell', 'suggested']) {
    for (let position = 1; position <= reading.headers.length; position++) {
      const text = body[`${kind}.${position}`];
      if (text !== undefined) edits[position - 1] = one(text).slice(0, 8192);
    }
  }
  return edits;
}

// The same page and filter as before, at the same place; `at` says what was changed.
function back(id: number, body: Answers, at: string, anchor: string): string {
  const show = /^[a-z]{1,10}$/.test(one(body.show)) ? `show=${one(body.show)}&` : '';
  const page = /^\d{1,6}$/.test(one(body.page)) ? one(body.page) : '1';
  return `/imports/${id}/review?${show}page=${page}&at=${at}#${anchor}`;
}
