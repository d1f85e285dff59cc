// From where people sign in, and what they read when they may not (SECURITY.md NW-6). The server believes a proxy on this
// machine, so that visitors can come from everywhere.
import { addUser, firstSignIn, addRole, shownPassword } from '../support/newcomers.js';
import { duplicateNames } from '../support/page.js';
import { change, rowsOf } from '../support/peek.js';
import { administrator, password, setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { Visitor } from '../support/visitor.js';

const office = '198.51.100.7';
const home = '203.0.113.80';
const nowhere = '192.0.2.66';
const base = `# Where the servers are
127.0.0.1

198.51.100.0/24   # the office`;

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true, env: { TRUSTED_PROXIES: '127.0.0.1' } });
  chief = await setUp(rollcall);
  await addRole(chief, 'Quiet', []);
  await firstSignIn(rollcall, 'anna', await addUser(chief, 'anna', 'Quiet'));
  await firstSignIn(rollcall, 'ben', await addUser(chief, 'ben', 'Quiet'));
  await giveExtendedList('ben');
});

afterEach(async () => {
  expect(rollcall.failures()).toEqual([]);
});

test('NW-6: each wrong line of a list is named, and what was typed stays', async () => {
  const typed = '010.0.0.1 # old\n10.1\n198.51.100.0/24';
  await save({ base: typed, on: false });
  expect(chief.page.status).toBe(422);
  expect(chief.page.problems).toEqual([
    'Base address list: Line 1, “010.0.0.1”: write an IPv4 address as four numbers from 0 to 255 without leading zeros, such as 192.0.2.7.',
    'Base address list: Line 2, “10.1”: write an IPv4 address as four numbers from 0 to 255 without leading zeros, such as 192.0.2.7.',
  ]);
  // Browsers send line breaks as CR LF.
  expect(chief.page.value('Base address list').replaceAll('\r\n', '\n')).toBe(typed);
  expect(duplicateNames(chief.page)).toEqual([]);
});

test('NW-6: whoever saves the lists is not locked out by them', async () => {
  await save({ base: '', on: true });
  const problem = 'Base address list: This would lock you out: add a line with your own address, 127.0.0.1.';
  expect([chief.page.status, chief.page.problems]).toEqual([422, [problem]]);
  await save({ base: '198.51.100.0/24', extended: '127.0.0.1', on: true });
  expect([chief.page.status, chief.page.problems]).toEqual([422, [problem]]);
  expect((await comeFrom(nowhere, 'anna')).page.path).toBe('/account');
});

