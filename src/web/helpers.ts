// The words that a template can use besides Handlebars' own. Who reads the page is taken from the root of its data.
import Handlebars from 'handlebars';
import type { HelperOptions } from 'handlebars';
import { asset, hasIcon } from './assets.js';
import { shownFileName } from './file-names.js';
import { languages, numberIn, translator } from './texts.js';

interface Reader {
  language?: string;
  /** IANA name. */
  timezone?: string;
  /** Of the request, without the query. */
  path?: string;
  signedIn?: { permissions: string[] };
}

interface Option {
  group?: string;
}

/** Registers all helpers; each is described at its own function below. */
export function registerHelpers(handlebars: typeof Handlebars): void {
  handlebars.registerHelper({
    t,
    can,
    at,
    direction,
    time,
    number,
    file,
    breakable,
    icon,
    asset: assetAddress,
    grouped,
  });
  handlebars.registerHelper({ eq, and, or, not, includes });
}

/** `{{t "Text" name=value}}` or `{{t text values}}`: the text in the reader's language, nothing for a missing one. */
function t(text: unknown, ...rest: unknown[]): string {
  const options = rest.at(-1) as HelperOptions;
  if (typeof text !== 'string') return '';
  const values = rest.length > 1 ? { ...(rest[0] as object | undefined), ...options.hash } : options.hash;
  return translator(reader(options).language)(text, values as Record<string, unknown>);
}

/** `(can "users.create" "users.import")`: true when the signed-in person holds at least one of these. */
function can(...permissions: unknown[]): boolean {
  const options = permissions.pop() as HelperOptions;
  const held = reader(options).signedIn?.permissions ?? [];
  return permissions.some((permission) => held.includes(String(permission)));
}

/** `(at "/users" "/desks")`: true when the request's path is one of these or lies below. */
function at(...paths: unknown[]): boolean {
  const options = paths.pop() as HelperOptions;
  const path = reader(options).path ?? '';
  return paths.some((start) => path === start || path.startsWith(`${String(start)}/`));
}

/** `{{direction}}`: ltr or rtl. */
function direction(options: HelperOptions): string {
  return languages.find(({ code }) => code === reader(options).language)?.dir ?? 'ltr';
}

/** `{{time at}}`, `{{time at style="date"}}`: a Date, ISO text or milliseconds in the reader's language and timezone. */
function time(value: unknown, options: HelperOptions): Handlebars.SafeString | string {
  if (value === null || value === undefined || value === '') return '';
  const moment = new Date(value as Date | string | number);
  if (Number.isNaN(moment.getTime())) return '';
  const { language = 'en', timezone = 'UTC' } = reader(options);
  const text = timeFormat(language, timezone, options.hash.style === 'date').format(moment);
  return new Handlebars.SafeString(
    `<time datetime="${moment.toISOString()}">${Handlebars.escapeExpression(text)}</time>`,
  );
}

/** `{{number 1234.5}}` as the reader's language writes it; nothing for a missing one. */
function number(value: unknown, options: HelperOptions): string {
  if (typeof value !== 'number') return '';
  return numberIn(reader(options).language ?? 'en', value);
}

/** `{{file name}}`: the name of an uploaded file; one that we gave ourselves is translated. */
function file(name: string, options: HelperOptions): string {
  return shownFileName(name, translator(reader(options).language));
}

/** `{{breakable "anna.kovacs@example.com"}}`: the text, with places where a narrow column may break it. */
function breakable(text: string): Handlebars.SafeString {
  const safe = Handlebars.escapeExpression(text);
  return new Handlebars.SafeString(safe.replace(/(?<=.)(?=[@._-])/g, '<wbr>'));
}

/** `{{icon "users"}}`: a Tabler icon, a decoration that is not read aloud. Throws for a name that the sprite lacks. */
function icon(name: unknown): Handlebars.SafeString {
  if (typeof name !== 'string' || !hasIcon(name)) {
    throw new Error(
      `No icon "${String(name)}": name it literally in a view, as Tabler does, and start again`,
    );
  }
  return new Handlebars.SafeString(
    `<svg class="icon" aria-hidden="true" focusable="false"><use href="${asset('icons.svg')}#${name}"></use></svg>`,
  );
}

/** `{{asset "app.css"}}`: its address. */
function assetAddress(name: string): string {
  return asset(name);
}

/** `(grouped options)`: the same options as a list of `{ group, options }`, neighbours of one group together. */
function grouped(options: Option[]): { group?: string; options: Option[] }[] {
  const groups: { group?: string; options: Option[] }[] = [];
  for (const option of options) {
    const last = groups.at(-1);
    if (last && last.group === option.group) last.options.push(option);
    else groups.push({ group: option.group, options: [option] });
  }
  return groups;
}

function eq(left: unknown, right: unknown): boolean {
  return left === right;
}

/** The first value that counts as no (as for `#if`: also 0 and an empty list), else the last one. */
function and(...values: unknown[]): unknown {
  const given = values.slice(0, -1);
  return given.every(yes) ? given.at(-1) : given.find(not);
}

/** The first value that counts as yes, else the last one. */
function or(...values: unknown[]): unknown {
  const given = values.slice(0, -1);
  return given.find(yes) ?? given.at(-1);
}

function not(value: unknown): boolean {
  return !yes(value);
}

function yes(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** `(includes list value)` */
function includes(list: unknown, value: unknown): boolean {
  return Array.isArray(list) && list.includes(value);
}

function reader(options: HelperOptions): Reader {
  return options.data.root as Reader;
}

const timeFormats = new Map<string, Intl.DateTimeFormat>();

// Making a format takes longer than using it a hundred times: a table of 50 rows shares one.
function timeFormat(language: string, timeZone: string, dateOnly: boolean): Intl.DateTimeFormat {
  const key = `${language} ${timeZone} ${dateOnly}`;
  let format = timeFormats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(language, {
      dateStyle: 'medium',
      ...(!dateOnly && { timeStyle: 'short' }),
      timeZone,
    });
    timeFormats.set(key, format);
  }
  return format;
}
