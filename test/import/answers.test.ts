import { controlsOf, openQuestions, sourceOf, sourcesOf, type Answers } from '../../src/import/answers.js';
import { firstAnswers as toldByFile } from '../../src/import/first-answers.js';
import { exampleFile } from '../../src/import/example-file.js';
import type { TenantDirectory } from '../../src/users/tenant-directory.js';
import { userField, userFields } from '../../src/users/user-fields.js';
import { allPermissions, type Permission } from '../../src/web/permissions.js';
import { sentence } from '../../src/web/problem.js';
import { translator } from '../../src/web/texts.js';
import { tenant } from '../support/planning.js';

const firstAnswers = (...told: Parameters<typeof toldByFile>) => toldByFile(...told).answers;

const headers = ['Username', 'Email', 'Ext', 'Role', 'SIP Settings', 'Password'];
const sample = [['anna', 'anna@example.com', '2001', 'Agent', 'webrtc', 'x']];
const grants = {
  giver: { permissions: new Set(allPermissions), ownDesksOnly: false },
  roles: new Map([
    [1, { permissions: allPermissions, ownDesksOnly: false, twoFactor: null }],
    [2, { permissions: [], ownDesksOnly: false, twoFactor: null }],
  ]),
  defaultTwoFactor: 'disabled' as const,
  administratorsTwoFactor: true,
};
/** Everything settled. */
const settled: Answers = {
  'username.column': '1',
  'email.column': '2',
  'extension.column': '3',
  'role.source': 'dialer',
  'role.value': '2',
  'sip.source': 'webrtc',
};

/** The open questions as `control: sentence`. */
function open(answers: Answers, permissions = allPermissions): string[] {
  const giver = { permissions: new Set(permissions), ownDesksOnly: false };
  const problems = openQuestions(answers, headers, tenant, { ...grants, giver });
  return problems.map((problem) => `${problem.field}: ${sentence(problem, translator('en'))}`);
}

describe('from the file itself', () => {
  test('columns are matched, and what they hold is chosen', () => {
    expect(firstAnswers(headers, sample, tenant)).toMatchObject({
      'username.column': '1',
      'email.column': '2',
      'extension.column': '3',
      'role.source': 'column:4',
      'sip.source': 'file',
      'sip.column': '5',
      // The device may be the extension's number.
      'pbxDevice.column': '3',
      'active.source': 'dialer',
      'active.value': 'yes',
      'firstName.source': '',
    });
    expect(firstAnswers(headers, sample, tenant)).not.toHaveProperty(['extension.generate']);
  });

  test('extensions are generated when no column holds them', () => {
    expect(firstAnswers(['Username', 'Email'], [], tenant)).toMatchObject({
      'extension.column': '',
      'extension.generate': 'on',
    });
    const empty = firstAnswers(
      ['Username', 'Email', 'Virtual Extension'],
      [['anna', 'anna@example.com', '']],
      tenant,
    );
    expect(empty).toMatchObject({ 'extension.column': '3', 'extension.generate': 'on' });
  });

  test('a role column whose values no role fits gives way to the role chosen last, else to none', () => {
    const odd = [['anna', 'anna@example.com', '2001', 'Boss', 'webrtc', 'x']];
    expect(firstAnswers(headers, odd, tenant, 2)).toMatchObject({
      'role.source': 'dialer',
      'role.value': '2',
    });
    expect(firstAnswers(headers, odd, tenant)).toMatchObject({ 'role.source': 'dialer', 'role.value': '' });
  });

  test('one known role among several in a cell is enough', () => {
    const several = [['anna', 'anna@example.com', '2001', 'Boss; Agent', 'webrtc', 'x']];
    expect(firstAnswers(headers, several, tenant)).toMatchObject({ 'role.source': 'column:4' });
  });

  test('a SIP column of unknown words gives way to Use WebRTC', () => {
    const odd = [['anna', 'anna@example.com', '2001', 'Agent', 'isdn', 'x']];
    expect(firstAnswers(headers, odd, tenant)).toMatchObject({ 'sip.source': 'webrtc', 'sip.column': '5' });
  });

  test('every column of the example file is matched with its field', () => {
    const nothing = { all: Object.fromEntries(kins.map((kin) => [kin, []])) } as unknown as TenantDirectory;
    const [exampleHeader, example] = exampleFile(nothing);
    const row = example.with(exampleHeader.indexOf('Virtual Extension'), '2001');
    const sources = [...sourcesOf(firstAnswers(exampleHeader, [row], tenant))];
    for (const field of userFields.filter(({ wizard }) => wizard === 'required' || wizard === 'optional')) {
      const position = exampleHeader.indexOf(field.header) + 1;
      expect([field.name, sources.find(([{ name }]) => name === field.name)?.[1]]).toEqual([
        field.name,
        { from: 'column', position },
      ]);
    }
  });
});

const kins = ['roles', 'desks', 'skillGroups', 'queues', 'pbxDomains', 'callerIds'];

