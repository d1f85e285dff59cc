import { languages, translator } from '../../src/web/texts.js';

test('a text is said in the language of its reader', () => {
  expect(translator('de')('Sign Out')).toBe('Abmelden');
  expect(translator('ar')('Sign Out')).toBe('تسجيل الخروج');
  expect(translator('en')('Sign Out')).toBe('Sign Out');
});

test('a text that nobody has translated is said in English, with its values', () => {
  expect(translator('de')('Row {{row}}: see a.b, c:d.', { row: 7 })).toBe('Row 7: see a.b, c:d.');
});

test('an unknown language and a missing one speak English', () => {
  for (const language of ['xx', '', null, undefined])
    expect(translator(language)('Sign Out')).toBe('Sign Out');
});

test('one problem is spoken of in the singular, several in the plural of the language', () => {
  const problems = 'There are {{count}} problems';
  expect(translator('en')(problems, { count: 1 })).toBe('There is a problem');
  expect(translator('en')(problems, { count: 3 })).toBe('There are 3 problems');
  expect(translator('de')(problems, { count: 1 })).toBe('Es gibt ein Problem');
  expect(translator('ar')(problems, { count: 2 })).toBe('هناك مشكلتان');
});

test('a number of things is written as the language does it', () => {
  expect(translator('en')('{{count}} users', { count: 2400 })).toBe('2,400 users');
  expect(translator('de')('{{count}} users', { count: 2400 })).toBe('2.400 Benutzer');
});

test('a value is shown as it is, whatever it looks like', () => {
  const say = translator('de');
  for (const name of ['{{count}}', '$t(Sign Out)', '<b>', 'a & b']) {
    expect(say('Help for {{label}}', { label: name, count: 1 })).toBe(`Hilfe zu ${name}`);
  }
  expect(say('Sign Out', { lng: 'ar', ns: 'x', context: 'male' })).toBe('Abmelden');
});

test('a person chooses from languages named in themselves, English first', () => {
  expect(languages[0]).toEqual({ code: 'en', name: 'English', dir: 'ltr' });
  expect(languages).toContainEqual({ code: 'de', name: 'Deutsch', dir: 'ltr' });
  expect(languages).toContainEqual({ code: 'ar', name: 'العربية', dir: 'rtl' });
});
