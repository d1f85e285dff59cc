import { pipeline } from 'node:stream/promises';
import { Controller, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import type { Response } from 'express';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { readerOf, refused } from '../web/answers.js';
import { IdPlace } from '../web/id-field.js';
import { pageAddress, type Page } from '../web/paging.js';
import type { Translate } from '../web/texts.js';
import type { AuditEntry } from './audit-entry.entity.js';
import { AuditLog } from './audit-log.js';
import { actionGroups, actionText } from './actions.js';
import { EntryWords } from './entry-words.js';
import { exportBeginning, exportRow } from './export-file.js';
import { given, readFilters, type FilterTexts } from './filters.js';

class AuditQuery extends IdPlace {
  @IsOptional()
  @IsString()
  @MaxLength(100)
  person?: string;

  @IsOptional()
  @Matches(/^[a-z0-9_.]{0,60}$/)
  action?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  from?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  until?: string;
}

@Controller('audit')
@Allow('audit.view')
export class AuditController {
  constructor(
    private readonly log: AuditLog,
    private readonly words: EntryWords,
  ) {}

  @Get()
  async list(@Query() query: AuditQuery, @Signed() reader: SignedIn, @Res() response: Response) {
    const texts = given(query);
    const t = readerOf(response);
    const { filters, problems } = readFilters(texts, reader.timezone);
    if (problems.length > 0) return refused(response, 'audit/list', form(texts, t), problems);
    const place = { after: query.after?.toString(), before: query.before?.toString() };
    const page = await this.log.page(filters, place);
    const entries = await this.words.of(page.rows, reader, t);
    return response.render('audit/list', { ...form(texts, t), ...neighbours(page, texts), entries });
  }

  @Post('export.csv')
  @HttpCode(200)
  async export(@Query() query: AuditQuery, @Signed() reader: SignedIn, @Res() response: Response) {
    const texts = given(query);
    const t = readerOf(response);
    const { filters, problems } = readFilters(texts, reader.timezone);
    if (problems.length > 0) return refused(response, 'audit/list', form(texts, t), problems);
    const pieces = await this.log.export(filters, { ...texts }, reader);
    response.attachment('rollcall-audit.csv').type('text/csv');
    return pipeline(this.lines(pieces, reader, t), response).catch(unlessGone);
  }

  private async *lines(pieces: AsyncGenerator<AuditEntry[]>, reader: SignedIn, t: Translate) {
    yield exportBeginning();
    for await (const entries of pieces) {
      const words = await this.words.of(entries, reader, t);
      yield entries.map((entry, index) => exportRow(entry, words[index])).join('');
    }
  }
}

// Whoever closes the connection in the middle of a file has had enough of it.
function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}

function neighbours({ previous, next }: Page<AuditEntry>, texts: FilterTexts) {
  return {
    previous: pageAddress('/audit', { ...texts }, previous),
    next: pageAddress('/audit', { ...texts }, next),
  };
}

function form(texts: FilterTexts, t: Translate) {
  const query = new URLSearchParams({ ...texts }).toString();
  return {
    title: 'Audit Log',
    ownHeading: true,
    ...texts,
    filtered: query !== '',
    exportAddress: `/audit/export.csv${query && `?${query}`}`,
    actions: actionOptions(texts.action, t),
  };
}

// An action that nobody has put into words can stand in the address too.
function actionOptions(chosen: string | undefined, t: Translate) {
  const options = actionGroups.flatMap(({ label, actions }) =>
    Object.keys(actions).map((action) => ({ action, group: t(label) })),
  );
  const known = options.some(({ action }) => action === chosen);
  return [...(chosen && !known ? [{ action: chosen, group: undefined }] : []), ...options].map(
    ({ action, group }) => ({
      value: action,
      label: t(actionText(action)),
      group,
      selected: action === chosen,
    }),
  );
}
