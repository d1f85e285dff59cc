// Choosing and changing a password (SECURITY.md AU).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { addUser, newcomer } from '../support/newcomers.js';
import { rowsOf } from '../support/peek.js';
import { setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

/** Of everybody that `newcomer` makes. */
const ownPassword = 'copper-meadow-whistle-17';
const newPassword = 'granite-orchard-9-teapots';
const notCurrent =
  'Current Password: This is not your current password, or there were too many wrong ones: then wait a while.';

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall();
  chief = await setUp(rollcall);
});

async function change(visitor: Visitor, current: string, wanted: string): Promise<void> {
  await visitor.open('/password');
  await visitor
    .form('Save Password')
    .fill('Current Password', current)
    .fill('New Password', wanted)
    .fill('Repeat New Password', wanted)
    .press('Save Password');
}

test('AU-7: passwords that people choose are stored as argon2id with 19 MiB and two passes, each with its own salt', async () => {
  for (const username of ['hash.one', 'hash.two']) await newcomer(rollcall, chief, username, []);
  const rows = await rowsOf<{ password_hash: string }>(
    rollcall,
    `SELECT password_hash FROM users WHERE username LIKE 'hash.%'`,
  );
  const hashes = rows.map(({ password_hash: hash }) => hash);
  for (const hash of hashes) expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(new Set(hashes).size).toBe(2);
});

test('AU-8: what is typed counts whole: 128 characters, blanks at both ends, emoji', async () => {
  const agent = await newcomer(rollcall, chief, 'whole', []);
  let current = ownPassword;
  for (const wanted of ['x1y2'.repeat(32), '  harbour of blanks  ', '🚀🌍🎉🔥💧🌱🍎🚗⚓🎵📷🔑🎲🧭🪁']) {
    await change(agent, current, wanted);
    expect([agent.page.problems, agent.page.status]).toEqual([[], 200]);
    const almost = await signIn(rollcall, 'whole', [...wanted].slice(0, -1).join(''));
    expect(almost.page.heading).toBe('Sign In');
    expect((await signIn(rollcall, 'whole', wanted)).page.path).toBe('/account');
    current = wanted;
  }
});

test('AU-8: the tenant can ask for longer passwords, never for shorter ones than the rules', async () => {
  await chief.open('/settings');
  await chief.form('Save Settings').fill('Characters of a password, at least', '14').press('Save Settings');
  expect(chief.page.problems).toEqual([
    'Characters of a password, at least: Use a whole number from 15 to 64.',
  ]);
  await chief.form('Save Settings').fill('Characters of a password, at least', '30').press('Save Settings');
  const agent = await newcomerWithin(chief, 'longer');
  expect(agent.page.text).toContain('At least 30 characters');
  await agent
    .form('Save Password')
    .fill('New Password', newPassword)
    .fill('Repeat New Password', newPassword)
    .press('Save Password');
  expect(agent.page.problems).toEqual([
    'New Password: Use at least 30 characters: a few words are easy to remember.',
  ]);
  await chief.open('/settings');
  await chief.form('Save Settings').fill('Characters of a password, at least', '15').press('Save Settings');
});

async function newcomerWithin(giver: Visitor, username: string): Promise<Visitor> {
  return signIn(rollcall, username, await addUser(giver, username, 'Agent'));
}

test('AU-9: common passwords and those made of the username are refused with the reason', async () => {
  const agent = await newcomer(rollcall, chief, 'listed.name', []);
  for (const [wanted, reason] of [
    ['passwordpassword', /^New Password: Many people use this password/],
    ['listed.namelisted.name', /^New Password: Do not use your username or email/],
    ['RollcallRollcall1', /^New Password: Do not make the password of the name of this product/],
  ] as const) {
    await change(agent, ownPassword, wanted);
    expect([agent.page.status, agent.page.problems.length]).toEqual([422, 1]);
    expect(agent.page.problems[0]).toMatch(reason);
  }
});

test('AU-10: changing a password asks for the present one, and wrong ones count as at the sign-in', async () => {
  const agent = await newcomer(rollcall, chief, 'present', []);
  await agent.open('/password');
  const without = await agent.post('/password', { newPassword, repeatPassword: newPassword });
  expect(without.status).toBe(422);
  for (let time = 2; time <= 5; time++) {
    await change(agent, 'not-the-present-one', newPassword);
    expect([agent.page.status, agent.page.problems]).toEqual([422, [notCurrent]]);
  }
  await change(agent, ownPassword, newPassword);
  expect(agent.page.problems).toEqual([notCurrent]);
  expect((await signIn(rollcall, 'present', ownPassword)).page.status).toBe(422);
});

test('AU-10: a changed password ends the other sessions, says so there, and is told by mail', async () => {
  const agent = await newcomer(rollcall, chief, 'changes', []);
  const second = await signIn(rollcall, 'changes', ownPassword);
  const before = agent.copy();
  await change(agent, ownPassword, newPassword);
  expect(agent.page.flash).toBe('Your new password is saved. Use it from now on.');
  await second.open('/account');
  expect(second.page.flash).toMatch(
    /^You were signed out here, because the password of this account was changed/,
  );
  expect((await before.get('/account')).status).toBe(303);
  await eventually(async () => {
    const folder = join(rollcall.dataDir, 'mail');
    const mails = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    expect(
      mails.filter((mail) => /^To: .*changes@example\.com/m.test(mail) && mail.includes('was changed')),
    ).toHaveLength(1);
    expect(mails.join()).not.toContain(newPassword);
  });
});

test('AU-11: nobody sets or sees the password of somebody else: only a new temporary one is made', async () => {
  await newcomer(rollcall, chief, 'not.chosen', []);
  await chief.open('/users?q=not.chosen');
  await chief.follow('not.chosen');
  expect(chief.page.html).not.toMatch(/type="password"/);
  const body = new URLSearchParams(String(chief.form('Save Changes').submission('Save Changes').body));
  for (const name of ['password', 'passwordHash', 'newPassword']) {
    const more = new URLSearchParams([...body, [name, newPassword]]);
    expect([name, (await chief.post(chief.page.address.pathname, more)).status]).toEqual([name, 400]);
  }
  expect((await signIn(rollcall, 'not.chosen', ownPassword)).page.path).toBe('/account');
});
