import { detailLines, thingsIn, type Words } from '../../src/audit/details.js';
import { userFields } from '../../src/users/user-fields.js';
import { settingFields } from '../../src/settings/setting-fields.js';
import { translator } from '../../src/web/texts.js';

const names = new Map([
  ['role 3', 'Agent'],
  ['desk 1', 'Berlin'],
]);
const words: Words = {
  catalogues: { user: userFields, settings: settingFields },
  names: { of: (kind, id) => names.get(`${kind} ${id}`) },
  t: translator('en'),
};
const lines = (action: string, details: object) => detailLines(action, JSON.stringify(details), words);

test.each([
  ['a list of IDs by names', { roles: { from: [3], to: [3, 99] } }, 'Roles: Agent → Agent, ID 99'],
  ['nothing at all', { desks: { from: [], to: [1] } }, 'Desks: – → Berlin'],
  [
    'a choice by its label',
    { twoFactor: { from: null, to: 'google' } },
    'Two-Factor Authentication Type: – → Google 2FA App - with one-time code',
  ],
  [
    'minutes by their label',
    { sessionTtl: { old: 60, new: 10080 } },
    'User Session Expires After: 1 hour → 7 days',
  ],
  ['no limit', { maxSessions: { from: 2, to: 0 } }, 'Max User Concurrent Sessions: 2 → Unlimited'],
  ['yes and no', { autoDial: { from: true, to: false } }, 'Auto Dial: Yes → No'],
  ['tenths', { ppqRatio: { from: 10, to: 25 } }, 'PPQ Default Ratio: 1.0 → 2.5'],
  ['a field that no catalogue has', { shoeSize: 43 }, 'shoeSize: 43'],
  ['parts of parts', { counts: { done: 2, left: null } }, 'counts: done 2, left –'],
])('%s', (_what, details, line) => {
  expect(lines('user.changed', details)).toEqual([line]);
});

test('a label is that of the page where the value is set', () => {
  expect(lines('settings.changed', { language: { old: 'en', new: 'de' } })).toEqual([
    'Language: English → Deutsch',
  ]);
  expect(lines('user.changed', { language: { from: 'en', to: null } })).toEqual(['User Language: en → –']);
});

test('what a new thing was not given is left out', () => {
  const given = { roles: [3], twoFactor: null, extendedAcl: false, desks: [], firstName: '' };
  expect(lines('user.created', given)).toEqual(['Roles: Agent']);
});

test('no details are no lines', () => {
  expect(detailLines('signed_in', null, words)).toEqual([]);
});

test('the things that are spoken of, before and after', () => {
  const details = { roles: { from: [3], to: [4] }, callerId: 7, extension: 1000 };
  expect(thingsIn('user.changed', JSON.stringify(details), words.catalogues)).toEqual([
    { kind: 'role', id: 3 },
    { kind: 'role', id: 4 },
    { kind: 'caller_id', id: 7 },
  ]);
});
