// What was chosen in the wizard: flat, under the names of its controls, and what that means for each field.
import { inFile, userFields, type UserField } from '../users/user-fields.js';
import { readField, type Tenant } from '../users/read-field.js';
import { notAllowed, type Grants } from '../users/grants.js';
import { emptyUser } from '../users/user-fields.js';
import type { Problem } from '../web/problem.js';
import { isPasswordHeader } from './column-names.js';

/** Control name -> what was sent: `username.column` = `1`, `role.source` = `dialer` or `column:3`, `role.value` = `2`. */
export type Answers = Record<string, string | string[]>;

/** Where the value of a field comes from. */
export type Source =
  /** Position from 1. */
  { from: 'column'; position: number } | { from: 'dialer'; text: string } | { from: 'nothing' };

export type Step = 'fields' | 'security' | 'options';

/** The source of every field that the wizard asks for. A SIP choice that is one for all rows comes from the Dialer. */
export function sourcesOf(answers: Answers): Map<UserField, Source> {
  return new Map(
    userFields.filter(({ wizard }) => wizard !== 'never').map((field) => [field, sourceOf(field, answers)]),
  );
}

/** Where one field's value comes from. */
export function sourceOf(field: UserField, answers: Answers): Source {
  const { name } = inFile(field);
  if (field.wizard === 'security') return given(answers[name]);
  if (field.name === 'sip') {
    return answers['sip.source'] === 'file' ? column(answers['sip.column']) : given(answers['sip.source']);
  }
  if (field.name === 'extension' && answers['extension.generate']) return { from: 'nothing' };
  if (hasOnlyColumn(field)) return column(answers[`${name}.column`]);
  const source = one(answers[`${name}.source`]);
  return source === 'dialer' ? given(answers[`${name}.value`]) : column(source.replace(/^column:/, ''));
}

/** True for the fields that only a column can give: they differ in every row. */
export function hasOnlyColumn({ name }: UserField): boolean {
  return ['username', 'email', 'extension', 'pbxDevice', 'customUri'].includes(name);
}

/** The names of the controls of a step; nothing else is taken from its form. */
export function controlsOf(step: Step): string[] {
  if (step === 'security')
    return userFields.filter(({ wizard }) => wizard === 'security').map(({ name }) => name);
  const part = step === 'fields' ? 'required' : 'optional';
  const names = userFields
    .filter(({ wizard }) => wizard === part)
    .flatMap((field) => {
      const { name } = inFile(field);
      if (field.name === 'sip') return ['sip.source', 'sip.column'];
      if (field.name === 'extension') return ['extension.column', 'extension.generate'];
      return hasOnlyColumn(field) ? [`${name}.column`] : [`${name}.source`, `${name}.value`];
    });
  return step === 'fields' ? names : [...names, 'digitsOnly', 'invite'];
}

/** What still has to be settled, each problem at the name of its control. Empty = the review can be shown. */
export function openQuestions(
  answers: Answers,
  headers: string[],
  tenant: Tenant,
  grants: Grants,
): Problem[] {
  const problems: Problem[] = [];
  const sources = sourcesOf(answers);
  const sip = [...sources].find(([field]) => field.name === 'sip')?.[1];
  const given = emptyUser();
  for (const [field, source] of sources) {
    const { name, label } = inFile(field);
    const control = controlName(field, answers);
    const ask = (text: string) =>
      problems.push({ field: control, value: '', code: 'missing', text, values: { label } });
    if (field.onlyWith && !isPossible(field, sip)) continue;
    if (source.from === 'column') {
      if (source.position > headers.length)
        ask('The file has no such column for {{label}}. Choose another one.');
      else if (isPasswordHeader(headers[source.position - 1]))
        ask('A column of passwords cannot be used for {{label}}.');
    } else if (source.from === 'dialer') {
      const reading = readField(field, source.text, tenant);
      if ('problems' in reading)
        problems.push(...reading.problems.map((problem) => ({ ...problem, field: control })));
      else Object.assign(given, { [field.name]: reading.value });
    } else if (isNeeded(field, answers, sip)) {
      ask(
        hasOnlyColumn(field) || name === 'sip'
          ? 'Choose the column for {{label}}.'
          : 'Choose the {{label}} for all users, or a column.',
      );
    }
  }
  const refused = notAllowed(given, grants).map((problem) => {
    const field = userFields.find(({ name }) => name === problem.field)!;
    return { ...problem, field: controlName(field, answers) };
  });
  return [...problems, ...refused];
}

/** The control at which a problem of this field is shown. */
export function controlName(field: UserField, answers: Answers): string {
  const { name } = inFile(field);
  if (field.wizard === 'security') return name;
  if (field.name === 'sip') return answers['sip.source'] === 'file' ? 'sip.column' : 'sip.source';
  if (hasOnlyColumn(field)) return `${name}.column`;
  return one(answers[`${name}.source`]) === 'dialer' ? `${name}.value` : `${name}.source`;
}

/** One answer as text. */
export function one(answer: string | string[] | undefined): string {
  return (Array.isArray(answer) ? answer[0] : answer) ?? '';
}

function isNeeded(field: UserField, answers: Answers, sip: Source | undefined): boolean {
  if (field.name === 'extension') return !answers['extension.generate'];
  if (field.onlyWith) return sip?.from === 'dialer';
  return Boolean(field.required);
}

// A file that says the SIP setting in each row may hold any of them; what such a row lacks is the row's own error.
function isPossible(field: UserField, sip: Source | undefined): boolean {
  return sip?.from === 'column' || (sip?.from === 'dialer' && sip.text === field.onlyWith);
}

function column(answer: string | string[] | undefined): Source {
  const text = one(answer);
  return /^[1-9]\d{0,4}$/.test(text) ? { from: 'column', position: Number(text) } : { from: 'nothing' };
}

function given(answer: string | string[] | undefined): Source {
  const text = (Array.isArray(answer) ? answer : [answer ?? '']).filter(Boolean).join(';');
  return text === '' ? { from: 'nothing' } : { from: 'dialer', text };
}
