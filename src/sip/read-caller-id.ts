// What was typed about a caller ID: name, and a number as people write it.
import { nameProblem, tidy } from '../web/names.js';
import type { Problem } from '../web/problem.js';
import type { CallerId } from './caller-id.entity.js';

export interface CallerIdForm {
  name: string;
  number: string;
}

export type CallerIdValues = Pick<CallerId, 'name' | 'number'>;

/** The values that are stored, the number in E.164 (ITU-T: + and at most 15 digits), and every problem. */
export function readCallerId(form: CallerIdForm): { values: CallerIdValues; problems: Problem[] } {
  const values = { name: tidy(form.name), number: plainNumber(form.number) };
  const problems = [nameProblem(values.name), numberProblem(values.number)];
  return { values, problems: problems.filter((one) => one !== undefined) };
}

// Blanks, brackets, dots, slashes and dashes go, and the (0) that is dialed only inside a country.
function plainNumber(text: string): string {
  const typed = text.normalize('NFKC').replace(/\(0\)/g, '');
  return typed.replace(/[\s.()[\]/\p{Pd}\u200b-\u200f\u202a-\u202e\u2066-\u2069]/gu, '');
}

function numberProblem(number: string): Problem | undefined {
  const problem = (code: Problem['code'], text: string): Problem => ({
    field: 'number',
    value: number,
    code,
    text,
  });
  if (number === '') return problem('missing', 'Enter the number.');
  if (/^\+[1-9]\d{6,14}$/.test(number)) return undefined;
  if (/^00[1-9]/.test(number)) return problem('invalid', 'Write + instead of 00 before the country code.');
  return problem(
    'invalid',
    'Use + with country code and number, 7 to 15 digits in all, such as +49 30 1234567.',
  );
}
