// The texts of the interface. The English text is the key; locales/<language>.json holds the others
// (locales/en.json holds only the singulars, such as "{{count}} users_one").
import { readdirSync, readFileSync } from 'node:fs';
import i18next from 'i18next';

/** Puts an English text into the reader's language; `{{name}}` in it stands for `values.name`. */
export type Translate = (text: string, values?: Record<string, unknown>) => string;

export interface Language {
  /** BCP 47, as in `<html lang>`. */
  code: string;
  /** In the language itself. */
  name: string;
  dir: 'ltr' | 'rtl';
}

type Texts = Record<string, string>;

const rightToLeftScripts = ['Arab', 'Hebr', 'Nkoo', 'Syrc', 'Thaa'];
const texts = readTexts();

/** The languages that a person can choose, English first, the others by code. */
export const languages: Language[] = Object.keys(texts).map(describe);

const i18n = i18next.createInstance();
void i18n.init({
  // Everything is in memory: with false, texts are there before the first request.
  initAsync: false,
  resources: Object.fromEntries(Object.entries(texts).map(([code, translation]) => [code, { translation }])),
  fallbackLng: 'en',
  // English sentences hold dots and colons.
  keySeparator: false,
  nsSeparator: false,
  // Escaping is the work of the templates.
  interpolation: { escapeValue: false },
});

const numberFormats = new Map<string, Intl.NumberFormat>();
const translators = new Map(languages.map(({ code }) => [code, makeTranslator(code)]));

/**
 * The texts of one language. An unknown or missing language speaks English, and so does a text that nobody has
 * translated yet. A number named `count` chooses between singular and plural. As an amount it is written as the language
 * does it, like those named `limit` and `length`; other numbers are names of things, such as row 1234.
 */
export function translator(language: string | null | undefined): Translate {
  return translators.get(language ?? 'en') ?? makeTranslator('en');
}

function makeTranslator(lng: string): Translate {
  const constant = new Map(Object.entries(texts[lng]));
  return (text, values) => {
    // A page says hundreds of texts without a value: asking i18next for each would cost more than the page.
    if (!values || isEmpty(values)) return constant.get(text) ?? text;
    // Under `replace` no value can be taken for an option of i18next; without `nest` no text can call another one.
    // Not its `getFixedT`: that copies all options of i18next at each call.
    return i18n.t(text, { lng, replace: withAmounts(lng, values), count: countIn(values), nest: false });
  };
}

const amounts = ['count', 'limit', 'length'];

function withAmounts(language: string, values: Record<string, unknown>): Record<string, unknown> {
  const written = { ...values };
  for (const name of amounts) {
    const value = values[name];
    if (typeof value === 'number') written[name] = numberIn(language, value);
  }
  return written;
}

/** A number as the language writes it: 1,234.5 or 1.234,5. */
export function numberIn(language: string, value: number): string {
  let format = numberFormats.get(language);
  if (!format) numberFormats.set(language, (format = new Intl.NumberFormat(language)));
  return format.format(value);
}

function isEmpty(values: object): boolean {
  return Object.keys(values).length === 0;
}

function countIn(values: Record<string, unknown>): number | undefined {
  return typeof values.count === 'number' ? values.count : undefined;
}

function readTexts(): Record<string, Texts> {
  const folder = new URL('../../locales/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const read = files.toSorted().map((name): [string, Texts] => {
    return [name.slice(0, -'.json'.length), JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Texts];
  });
  return { en: {}, ...Object.fromEntries(read) };
}

function describe(code: string): Language {
  const script = new Intl.Locale(code).maximize().script ?? 'Latn';
  return {
    code,
    name: new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code,
    dir: rightToLeftScripts.includes(script) ? 'rtl' : 'ltr',
  };
}
