// Every field of a user on the form: set, seen, refused, kept.
import { parse } from 'node-html-parser';
import { visibleText } from '../support/accessible-name.js';
import { rowsOf } from '../support/peek.js';
import { addRole, addUser, firstSignIn, newcomer, shownPassword } from '../support/newcomers.js';
import { duplicateNames } from '../support/page.js';
import { setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;
let next = 2000;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await setUp(rollcall);
});

describe('New User', () => {
  test('has four parts with every field in its order, and two toggles that are closed', async () => {
    await chief.open('/users/new');
    const headings = chief.page.root.querySelectorAll('h2').map((heading) => heading.text);
    expect(headings).toEqual([
      'User General Info',
      'User Extension Settings',
      'Security and Permissions',
      'Dialer Settings',
    ]);
    const text = visibleText(chief.page.root.querySelector('form[action="/users"]')!);
    const labels = text.split('\n').filter((line) => fieldLabels.includes(line));
    expect(labels).toEqual(fieldLabels);
    for (const button of ['Add User', 'Add and Create Another', 'Generate'])
      expect(chief.page.hasButton(button)).toBe(true);
    expect(openToggles(chief)).toEqual([]);
    expect(duplicateNames(chief.page)).toEqual([]);
  });

  test('every setting that is not obvious has a help text', async () => {
    await chief.open('/users/new');
    const obvious = ['First Name', 'Last Name'];
    for (const label of fieldLabels)
      expect([label, chief.page.hasButton(`Help for ${label}`)]).toEqual([label, !obvious.includes(label)]);
  });

  test('says beside each default what it comes to and who decides it', async () => {
    await chief.open('/users/new');
    expect(chief.page.value('Timezone')).toBe('Default (Tenant: UTC)');
    expect(chief.page.value('User Language')).toBe('Default (Tenant: English)');
    expect(chief.page.value('Outbound Caller ID')).toBe('Default (Tenant: None)');
    const byRole = 'Default from Role/Tenant';
    expect(chief.page.value('Two-Factor Authentication Type')).toBe(`${byRole} (Tenant: Disabled)`);
    expect(chief.page.value('User Session Expires After')).toBe(`${byRole} (Tenant: 12 hours)`);
    expect(chief.page.value('Max User Concurrent Sessions')).toBe(`${byRole} (Tenant: Unlimited)`);
  });
});

describe('a field is set, and seen again on the user’s page:', () => {
  test.each([
    ['First Name', 'Anna'],
    ['Last Name', 'Kovács'],
    ['CalDAV Token', 'Pasted-token_of-the-old-system'],
  ])('%s as text', async (label, value) => {
    await begin();
    await chief.form('Add User').fill(label, value).press('Add User');
    await openAdded();
    expect(chief.page.value(label)).toBe(label === 'CalDAV Token' ? '' : value);
  });

  test.each([
    ['Timezone', 'Asia/Tokyo'],
    ['User Language', 'English'],
    ['Outbound Caller ID', 'Berlin Office (+493012345678)'],
    ['Two-Factor Authentication Type', 'Disabled - login without 2FA'],
    ['Two-Factor Authentication Type', 'Google 2FA App - with one-time code'],
    ['User Session Expires After', '30 minutes'],
    ['User Session Expires After', '7 days'],
    ['Max User Concurrent Sessions', 'Unlimited'],
    ['Max User Concurrent Sessions', '20'],
  ])('%s as the choice %s', async (label, text) => {
    await begin();
    const option = chief.page.options(label).find((one) => one.startsWith(text.split(' (')[0]))!;
    await chief.form('Add User').choose(label, option).press('Add User');
    await openAdded();
    expect(chief.page.value(label)).toBe(option);
  });

  test.each([
    'Automatically add user to all current and future desks',
    'Auto Dial',
    'Use extended IP ACL?',
    'Full Recording Access',
    'Automatically add user to all current and future skill groups',
    'Assign Leads to User?',
    'Generate user passwords with digits only (not recommended)',
  ])('%s as a tick', async (label) => {
    await begin();
    expect(chief.page.isChecked(label)).toBe(false);
    await chief.form('Add User').check(label).press('Add User');
    await openAdded();
    expect(chief.page.isChecked(label)).toBe(true);
    await chief.form('Save Changes').uncheck(label).press('Save Changes');
    expect(chief.page.isChecked(label)).toBe(false);
  });

  test.each(['Desks', 'Skill Groups', 'Queues'])('%s as several of a list', async (label) => {
    await begin();
    const [first, second] = chief.page.options(label);
    await chief.form('Add User').choose(label, first, second).press('Add User');
    await openAdded();
    expect(chief.page.value(label)).toBe(`${first}, ${second}`);
    await chief.form('Save Changes').choose(label).press('Save Changes');
    expect(chief.page.value(label)).toBe('');
  });

  test('Roles as several ticks', async () => {
    await begin();
    await chief.form('Add User').check('Supervisor').press('Add User');
    await openAdded();
    expect([chief.page.isChecked('Agent'), chief.page.isChecked('Supervisor')]).toEqual([true, true]);
  });
});

