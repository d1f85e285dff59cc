import { csvRows, ended, fileOf, importFile, successDetails, toReview, upload } from '../support/imports.js';
import { addUser, firstSignIn, newcomer } from '../support/newcomers.js';
import { duplicateNames } from '../support/page.js';
import { setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await setUp(rollcall);
});

async function set(label: string, value: string): Promise<void> {
  await chief.open('/settings');
  await chief.form('Save Settings').fill(label, value).press('Save Settings');
  expect(chief.page.flash).toBe('The settings were saved.');
  expect(chief.page.value(label)).toBe(value);
}

test('each setting has its own name on the page', async () => {
  await chief.open('/settings');
  expect(chief.page.heading).toBe('Settings');
  expect(duplicateNames(chief.page)).toEqual([]);
});

test('the name of the tenant stands on the sign-in page', async () => {
  await set('Name', 'Northern Lights Support');
  const stranger = new Visitor(rollcall.address);
  await stranger.open('/sign-in');
  expect(stranger.page.text).toContain('Northern Lights Support');
});

test('the timezone is the one in which times are shown', async () => {
  await chief.open('/settings');
  await chief.form('Save Settings').choose('Timezone', 'Pacific/Kiritimati').press('Save Settings');
  await chief.open('/account');
  const shown = chief.page.root.querySelector('time')!;
  const there = new Intl.DateTimeFormat('en', {
    timeZone: 'Pacific/Kiritimati',
    hour: 'numeric',
    minute: '2-digit',
  });
  expect(shown.text.replace(/\s/g, ' ')).toContain(
    there.format(new Date(shown.getAttribute('datetime')!)).replace(/\s/g, ' '),
  );
});

test('the language is that of the sign-in page, and of users without an own one', async () => {
  await chief.open('/settings');
  const english = current();
  await chief.form('Save Settings').choose('Language', 'Deutsch').press('Save Settings');
  const stranger = new Visitor(rollcall.address);
  await stranger.open('/sign-in');
  expect(stranger.page.heading).toBe('Anmelden');
  await chief.open('/settings');
  expect(chief.page.heading).toBe('Einstellungen');
  const version = chief.page.root.querySelector('input[name=version]')!.getAttribute('value')!;
  expect((await chief.post('/settings', { ...english, version })).status).toBe(303);
  await chief.open('/settings');
  expect(chief.page.heading).toBe('Settings');
});

test('the range says which extensions are generated, the emergency numbers which never', async () => {
  await chief.open('/settings');
  await chief
    .form('Save Settings')
    .fill('Lowest extension to generate', '7000')
    .fill('Highest extension to generate', '7002')
    .fill('Emergency numbers', '7001, 110')
    .press('Save Settings');
  expect(chief.page.value('Emergency numbers')).toBe('7001, 110');
  await chief.open('/users/new');
  await chief.press('Generate Available Virtual Extension');
  expect(chief.page.value('Virtual Extension')).toBe('7000');

  const id = await toReview(chief, fileOf(3, 'ranged'));
  expect(chief.page.text).toContain('Only 2 virtual extensions are free, 3 rows need one.');
  await chief.press('Import Users');
  const { counts } = await ended(chief, id);
  expect(counts).toEqual({ read: 3, created: 2, duplicate: 0, error: 1, skipped: 0 });
  const errors = (await chief.get(`/imports/${id}/errors.csv`)).text;
  expect(errors).toContain('none_free');
});

test('the row limit is said before the upload and kept', async () => {
  await set('Users in one file', '2');
  await chief.open('/imports/new');
  expect(chief.page.text).toContain('Up to 2 users');
  await upload(chief, fileOf(3, 'limited'));
  expect(chief.page.status).toBe(422);
  expect(chief.page.problems[0]).toContain('The file has 3 users, but the limit is 2.');
});

test('the life of temporary passwords is said where they are shown', async () => {
  await set('Days that a temporary password is good for', '30');
  await set('Highest extension to generate', '7999');
  await importFile(chief, fileOf(1, 'thirty'));
  const [{ Expires: expires }] = await successDetails(chief);
  expect((Date.parse(expires) - Date.now()) / 86_400_000).toBeCloseTo(30, 1);
});