describe('while the lists are on', () => {
  beforeAll(async () => {
    await save({ base, extended: `${home} # Ben`, on: true });
    expect(chief.page.flash).toBe('The settings were saved.');
  });

  test('lists are shown as they were typed, with their comments', async () => {
    expect(chief.page.value('Base address list')).toBe(base);
    expect(chief.page.value('Extended address list')).toBe(`${home} # Ben`);
    expect(chief.page.isChecked('Sign in from listed addresses only')).toBe(true);
  });

  test('NW-6: a listed address lets in, also when it comes mapped into v6', async () => {
    expect((await comeFrom(office, 'anna')).page.path).toBe('/account');
    expect((await comeFrom(`::ffff:${office}`, 'anna')).page.path).toBe('/account');
    expect((await comeFrom('::ffff:c633:6407', 'anna')).page.path).toBe('/account');
    expect((await comeFrom(`::ffff:${nowhere}`, 'anna')).page.path).toBe('/sign-in');
    expect((await comeFrom('unknown', 'anna')).page.path).toBe('/sign-in');
  });

  test('NW-6: from elsewhere the right password is answered as a wrong one, and the reader learns the address', async () => {
    const right = await comeFrom(nowhere, 'anna');
    const wrong = await comeFrom(nowhere, 'anna', 'not-the-password');
    const unknown = await comeFrom(nowhere, 'nobody');
    expect(right.page.status).toBe(422);
    expect(right.page.text).toContain(
      `Nobody can sign in from your address, ${nowhere}. Use the network of your company, or give this address to your administrator.`,
    );
    expect(right.page.problems).toEqual([
      'The username or the password is not right, or this account cannot sign in.',
    ]);
    expect(wrong.page.html).toBe(right.page.html);
    expect(unknown.page.html.replace('value="nobody"', 'value="anna"')).toBe(right.page.html);
  });

  test('NW-6: guesses from elsewhere do not lock an account for those who may come', async () => {
    for (let guess = 0; guess < 7; guess++) await comeFrom(`192.0.3.${guess}`, 'anna', `guess ${guess}`);
    expect((await comeFrom(office, 'anna')).page.path).toBe('/account');
  });

  test('the sign-in page says so before anything is typed', async () => {
    const stranger = visitorFrom(nowhere);
    await stranger.open('/sign-in');
    expect(stranger.page.text).toContain(nowhere);
    const guest = visitorFrom(office);
    await guest.open('/sign-in');
    expect(guest.page.text).not.toContain(office);
  });

  test('NW-6: the refusal is in the audit log', async () => {
    await comeFrom(nowhere, 'anna');
    await chief.open('/audit?action=sign_in_refused');
    const [, newest] = chief.page.table('Audit Log');
    expect(newest.join(' ')).toContain(nowhere);
    expect(newest.join(' ')).toContain('anna');
  });

  test('NW-6: the extended list lets in those who have it, and nobody else', async () => {
    expect((await comeFrom(home, 'ben')).page.path).toBe('/account');
    const anna = await comeFrom(home, 'anna');
    expect(anna.page.path).toBe('/sign-in');
    expect(anna.page.text).toContain(`From your address, ${home}, only some people can sign in.`);
    const guest = visitorFrom(home);
    await guest.open('/sign-in');
    expect(guest.page.text).not.toContain(home);
    expect((await comeFrom(office, 'ben')).page.path).toBe('/account');
  });

  test('NW-6: a session that moves to another address ends there', async () => {
    const anna = await comeFrom(office, 'anna');
    const moved = anna.copy(undefined, { 'X-Forwarded-For': nowhere });
    expect((await moved.get('/account')).headers.get('location')).toBe('/sign-in');
    await moved.open('/sign-in');
    expect(moved.page.text).toContain(nowhere);
    expect((await anna.get('/account')).headers.get('location')).toMatch(/^\/sign-in/);
    await chief.open('/audit?action=session.moved');
    const [, newest] = chief.page.table('Audit Log');
    expect(newest.join(' ')).toContain('Session ended: it moved to an address that is not listed');
    expect(newest.join(' ')).toContain(nowhere);
  });

  test('NW-6: whoever is to type a code cannot do so from elsewhere', async () => {
    await chief.open('/users/new');
    await chief.form('Add User').press('Generate Available Virtual Extension');
    const form = chief.form('Add User').fill('Username', 'carl').fill('Email', 'carl@example.com');
    form.choose('Two-Factor Authentication Type', 'Email - with one-time code');
    await form.check('Quiet').press('Add User');
    const carl = await comeFrom(office, 'carl', shownPassword(chief));
    expect(carl.page.path).toBe('/sign-in/code');
    const moved = carl.copy(undefined, { 'X-Forwarded-For': nowhere });
    for (const answer of [await moved.get('/sign-in/code'), await moved.post('/sign-in/code', { code: '1' })])
      expect([answer.status, answer.headers.get('location')]).toEqual([
        303,
        expect.stringMatching(/^\/sign-in(?!\/code)/),
      ]);
    expect((await carl.get('/sign-in/code')).status).toBe(200);
  });

  test('NW-6: who loses the extended list is out at the next request', async () => {
    const ben = await comeFrom(home, 'ben');
    expect((await ben.get('/account')).status).toBe(200);
    await giveExtendedList('ben', false);
    expect((await ben.get('/account')).status).toBe(303);
    expect((await comeFrom(home, 'ben')).page.path).toBe('/sign-in');
    await giveExtendedList('ben');
  });

  test('a user’s form and the own page say which lists there are', async () => {
    await openUser('ben');
    expect(chief.page.text).toContain(`Base list: 127.0.0.1, 198.51.100.0/24. Extended list: ${home}.`);
    const ben = await comeFrom(home, 'ben');
    expect(ben.page.text).toContain(`You are at ${home} now.`);
    const addresses = (visitor: Visitor) => visitor.page.root.querySelector('.facts')!.text;
    expect(addresses(ben)).toMatch(/127\.0\.0\.1, 198\.51\.100\.0\/24\s+203\.0\.113\.80/);
    const anna = await comeFrom(office, 'anna');
    expect(addresses(anna)).not.toContain(home);
  });

  test('NW-6: an administrator who would shut out their own address is told which line is missing', async () => {
    const away = chief.copy(undefined, { 'X-Forwarded-For': office });
    await away.open('/settings');
    const form = away.form('Save Settings').fill('Base address list', '127.0.0.1');
    await form.press('Save Settings');
    expect(away.page.problems).toEqual([
      `Base address list: This would lock you out: add a line with your own address, ${office}.`,
    ]);
  });

  test('NW-6: a stored list that cannot be read lets nobody in, until the operator opens the way back', async () => {
    await rollcall.kill();
    await change(
      rollcall,
      `UPDATE settings SET value = '"127.0.0.1\\nso 10.1"' WHERE name = 'baseAddresses'`,
    );
    await rollcall.start();
    expect((await chief.get('/settings')).headers.get('location')).toBe('/sign-in');
    expect((await comeFrom('127.0.0.1', administrator)).page.path).toBe('/sign-in');
    await rollcall.kill();
    const open = await startRollcall({ beside: rollcall, env: { IGNORE_ADDRESS_LISTS: '1' } });
    expect(open.log()).toContain('IGNORE_ADDRESS_LISTS');
    const back = await comeFrom(nowhere, administrator, password, open);
    await back.open('/settings');
    await back
      .form('Save Settings')
      .uncheck('Sign in from listed addresses only')
      .fill('Base address list', base)
      .press('Save Settings');
    expect(back.page.flash).toBe('The settings were saved.');
    await open.stop();
    await rollcall.start();
    expect((await comeFrom(nowhere, administrator)).page.path).toBe('/users');
  });
});

