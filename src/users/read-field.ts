// Text -> value or problems, for every field of the catalogue. The form and the import both read here.
import { readRatio } from '../settings/ppq.js';
import { isAddress } from '../web/address.js';
import { languages } from '../web/texts.js';
import { timezoneNamed } from '../web/timezones.js';
import type { Problem, ProblemCode } from '../web/problem.js';
import { readSipSetting } from '../sip/sip-settings.js';
import { readSipUri } from '../sip/sip-uri.js';
import type { Kin, UserField } from './user-fields.js';

/** A thing of the tenant that a cell can name. */
export interface Named {
  id: number;
  name: string;
}

/** Finds by ID (all-digits text) or by exact name, ignoring case. */
export interface Names {
  find(text: string): Named | undefined;
}

/** What reading needs to know of the tenant. */
export interface Tenant {
  names: Record<Kin, Names>;
  emergencyNumbers: readonly number[];
  /** PPQ is switched on. */
  ppq: boolean;
  /** Mail can be sent. */
  mail: boolean;
}

export type Reading = { value: unknown } | { problems: Problem[] };

/**
 * Reads one field. Empty text gives the field's empty value, or the problem `missing` when it is required.
 * @param text what was typed or stands in the cell; several names of a list are separated by ; | or ,
 */
export function readField(field: UserField, text: string, tenant: Tenant): Reading {
  const clean = trim(text.normalize('NFC'));
  if (clean === '' || isNothing(field, clean)) {
    return field.required
      ? refuse(field, text, 'missing', '{{label}} is missing.', { label: field.header })
      : { value: field.empty };
  }
  const bad =
    badCharacter(field.kind === 'text' ? clean.replace(/[\r\n\t]+/g, ' ') : clean) ??
    (isSignInName(field) ? codePoint(unseenBlanks.exec(clean)?.[0]) : undefined);
  if (bad === 'U+FFFD')
    return refuse(field, text, 'bad_text', 'A letter is broken here. Type the value again.');
  if (bad) {
    const rule = 'Remove the invisible character {{code}}.';
    return refuse(field, text, 'bad_text', rule, { code: bad }, withoutBad(field, clean, tenant));
  }
  return readers[field.kind](field, clean, tenant);
}

