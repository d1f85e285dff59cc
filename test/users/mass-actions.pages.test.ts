// What is done to many users at once: few within the request, many as a job.
import { columnOf } from '../support/columns.js';
import { csvRows, fileOf, importFile } from '../support/imports.js';
import { addUser, firstSignIn, newcomer } from '../support/newcomers.js';
import { countOf, rowsOf } from '../support/peek.js';
import { setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await setUp(rollcall);
  await importFile(chief, fileOf(60, 'many'));
});

describe('ticked users', () => {
  test('are deactivated after a question that names how many, signed out at once, and told in the audit log', async () => {
    const password = await addUser(chief, 'leaver', 'Agent');
    const leaver = await firstSignIn(rollcall, 'leaver', password);
    await ask('/users?q=leaver', ['leaver'], 'Deactivate');
    expect(chief.page.heading).toBe('Deactivate?');
    expect(chief.page.text).toContain('This is for one selected user.');
    await chief.press('Deactivate');
    expect(outcome()).toEqual(['1', '0']);
    await leaver.open('/account');
    expect(leaver.page.address.pathname).toBe('/sign-in');
    await chief.open('/audit?action=user.deactivated');
    expect(chief.page.text).toContain('leaver');
  });

  test('AZ-5: who did it, who holds more and the last administrator are left out and named', async () => {
    const clerk = await newcomer(rollcall, chief, 'clerk', ['See users', 'Change users', 'Delete users']);
    await ask('/users', ['chief', 'clerk', 'demo.agent1'], 'Deactivate', clerk);
    await clerk.press('Deactivate');
    expect(outcome(clerk)).toEqual(['1', '2']);
    expect(clerk.page.table('Left out').slice(1)).toEqual([
      ['chief', 'This user holds more than you do, so you cannot change them.'],
      ['clerk', 'Nobody deactivates themselves: ask another administrator.'],
    ]);
  });

  test('AZ-3: a role that holds more than the giver is not offered', async () => {
    const giver = await newcomer(rollcall, chief, 'giver', ['See users', 'Change users']);
    await ask('/users', ['demo.agent2'], 'Add Role', giver);
    expect(giver.page.options('Role')).toEqual(['Choose one', 'Agent', 'Role of giver']);
    await giver.form('Add Role').choose('Role', 'Role of giver').press('Add Role');
    expect(outcome(giver)).toEqual(['1', '0']);
    const forged = { action: 'add_role', to: 'ticked', users: '2', count: '1', thing: '1' };
    expect((await giver.post('/mass-actions', forged)).status).toBe(422);
    expect((await giver.post('/mass-actions', { ...forged, action: 'delete' })).status).toBe(403);
  });

  test('join a desk and leave it; who has it already, or not, is named', async () => {
    await ask('/users?q=demo', ['demo.agent1', 'demo.agent3'], 'Add to Desk');
    await chief.press('Add to Desk');
    expect(chief.page.problems).toEqual(['Desk: Choose one of the list.']);
    await chief.form('Add to Desk').choose('Desk', 'Lisbon').press('Add to Desk');
    expect(outcome()).toEqual(['2', '0']);
    await ask('/users?q=demo', ['demo.agent2', 'demo.agent3'], 'Remove from Desk');
    await chief.form('Remove from Desk').choose('Desk', 'Lisbon').press('Remove from Desk');
    expect(outcome()).toEqual(['1', '1']);
    expect(chief.page.text).toContain('This user does not have it.');
    await chief.open('/users?q=demo&column=desks');
    expect(columnOf(chief.page, 'Desks')).toEqual(['Berlin, Lisbon', 'Berlin', 'Berlin', 'Berlin']);
  });

  test('the only role of a user is not taken away', async () => {
    await ask('/users?q=demo.agent3', ['demo.agent3'], 'Remove Role');
    await chief.form('Remove Role').choose('Role', 'Agent').press('Remove Role');
    expect(chief.page.text).toContain('It is the only role of this user: give another one first.');
  });
});

test('TP-6: reset passwords are handed out to the author alone, by POST, until Continue; then nothing is kept', async () => {
  await chief.open('/users?q=many');
  await chief
    .form('Apply to All That Match')
    .choose('Mass action', 'Reset Passwords')
    .press('Apply to All That Match');
  expect(chief.page.text).toContain('This is for all 60 users that match the filters.');
  await chief.press('Reset Passwords');
  const path = chief.page.path;
  const [head, ...rows] = csvRows(await chief.download('Download New Passwords'));
  expect(rows).toHaveLength(60);
  const [first] = rows;
  const visitor = await signIn(
    rollcall,
    first[head.indexOf('Username')],
    first[head.indexOf('Temporary Password')],
  );
  expect(visitor.page.address.pathname).toBe('/password');
  const other = await newcomer(rollcall, chief, 'resetter', [
    'See users',
    'Reset passwords and authenticators',
  ]);
  expect((await other.post(`${path}/passwords.csv`)).status).toBe(404);
  expect((await chief.get(`${path}/passwords.csv`)).status).toBe(405);
  await chief.open(path);
  await chief.press('Continue');
  expect((await chief.post(`${path}/passwords.csv`)).status).toBe(410);
  expect(await countOf(rollcall, 'mass_action_users WHERE secret IS NOT NULL')).toBe(0);
  expect(await countOf(rollcall, 'import_rows WHERE secret IS NOT NULL')).toBe(0);
});