describe('the default caller ID', () => {
  const office = 'Berlin Office (+493012345678)';

  test('is that of every user with the default, at once: on the form, on their page, in the exported list', async () => {
    const secret = await addUser(chief, 'default.caller', 'Agent');
    await chief.follow('Open This User');
    const { path } = chief.page;
    expect(chief.page.value('Outbound Caller ID')).toBe('Default (Tenant: None)');
    expect(await exported('default.caller')).toMatchObject({ 'Outbound Caller ID': '' });
    await chief.open('/settings');
    await chief.form('Save Settings').choose('Default Caller ID', office).press('Save Settings');
    expect(chief.page.value('Default Caller ID')).toBe(office);
    await chief.open('/users/new');
    expect(chief.page.value('Outbound Caller ID')).toBe(`Default (Tenant: ${office})`);
    await chief.open(path);
    expect(chief.page.value('Outbound Caller ID')).toBe(`Default (Tenant: ${office})`);
    expect(await exported('default.caller')).toMatchObject({ 'Outbound Caller ID': office });
    const user = await firstSignIn(rollcall, 'default.caller', secret);
    expect(user.page.text).toContain(office);
  });

  test('stays the user’s own where they have one', async () => {
    await chief.open('/users?q=default.caller');
    await chief.follow('default.caller');
    const own = 'Lisbon Office (+351210123456)';
    await chief.form('Save Changes').choose('Outbound Caller ID', own).press('Save Changes');
    expect(await exported('default.caller')).toMatchObject({ 'Outbound Caller ID': own });
  });

  test('cannot be deleted, and the audit log calls it by its name', async () => {
    await chief.open('/caller-ids');
    expect(chief.page.table('Caller IDs').map((row) => row.join(' ').includes('Tenant default'))).toEqual([
      false,
      true,
      false,
    ]);
    await chief.follow('Delete Berlin Office');
    const { path } = chief.page;
    expect(chief.page.text).toContain('It is the default caller ID of the tenant');
    const answer = await chief.post(path);
    expect([answer.status, answer.text.includes('Nothing was deleted.')]).toEqual([422, true]);
    await chief.open('/audit?action=settings.changed');
    expect(chief.page.text).toContain('Default Caller ID: – → Berlin Office');
    await chief.open('/settings');
    await chief.form('Save Settings').choose('Default Caller ID', 'None').press('Save Settings');
    expect((await chief.post(path)).status).toBe(303);
  });

  test('is one of the tenant’s', async () => {
    await chief.open('/settings');
    const answer = await chief.post('/settings', { ...current(), callerId: '999' });
    expect([answer.status, answer.text.includes('Choose one of the list.')]).toEqual([422, true]);
  });
});

describe('PPQ', () => {
  test('has a ratio and a sorting that hold for every user with the default', async () => {
    await chief.open('/settings');
    await chief
      .form('Save Settings')
      .check('Predictive Personal Queue')
      .fill('PPQ Default Ratio', '2,5')
      .choose('PPQ Sorting', 'Weight Descending, Then Call Back Time Ascending')
      .press('Save Settings');
    expect(chief.page.value('PPQ Default Ratio')).toBe('2.5');
    await addUser(chief, 'ppq.default', 'Agent');
    await chief.follow('Open This User');
    const sorting = 'Weight Descending, Then Call Back Time Ascending';
    expect(chief.page.field('PPQ Default Ratio').getAttribute('placeholder')).toBe('Default (Tenant: 2.5)');
    expect(chief.page.value('PPQ Sorting')).toBe(`Default (Tenant: ${sorting})`);
    await chief.form('Save Changes').check('Activate Predictive Personal Queue?').press('Save Changes');
    expect(await exported('ppq.default')).toMatchObject({
      'PPQ Default Ratio': '2.5',
      'PPQ Sorting': sorting,
    });
    await chief.form('Save Changes').fill('PPQ Default Ratio', '1').press('Save Changes');
    expect(await exported('ppq.default')).toMatchObject({
      'PPQ Default Ratio': '1.0',
      'PPQ Sorting': sorting,
    });
  });

  test('switched off counts for nobody, and its other settings are neither asked nor kept', async () => {
    await chief.open('/settings');
    const form = chief.form('Save Settings').uncheck('Predictive Personal Queue');
    await form.fill('PPQ Default Ratio', 'whatever').press('Save Settings');
    expect(chief.page.flash).toBe('The settings were saved.');
    expect(chief.page.value('PPQ Default Ratio')).toBe('1.0');
    expect(await exported('ppq.default')).toMatchObject({ 'PPQ Default Ratio': '', 'PPQ Sorting': '' });
  });

  test.each(['0.9', '5.1', '2.55', ''])('refuses the ratio %j', async (ratio) => {
    await chief.open('/settings');
    const form = chief.form('Save Settings').check('Predictive Personal Queue');
    await form.fill('PPQ Default Ratio', ratio).press('Save Settings');
    expect(chief.page.problems).toContain(
      'PPQ Default Ratio: Use a number from 1.0 to 5.0 with one decimal place.',
    );
  });
});

