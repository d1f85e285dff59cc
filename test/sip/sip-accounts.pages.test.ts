// The SIP account of a Built-in PBX user: handed out once, kept as hashes, in step with what happens to the user. The SIP
// server itself is met in test/sip/kamailio.sip.test.ts.
import { createHash } from 'node:crypto';
import { importFile, successDetails, toReview } from '../support/imports.js';
import { newAgent } from '../support/newcomers.js';
import { rowsOf } from '../support/peek.js';
import { setUp, signIn } from '../support/people.js';
import { refusedStart, type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

const realm = 'sip.tenant.example';
let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  // No SIP_RPC_URL: phones that are to be forgotten stay until their registration has expired.
  rollcall = await startRollcall({ env: { SIP_REALM: realm } });
  chief = await setUp(rollcall);
});

interface Subscriber {
  username: string;
  domain: string;
  ha1: string;
  ha1b: string;
  sip_mode: string;
  aor: string;
}

async function subscriber(extension: number): Promise<Subscriber | undefined> {
  const rows = await rowsOf<Subscriber>(rollcall, `SELECT * FROM subscriber WHERE username = '${extension}'`);
  return rows[0];
}

function ha1(name: string, secret: string): string {
  return createHash('md5').update(`${name}:${realm}:${secret}`).digest('hex');
}

/** Adds a user on the form; the visitor stands on the panel with the passwords. */
async function add(
  username: string,
  extension: number,
  sip = 'Use Built-in PBX',
): Promise<number | undefined> {
  await (await newAgent(chief, username, extension, sip)).press('Add User');
  const [made] = await rowsOf<{ id: number }>(
    rollcall,
    `SELECT id FROM users WHERE username = '${username}'`,
  );
  return made?.id;
}

function fact(label: string): string | undefined {
  const term = chief.page.root.querySelectorAll('dt').find(({ text }) => text.trim() === label);
  const described = term?.nextElementSibling;
  return (described?.querySelector('code') ?? described)?.text.trim();
}

test('SC-5: Add User shows the SIP account once, and the database has only what digest authentication needs', async () => {
  const id = await add('phone.one', 3001);
  const secret = fact('SIP Password')!;
  expect([fact('SIP Username'), fact('SIP Domain')]).toEqual(['3001', realm]);
  expect(secret).toMatch(/^[a-z0-9]{20}$/);
  expect(secret).not.toBe(fact('Temporary Password'));
  expect(await subscriber(3001)).toMatchObject({
    domain: realm,
    ha1: ha1('3001', secret),
    ha1b: ha1(`3001@${realm}`, secret),
    sip_mode: 'builtin_pbx',
    aor: '3001',
  });
  await chief.open(`/users/${id}`);
  expect(chief.page.text).not.toContain(secret);
  const refused = await signIn(rollcall, 'phone.one', secret);
  expect(refused.page.path).toBe('/sign-in');
});

test('the other SIP settings get no SIP account', async () => {
  await add('no.phone', 3002, 'Use WebRTC');
  expect(fact('SIP Password')).toBeUndefined();
  expect(await subscriber(3002)).toBeUndefined();
});

test('SC-5: Reset SIP Password and Reset Password never touch each other', async () => {
  const id = await add('both', 3003);
  const [first, temporary] = [fact('SIP Password')!, fact('Temporary Password')!];
  await chief.open(`/users/${id}`);
  await chief.press('Reset Password');
  expect((await subscriber(3003))?.ha1).toBe(ha1('3003', first));
  expect(fact('Temporary Password')).not.toBe(temporary);
  const second = fact('Temporary Password')!;
  await chief.follow('Back to This User');
  await chief.press('Reset SIP Password');
  const renewed = fact('SIP Password')!;
  expect(renewed).not.toBe(first);
  expect((await subscriber(3003))?.ha1).toBe(ha1('3003', renewed));
  expect((await signIn(rollcall, 'both', second)).page.path).toBe('/password');
  await chief.open('/audit');
  expect(chief.page.text).toContain('Reset a SIP password');
});

test('a phone is out while the user is inactive, and works again with the same secret', async () => {
  const id = await add('pause', 3004);
  const before = await subscriber(3004);
  await chief.open(`/users/${id}`);
  await chief.press('Deactivate');
  expect(await subscriber(3004)).toBeUndefined();
  await chief.open(`/users/${id}`);
  await chief.press('Activate');
  expect(await subscriber(3004)).toEqual(before);
});