test('TP-6: whoever may not reset passwords any more does not get those of an earlier reset', async () => {
  const clerk = await newcomer(rollcall, chief, 'passing', [
    'See users',
    'Reset passwords and authenticators',
    'Create users from a file',
  ]);
  await ask('/users?q=demo', ['demo.agent3'], 'Reset Passwords', clerk);
  await clerk.press('Reset Passwords');
  expect(outcome(clerk)).toEqual(['1', '0']);
  const [{ id }] = await rowsOf<{ id: number }>(
    rollcall,
    "SELECT id FROM roles WHERE name = 'Role of passing'",
  );
  await chief.open(`/roles/${id}`);
  await chief.form('Save Changes').uncheck('Reset passwords and authenticators').press('Save Changes');
  expect((await clerk.post(`${clerk.page.path}/passwords.csv`)).status).toBe(403);
});

test('deleted users are gone from table, search and index; the audit log keeps them', async () => {
  await ask('/users?q=many6', ['many6', 'many60'], 'Delete');
  await chief.press('Delete');
  expect(outcome()).toEqual(['2', '0']);
  await chief.open('/users?q=many6');
  expect(chief.page.text).toContain('Nobody matches');
  expect(await countOf(rollcall, 'user_search')).toBe(await countOf(rollcall, 'users'));
  await chief.open('/audit?action=user.deleted');
  expect(chief.page.text).toContain('many60');
});

test('users that changed since the question are asked for again', async () => {
  await chief.open('/users?q=many1');
  await chief
    .form('Apply to All That Match')
    .choose('Mass action', 'Deactivate')
    .press('Apply to All That Match');
  const elsewhere = chief.copy();
  await elsewhere.post('/mass-actions?q=many11', { action: 'delete', to: 'all', count: '1' });
  await chief.press('Deactivate');
  expect(chief.page.status).toBe(422);
  expect(chief.page.problems.join()).toContain('it would be 10');
});

describe('5,000 users', () => {
  beforeAll(async () => {
    await chief.open('/settings');
    const form = chief.form('Save Settings').fill('Users in one file', '5000');
    await form.fill('Highest extension to generate', '99999').press('Save Settings');
    await importFile(chief, fileOf(5000, 'crowd'));
  });

  test('a word that many have is answered by the newest, and the page says so', async () => {
    await chief.open('/users?q=crowd&sort=username');
    expect(chief.page.text).toContain('More than 1,000 users match: the newest come first.');
    expect(columnOf(chief.page, 'Username')[0]).toBe('crowd5000');
    expect(chief.page.root.querySelector('.pager-text')?.text).toBe('1,000+ users');
    await chief.follow('Next page');
    expect(columnOf(chief.page, 'Username')[0]).toBe('crowd4950');
    await chief.open('/users?q=crowd12&sort=username');
    expect(columnOf(chief.page, 'Username').slice(0, 3)).toEqual(['crowd12', 'crowd120', 'crowd1200']);
  });

  test('are deactivated by a job that can be cancelled; what is done stays, the rest is not touched', async () => {
    await chief.open('/users?q=crowd');
    await chief
      .form('Apply to All That Match')
      .choose('Mass action', 'Deactivate')
      .press('Apply to All That Match');
    expect(chief.page.text).toContain('This is for all 5,000 users that match the filters.');
    await chief.press('Deactivate');
    const path = chief.page.path;
    await chief.post(`${path}/cancel`);
    await ended(path);
    expect(chief.page.text).toContain('It was cancelled; what was done until then stays.');
    const inactive = await countOf(rollcall, `users WHERE username_key LIKE 'crowd%' AND NOT active`);
    expect(inactive).toBe(Number(outcome()[0].replace(',', '')));
    expect(inactive).toBeLessThan(5000);
    const [, ...report] = csvRows(await chief.download('Download Report'));
    expect(report).toHaveLength(5000);
  });

  test('are deactivated to the last by the next one, each with an entry in the audit log', async () => {
    await chief.open('/users?q=crowd');
    await chief
      .form('Apply to All That Match')
      .choose('Mass action', 'Deactivate')
      .press('Apply to All That Match');
    await chief.press('Deactivate');
    await ended(chief.page.path);
    expect(await countOf(rollcall, `users WHERE username_key LIKE 'crowd%' AND NOT active`)).toBe(5000);
    const entries = `audit_entries WHERE action = 'user.deactivated' AND subject_name LIKE 'crowd%'`;
    expect(await countOf(rollcall, entries)).toBe(5000);
  });
});

async function ask(path: string, usernames: string[], action: string, visitor = chief): Promise<void> {
  await visitor.open(path);
  const form = visitor.form('Apply to Selected Users').choose('Mass action', action);
  for (const username of usernames) form.check(`Select ${username}`);
  await form.press('Apply to Selected Users');
}

/** Done and left out. */
function outcome(visitor = chief): string[] {
  return visitor.page.root
    .querySelectorAll('.facts dd')
    .map((fact) => fact.text)
    .slice(0, 2);
}

async function ended(path: string): Promise<void> {
  for (const begun = Date.now(); ;) {
    await chief.open(path);
    if (chief.page.hasLink('Download Report')) return;
    if (Date.now() - begun > 30_000) throw new Error(`It did not end:\n${chief.page.text}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
