// The form of a user, made of any fields of the catalogue: what was posted -> texts -> values, and values -> controls.
import { BadRequestException } from '@nestjs/common';
import { languages, type Translate } from '../web/texts.js';
import type { Problem } from '../web/problem.js';
import { notAllowed } from './grants.js';
import { timezoneNames } from '../web/timezones.js';
import { readField } from './read-field.js';
import type { TenantDirectory } from './tenant-directory.js';
import {
  emptyUser,
  parts,
  type FieldKind,
  type FieldName,
  type Part,
  type UserField,
  type UserValues,
} from './user-fields.js';
import { wholeUserProblems } from './whole-user.js';

/** What stands in each control: one text, none for an unticked box, any number for a list. */
export type Typed = Partial<Record<FieldName, string[]>>;

/**
 * Takes the fields out of a posted body. Throws BadRequestException for a field that the form does not have, and for a
 * repeated one that is no list (SECURITY.md AZ-7).
 * @param buttons names of the buttons that may be pressed
 */
export function typedIn(body: object, fields: readonly UserField[], buttons: string[] = []): Typed {
  const posted = new Map<string, unknown>(Object.entries(body));
  const typed: Typed = {};
  for (const { name, kind } of fields) {
    const texts = [posted.get(name) ?? []].flat();
    const several = kind === 'several';
    if (texts.some((text) => typeof text !== 'string') || (texts.length > 1 && !several))
      throw new BadRequestException();
    typed[name] = texts as string[];
    posted.delete(name);
  }
  for (const name of buttons) posted.delete(name);
  if (posted.size > 0) throw new BadRequestException();
  return typed;
}

/** What the controls hold for a user as it is. */
export function typedFrom(values: UserValues, fields: readonly UserField[]): Typed {
  return Object.fromEntries(fields.map((field) => [field.name, textsOf(field, values[field.name])]));
}

/** Reads what was typed, with every problem of it; a field with a problem, or not in the form, has its empty value. */
export function readTyped(typed: Typed, fields: readonly UserField[], tenant: TenantDirectory) {
  const values = emptyUser();
  const problems: Problem[] = [];
  for (const field of fields) {
    if (field.onlyWith && values.sip !== field.onlyWith) continue;
    const needed = field.onlyWith ? { ...field, required: true } : field;
    const text =
      field.kind === 'flag' && typed[field.name]?.length === 0 ? 'no' : (typed[field.name] ?? []).join(';');
    const reading = readField(needed, text, tenant);
    if ('value' in reading) Object.assign(values, { [field.name]: reading.value });
    else problems.push(...reading.problems);
  }
  const failed = new Set(problems.map(({ field }) => field));
  const whole = [...wholeUserProblems(values, tenant), ...notAllowed(values, tenant.grants)];
  // A rule over two fields says nothing new while one of them is wrong in itself.
  if (failed.has('email')) failed.add('username');
  problems.push(...whole.filter(({ field }) => !failed.has(field)));
  return { values, problems };
}

/** One control, as views/users/_field.hbs draws it. */
export interface FormField {
  name: FieldName;
  /** English, as the help. */
  label: string;
  help?: string;
  control: 'line' | 'extension' | 'radios' | 'select' | 'checkboxes' | 'checkbox';
  required: boolean;
  inputmode?: string;
  /** Of a line or an extension. */
  value?: string;
  /** Of a checkbox. */
  checked: boolean;
  options: { value: string; label: string; selected: boolean; hint?: string }[];
  /** English text of the choice of no value. */
  empty?: string;
  searchable: boolean;
  /** The choice that shows this control, as data-shows wants it. */
  shows?: string;
}

export interface FormPart {
  part: Part;
  heading: string;
  fields: FormField[];
}

/** The controls of the fields, in the order given, under the headings of their parts. */
export function formParts(
  fields: readonly UserField[],
  typed: Typed,
  tenant: TenantDirectory,
  t: Translate,
): FormPart[] {
  const names = Object.keys(parts) as Part[];
  return names.flatMap((part) => {
    const own = fields.filter((field) => field.part === part);
    if (own.length === 0) return [];
    return [{ part, heading: parts[part], fields: own.map((field) => formField(field, typed, tenant, t)) }];
  });
}

/** One field as a control. */
export function formField(field: UserField, typed: Typed, tenant: TenantDirectory, t: Translate): FormField {
  const { name, label, help, kind, onlyWith } = field;
  const texts = typed[name] ?? [];
  const required = Boolean(field.required || onlyWith);
  return {
    name,
    label,
    help,
    control: kind === 'choice' && required ? 'radios' : controls[kind],
    required,
    inputmode: inputModes[kind],
    value: texts[0],
    checked: texts.length > 0,
    options: optionsOf(field, tenant, t).map((option) => {
      return { ...option, selected: texts.includes(option.value) };
    }),
    empty: required ? 'Choose one' : 'Default',
    searchable: kind === 'timezone',
    shows: onlyWith && `sip=${onlyWith}`,
  };
}

const controls: Record<FieldKind, FormField['control']> = {
  username: 'line',
  email: 'line',
  text: 'line',
  device: 'line',
  uri: 'line',
  ratio: 'line',
  extension: 'extension',
  flag: 'checkbox',
  several: 'checkboxes',
  choice: 'select',
  minutes: 'select',
  sessions: 'select',
  timezone: 'select',
  language: 'select',
  one: 'select',
};

// Never type="email" or "number": a browser would change what was typed, and its messages say less than ours.
const inputModes: Partial<Record<FieldKind, string>> = {
  email: 'email',
  device: 'numeric',
  extension: 'numeric',
};

function optionsOf({ kind, kin, choices }: UserField, tenant: TenantDirectory, t: Translate) {
  if (kin) return tenant.all[kin].map(({ id, name }) => ({ value: String(id), label: name }));
  if (kind === 'timezone') return timezoneNames().map((zone) => ({ value: zone, label: zone }));
  if (kind === 'language') return languages.map(({ code, name }) => ({ value: code, label: name }));
  return (choices ?? []).map(({ value, label, help }) => ({ value, label: t(label), hint: help && t(help) }));
}

function textsOf({ kind }: UserField, value: UserValues[FieldName]): string[] {
  if (value === null || value === '' || value === false) return [];
  if (value === true) return ['on'];
  if (Array.isArray(value)) return value.map(String);
  if (kind === 'ratio') return [(Number(value) / 10).toFixed(1)];
  if (kind === 'sessions' && value === 0) return ['unlimited'];
  return [String(value)];
}
