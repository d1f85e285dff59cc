// The form of a user, made of any fields of the catalogue: what was posted -> texts -> values, and values -> controls.
import { BadRequestException } from '@nestjs/common';
import { ratioText } from '../settings/ppq.js';
import { languages, type Translate } from '../web/texts.js';
import type { Problem } from '../web/problem.js';
import { addressListsText } from './address-lists-text.js';
import { decidedByRoles, defaultText } from './default-words.js';
import { notAllowed } from './grants.js';
import { timezoneNames } from '../web/timezones.js';
import { readField } from './read-field.js';
import type { TenantDirectory } from './tenant-directory.js';
import { emptyUser, type FieldKind, type FieldName, type UserField, type UserValues } from './user-fields.js';
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

/**
 * Reads what was typed, with every problem of it; a field with a problem, or not in the form, has its empty value.
 * @param before the user as it is: what stays as it was is given to nobody, so it needs no permission to give
 */
export function readTyped(
  typed: Typed,
  fields: readonly UserField[],
  tenant: TenantDirectory,
  before?: UserValues,
) {
  const values = emptyUser();
  const problems: Problem[] = [];
  for (const field of fields) {
    if (!isNeeded(field, values)) continue;
    const needed = field.onlyWith ? { ...field, required: true } : field;
    const text =
      field.kind === 'flag' && typed[field.name]?.length === 0 ? 'no' : (typed[field.name] ?? []).join(';');
    const reading = readField(needed, text, tenant);
    if ('value' in reading) Object.assign(values, { [field.name]: reading.value });
    else problems.push(...reading.problems.map((problem) => ofTheForm(problem, field)));
  }
  const failed = new Set(problems.map(({ field }) => field));
  const whole = [...wholeUserProblems(values, tenant), ...notAllowed(values, tenant.grants)];
  // A rule over two fields says nothing new while one of them is wrong in itself.
  if (failed.has('email')) failed.add('username');
  const stays = ({ field, code }: Problem) =>
    code === 'not_allowed' && before !== undefined && isSame(before, values, field as FieldName);
  problems.push(...whole.filter((problem) => !failed.has(problem.field) && !stays(problem)));
  return { values, problems };
}

// A cell lacks its value; a list of ticks lacks a tick.
function ofTheForm(problem: Problem, { kind, label }: UserField): Problem {
  return kind === 'several' && problem.code === 'missing'
    ? { ...problem, text: 'Choose at least one.', values: { label } }
    : problem;
}

/** True when both users have the same in this field. */
export function isSame(one: UserValues, other: UserValues, name: FieldName): boolean {
  return JSON.stringify(one[name]) === JSON.stringify(other[name]);
}

// What the SIP setting or PPQ does not need is there without JavaScript too, and is ignored.
function isNeeded({ name, onlyWith }: UserField, { sip, ppq }: UserValues): boolean {
  if (onlyWith) return sip === onlyWith;
  return ppq || (name !== 'ppqRatio' && name !== 'ppqSorting');
}

/** One control, as views/users/_field.hbs draws it. */
export interface FormField {
  name: FieldName;
  /** English, as the help and the hint. */
  label: string;
  help?: string;
  hint?: string;
  control: 'line' | 'extension' | 'token' | 'radios' | 'select' | 'checkboxes' | 'list' | 'checkbox';
  required: boolean;
  disabled: boolean;
  inputmode?: string;
  /** Of a line, an extension or a token. */
  value?: string;
  /** What an empty line comes to, in words. */
  placeholder?: string;
  /** Of a checkbox. */
  checked: boolean;
  options: {
    value: string;
    label: string;
    selected: boolean;
    hint?: string;
    disabled: boolean;
    id?: string;
  }[];
  searchable: boolean;
  /** The choice that shows this control, as data-shows wants it. */
  shows?: string;
}

/** Fields that cannot be changed, each with the reason (English). */
export type Locked = ReadonlyMap<FieldName, string>;

