import { filesBelow } from './files.js';
import { literalsInCode, textsInCode, textsInViews } from './texts.js';

type Locale = { path: string; texts: Record<string, string> };

const views = filesBelow('views', '.hbs');
// Sample people and desks keep their names in every language.
const code = filesBelow('src', '.ts').filter(({ path }) => !/^src\/(demo|database)\//.test(path));
const locales: Locale[] = filesBelow('locales', '.json').map(({ path, text }) => ({
  path,
  texts: JSON.parse(text),
}));
const shown = new Map([...textsInCode(code), ...textsInViews(views)]);
const said = new Set([...literalsInCode(code), ...shown.keys()]);

test.each(locales)('$path holds no text that nobody says any more', ({ texts }) => {
  expect(leftOver(texts, said)).toEqual([]);
});

// English needs only the singulars.
const translations = locales.filter(({ path }) => !path.endsWith('/en.json'));

if (translations.length > 0) {
  test.each(translations)('$path translates every text', ({ texts }) => {
    expect(missing(texts, shown)).toEqual([]);
  });
}

test.each(locales)('$path keeps the values of each text', ({ texts }) => {
  expect(otherValues(texts)).toEqual([]);
});

describe('the rules find', () => {
  const texts = textsInViews([
    {
      path: 'views/shared/_label.hbs',
      text: '<label>{{t label}}</label>{{#if help}}{{t (or help "No help")}}{{/if}}',
    },
    { path: 'views/shared/_text.hbs', text: '{{> shared/_label label=label help=hint name=name}}' },
    {
      path: 'views/page.hbs',
      text: '\n{{> shared/_text label="First Name" name="firstName" hint="A hint"}}{{t "For {{label}}" label=(t "Me")}}',
    },
  ]);

  test('texts in views, also those handed from partial to partial', () => {
    expect([...texts.keys()].sort()).toEqual(['A hint', 'First Name', 'For {{label}}', 'Me', 'No help']);
    expect(texts.get('First Name')).toBe('views/page.hbs:2');
  });

  test('texts in code, and leave out what people do not read', () => {
    const sample = `
      import x from 'Some Package';
      const field = { name: 'username', label: 'Username', header: 'User Name', 'Not shown': 1, help: a ? 'One' : 'Two words' };
      throw new Error('This is for developers.');
      throw new ForbiddenException('You may not do this.');
      manager.query('SELECT a FROM b');
      return refuse(field, 'missing', 'Enter a name.');
      t('yes'); t("it's");
    `;
    expect([...textsInCode([{ path: 'a.ts', text: sample }]).keys()].sort()).toEqual([
      'Enter a name.',
      'One',
      'Two words',
      'Username',
      'You may not do this.',
      "it's",
      'yes',
    ]);
  });

  test('a text that nobody says, one that is not translated, and one that loses its value', () => {
    const german = { 'First Name': 'Vorname', Gone: 'Fort', 'For {{label}}': 'Für {{name}}' };
    expect(leftOver(german, new Set(texts.keys()))).toEqual(['Gone']);
    expect(missing(german, texts)).toEqual([
      'A hint (views/page.hbs:2)',
      'Me (views/page.hbs:2)',
      'No help (views/shared/_label.hbs:1)',
    ]);
    expect(otherValues(german)).toEqual(['For {{label}}']);
  });

  test('a plural by its forms', () => {
    const german = { '{{count}} users_one': 'Ein Benutzer', '{{count}} users_other': '{{count}} Benutzer' };
    const users = new Map([['{{count}} users', 'views/page.hbs:1']]);
    expect(leftOver(german, new Set(users.keys()))).toEqual([]);
    expect(missing(german, users)).toEqual([]);
    expect(otherValues(german)).toEqual([]);
  });
});

function leftOver(texts: Record<string, string>, known: Set<string>): string[] {
  return Object.keys(texts).filter((key) => !known.has(key) && !known.has(withoutPlural(key)));
}

function missing(texts: Record<string, string>, wanted: Map<string, string>): string[] {
  const translated = new Set(Object.keys(texts).flatMap((key) => [key, withoutPlural(key)]));
  return [...wanted]
    .filter(([text]) => !translated.has(text))
    .map(([text, place]) => `${text} (${place})`)
    .sort();
}

// The form for one may leave out the number.
function otherValues(texts: Record<string, string>): string[] {
  return Object.entries(texts)
    .filter(([key, text]) => {
      const given = valuesIn(key);
      const used = valuesIn(text);
      const optional = withoutPlural(key) === key ? [] : ['count', 'number', 'total'];
      return (
        used.some((name) => !given.includes(name)) ||
        given.some((name) => !used.includes(name) && !optional.includes(name))
      );
    })
    .map(([key]) => key);
}

function valuesIn(text: string): string[] {
  return [...text.matchAll(/\{\{\s*([\w.]+)\s*\}\}/g)].map(([, name]) => name);
}

function withoutPlural(key: string): string {
  return key.replace(/_(zero|one|two|few|many|other)$/, '');
}