test('timezone and language are those of the user’s own pages', async () => {
  const username = await begin();
  await chief
    .form('Add User')
    .choose('Timezone', 'Asia/Tokyo')
    .choose('User Language', 'Deutsch')
    .press('Add User');
  const user = await signIn(rollcall, username, shownPassword(chief));
  expect(user.page.root.querySelector('html')!.getAttribute('lang')).toBe('de');
});

test.each([
  ['timezone', 'Mars/Base', 'Give a timezone of the IANA list'],
  ['language', 'xx', 'Use one of: '],
  ['desks', '999', 'There is no Desk with the ID 999.'],
  ['skillGroups', 'Nobody knows', 'There is no Skill Group called “Nobody knows”.'],
  ['queues', '999', 'There is no Queue with the ID 999.'],
  ['roles', '999', 'There is no Role with the ID 999.'],
  ['sip', 'smoke', 'Use one of: Use WebRTC'],
  ['callerId', '999', 'There is no Outbound Caller ID with the ID 999.'],
  ['twoFactor', 'fax', 'Use one of: Disabled'],
  ['sessionTtl', '31', 'Use one of: 30 minutes'],
  ['maxSessions', '21', 'Use one of: Unlimited'],
  ['allDesks', 'maybe', 'Use yes or no'],
  ['active', 'maybe', 'Use yes or no'],
  ['autoDial', 'maybe', 'Use yes or no'],
])('the form does not offer %s %j: it is refused beside its field', async (name, value, problem) => {
  const answer = await chief.post('/users', { ...(await fewest()), [name]: value });
  expect(answer.status).toBe(422);
  const beside = parse(answer.text).getElementById(`problem-${name}`);
  expect(beside?.text).toContain(problem);
});

test('the session time of a user is that of their sessions', async () => {
  const username = await begin();
  await chief.form('Add User').choose('User Session Expires After', '30 minutes').press('Add User');
  await firstSignInOf(username);
  const [{ minutes }] = await rowsOf<{ minutes: number | string }>(
    rollcall,
    `SELECT (expires_at - created_at) / 60000 AS minutes FROM sessions ORDER BY id DESC LIMIT 1`,
  );
  expect(Number(minutes)).toBe(30);
});

test('a list that a flag replaces is kept for the day when the flag goes off', async () => {
  await begin();
  const [desk] = chief.page.options('Desks');
  const all = 'Automatically add user to all current and future desks';
  await chief.form('Add User').choose('Desks', desk).check(all).press('Add User');
  await openAdded();
  await chief.form('Save Changes').uncheck(all).press('Save Changes');
  expect(chief.page.value('Desks')).toBe(desk);
});

test('a toggle opens by itself when something inside is set or wrong', async () => {
  await begin();
  await chief.form('Add User').fill('CalDAV Token', 'short').press('Add User');
  expect(chief.page.status).toBe(422);
  expect(chief.page.problems).toEqual(['CalDAV Token: Use 20 to 128 letters A-Z, digits, - or _.']);
  expect(openToggles(chief)).toEqual(['Advanced User & Extension Settings']);
  await chief
    .form('Add User')
    .fill('CalDAV Token', '')
    .choose('Max User Concurrent Sessions', '3')
    .press('Add User');
  await openAdded();
  expect(openToggles(chief)).toEqual(['Advanced Security Settings']);
});