// What would be left of the value, when that is one of the field.
function withoutBad(field: UserField, text: string, tenant: Tenant): string | undefined {
  const unseen = isSignInName(field)
    ? `${badCharacters.source}|${unseenBlanks.source}`
    : badCharacters.source;
  const rest = trim(text.replace(new RegExp(unseen, 'gu'), ''));
  // Broken letters, and commands to a terminal, are no value with something in between.
  if (rest === '' || field.kind === 'token' || /[\ufffd\u0080-\u009f]|\p{Cc}\[/u.test(text)) return undefined;
  return 'value' in readers[field.kind](field, rest, tenant) ? rest : undefined;
}

/** Blanks and invisible characters around a value, which spreadsheets and web pages leave behind. */
export function trim(text: string): string {
  return text.replace(
    /^[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]+|[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]+$/g,
    '',
  );
}

type Read = (field: UserField, text: string, tenant: Tenant) => Reading;

const readers: Record<UserField['kind'], Read> = {
  username: readUsername,
  email: readEmail,
  text: readText,
  timezone: readTimezone,
  language: readLanguage,
  flag: readFlag,
  choice: readChoice,
  minutes: readChoiceOfNumbers,
  sessions: readChoiceOfNumbers,
  extension: readExtension,
  device: readDevice,
  uri: readUri,
  ratio: readTenths,
  one: readOne,
  several: readSeveral,
  token: readToken,
};

function readUsername(field: UserField, text: string): Reading {
  if (text.length > 64) return refuse(field, text, 'too_long', 'Use 64 characters at the most.');
  if (/^[A-Za-z0-9][A-Za-z0-9._@-]{2,63}$/.test(text)) return { value: text };
  const rule = 'Use 3 to 64 letters A-Z, digits or . _ - @, starting with a letter or digit.';
  return refuse(field, text, 'invalid', rule, undefined, plainUsername(text));
}

const plainLetters = new Map(
  Object.entries({
    ß: 'ss',
    æ: 'ae',
    Æ: 'Ae',
    œ: 'oe',
    ø: 'o',
    Ø: 'O',
    ł: 'l',
    Ł: 'L',
    đ: 'd',
    Đ: 'D',
    ı: 'i',
  }),
);

// The same name in the letters that are allowed. A letter of another alphabet is not just dropped, nor an address changed.
function plainUsername(text: string): string | undefined {
  const plain = Array.from(text.normalize('NFKD'), (letter) => plainLetters.get(letter) ?? letter)
    .join('')
    .replace(/\p{M}/gu, '')
    .replace(/\s+/g, '.')
    .replace(/[^\p{L}\p{N}._@-]/gu, '');
  return /^[A-Za-z0-9][A-Za-z0-9._-]{2,63}$/.test(plain) ? plain : undefined;
}

function readEmail(field: UserField, text: string): Reading {
  if (text.length > 254) return refuse(field, text, 'too_long', 'Use 254 characters at the most.');
  const address = text.toLowerCase();
  if (isAddress(address)) return { value: address };
  const inside = /(?:mailto:|<)\s*([^\s<>]+@[^\s<>]+?)\s*>?$/i.exec(text)?.[1].toLowerCase();
  const several = /@.*[\s;,/|].*@/.test(text);
  // Quotes, full stops and the like around it, and full-width letters.
  const bare = address.normalize('NFKC').replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  const suggestion = [inside, several ? undefined : bare].find((one) => one && isAddress(one));
  const rule = several ? 'Give one address only.' : 'Give one address such as name@example.com.';
  return refuse(field, text, 'invalid', rule, undefined, suggestion);
}

function readText(field: UserField, text: string): Reading {
  const value = text.replace(/[\r\n\t]+/g, ' ');
  if ([...value].length > 100) return refuse(field, text, 'too_long', 'Use 100 characters at the most.');
  return { value };
}

function readTimezone(field: UserField, text: string): Reading {
  const zone = timezoneNamed(text);
  if (zone) return { value: zone };
  return refuse(field, text, 'invalid', 'Give a timezone of the IANA list such as Europe/Berlin.');
}

function readLanguage(field: UserField, text: string): Reading {
  const wanted = text.toLowerCase();
  const language = languages.find(({ code, name }) => code === wanted || name.toLowerCase() === wanted);
  if (language) return { value: language.code };
  return refuse(field, text, 'invalid', 'Use one of: {{list}}.', {
    list: languages.map(({ code }) => code).join(', '),
  });
}

function readFlag(field: UserField, text: string): Reading {
  const word = text.toLowerCase();
  if (['1', 'true', 'yes', 'on', 'y'].includes(word)) return { value: true };
  if (['0', 'false', 'no', 'off', 'n'].includes(word)) return { value: false };
  return refuse(field, text, 'invalid', 'Use yes or no (also 1 and 0, true and false, on and off).');
}

function readChoice(field: UserField, text: string): Reading {
  const choices = field.choices ?? [];
  const word = text.toLowerCase();
  const value =
    field.name === 'sip'
      ? readSipSetting(text)
      : choices.find((choice) => choice.value === word || choice.label.toLowerCase() === word)?.value;
  if (value) return { value };
  return refuse(field, text, 'invalid', 'Use one of: {{list}}.', {
    list: choices.map((choice) => choice.label).join(', '),
  });
}

function readChoiceOfNumbers(field: UserField, text: string): Reading {
  const reading = readChoice(field, text);
  if (!('value' in reading)) return reading;
  return { value: reading.value === 'unlimited' ? 0 : Number(reading.value) };
}

function readExtension(field: UserField, text: string, tenant: Tenant): Reading {
  if (/^\d[.,]?\d*E[+-]?\d+$/i.test(text)) {
    return refuse(
      field,
      text,
      'invalid',
      'A spreadsheet changed this number: format the column as text and type it again.',
    );
  }
  if (/^0\d+$/.test(text)) {
    return refuse(
      field,
      text,
      'invalid',
      'Use no leading zero.',
      undefined,
      suggestExtension(text.replace(/^0+/, ''), tenant),
    );
  }
  if (!/^[1-9]\d{2,5}$/.test(text)) {
    const digits = text.normalize('NFKC').replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15));
    // 4101.0 is 4101, and 4.101 is as well; 4101.5 is nothing.
    const whole =
      /^(\d+)[.,]0+$/.exec(digits)?.[1] ??
      (/^\d+[.,]\d+$/.test(digits) && !/^\d{1,3}[.,]\d{3}$/.test(digits) ? '' : digits.replace(/\D/g, ''));
    return refuse(
      field,
      text,
      'invalid',
      'Use 3 to 6 digits without a leading zero.',
      undefined,
      suggestExtension(whole, tenant),
    );
  }
  if (tenant.emergencyNumbers.includes(Number(text)))
    return refuse(field, text, 'invalid', 'This is an emergency number: use another one.');
  return { value: Number(text) };
}

