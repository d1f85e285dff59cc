// What leaves Rollcall after an import. Passwords only by POST, only to the author, only while they are kept.
import { pipeline } from 'node:stream/promises';
import {
  Body,
  Controller,
  Get,
  GoneException,
  HttpCode,
  Param,
  Post,
  Res,
  UnprocessableEntityException,
} from '@nestjs/common';
import { IsOptional, IsString } from 'class-validator';
import type { Response } from 'express';
import { In, MoreThan } from 'typeorm';
import { Database } from '../database/database.js';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { IdPipe } from '../web/id.pipe.js';
import { readerOf } from '../web/answers.js';
import { csvLine, csvText } from '../web/csv.js';
import { publicUrl } from '../web/environment.js';
import { ImportRow, isInvited, type Import } from './import.entity.js';
import { ImportsService } from './imports.service.js';
import { errorHeader, errorRow, successHeader, successRow } from './reports.js';
import { ImportSecrets, fitsWhole, type Handout } from './secrets.js';
import { workbook } from '../web/workbook.js';

class ContinueForm {
  @IsOptional()
  @IsString()
  confirmed?: string;
}

const rowsAtOnce = 500;

@Controller('imports/:id')
@Allow('users.import')
export class ReportsController {
  constructor(
    private readonly imports: ImportsService,
    private readonly secrets: ImportSecrets,
    private readonly database: Database,
  ) {}

  @Get('errors.csv')
  @Allow('users.import', 'imports.all')
  async errors(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const found = await this.imports.find(id, person);
    if (found.rowsDeletedAt !== null)
      throw new GoneException('The rows of this file were deleted when their time was over.');
    const { headers, delimiter } = found.reading;
    const t = readerOf(response);
    const rows = this.rowsWithProblems(found);
    async function* lines() {
      yield csvText([errorHeader(headers)], delimiter);
      for await (const { problems, ...row } of rows)
        yield csvLine(errorRow({ ...row, problems: problems ?? [] }, headers.length, t), delimiter);
    }
    response.attachment('rollcall-errors.csv').type('text/csv');
    await send(lines(), response);
  }

  @Post('success.csv')
  @HttpCode(200)
  async successCsv(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const found = await this.open(id, person, response);
    const handouts = this.secrets.handouts(found);
    let count = 0;
    async function* lines() {
      yield csvText([successHeader]);
      for await (const some of handouts) {
        count += some.length;
        yield some.map((handout) => csvLine(successRow(handout, signInAddress()))).join('');
      }
    }
    this.whenComplete(response, found, 'csv', () => count, person);
    response.attachment('rollcall-success.csv').type('text/csv');
    await send(lines(), response);
  }

  @Post('success.xlsx')
  @HttpCode(200)
  async successXlsx(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const found = await this.openWhole(id, person, response);
    const handouts = await all(this.secrets.handouts(found));
    const rows = handouts.map((handout) => successRow(handout, signInAddress()));
    const bytes = await workbook({ name: 'Users', rows: [successHeader, ...rows] });
    this.whenComplete(response, found, 'xlsx', () => rows.length, person);
    response.attachment('rollcall-success.xlsx').send(bytes);
  }

  /** Slips to print and cut: one for each person. */
  @Post('success.html')
  @HttpCode(200)
  async slips(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const found = await this.openWhole(id, person, response);
    const handouts = await all(this.secrets.handouts(found));
    this.whenComplete(response, found, 'slips', () => handouts.length, person);
    response.render('handout/slips', { layout: false, handouts, signInAddress: signInAddress() });
  }

  @Get('continue')
  async question(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const found = await this.imports.findOwn(id, person);
    if (!(await this.asksFirst(found))) return response.redirect(303, `/imports/${id}`);
    return response.render('import/continue', { title: 'The passwords were not downloaded', found });
  }

  @Post('continue')
  async continue(
    @Param('id', IdPipe) id: number,
    @Body() form: ContinueForm,
    @Signed() person: SignedIn,
    @Res() response: Response,
  ) {
    const found = await this.imports.findOwn(id, person);
    if (!form.confirmed && (await this.asksFirst(found)))
      return response.redirect(303, `/imports/${id}/continue`);
    if (found.finishedAt !== null) await this.secrets.finish(found, person);
    return response.redirect(303, `/users?import=${id}`);
  }

  private async open(id: number, person: SignedIn, { req: request }: Response): Promise<Import> {
    const found = await this.imports.findOwn(id, person);
    if (!(await this.secrets.hasAny(found)))
      throw new GoneException(
        'The temporary passwords of this import are no longer kept. Give the users new ones.',
      );
    await request.prove();
    return found;
  }

  private async asksFirst(found: Import): Promise<boolean> {
    return found.downloadedAt === null && !isInvited(found) && this.secrets.hasAny(found);
  }

  private async openWhole(id: number, person: SignedIn, response: Response): Promise<Import> {
    const found = await this.open(id, person, response);
    if (!fitsWhole(found))
      throw new UnprocessableEntityException(
        'More than 10,000 users are too many for a workbook or for slips. Go back and use Download Success Details: that file may hold any number.',
      );
    return found;
  }

  // A download that breaks off does not count: it can be repeated.
  private whenComplete(
    response: Response,
    found: Import,
    format: string,
    count: () => number,
    person: SignedIn,
  ): void {
    response.once('finish', () => void this.secrets.noteDownload(found, format, count(), person));
  }

  private async *rowsWithProblems(found: Import): AsyncGenerator<ImportRow> {
    for (let last = 0; ;) {
      const rows = await this.database.read.find(ImportRow, {
        where: { importId: found.id, state: In(['error', 'duplicate', 'skipped']), number: MoreThan(last) },
        order: { number: 'ASC' },
        take: rowsAtOnce,
      });
      yield* rows;
      if (rows.length < rowsAtOnce) return;
      last = rows[rows.length - 1].number;
    }
  }
}

async function all(parts: AsyncIterable<Handout[]>): Promise<Handout[]> {
  const together: Handout[] = [];
  for await (const part of parts) together.push(...part);
  return together;
}

// As fast as the other side takes it; whoever goes away in the middle is no error of ours.
async function send(lines: AsyncIterable<string>, response: Response): Promise<void> {
  try {
    await pipeline(lines, response);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

function signInAddress(): string {
  return `${publicUrl()}/sign-in`;
}
