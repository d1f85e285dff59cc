import { passwordProblems } from '../../src/access/password-rules.js';
import { sentence } from '../../src/web/problem.js';
import { translator } from '../../src/web/texts.js';

const own = ['anna.kovacs', 'anna.kovacs@example.com'];

/** What is wrong with a password that is typed twice. */
function said(password: string, repeated = password): string[] {
  return passwordProblems(password, repeated, own).map((problem) => sentence(problem, translator('en')));
}

test.each([
  ['15 characters', 'violet-harbour-'],
  ['64 characters', 'violet-harbour-lantern '.repeat(3).slice(0, 64)],
  ['128 characters', 'x1y2'.repeat(32)],
  ['blanks at both ends', '  violet harbour  '],
  ['letters only', 'violetharbourlantern'],
  ['emoji, each counted once', '😀🚀🌍🎉🔥💧🌱🍎🚗✈️⚓🎵📷🔑'],
  ['the own name among other words', 'anna.kovacs-likes-harbours'],
])('a password of %s is fine', (_, password) => {
  expect(said(password)).toEqual([]);
});

test.each([
  ['14 characters', 'violet-harbour'],
  ['nothing', ''],
  ['seven emoji, which are fourteen units', '😀🚀🌍🎉🔥💧🌱'],
  ['fifteen letters that compose to fewer', 'e\u0301'.repeat(14)],
])('%s is too short', (_, password) => {
  expect(said(password)).toEqual(['Use at least 15 characters: a few words are easy to remember.']);
});

test('more than 1,000 characters are refused', () => {
  expect(said('x1y2'.repeat(250))).toEqual([]);
  expect(said('x1y2'.repeat(251))).toEqual(['Use 1000 characters at the most.']);
});

test.each([
  'anna.kovacsanna.kovacs',
  'ANNA.KOVACS-12345',
  'anna.kovacs@example.com',
  '2026 anna.kovacs 2026',
])('a password made of the own name is refused: %s', (password) => {
  expect(said(password)).toEqual(['Do not use your username or email as the password.']);
});

test('two different passwords are refused at the second one', () => {
  expect(passwordProblems('violet-harbour-lantern', 'violet-harbour-lantern ', own)).toMatchObject([
    { field: 'repeatPassword' },
  ]);
  expect(said('violet-harbour-lantern', 'Violet-harbour-lantern')).toEqual([
    'The two passwords differ. Type the same one twice.',
  ]);
});