test('another extension or SIP setting ends the old secret; a new one is shown once where one is due', async () => {
  const id = await add('mover', 3005);
  const old = fact('SIP Password')!;
  await chief.open(`/users/${id}`);
  await chief.form('Save Changes').fill('Virtual Extension', '3006').press('Save Changes');
  const renewed = fact('SIP Password')!;
  expect([fact('SIP Username'), renewed === old]).toEqual(['3006', false]);
  expect(await subscriber(3005)).toBeUndefined();
  expect((await subscriber(3006))?.ha1).toBe(ha1('3006', renewed));
  await chief.open(`/users/${id}`);
  await chief.form('Save Changes').choose('SIP Settings', 'Use WebRTC').press('Save Changes');
  expect(chief.page.flash).toBe('“mover” was saved.');
  expect(await rowsOf(rollcall, `SELECT username FROM sip_credentials WHERE user_id = ${id}`)).toEqual([]);
  await chief.form('Save Changes').choose('SIP Settings', 'Use Built-in PBX').press('Save Changes');
  expect((await subscriber(3006))?.ha1).toBe(ha1('3006', fact('SIP Password')!));
});

test('the extension of somebody who had a phone is free only when the phone is certainly off', async () => {
  const id = await add('leaver', 1001);
  await chief.open(`/users/${id}/delete`);
  await chief.press('Delete User');
  expect(await subscriber(1001)).toBeUndefined();
  await add('newcomer', 1001);
  expect(chief.page.status).toBe(422);
  expect(chief.page.problems).toEqual([expect.stringMatching(/still being signed off.* after 10 minutes/)]);
  await chief.form('Add User').press('Generate Available Virtual Extension');
  expect(chief.page.value('Virtual Extension')).toBe('1002');
  await toReview(chief, 'Username,Email,Virtual Extension\nfiled,filed@example.com,1001');
  expect(chief.page.text).toContain('still being signed off');
});

test('the extension of somebody who never had a phone is free at once', async () => {
  const id = await add('paper', 3007, 'Use WebRTC');
  await chief.open(`/users/${id}/delete`);
  await chief.press('Delete User');
  await add('paper.again', 3007, 'Use WebRTC');
  expect(chief.page.status).toBe(200);
});

test('SC-5: the success details have the SIP account, sealed like the temporary password, and wiped with it', async () => {
  const file = [
    'Username,Email,SIP Settings,Virtual Extension',
    'dialed,dialed@example.com,builtin_pbx,3101',
    'browsed,browsed@example.com,webrtc,3102',
  ].join('\n');
  const { id } = await importFile(chief, file);
  const [dialed, browsed] = await successDetails(chief);
  expect(dialed).toMatchObject({ 'SIP Username': '3101', 'SIP Domain': realm });
  expect((await subscriber(3101))?.ha1).toBe(ha1('3101', dialed['SIP Password']));
  expect(browsed).toMatchObject({ 'SIP Username': '', 'SIP Domain': '', 'SIP Password': '' });
  const slips = await chief.post(`/imports/${id}/success.html`);
  expect(slips.text).toContain(dialed['SIP Password']);
  const kept = () =>
    rowsOf(rollcall, `SELECT sip_secret FROM import_rows WHERE import_id = ${id} ORDER BY number`);
  expect(JSON.stringify(await kept())).not.toContain(dialed['SIP Password']);
  const [{ user }] = await rowsOf<{ user: number }>(
    rollcall,
    `SELECT id AS "user" FROM users WHERE extension = 3101`,
  );
  await chief.open(`/users/${user}`);
  await chief.press('Reset Password');
  await chief.open(`/imports/${id}`);
  const [afterReset] = await successDetails(chief);
  expect([afterReset['Temporary Password'], afterReset['SIP Password']]).toEqual([
    '',
    dialed['SIP Password'],
  ]);
  await chief.open(`/users/${user}`);
  await chief.form('Save Changes').fill('Virtual Extension', '3103').press('Save Changes');
  await chief.open(`/imports/${id}`);
  const [afterMove] = await successDetails(chief);
  expect([afterMove.Username, afterMove['SIP Password']]).toEqual(['browsed', '']);
  await chief.press('Continue');
  expect(await kept()).toEqual([{ sip_secret: null }, { sip_secret: null }]);
});

test('SC-5: digits only holds for the SIP password too', async () => {
  const form = await newAgent(chief, 'keypad', 3104, 'Use Built-in PBX');
  await form.check('Generate user passwords with digits only (not recommended)').press('Add User');
  expect(fact('SIP Password')).toMatch(/^\d{20}$/);
});

test('IN-5: nobody is sent round in circles: a custom URI does not lead to our own realm', async () => {
  const form = await newAgent(chief, 'circle', 3105, 'Use Custom URI');
  await form.fill('Custom URI', `sip:3001@${realm.toUpperCase()}`).press('Add User');
  expect(chief.page.problems).toEqual([expect.stringContaining('calls would go round in circles')]);
});

test('a start with another realm is refused: no phone would work any more', async () => {
  await rollcall.kill();
  const [reason] = await refusedStart({ beside: rollcall, env: { SIP_REALM: 'other.example' } });
  expect(reason).toContain(`SIP_REALM wants ${realm} (not other.example)`);
});