test('PPQ can be given only while it is switched on', async () => {
  const file = 'Username,Email,PPQ\nppq.one,ppq.one@example.com,yes';
  await toReview(chief, file);
  expect(chief.page.text).toContain('PPQ is not switched on for this tenant');
  const review = chief.page.path;
  await chief.open('/settings');
  await chief.form('Save Settings').check('Predictive Personal Queue').press('Save Settings');
  await chief.open(review);
  expect(chief.page.text).not.toContain('PPQ is not switched on');
});

test.each([
  ['Sign out after minutes without a request', '4', 'Use a whole number from 5 to 1440.'],
  ['Sign out after minutes without a request', '10.5', 'Use a whole number from 5 to 1440.'],
  ['Days that a temporary password is good for', '31', 'Use a whole number from 1 to 30.'],
  ['Lowest extension to generate', '99', 'Use a whole number from 100 to 999999.'],
  ['Highest extension to generate', '100', 'The highest extension must not be below the lowest.'],
  ['Emergency numbers', 'police', 'Use numbers of 2 to 6 digits, separated by commas.'],
  ['Users in one file', '0', 'Use a whole number from 1 to 1000000.'],
  ['Name', 'n'.repeat(101), 'Use 100 characters at the most.'],
])('%s refuses %j and keeps what was typed', async (label, value, problem) => {
  await chief.open('/settings');
  await chief.form('Save Settings').fill(label, value).press('Save Settings');
  expect(chief.page.status).toBe(422);
  expect(chief.page.problems).toContain(`${label}: ${problem}`);
  expect(chief.page.value(label)).toBe(value);
});

test('a change by somebody else is shown and not overwritten', async () => {
  await chief.open('/settings');
  const late = chief.copy();
  await late.open('/settings');
  await set('Name', 'First');
  const page = await late
    .form('Save Settings')
    .fill('Name', 'Second')
    .choose('User Session Expires After', '1 hour')
    .press('Save Settings');
  expect(page.status).toBe(409);
  expect(page.table('Both versions').slice(1)).toEqual([
    ['Name', 'First', 'Second'],
    ['User Session Expires After', '12 hours', '1 hour'],
  ]);
  await chief.open('/settings');
  expect(chief.page.value('Name')).toBe('First');
});

test('fields that the page does not have are refused', async () => {
  await chief.open('/settings');
  expect((await chief.post('/settings', { ...current(), secret: 'x' })).status).toBe(400);
  expect((await chief.post('/settings', { ...current(), version: 'x' })).status).toBe(400);
});

test('the page says how mail and phones fare, and what to do', async () => {
  await chief.open('/settings');
  expect(chief.page.text).toContain('No mail server is set');
  expect(chief.page.text).toContain('no SIP server reads them yet');
});

test('only people who may change settings see them', async () => {
  const viewer = await newcomer(rollcall, chief, 'settings.viewer', ['See users']);
  expect((await viewer.get('/settings')).status).toBe(403);
  expect(viewer.page.hasLink('Settings')).toBe(false);
});

// The line of a user in the exported list, by its header.
async function exported(username: string): Promise<Record<string, string>> {
  const [header, line] = csvRows(await chief.post(`/users/export.csv?q=${username}`));
  return Object.fromEntries(header.map((name, index) => [name, line[index]]));
}

// What the open settings page would send.
function current(): Record<string, string> {
  const { body } = chief.form('Save Settings').submission('Save Settings');
  return Object.fromEntries(new URLSearchParams(String(body)));
}