/** One field as a control. */
export function formField(
  field: UserField,
  typed: Typed,
  tenant: TenantDirectory,
  t: Translate,
  locked: Locked = new Map(),
): FormField {
  const { name, label, help, kind, onlyWith } = field;
  const texts = typed[name] ?? [];
  const required = Boolean(field.required || onlyWith);
  const disabled = locked.has(name);
  return {
    name,
    label,
    help,
    hint: locked.get(name) ?? (name === 'extendedAcl' ? addressListsText(tenant.settings, t) : undefined),
    control: controlOf(field),
    required,
    disabled,
    inputmode: inputModes[kind],
    value: texts[0],
    placeholder: kind === 'ratio' ? defaultText(field, [], tenant, t) : undefined,
    checked: texts.length > 0,
    options: optionsOf(field, typed, tenant, t).map((option) => {
      return { ...option, selected: texts.includes(option.value), disabled };
    }),
    searchable: kind === 'timezone' || name === 'callerId',
    shows: onlyWith ? `sip=${onlyWith}` : shownWith[name],
  };
}

/** What stands in a control, in words; a default says what it comes to. */
export function fieldText(field: UserField, typed: Typed, tenant: TenantDirectory, t: Translate): string {
  const { control, checked, options, value, placeholder } = formField(field, typed, tenant, t);
  if (control === 'checkbox') return checked ? t('Yes') : t('No');
  if (control === 'line' || control === 'extension') return value || placeholder || '–';
  const chosen = options.filter(({ selected }) => selected).map(({ label }) => label);
  return chosen.join(', ') || (control === 'select' ? options[0].label : '–');
}

function controlOf({ kind, required }: UserField): FormField['control'] {
  if (kind === 'choice' && required) return 'radios';
  // A mandatory list shows all of itself; the others may be long.
  return kind === 'several' && !required ? 'list' : controls[kind];
}

const controls: Record<FieldKind, FormField['control']> = {
  username: 'line',
  email: 'line',
  text: 'line',
  device: 'line',
  uri: 'line',
  ratio: 'line',
  token: 'token',
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

// The lists that a flag replaces are kept, for the day when the flag goes off.
const shownWith: Partial<Record<FieldName, string>> = {
  desks: 'allDesks=',
  skillGroups: 'allSkillGroups=',
  ppqRatio: 'ppq=on',
  ppqSorting: 'ppq=on',
};

// Never type="email" or "number": a browser would change what was typed, and its messages say less than ours.
const inputModes: Partial<Record<FieldKind, string>> = {
  email: 'email',
  device: 'numeric',
  extension: 'numeric',
};

// A select begins with the choice of no value.
function optionsOf(field: UserField, typed: Typed, tenant: TenantDirectory, t: Translate) {
  const roles = (typed.roles ?? []).map(Number);
  // Other roles change its words while the form is filled in: see views/users/_defaults.hbs.
  const id = decidedByRoles.includes(field.name) ? `default-${field.name}` : undefined;
  const none = () => ({ value: '', label: defaultText(field, roles, tenant, t), hint: undefined, id });
  return [...(controlOf(field) === 'select' ? [none()] : []), ...choicesOf(field, tenant, t)];
}

function choicesOf({ kind, kin, choices }: UserField, tenant: TenantDirectory, t: Translate) {
  const plain = (value: string, label: string) => ({ value, label, hint: undefined });
  if (kin) return tenant.all[kin].map(({ id, name }) => plain(String(id), name));
  if (kind === 'timezone') return timezoneNames().map((zone) => plain(zone, zone));
  if (kind === 'language') return languages.map(({ code, name }) => plain(code, name));
  return (choices ?? []).map(({ value, label, help }) => ({ value, label: t(label), hint: help && t(help) }));
}

function textsOf({ kind }: UserField, value: UserValues[FieldName]): string[] {
  if (value === null || value === '' || value === false) return [];
  if (value === true) return ['on'];
  if (Array.isArray(value)) return value.map(String);
  if (kind === 'ratio') return [ratioText(Number(value))];
  if (kind === 'sessions' && value === 0) return ['unlimited'];
  return [String(value)];
}