describe('a CalDAV token', () => {
  test('SC-4: is generated without creating anybody, is shown once, and only its hash is kept', async () => {
    const username = await begin();
    await chief.press('Generate');
    const token = chief.page.value('CalDAV Token');
    expect(token).toMatch(/^[\w-]{32}$/);
    expect(chief.page.value('Username')).toBe(username);
    await chief.press('Add User');
    await openAdded();
    expect(chief.page.html).not.toContain(token);
    expect(chief.page.text).toContain('A token is set; a new one replaces it.');
    const [{ hash }] = await rowsOf<{ hash: string }>(
      rollcall,
      `SELECT caldav_token_hash AS hash FROM users WHERE username = '${username}'`,
    );
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    // Saving something else keeps it; a new one replaces it.
    await chief.form('Save Changes').fill('First Name', 'Eva').press('Save Changes');
    expect(await hashOf(username)).toBe(hash);
    await chief.press('Generate');
    expect(chief.page.value('CalDAV Token')).not.toBe(token);
    await chief.press('Save Changes');
    expect(await hashOf(username)).not.toBe(hash);
  });

  test('is removed again by an administrator, or by the user on My Account, and the log knows both', async () => {
    const username = await begin();
    await chief.press('Generate');
    await chief.press('Add User');
    const secret = shownPassword(chief);
    await openAdded();
    await chief.press('Remove CalDAV Token');
    expect(chief.page.flash).toBe(`The CalDAV token of “${username}” was removed.`);
    expect(await hashOf(username)).toBeNull();
    expect(chief.page.hasButton('Remove CalDAV Token')).toBe(false);
    await chief.press('Generate');
    await chief.press('Save Changes');
    expect(await hashOf(username)).not.toBeNull();
    const user = await firstSignIn(rollcall, username, secret);
    await user.press('Remove CalDAV Token');
    expect(user.page.flash).toBe('Your CalDAV token was removed.');
    expect(await hashOf(username)).toBeNull();
    expect(user.page.hasButton('Remove CalDAV Token')).toBe(false);
    await chief.open('/audit?action=user.caldav_token_removed');
    const about = chief.page.table().filter((row) => row.join(' ').includes(username));
    expect(about.map((row) => row.join(' ').includes('chief'))).toEqual([false, true]);
  });

  test.each(['x'.repeat(19), 'x'.repeat(129), 'with blanks between the words', 'ünlikely-characters-in-it'])(
    'is refused when it is %j',
    async (token) => {
      await begin();
      const page = await chief.form('Add User').fill('CalDAV Token', token).press('Add User');
      expect(page.status).toBe(422);
      expect(page.root.getElementById('problem-caldavToken')?.text).toContain('Use 20 to 128 letters');
    },
  );

  test('belongs to one user only', async () => {
    const token = 'the-very-same-token-twice';
    for (const status of [200, 422]) {
      await begin();
      const page = await chief.form('Add User').fill('CalDAV Token', token).press('Add User');
      expect(page.status).toBe(status);
    }
    expect(chief.page.problems).toEqual(['This token is in use already: generate another one.']);
  });

  async function hashOf(username: string): Promise<string | null> {
    const rows = await rowsOf<{ hash: string | null }>(
      rollcall,
      `SELECT caldav_token_hash AS hash FROM users WHERE username = '${username}'`,
    );
    return rows[0].hash;
  }
});