function suggestExtension(digits: string, tenant: Tenant): string | undefined {
  return /^[1-9]\d{2,5}$/.test(digits) && !tenant.emergencyNumbers.includes(Number(digits))
    ? digits
    : undefined;
}

function readDevice(field: UserField, text: string): Reading {
  return /^\d{2,10}$/.test(text) ? { value: text } : refuse(field, text, 'invalid', 'Use 2 to 10 digits.');
}

function readUri(field: UserField, text: string): Reading {
  const uri = readSipUri(text);
  return 'value' in uri ? uri : refuse(field, text, 'invalid', uri.reason);
}

function readTenths(field: UserField, text: string): Reading {
  const tenths = readRatio(text);
  return tenths === undefined
    ? refuse(field, text, 'invalid', 'Use a number from 1.0 to 5.0 with one decimal place.')
    : { value: tenths };
}

function readOne(field: UserField, text: string, tenant: Tenant): Reading {
  const found = tenant.names[field.kin!].find(text);
  return found ? { value: found.id } : unknown(field, text);
}

function readSeveral(field: UserField, text: string, tenant: Tenant): Reading {
  const ids = new Set<number>();
  const problems: Problem[] = [];
  for (const part of listParts(text)) {
    const found = tenant.names[field.kin!].find(part);
    if (found) ids.add(found.id);
    else problems.push(...(unknown(field, part) as { problems: Problem[] }).problems);
  }
  if (problems.length > 0) return { problems };
  if (ids.size === 0 && field.required)
    return refuse(field, text, 'missing', '{{label}} is missing.', { label: field.header });
  return { value: [...ids].sort((a, b) => a - b) };
}

function readToken(field: UserField, text: string): Reading {
  if (/^[\w-]{20,128}$/.test(text)) return { value: text };
  // The value of this problem is a secret: it is not said again.
  return refuse(field, '', 'invalid', 'Use 20 to 128 letters A-Z, digits, - or _.');
}

/** The parts of a cell that lists several things, separated by ; | or , */
export function listParts(text: string): string[] {
  return text.split(/[;|,]/).map(trim).filter(Boolean);
}

function unknown(field: UserField, text: string): Reading {
  const isId = /^\d+$/.test(text);
  const words = isId
    ? 'There is no {{label}} with the ID {{value}}.'
    : 'There is no {{label}} called “{{value}}”.';
  return refuse(field, text, 'unknown', words, { label: field.header });
}

// Spreadsheets leave these words where nothing was meant. Not in names: people are called Null.
function isNothing(field: UserField, text: string): boolean {
  return field.kind !== 'text' && /^(null|n\/a|undefined|-|""|'')$/i.test(text);
}

/** Blanks that look like others, and joiners: right in a person's name, wrong in what they type to sign in. */
const unseenBlanks = /[\u00a0\u1680\u2000-\u200d\u202f\u205f\u3000]/u;
const badCharacters = /[\p{Cc}\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]/u;

/** The first control character, or one that cannot be seen or turns the text around, as `U+200B`. */
export function badCharacter(text: string): string | undefined {
  return codePoint(badCharacters.exec(text)?.[0]);
}

function codePoint(found: string | undefined): string | undefined {
  return found && `U+${found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}

function isSignInName({ kind }: UserField): boolean {
  return kind === 'username' || kind === 'email';
}

function refuse(
  field: UserField,
  value: string,
  code: ProblemCode,
  text: string,
  values: Record<string, string | number> = {},
  suggestion?: string,
): { problems: Problem[] } {
  return {
    problems: [
      { field: field.name, value, code, text, values: { label: field.label, value, ...values }, suggestion },
    ],
  };
}
