// The three steps between upload and review. Each is a form that posts its answers; they stay on the import.
import { Body, Controller, Get, Param, ParseIntPipe, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { readerOf, refused, told } from '../web/answers.js';
import type { Translate } from '../web/texts.js';
import type { Problem } from '../web/problem.js';
import { one, type Answers, type Step } from './answers.js';
import type { Import } from './import.entity.js';
import { ImportsService } from './imports.service.js';
import { delimiters } from './csv-record.js';
import { encodings } from './decode-text.js';
import { readReading } from './read-again.js';
import { WizardView } from './wizard-view.js';

const titles = { fields: 'Required Fields', security: 'Security', options: 'Optional Fields' };
const nextStep = { fields: 'security', security: 'options', options: 'review' };

@Controller('imports/:id')
@Allow('users.import')
export class WizardController {
  constructor(private readonly imports: ImportsService) {}

  @Get(['fields', 'security', 'options'])
  async show(
    @Param('id', ParseIntPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const draft = await this.imports.findDraft(id, person);
    if (draft === 'started') return response.redirect(303, `/imports/${id}`);
    const step = stepOf(request);
    return response.render(`import/${step}`, await this.page(draft, step, person, response));
  }

  @Post(['fields', 'security', 'options'])
  async answer(
    @Param('id', ParseIntPipe) id: number,
    @Body() body: Answers,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const draft = await this.imports.findDraft(id, person);
    if (draft === 'started') return response.redirect(303, `/imports/${id}`);
    const step = stepOf(request);
    const { answers, problems } = await this.imports.answer(draft, step, body, person);
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
    @Param('id', ParseIntPipe) id: number,
    @Body() body: Answers,
    @Signed() person: SignedIn,
    @Res() response: Response,
  ) {
    const draft = await this.imports.findDraft(id, person);
    if (draft === 'started') return response.redirect(303, `/imports/${id}`);
    const wanted = readReading(body);
    const problem =
      'problem' in wanted ? wanted.problem : await this.imports.readAgain(draft, wanted, person);
    if (!problem) return response.redirect(303, `/imports/${id}/fields`);
    const told: Problem = { ...problem, code: 'invalid', field: 'headerRow', value: one(body.headerRow) };
    return refused(response, 'import/fields', await this.page(draft, 'fields', person, response), [told]);
  }

  private async page(draft: Import, step: Step, person: SignedIn, response: Response) {
    const t = readerOf(response);
    const tenant = await this.imports.tenant(person);
    const view = new WizardView(draft, await this.imports.sample(draft), tenant, t);
    const open = await this.imports.open(draft, person);
    return {
      title: titles[step],
      step,
      draft,
      ...view[step](),
      reading: {
        ...draft.reading,
        delimiters: delimiterOptions(draft, t),
        encodings: encodingOptions(draft),
      },
      preview: await this.imports.sample(draft, 3),
      // Once nothing is open, the quick way is the one that stands out.
      settled: open.length === 0,
      ...told([], t),
    };
  }
}

function stepOf(request: Request): Step {
  return request.path.split('/').pop() as Step;
}

const delimiterNames: Record<string, string> = {
  ',': 'Comma',
  ';': 'Semicolon',
  '\t': 'Tab',
  '|': 'Vertical bar',
};

function delimiterOptions({ reading }: Import, t: Translate) {
  return delimiters.map((value) => ({
    value,
    label: t(delimiterNames[value]),
    selected: value === reading.delimiter,
  }));
}

function encodingOptions({ reading }: Import) {
  return encodings.map((value) => ({
    value,
    label: value.toUpperCase(),
    selected: value === reading.encoding,
  }));
}