describe('a value comes', () => {
  test.each([
    ['username', { 'username.column': '3' }, { from: 'column', position: 3 }],
    ['username', { 'username.column': '' }, { from: 'nothing' }],
    ['username', { 'username.column': '0' }, { from: 'nothing' }],
    ['username', { 'username.column': '1e3' }, { from: 'nothing' }],
    ['username', { 'username.column': ['2', '3'] }, { from: 'column', position: 2 }],
    ['extension', { 'extension.column': '3', 'extension.generate': 'on' }, { from: 'nothing' }],
    ['roles', { 'role.source': 'column:4', 'role.value': '2' }, { from: 'column', position: 4 }],
    ['roles', { 'role.source': 'dialer', 'role.value': '2' }, { from: 'dialer', text: '2' }],
    ['roles', { 'role.source': 'dialer', 'role.value': '' }, { from: 'nothing' }],
    ['desks', { 'desks.source': 'dialer', 'desks.value': ['1', '2'] }, { from: 'dialer', text: '1;2' }],
    ['desks', { 'desks.source': '', 'desks.value': '1' }, { from: 'nothing' }],
    ['sip', { 'sip.source': 'file', 'sip.column': '5' }, { from: 'column', position: 5 }],
    ['sip', { 'sip.source': 'custom_uri', 'sip.column': '5' }, { from: 'dialer', text: 'custom_uri' }],
    ['twoFactor', { twoFactor: 'google' }, { from: 'dialer', text: 'google' }],
    ['twoFactor', {}, { from: 'nothing' }],
  ] as [string, Answers, object][])('of %s by %j from %j', (name, answers, source) => {
    expect(sourceOf(userField(name), answers)).toEqual(source);
  });

  test('never from a file for passwords and tokens', () => {
    const names = [...sourcesOf({}).keys()].map(({ name }) => name);
    expect(names).not.toContain('digitsOnly');
    expect(names).toContain('ppqSorting');
  });
});

describe('before the review', () => {
  test('nothing is open once everything is chosen', () => {
    expect(open(settled)).toEqual([]);
  });

  test('every required field is asked for, at its control', () => {
    expect(open({})).toEqual([
      'username.column: Choose the column for Username.',
      'email.column: Choose the column for Email.',
      'role.source: Choose the Role for all users, or a column.',
      'sip.source: Choose the column for SIP Settings.',
      'extension.column: Choose the column for Virtual Extension.',
    ]);
    expect(open({ ...settled, 'role.value': '' })).toEqual([
      'role.value: Choose the Role for all users, or a column.',
    ]);
  });

  test('a column that the file does not have is refused', () => {
    expect(open({ ...settled, 'email.column': '7' })).toEqual([
      'email.column: The file has no such column for Email. Choose another one.',
    ]);
    expect(open({ ...settled, 'desks.source': 'column:99' })).toEqual([
      'desks.source: The file has no such column for Desks. Choose another one.',
    ]);
  });

  test('a column of passwords is never used', () => {
    expect(open({ ...settled, 'firstName.source': 'column:6' })).toEqual([
      'firstName.source: A column of passwords cannot be used for First Name.',
    ]);
  });

  test('what the SIP choice needs is asked for, and nothing that it does not need', () => {
    expect(open({ ...settled, 'sip.source': 'classic_pbx' })).toEqual([
      'pbxDomain.source: Choose the PBX Domain for all users, or a column.',
      'pbxDevice.column: Choose the column for PBX Device.',
    ]);
    expect(open({ ...settled, 'sip.source': 'custom_uri' })).toEqual([
      'customUri.column: Choose the column for Custom URI.',
    ]);
    expect(open({ ...settled, 'sip.source': 'builtin_pbx', 'pbxDomain.source': 'column:99' })).toEqual([]);
    // Rows from a file may need any of them; what a row lacks is its own error.
    expect(open({ ...settled, 'sip.source': 'file', 'sip.column': '5' })).toEqual([]);
  });

  test('a value for all users is read like a cell', () => {
    expect(open({ ...settled, 'role.value': '77' })).toEqual([
      'role.value: There is no Role with the ID 77.',
    ]);
    expect(open({ ...settled, 'timezone.source': 'dialer', 'timezone.value': 'Mars' })).toEqual([
      'timezone.value: Give a timezone of the IANA list such as Europe/Berlin.',
    ]);
    expect(open({ ...settled, 'sip.source': 'isdn' })[0]).toMatch(/^sip\.source: Use one of: /);
    expect(open({ ...settled, twoFactor: 'fax' })[0]).toMatch(/^twoFactor: Use one of: /);
  });

  test('what a person may not give is refused for all users', () => {
    const few: Permission[] = ['users.import'];
    expect(open({ ...settled, 'role.value': '1' }, few)).toEqual([
      'role.value: You cannot give a role that permits more than your own.',
    ]);
    expect(open({ ...settled, fullRecordingAccess: 'on' }, few)).toEqual([
      'fullRecordingAccess: You may not give Full Recording Access.',
    ]);
  });
});

test('each control belongs to one step', () => {
  const all = [...controlsOf('fields'), ...controlsOf('security'), ...controlsOf('options')];
  expect(new Set(all).size).toBe(all.length);
  expect(controlsOf('fields')).toEqual([
    'username.column',
    'email.column',
    'role.source',
    'role.value',
    'sip.source',
    'sip.column',
    'extension.column',
    'extension.generate',
    'pbxDomain.source',
    'pbxDomain.value',
    'pbxDevice.column',
    'customUri.column',
  ]);
  expect(controlsOf('security')).toEqual([
    'twoFactor',
    'sessionTtl',
    'maxSessions',
    'extendedAcl',
    'fullRecordingAccess',
  ]);
  expect(controlsOf('options')).toContain('digitsOnly');
});