function visitorFrom(address: string, at = rollcall): Visitor {
  return new Visitor(at.address, { 'X-Forwarded-For': address });
}

async function comeFrom(address: string, name: string, secret?: string, at = rollcall): Promise<Visitor> {
  const visitor = visitorFrom(address, at);
  await visitor.open('/sign-in');
  const own = name === administrator ? password : 'copper-meadow-whistle-17';
  await visitor
    .form('Sign In')
    .fill('Username or Email', name)
    .fill('Password', secret ?? own)
    .press('Sign In');
  return visitor;
}

async function save({ base, extended = '', on }: { base: string; extended?: string; on: boolean }) {
  await chief.open('/settings');
  const form = chief
    .form('Save Settings')
    .fill('Base address list', base)
    .fill('Extended address list', extended);
  if (on) form.check('Sign in from listed addresses only');
  await form.press('Save Settings');
}

async function openUser(username: string): Promise<void> {
  const [{ id }] = await rowsOf<{ id: number }>(
    rollcall,
    `SELECT id FROM users WHERE username = '${username}'`,
  );
  await chief.open(`/users/${id}`);
}

async function giveExtendedList(username: string, given = true): Promise<void> {
  await openUser(username);
  const form = chief.form('Save Changes');
  if (given) form.check('Use extended IP ACL?');
  else form.uncheck('Use extended IP ACL?');
  await form.press('Save Changes');
  expect(chief.page.problems).toEqual([]);
}