describe('PPQ', () => {
  const label = 'Activate Predictive Personal Queue?';

  test('cannot be ticked, and says why, as long as the tenant has not switched it on', async () => {
    await begin();
    expect(chief.page.field(label).hasAttribute('disabled')).toBe(true);
    expect(chief.page.text).toContain('PPQ is not switched on for this tenant');
    const body = { ...(await fewest()), ppq: 'on' };
    const answer = await chief.post('/users', body);
    expect([answer.status, answer.text.includes('PPQ is not switched on')]).toEqual([422, true]);
  });

  describe('switched on', () => {
    beforeAll(async () => {
      await chief.open('/settings');
      await chief.form('Save Settings').check('Predictive Personal Queue').press('Save Settings');
    });

    test('has a ratio and a sorting of its own', async () => {
      await begin();
      await chief
        .form('Add User')
        .check(label)
        .fill('PPQ Default Ratio', '2,5')
        .choose('PPQ Sorting', 'Weight Descending, Then Call Back Time Ascending')
        .press('Add User');
      await openAdded();
      expect(chief.page.isChecked(label)).toBe(true);
      expect(chief.page.value('PPQ Default Ratio')).toBe('2.5');
      expect(chief.page.value('PPQ Sorting')).toBe('Weight Descending, Then Call Back Time Ascending');
    });

    test('ratio and sorting do not matter without it', async () => {
      await begin();
      await chief.form('Add User').fill('PPQ Default Ratio', 'whatever').press('Add User');
      await openAdded();
      expect(chief.page.value('PPQ Default Ratio')).toBe('');
    });

    test.each(['0.9', '5.1', '2.55', 'many'])('refuses the ratio %s', async (ratio) => {
      await begin();
      const page = await chief
        .form('Add User')
        .check(label)
        .fill('PPQ Default Ratio', ratio)
        .press('Add User');
      expect(page.root.getElementById('problem-ppqRatio')?.text).toContain('from 1.0 to 5.0');
    });
  });
});

test('R-05: twenty people who generate an extension and add a user at once never share one', async () => {
  const { roles, sip } = await fewest();
  const numbers = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const form = { username: `race.${index}`, email: `race.${index}@example.com`, roles, sip };
      for (let tries = 0; tries < 25; tries++) {
        const generated = await chief.post('/users', { ...form, generate: 'extension' });
        const extension = /id="field-extension"[^>]* value="(\d+)"/.exec(generated.text)![1];
        const added = await chief.post('/users', { ...form, extension });
        if (added.status === 200) return extension;
        expect(added.text).toMatch(/Virtual Extension: the user race|Somebody else was faster/);
      }
      throw new Error('never added');
    }),
  );
  expect(new Set(numbers).size).toBe(20);
});

test('Add and Create Another shows the password once and keeps the choices, not who it was', async () => {
  const username = await begin();
  const [desk] = chief.page.options('Desks');
  const form = chief.form('Add User').choose('SIP Settings', 'Use Built-in PBX').choose('Desks', desk);
  const page = await form.choose('Max User Concurrent Sessions', '2').press('Add and Create Another');
  expect(page.status).toBe(200);
  expect(shownPassword(chief)).toMatch(/^[a-z]/);
  expect(page.text).toContain(`The user ${username} was created`);
  for (const label of ['Username', 'Email', 'First Name', 'Last Name', 'Virtual Extension'])
    expect([label, page.value(label)]).toEqual([label, '']);
  expect(page.isChecked('Agent')).toBe(true);
  expect(page.isChecked('Use Built-in PBX')).toBe(true);
  expect(page.value('Desks')).toBe(desk);
  expect(page.value('Max User Concurrent Sessions')).toBe('2');
  expect(duplicateNames(page)).toEqual([]);
});

test('Create Similar begins with the choices of a user, without names, email and numbers', async () => {
  await begin();
  const form = chief.form('Add User').choose('SIP Settings', 'Use classic PBX').fill('PBX Device', '880');
  await form
    .choose('PBX Domain', 'PBX Europe')
    .check('Full Recording Access')
    .uncheck('Activate User')
    .press('Add User');
  await openAdded();
  const page = await chief.follow('Create Similar');
  expect(page.heading).toBe('New User');
  expect(page.isChecked('Use classic PBX')).toBe(true);
  expect(page.value('PBX Domain')).toBe('PBX Europe');
  expect(page.isChecked('Full Recording Access')).toBe(true);
  expect(page.isChecked('Activate User')).toBe(false);
  for (const label of ['Username', 'Email', 'Virtual Extension', 'PBX Device'])
    expect([label, page.value(label)]).toEqual([label, '']);
});

