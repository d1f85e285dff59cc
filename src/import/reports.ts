// The two reports of an import as rows of text (PRODUCT.md section 5, "Files that leave").
import { inFile, userFields } from '../users/user-fields.js';
import { sentence, type Problem } from '../web/problem.js';
import type { Translate } from '../web/texts.js';
import type { Handout } from './secrets.js';

/** What our error file adds behind the original columns; recognised when it comes back. */
export const ownColumns = ['Row', 'Field', 'Code', 'Error', 'Suggestion'] as const;

export interface RowWithProblems {
  number: number;
  cells: string[];
  edits: Record<number, string> | null;
  problems: Problem[];
}

/** Header of the error details. */
export function errorHeader(headers: string[]): string[] {
  return [...headers, ...ownColumns];
}

/**
 * One row of the error details: the original cells as corrected, then what is wrong; several problems joined by `; `.
 * Cells that the header has no column for stand behind, so that nothing is lost and the row is too wide again.
 */
export function errorRow(
  { number, cells, edits, problems }: RowWithProblems,
  width: number,
  t: Translate,
): string[] {
  const original = Array.from({ length: width }, (_, index) => edits?.[index] ?? cells[index] ?? '');
  const joined = (part: (problem: Problem) => string) => problems.map(part).join('; ');
  return [
    ...original,
    String(number),
    joined(({ field }) => fieldLabel(field, t)),
    joined(({ code }) => code),
    joined((problem) => sentence(problem, t)),
    problems.some(({ suggestion }) => suggestion) ? joined(({ suggestion }) => suggestion ?? '') : '',
    ...cells.slice(width),
  ];
}

export const successHeader = [
  'Row',
  'ID',
  'Username',
  'Email',
  'First Name',
  'Last Name',
  'Virtual Extension',
  'Temporary Password',
  'Expires',
  'Sign-in Address',
  'SIP Username',
  'SIP Domain',
  'SIP Password',
];

/** One row of the success details. SIP columns belong to Built-in PBX users and are empty for everybody else. */
export function successRow(handout: Handout, signInAddress: string): string[] {
  const { row, id, username, email, firstName, lastName, extension, invited, password, expiresAt, sip } =
    handout;
  const texts = [username, email, firstName, lastName, String(extension), invited ? 'invited' : password];
  const phone = [sip?.username ?? '', sip?.domain ?? '', sip?.password ?? ''];
  return [String(row), String(id), ...texts, new Date(expiresAt).toISOString(), signInAddress, ...phone];
}

function fieldLabel(name: string, t: Translate): string {
  const field = userFields.find((one) => one.name === name);
  return field ? t(inFile(field).label) : '';
}
