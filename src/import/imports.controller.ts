// Uploads, the history, and an import's own page: progress while it runs, then the result.
import { Body, Controller, Get, Param, Post, Req, Res, UseInterceptors } from '@nestjs/common';
import { IsIn, IsOptional, IsString } from 'class-validator';
import type { Request, Response } from 'express';
import { Allow, Polled, Signed, type SignedIn } from '../web/allow.js';
import { IdPipe } from '../web/id.pipe.js';
import { done, flash, readerOf, told } from '../web/answers.js';
import { csvText } from '../web/csv.js';
import { pastedRows, unnamedFile } from '../web/file-names.js';
import { SettingsService } from '../settings/settings.service.js';
import { exampleFile, exampleSheets, legend } from './example-file.js';
import type { FileProblem } from './file-problem.js';
import { ImportsService } from './imports.service.js';
import { ImportIntake, limitsOf } from './intake.js';
import { ImportPresets } from './presets.js';
import { ImportResults } from './results.js';
import { UploadQuota } from './upload-quota.js';
import { UploadInterceptor, type Upload } from './upload.interceptor.js';
import { stepsOf } from './wizard-view.js';
import { workbook } from '../web/workbook.js';

class UploadForm {
  @IsOptional()
  @IsString()
  rows?: string;

  @IsOptional()
  @IsIn(['on'])
  untilOpenQuote?: 'on';
}

@Controller('imports')
@Allow('users.import')
export class ImportsController {
  constructor(
    private readonly imports: ImportsService,
    private readonly intake: ImportIntake,
    private readonly results: ImportResults,
    private readonly presets: ImportPresets,
    private readonly settings: SettingsService,
  ) {}

  @Get()
  @Allow('users.import', 'imports.all')
  async list(@Signed() person: SignedIn, @Req() request: Request, @Res() response: Response) {
    response.render('import/list', {
      title: 'Imports',
      ownHeading: true,
      ...(await this.results.history(person, request.query, readerOf(response))),
    });
  }

  @Get('new')
  async form(@Signed() person: SignedIn, @Res() response: Response) {
    response.render('import/upload', await this.uploadPage(person));
  }

  @Post()
  @UseInterceptors(UploadQuota, UploadInterceptor)
  async upload(
    @Body() form: UploadForm,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const refused = response.locals.uploadProblem as FileProblem | undefined;
    const upload = response.locals.upload as Upload | undefined;
    const stored = refused
      ? { problem: refused }
      : upload
        ? await this.intake.create(nameOf(upload), upload.file, person, {
            untilOpenQuote: form.untilOpenQuote !== undefined,
          })
        : { problem: nothingChosen };
    if ('id' in stored && stored.known) flash(request, 'info', waitsAlready);
    if ('id' in stored) return response.redirect(303, `/imports/${stored.id}/fields`);
    const field = upload?.name !== undefined || refused || !form.rows ? 'file' : 'rows';
    const problem = { ...stored.problem, code: 'invalid' as const, field, value: '' };
    const status = refused?.code === 'too_many_bytes' ? 413 : 422;
    return response.status(status).render('import/upload', {
      ...(await this.uploadPage(person)),
      rows: form.rows,
      hasOpenQuote: stored.problem.code === 'unclosed_quote',
      ...told([problem], readerOf(response)),
    });
  }

  @Get('template.csv')
  async template(@Signed() person: SignedIn, @Res() response: Response) {
    const tenant = await this.imports.tenant(person);
    response
      .attachment('rollcall-users.csv')
      .type('text/csv')
      .send(csvText(exampleFile(tenant)));
  }

  @Get('template.xlsx')
  async templateWorkbook(@Signed() person: SignedIn, @Res() response: Response) {
    const tenant = await this.imports.tenant(person);
    const [users, names] = exampleSheets(tenant, readerOf(response));
    response.attachment('rollcall-users.xlsx').send(await workbook(users, names));
  }

  @Get(':id')
  @Allow('users.import', 'imports.all')
  async show(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const found = await this.imports.find(id, person);
    if (request.accepts(['html', 'json']) === 'json') return response.json(this.results.state(found));
    if (found.state === 'draft') return response.redirect(303, `/imports/${id}/fields`);
    const tenant = await this.imports.tenant(person);
    return response.render(
      'import/result',
      await this.results.page(found, person, tenant, readerOf(response)),
    );
  }

  @Get(':id/progress')
  @Polled()
  @Allow('users.import', 'imports.all')
  async progress(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const found = await this.imports.find(id, person);
    const progress = await this.results.progress(found, person);
    if (progress.finished) return showResult(id, response);
    return response.render('import/_progress', { layout: false, ...progress });
  }

  @Post(':id/cancel')
  async cancel(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    await this.imports.cancel(await this.imports.findOwn(id, person), person);
    response.redirect(303, `/imports/${id}`);
  }

  @Post(':id/discard')
  async discard(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    await this.imports.discard(await this.imports.findOwn(id, person), person);
    done(request, response, '/imports', 'The file was discarded. No user was created from it.');
  }

  private async uploadPage(person: SignedIn) {
    const settings = await this.settings.current();
    const tenant = await this.imports.tenant(person);
    const megabytes = Math.round((limitsOf(settings).bytes / 1024 / 1024) * 10) / 10;
    return {
      title: 'Create Users from File',
      steps: stepsOf('upload'),
      limit: settings.importRowLimit,
      megabytes,
      legend: legend(tenant),
      presets: (await this.presets.list(tenant)).length,
    };
  }
}

// The result takes the place of the progress, in the same page: so a screen reader can be told of it.
function showResult(id: number, response: Response): void {
  const swap = {
    path: `/imports/${id}`,
    target: '#main',
    select: '#main',
    swap: 'outerHTML',
    replace: 'true',
  };
  response.set('HX-Location', JSON.stringify(swap)).status(204).end();
}

const waitsAlready =
  'You uploaded this very file before and have not imported it yet. Here it is, with what you chose then; discard it to begin anew.';

const nothingChosen: FileProblem = {
  code: 'missing',
  text: 'Choose a file, or paste rows from a spreadsheet.',
};

function nameOf({ name }: Upload): string {
  return name === undefined ? pastedRows : fileName(name);
}

// Only shown, never used as a path: base name, no control characters, 255 bytes (SECURITY.md UP-4).
function fileName(original: string): string {
  // Browsers send the name in UTF-8; the multipart reader takes it for Latin-1.
  const name = Buffer.from(original, 'latin1').toString('utf8').split(/[\\/]/).pop() ?? '';
  let short = name.replace(/[\p{Cc}\p{Cf}\ufffd]/gu, '').trim();
  while (Buffer.byteLength(short) > 255) short = short.slice(0, -1);
  return short || unnamedFile;
}
