import { nameKey, nameProblem, takenBy, tidy } from '../../src/web/names.js';

test.each([
  ['Anna', 'ANNA'],
  ['ärger', 'ÄRGER'],
  ['Ärger', 'A\u0308rger'],
  ['abc', 'ａｂｃ'],
  ['①', '1'],
  ['ﬁ', 'fi'],
])('%s and %s are the same name', (one, other) => {
  expect(nameKey(one)).toBe(nameKey(other));
});

test.each([
  ['anna', 'änna'],
  ['anna', 'аnna'],
  ['straße', 'strasse'],
])('%s and %s are two names', (one, other) => {
  expect(nameKey(one)).not.toBe(nameKey(other));
});

test('a name is stored trimmed and composed', () => {
  expect(tidy(' Zu\u0308rich\n')).toBe('Zürich');
});

test.each(['North', 'Team 7', '7b', 'x', 'Ünïcödé 😀', 'a'.repeat(100), '😀'.repeat(100)])(
  'a thing can be called %s',
  (name) => {
    expect(nameProblem(name)).toBeUndefined();
  },
);

test.each([
  ['nothing', '', 'missing'],
  ['digits only, which would look like an ID', '123', 'invalid'],
  ['a semicolon', 'a;b', 'invalid'],
  ['a bar', 'a|b', 'invalid'],
  ['a comma', 'a,b', 'invalid'],
  ['a line break', 'a\nb', 'invalid'],
  ['more than 100 characters', 'a'.repeat(101), 'too_long'],
])('a thing cannot be called by %s', (_, name, code) => {
  expect(nameProblem(name)).toMatchObject({ field: 'name', value: name, code });
});

test('a name that is taken is told with its holder, unless that is the thing itself', () => {
  const holder = { id: 4, name: 'North' };
  expect(takenBy(holder, 'north')).toMatchObject([
    { field: 'name', value: 'north', code: 'taken', values: { name: 'North', id: 4 } },
  ]);
  expect(takenBy(holder, 'north', 'name', 4)).toEqual([]);
  expect(takenBy(null, 'north')).toEqual([]);
});
