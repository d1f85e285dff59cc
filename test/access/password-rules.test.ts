import { isCommon } from '../../src/access/common-passwords.js';
import { passwordProblems, rulesFor, type PasswordOwner } from '../../src/access/password-rules.js';
import type { TwoFactor } from '../../src/users/effective.js';
import { freshTenant } from '../../src/settings/tenant-settings.js';
import { readFileSync } from 'node:fs';
import { sentence } from '../../src/web/problem.js';
import { translator } from '../../src/web/texts.js';

const anna: PasswordOwner = {
  username: 'anna.kovacs',
  email: 'anna.kovacs@example.com',
  firstName: 'Anna',
  lastName: 'Kovacs',
  twoFactor: null,
  createdAt: 0,
};
const tenant = { ...freshTenant, name: 'Northwind Telecom' };

const agent = (twoFactor: TwoFactor | null) => ({ twoFactor, permissions: [] });

/** What is wrong with a password that is typed twice. */
function said(password: string, repeated = password, owner = anna): string[] {
  const rules = rulesFor(owner, [], tenant);
  return passwordProblems(password, repeated, rules).map((problem) => sentence(problem, translator('en')));
}

test.each([
  ['15 characters', 'violet-harbour-'],
  ['64 characters', 'violet-harbour-lantern '.repeat(3).slice(0, 64)],
  ['128 characters', 'x1y2'.repeat(32)],
  ['blanks at both ends', '  violet harbour  '],
  ['letters only', 'violetharbourlantern'],
  ['emoji, each counted once', '😀🚀🌍🎉🔥💧🌱🍎🚗✈️⚓🎵📷🔑'],
  ['the own name among other words', 'anna.kovacs-likes-harbours'],
  ['a few common words together', 'correct horse battery staple'],
])('AU-8: a password of %s is fine', (_, password) => {
  expect(said(password)).toEqual([]);
});

test.each([
  ['14 characters', 'violet-harbour'],
  ['nothing', ''],
  ['seven emoji, which are fourteen units', '😀🚀🌍🎉🔥💧🌱'],
  ['fifteen letters that compose to fewer', 'e\u0301'.repeat(14)],
])('AU-8: %s is too short', (_, password) => {
  expect(said(password)).toEqual(['Use at least 15 characters: a few words are easy to remember.']);
});

test('AU-8: with a second factor eight characters are enough, and seven are not', () => {
  const withCode = { ...anna, twoFactor: 'google' } as const;
  expect(said('vh4!lant', undefined, withCode)).toEqual([]);
  expect(said('vh4!lan', undefined, withCode)).toEqual([
    'Use at least 8 characters: a few words are easy to remember.',
  ]);
});

test('AU-8: the strictest role decides whether there is a second factor, and the tenant can ask for more characters', () => {
  const asked = { ...tenant, passwordLength: 20, passwordLengthWithCode: 12 };
  expect(rulesFor(anna, [agent(null), agent('email')], asked).least).toBe(12);
  expect(rulesFor(anna, [agent('disabled')], { ...asked, twoFactor: 'google' }).least).toBe(20);
  expect(rulesFor(anna, [agent('disabled')], { ...asked, twoFactorFloor: 'email' }).least).toBe(12);
});

test('AU-8: more than 128 characters are refused, instead of being cut off', () => {
  expect(said('x1y2'.repeat(32) + 'x')).toEqual(['Use 128 characters at the most.']);
});

test.each([
  'anna.kovacsanna.kovacs',
  'ANNA.KOVACS-12345',
  'anna.kovacs@example.com',
  '2026 anna.kovacs 2026',
  'AnnaKovacsAnnaKovacs',
])('AU-9: a password made of the own name is refused: %s', (password) => {
  expect(said(password)).toEqual(['Do not use your username or email as the password.']);
});

test.each(['rollcallrollcall', 'Rollcall-2026-Rollcall', 'northwind telecom 1', 'NorthwindTelecom!'])(
  'AU-9: a password made of the name of the product or the tenant is refused: %s',
  (password) => {
    expect(said(password)).toEqual([
      'Do not make the password of the name of this product or of your company.',
    ]);
  },
);

test.each([
  'passwordpassword',
  'password1234567890',
  'P@ssw0rdP@ssw0rd',
  'qwertyuiopasdfgh',
  '1qaz2wsx3edc4rfv',
  '123456789012345',
  'aaaaaaaaaaaaaaaa',
  'abcabcabcabcabc',
  'ponmlkjihgfedcba',
  'sunshine!!!!!!!2026',
])('AU-9: a password that many people use, or one made of it, is refused: %s', (password) => {
  expect(said(password)).toEqual([
    'Many people use this password, so it is tried first. Choose another one: a few words that do not belong together are easy to remember.',
  ]);
});

test('AU-9: the list holds more than 3000 passwords of at least eight characters', () => {
  const listed = readFileSync('passwords/common.txt', 'utf8').split('\n');
  const long = listed.filter((line) => !line.startsWith('#') && [...line].length >= 8);
  expect(long.length).toBeGreaterThan(3000);
  expect(long.filter((password) => !isCommon(password.toUpperCase()))).toEqual([]);
});

test('two different passwords are refused at the second one', () => {
  const rules = rulesFor(anna, [], tenant);
  expect(passwordProblems('violet-harbour-lantern', 'violet-harbour-lantern ', rules)).toMatchObject([
    { field: 'repeatPassword' },
  ]);
  expect(said('violet-harbour-lantern', 'Violet-harbour-lantern')).toEqual([
    'The two passwords differ. Type the same one twice.',
  ]);
});
