// The three steps between upload and review. Each is a form that posts its answers; they stay on the import.
import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { IdPipe } from '../web/id.pipe.js';
import { flash, readerOf, refused, told } from '../web/answers.js';
import { lastWord } from '../web/routes.js';
import type { Translate } from '../web/texts.js';
import type { Problem } from '../web/problem.js';
import { one, type Answers, type Step } from './answers.js';
import type { Import } from './import.entity.js';
import { ImportsService } from './imports.service.js';
import { ImportIntake } from './intake.js';
import { delimiters } from './csv-record.js';
import { encodings } from './decode-text.js';
import { columnNames } from './column-names.js';
import { readReading } from './read-again.js';
import { WizardView, stepsOf } from './wizard-view.js';

const titles = { fields: 'Required Fields', security: 'Security', options: 'Optional Fields' };
const nextStep = { fields: 'security', security: 'options', options: 'review' };
/** Rows in which sample values are looked for. */
const sampleRows = 50;

@Controller('imports/:id')
@Allow('users.import')
export class WizardController {
  constructor(
    private readonly imports: ImportsService,
    private readonly intake: ImportIntake,
  ) {}

  @Get(['fields', 'security', 'options'])
  async show(
    @Param('id', IdPipe) id: number,
    @Query() query: Answers,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const draft = await this.imports.findDraft(id, person);
    if (draft === 'started') return response.redirect(303, `/imports/${id}`);
    const step = lastWord(request) as Step;
    const page = await this.page(draft, step, person, response);
    return response.render(`import/${step}`, {
      ...page,
      readAgain: one(query.reading) === 'again',
      took: one(query.took),
    });
  }

  @Post(['fields', 'security', 'options'])
  async answer(
    @Param('id', IdPipe) id: number,
    @Body() body: Answers,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const draft = await this.imports.findDraft(id, person);
    if (draft === 'started') return response.redirect(303, `/imports/${id}`);
    const step = lastWord(request) as Step;
    const taken = one(body.take);
    const { answers, problems } = await this.imports.answer(draft, step, withSuggestion(body), person);
    if (taken) return response.redirect(303, `/imports/${id}/${step}?took=${taken.split('.')[0]}`);
    if (problems.length > 0) {
      return refused(
        response,
        `import/${step}`,
        await this.page({ ...draft, answers }, step, person, response),
        problems,
      );
    }
    return response.redirect(303, `/imports/${id}/${body.go === 'review' ? 'review' : nextStep[step]}`);
  }

  @Post('reading')
  async readAgain(
    @Param('id', IdPipe) id: number,
    @Body() body: Answers,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const draft = await this.imports.findDraft(id, person);
    if (draft === 'started') return response.redirect(303, `/imports/${id}`);
    const wanted = readReading(body);
    const problem = 'problem' in wanted ? wanted.problem : await this.intake.readAgain(draft, wanted, person);
    if (!problem) {
      flash(request, 'success', 'The file was read again. Look at its first rows, then at your choices.');
      return response.redirect(303, `/imports/${id}/fields?reading=again`);
    }
    const told: Problem = { ...problem, code: 'invalid', field: 'headerRow', value: one(body.headerRow) };
    const page = await this.page(draft, 'fields', person, response);
    const typed = { delimiter: one(body.delimiter), encoding: one(body.encoding), headerRow: told.value };
    const reading = { ...page.reading, ...readingForm(typed, readerOf(response)) };
    return refused(response, 'import/fields', { ...page, reading }, [told]);
  }

  private async page(draft: Import, step: Step, person: SignedIn, response: Response) {
    const t = readerOf(response);
    const tenant = await this.imports.tenant(person);
    const sample = await this.imports.sample(draft, sampleRows);
    const view = new WizardView(draft, sample, tenant, t);
    const open = await this.imports.open(draft, person);
    return {
      title: titles[step],
      steps: stepsOf(step, draft),
      draft,
      ...view[step](),
      reading: {
        ...draft.reading,
        strayList: draft.reading.strayRows.join(', '),
        hiddenList: draft.reading.hiddenRows.join(', '),
        sheetOptions: draft.reading.sheets.map((name) => ({
          value: name,
          label: name,
          selected: name === draft.reading.sheet,
        })),
        hasSheets: draft.reading.sheets.length > 0,
        hasSeveralSheets: draft.reading.sheets.length > 1,
        ...readingForm(draft.reading, t),
      },
      columns: columnNames(draft.reading.headers, t),
      odd: view.oddities(),
      presetNames: Object.values(draft.valueChoices).flatMap(Object.keys).length,
      noHeader: draft.reading.headerRow === 0 && !draft.reading.headerChosen,
      preview: view.preview(3),
      // Once nothing is open, the quick way is the one that stands out.
      settled: open.length === 0,
      same: step === 'fields' ? await this.imports.sameBefore(draft, person) : undefined,
      ...told([], t),
    };
  }
}

// The button of a suggestion: `take` = `username.column=3` counts as if that column had been chosen.
function withSuggestion(body: Answers): Answers {
  const [, control, column] = /^(\w+\.(?:column|source))=((?:column:)?\d{1,3})$/.exec(one(body.take)) ?? [];
  if (!control) return body;
  // Whoever takes a column of extensions wants its numbers.
  const { 'extension.generate': generate, ...others } = body;
  const kept = control === 'extension.column' || generate === undefined ? others : body;
  return { ...kept, [control]: column };
}

const delimiterNames: Record<string, string> = {
  ',': 'Comma',
  ';': 'Semicolon',
  '\t': 'Tab',
  '|': 'Vertical bar',
};

const encodingNames: Record<string, string> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 (Unicode text of Excel)',
  'utf-16be': 'UTF-16, big-endian',
  'windows-1252': 'Windows-1252 (Western Europe)',
  'windows-1250': 'Windows-1250 (Central Europe)',
  'windows-1251': 'Windows-1251 (Cyrillic)',
  macintosh: 'Mac Roman (old Macs)',
  'windows-1253': 'Windows-1253 (Greek)',
  'windows-1254': 'Windows-1254 (Turkish)',
  'windows-1255': 'Windows-1255 (Hebrew)',
  'windows-1256': 'Windows-1256 (Arabic)',
  shift_jis: 'Shift JIS (Japanese)',
  gb18030: 'GB 18030 (Simplified Chinese)',
  big5: 'Big5 (Traditional Chinese)',
  'euc-kr': 'EUC-KR (Korean)',
};

/** The controls below "How the file was read". */
function readingForm(
  { delimiter, encoding, headerRow }: { delimiter: string; encoding: string; headerRow: number | string },
  t: Translate,
) {
  const option = (names: Record<string, string>, chosen: string) => (value: string) => ({
    value,
    label: t(names[value] ?? value.toUpperCase()),
    selected: value === chosen,
  });
  return {
    headerRow,
    delimiters: delimiters.map(option(delimiterNames, delimiter)),
    encodings: encodings.map(option(encodingNames, encoding)),
    encodingNames: Object.fromEntries(encodings.map((name) => [name, t(encodingNames[name])])),
  };
}