describe('in a tenant that has nothing yet', () => {
  let empty: Rollcall;
  let visitor: Visitor;

  beforeAll(async () => {
    empty = await startRollcall();
    visitor = await setUp(empty);
  });

  test('says how to begin where there are no queues, desks and skill groups', async () => {
    await visitor.open('/users/new');
    for (const nothing of ['No queues yet', 'No desks yet', 'No skill groups yet'])
      expect(visitor.page.text).toContain(nothing);
    await visitor.follow('Create the first queue');
    expect(visitor.page.path).toBe('/queues/new');
  });

  test('a second factor by email is refused as long as mail is not set up', async () => {
    await visitor.open('/users/new');
    const label = 'Two-Factor Authentication Type';
    const form = visitor.form('Add User').choose(label, 'Email - with one-time code');
    const page = await form.press('Add User');
    expect(page.status).toBe(422);
    expect(page.root.getElementById('problem-twoFactor')?.text).toContain('Mail is not set up');
    expect(page.value(label)).toBe('Email - with one-time code');
  });
});

describe('who may not give a setting', () => {
  let limited: Visitor;

  beforeAll(async () => {
    limited = await newcomer(rollcall, chief, 'form.limited', ['See users', 'Create users']);
  });

  test('AZ-4: sees it disabled, with a note', async () => {
    await limited.open('/users/new');
    for (const label of [
      'User Session Expires After',
      'Max User Concurrent Sessions',
      'Use extended IP ACL?',
      'Full Recording Access',
    ])
      expect([label, limited.page.field(label).hasAttribute('disabled')]).toEqual([label, true]);
    expect(limited.page.text).toContain('You may not give this.');
  });

  test.each(['extendedAcl=on', 'fullRecordingAccess=on', 'sessionTtl=30', 'maxSessions=unlimited'])(
    'is refused when they send %s all the same',
    async (more) => {
      const [name, value] = more.split('=');
      const answer = await limited.post('/users', { ...(await fewest()), [name]: value });
      expect([answer.status, answer.text.includes(`problem-${name}`)]).toEqual([422, true]);
    },
  );

  test('takes over only what they may give from a similar user', async () => {
    await begin();
    await chief.form('Add User').check('Full Recording Access').check('Administrator').press('Add User');
    await openAdded();
    const id = chief.page.path.split('/').at(-1)!;
    await limited.open(`/users/new?like=${id}`);
    expect(limited.page.isChecked('Full Recording Access')).toBe(false);
    expect(limited.page.isChecked('Agent')).toBe(true);
    await addRole(chief, 'Creator only', ['Create users']);
    const creator = await firstSignIn(
      rollcall,
      'creator.only',
      await addUser(chief, 'creator.only', 'Creator only'),
    );
    expect((await creator.get(`/users/new?like=${id}`)).status).toBe(403);
  });
});

const fieldLabels = [
  'Username',
  'Email',
  'First Name',
  'Last Name',
  'Timezone',
  'User Language',
  'Automatically add user to all current and future desks',
  'Desks',
  'Roles',
  'Activate User',
  'SIP Settings',
  'PBX Domain',
  'PBX Device',
  'Custom URI',
  'Virtual Extension',
  'Queues',
  'Outbound Caller ID',
  'Auto Dial',
  'CalDAV Token',
  'Two-Factor Authentication Type',
  'User Session Expires After',
  'Max User Concurrent Sessions',
  'Use extended IP ACL?',
  'Full Recording Access',
  'Automatically add user to all current and future skill groups',
  'Skill Groups',
  'Assign Leads to User?',
  'Activate Predictive Personal Queue?',
  'PPQ Default Ratio',
  'PPQ Sorting',
];

// A form with all that is mandatory; the username is told.
async function begin(): Promise<string> {
  const username = `form.${++next}`;
  await chief.open('/users/new');
  chief
    .form('Add User')
    .fill('Username', username)
    .fill('Email', `${username}@example.com`)
    .fill('Virtual Extension', String(next))
    .check('Agent');
  return username;
}

async function fewest(): Promise<Record<string, string>> {
  const username = await begin();
  const roles = chief.page.field('Agent').getAttribute('value')!;
  return { username, email: `${username}@example.com`, extension: String(next), roles, sip: 'webrtc' };
}

async function openAdded(): Promise<void> {
  if (chief.page.status !== 200) throw new Error(`not added:\n${chief.page.text}`);
  await chief.follow('Open This User');
}

function firstSignInOf(username: string): Promise<Visitor> {
  return firstSignIn(rollcall, username, shownPassword(chief));
}

function openToggles({ page }: Visitor): string[] {
  return page.root.querySelectorAll('details[open] > summary').map((summary) => summary.text);
}
