// What leaves Rollcall after an import. Passwords only by POST, only to the author, only while they are kept.
import { Body, Controller, Get, GoneException, HttpCode, Param, Post, Res } from '@nestjs/common';
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
import { ImportSecrets, isOpen, type Handout } from './secrets.js';
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
    response.attachment('rollcall-errors.csv').type('text/csv');
    response.write(csvText([errorHeader(headers)], delimiter));
    for await (const { cells, problems, ...row } of this.rowsWithProblems(found)) {
      response.write(
        csvLine(errorRow({ ...row, cells, problems: problems ?? [] }, headers.length, t), delimiter),
      );
    }
    response.end();
  }

  @Post('success.csv')
  @HttpCode(200)
  async successCsv(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const { found, handouts } = await this.open(id, person, response);
    const rows = handouts.map((handout) => successRow(handout, signInAddress()));
    this.whenComplete(response, found, 'csv', rows.length, person);
    response
      .attachment('rollcall-success.csv')
      .type('text/csv')
      .send(csvText([successHeader, ...rows]));
  }

  @Post('success.xlsx')
  @HttpCode(200)
  async successXlsx(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const { found, handouts } = await this.open(id, person, response);
    const rows = handouts.map((handout) => successRow(handout, signInAddress()));
    const bytes = await workbook({ name: 'Users', rows: [successHeader, ...rows] });
    this.whenComplete(response, found, 'xlsx', rows.length, person);
    response.attachment('rollcall-success.xlsx').send(bytes);
  }

  /** Slips to print and cut: one for each person. */
  @Post('success.html')
  @HttpCode(200)
  async slips(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const { found, handouts } = await this.open(id, person, response);
    this.whenComplete(response, found, 'slips', handouts.length, person);
    response.render('handout/slips', { layout: false, handouts, signInAddress: signInAddress() });
  }

  @Get('continue')
  async question(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const found = await this.imports.findOwn(id, person);
    if (!asksFirst(found)) return response.redirect(303, `/imports/${id}`);
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
    if (asksFirst(found) && !form.confirmed) return response.redirect(303, `/imports/${id}/continue`);
    if (found.finishedAt !== null) await this.secrets.finish(found, person);
    return response.redirect(303, `/users?import=${id}`);
  }

  private async open(
    id: number,
    person: SignedIn,
    { req: request }: Response,
  ): Promise<{ found: Import; handouts: Handout[] }> {
    const found = await this.imports.findOwn(id, person);
    if (!isOpen(found))
      throw new GoneException(
        'The temporary passwords of this import are no longer kept. Give the users new ones.',
      );
    await request.prove();
    return { found, handouts: await this.secrets.handouts(found) };
  }

  // A download that breaks off does not count: it can be repeated.
  private whenComplete(
    response: Response,
    found: Import,
    format: string,
    count: number,
    person: SignedIn,
  ): void {
    response.once('finish', () => void this.secrets.noteDownload(found, format, count, person));
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

function asksFirst(found: Import): boolean {
  return isOpen(found) && found.downloadedAt === null && !isInvited(found);
}

function signInAddress(): string {
  return `${publicUrl()}/sign-in`;
}
