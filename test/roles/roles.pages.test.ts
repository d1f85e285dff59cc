import { addRole, addUser, firstSignIn, newcomer, ownPassword } from '../support/newcomers.js';
import { duplicateNames } from '../support/page.js';
import { rowsOf } from '../support/peek.js';
import { setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall();
  chief = await setUp(rollcall);
});

test('a fresh tenant has three roles, each with its ID, its permissions and its users', async () => {
  await chief.open('/roles');
  const rows = chief.page.table('Roles').slice(1);
  expect(rows.map(([, name, permissions, users]) => [name, permissions, users])).toEqual([
    ['Administrator', 'All', '1'],
    ['Agent', 'None', '0'],
    ['Supervisor', expect.stringMatching(/^3 of \d+ Own desks only$/), '0'],
  ]);
  expect(duplicateNames(chief.page)).toEqual([]);
});

describe('the page of a role says who has it', () => {
  test('with links to the first of them, and to all in the table', async () => {
    await addRole(chief, 'Held', []);
    await chief.follow('Edit Held');
    expect(chief.page.text).toContain('Nobody has this role yet.');
    const { path } = chief.page;
    for (const name of ['held.two', 'held.one']) await addUser(chief, name, 'Held');
    await chief.open(path);
    const holders = chief.page.root.querySelectorAll('.holders a').map(({ text }) => text);
    expect(holders).toEqual(['held.one', 'held.two']);
    await chief.follow('Users with this role: 2');
    expect(chief.page.value('Filter by Role')).toBe('Held');
    await chief.open(path);
    await chief.follow('held.one');
    expect(chief.page.value('Username')).toBe('held.one');
  });

  test('and whoever meets only users of own desks learns the number, and no names', async () => {
    const lead = await newcomer(rollcall, chief, 'holders.lead', ['See users', 'Manage roles'], true);
    await lead.open('/roles');
    await lead.follow('Edit Held');
    expect(lead.page.text).toContain('Users with this role: 2');
    expect(lead.page.text).not.toContain('held.one');
  });
});

test('AZ-5, LG-1: what somebody asks for without the right to is in the audit log, once in a while', async () => {
  const curious = await newcomer(rollcall, chief, 'curious', ['Manage roles']);
  for (let time = 1; time <= 3; time++) {
    expect((await curious.get('/roles/1')).status).toBe(403);
    expect((await curious.get('/settings?q=secret')).status).toBe(403);
  }
  await chief.open('/audit?action=request_refused');
  const entries = chief.page.table('Audit Log').filter(([, , who]) => who.startsWith('curious'));
  expect(entries.map((cells) => cells[5])).toEqual(['Request: GET /settings', 'Request: GET /roles/1']);
});

test('a role is created, changed and deleted', async () => {
  await addRole(chief, 'Helper', ['See users', 'Manage caller IDs'], true);
  expect(chief.page.flash).toBe('“Helper” was created.');
  await chief.follow('Edit Helper');
  expect(chief.page.isChecked('See users')).toBe(true);
  expect(chief.page.isChecked('Create users')).toBe(false);
  expect(chief.page.isChecked('Own desks only')).toBe(true);
  await chief
    .form('Save Changes')
    .fill('Name', 'First Helper')
    .uncheck('See users')
    .uncheck('Own desks only')
    .press('Save Changes');
  expect(chief.page.flash).toBe('“First Helper” was saved.');
  await chief.follow('Edit First Helper');
  expect(chief.page.isChecked('See users')).toBe(false);
  expect(chief.page.isChecked('Manage caller IDs')).toBe(true);
  await chief.open('/roles');
  await chief.follow('Delete First Helper');
  await chief.press('Delete Role');
  expect(chief.page.flash).toBe('“First Helper” was deleted.');
  expect(namesOf(chief)).not.toContain('First Helper');
});

test('every change of a role is in the audit log, with what it was before', async () => {
  await addRole(chief, 'Watched', ['See users']);
  await chief.follow('Edit Watched');
  await chief.form('Save Changes').check('Manage caller IDs').press('Save Changes');
  await chief.follow('Delete Watched');
  await chief.press('Delete Role');
  const entries = await rowsOf<{ action: string; actor_name: string; details: string }>(
    rollcall,
    `SELECT action, actor_name, details FROM audit_entries WHERE subject_name = 'Watched' ORDER BY id`,
  );
  const both = ['users.view', 'callerids.manage'];
  const limits = { twoFactor: null, sessionTtl: null, maxSessions: null };
  expect(entries.map(({ action, details }) => [action, JSON.parse(details)])).toEqual([
    ['role.created', { name: 'Watched', permissions: ['users.view'], ownDesksOnly: false, ...limits }],
    ['role.changed', { permissions: { from: ['users.view'], to: both } }],
    ['role.deleted', { name: 'Watched', permissions: both, ownDesksOnly: false, ...limits }],
  ]);
  expect(entries.every(({ actor_name }) => actor_name === 'chief')).toBe(true);
});

test('the first roles can be renamed like others', async () => {
  const address = await addressOf(chief, 'Supervisor');
  await chief.open(address);
  await chief.form('Save Changes').fill('Name', 'Team Lead').press('Save Changes');
  expect(namesOf(chief)).toContain('Team Lead');
});

test('a role that users have is not deleted', async () => {
  const address = await addressOf(chief, 'Administrator');
  await chief.open(`${address}/delete`);
  expect(chief.page.text).toContain('One user has “Administrator”');
  expect(chief.page.hasButton('Delete Role')).toBe(false);
  expect((await chief.post(`${address}/delete`)).status).toBe(422);
});

test('the name of a role follows the rules of names and is its own, ignoring case', async () => {
  for (const [name, problem] of [
    ['aGENT', /^“Agent” \(ID \d+\) has it already/],
    ['7', /^Use at least one letter/],
    ['', /^Enter a name/],
  ] as const) {
    await chief.open('/roles/new');
    const page = await chief.form('Create Role').fill('Name', name).check('See users').press('Create Role');
    expect(page.status).toBe(422);
    expect(page.problems).toEqual([expect.stringMatching(problem)]);
    expect(page.isChecked('See users')).toBe(true);
  }
});

test('who saves a role that somebody else changed meanwhile sees what differs, and nothing is overwritten', async () => {
  await addRole(chief, 'Contested', []);
  const address = await addressOf(chief, 'Contested');
  const late = chief.copy();
  await late.open(address);
  await chief.open(address);
  await chief.form('Save Changes').check('See users').press('Save Changes');
  const page = await late.form('Save Changes').check('Create users').press('Save Changes');
  expect(page.status).toBe(409);
  expect(page.table('Both versions').slice(1)).toEqual([['Permissions', 'See users', 'Create users']]);
  await chief.open(address);
  expect(chief.page.isChecked('Create users')).toBe(false);
});

test('AZ-9: the last active administrator keeps every permission', async () => {
  const address = await addressOf(chief, 'Administrator');
  await chief.open(address);
  const page = await chief.form('Save Changes').uncheck('Read the audit log').press('Save Changes');
  expect(page.status).toBe(409);
  expect(page.text).toContain('no active user would hold all of them any more');
  await chief.open(address);
  expect(chief.page.isChecked('Read the audit log')).toBe(true);
});

test('permissions held by several roles together count for the last administrator too', async () => {
  await addRole(chief, 'Auditor', ['Read the audit log']);
  const temporary = await addUser(chief, 'second', 'Administrator');
  const second = await firstSignIn(rollcall, 'second', temporary);
  await second.open(await addressOf(second, 'Administrator'));
  const page = await second.form('Save Changes').uncheck('Read the audit log').press('Save Changes');
  expect(page.status).toBe(409);
});

test('an unknown role is not found', async () => {
  for (const id of ['999999', 'abc', '0', '99999999999']) {
    expect((await chief.get(`/roles/${id}`)).status).toBe(404);
    expect((await chief.get(`/roles/${id}/delete`)).status).toBe(404);
    expect((await chief.post(`/roles/${id}`, { name: 'x', version: '1' })).status).toBe(404);
    expect((await chief.post(`/roles/${id}/delete`)).status).toBe(404);
  }
});

test('AZ-7: forms take their own fields and known permissions only', async () => {
  for (const body of [
    'name=a&name=b',
    'name=a&permissions=everything',
    'name=a&permissions[x]=users.view',
    'name=a&twoFactor=fax',
    'name=a&sessionTtl=31',
    'name=a&maxSessions=21',
    'name=a&ownDesksOnly=on&ownDesksOnly=on',
  ]) {
    expect((await chief.post('/roles', new URLSearchParams(body))).status).toBe(400);
  }
});

describe('what a role says of signing in', () => {
  const twoFactor = 'Two-Factor Authentication Type';
  const time = 'User Session Expires After';
  const count = 'Max User Concurrent Sessions';

  test('is chosen, seen again, and told by the audit log', async () => {
    await chief.open('/roles/new');
    expect([twoFactor, time, count].map((label) => chief.page.value(label))).toEqual([
      'Default (Tenant: Disabled)',
      'Default (Tenant: 12 hours)',
      'Default (Tenant: Unlimited)',
    ]);
    const form = chief
      .form('Create Role')
      .fill('Name', 'Vault')
      .choose(twoFactor, 'Google 2FA App - with one-time code');
    await form.choose(time, '30 minutes').choose(count, '1').press('Create Role');
    await chief.follow('Edit Vault');
    expect([twoFactor, time, count].map((label) => chief.page.value(label))).toEqual([
      'Google 2FA App - with one-time code',
      '30 minutes',
      '1',
    ]);
    await chief.form('Save Changes').choose(count, 'Unlimited').press('Save Changes');
    await chief.open('/audit?action=role.changed');
    expect(chief.page.text).toContain('Max User Concurrent Sessions: 1 → Unlimited');
  });

  test('is the default of its users; of several roles the strictest is named', async () => {
    for (const [name, minutes, sessions] of [
      ['Short', '1 hour', '5'],
      ['Few', '4 hours', '2'],
    ]) {
      await chief.open('/roles/new');
      const form = chief.form('Create Role').fill('Name', name).choose(time, minutes);
      await form.choose(count, sessions).press('Create Role');
    }
    await chief.open('/users/new');
    await chief.press('Generate Available Virtual Extension');
    const form = chief
      .form('Add User')
      .fill('Username', 'strict.one')
      .fill('Email', 'strict.one@example.com');
    await form.check('Short').check('Few').press('Add User');
    await chief.follow('Open This User');
    expect([twoFactor, time, count].map((label) => chief.page.value(label))).toEqual([
      'Default from Role/Tenant (Tenant: Disabled)',
      'Default from Role/Tenant (Short: 1 hour)',
      'Default from Role/Tenant (Few: 2)',
    ]);
  });

  test('the number of sessions holds for its users', async () => {
    await chief.open('/roles/new');
    await chief.form('Create Role').fill('Name', 'Single').choose(count, '1').press('Create Role');
    const first = await firstSignIn(rollcall, 'single', await addUser(chief, 'single', 'Single'));
    expect((await first.get('/account')).status).toBe(200);
    const second = await signIn(rollcall, 'single', ownPassword);
    expect((await second.get('/account')).status).toBe(200);
    expect((await first.get('/account')).headers.get('location')).toMatch(/^\/sign-in/);
  });

  test('is shown beside the other version when somebody was faster', async () => {
    await chief.open('/roles');
    await chief.follow('Edit Single');
    const late = chief.copy();
    await late.open(chief.page.path);
    await chief.form('Save Changes').choose(time, '2 hours').press('Save Changes');
    const page = await late.form('Save Changes').choose(time, '8 hours').press('Save Changes');
    expect(page.status).toBe(409);
    expect(page.table('Both versions').slice(1)).toEqual([[time, '2 hours', '8 hours']]);
  });

  test('needs the permissions to give it', async () => {
    await addRole(chief, 'Plain', []);
    await chief.open('/roles/new');
    const strict = chief.form('Create Role').fill('Name', 'Guarded').choose(time, '1 hour');
    await strict.choose(twoFactor, 'Google 2FA App - with one-time code').press('Create Role');
    const manager = await newcomer(rollcall, chief, 'limits.manager', ['Manage roles', 'See users']);
    await manager.open('/roles');
    await manager.follow('Edit Guarded');
    for (const label of [time, count])
      expect([label, manager.page.field(label).hasAttribute('disabled')]).toEqual([label, true]);
    const { path } = manager.page;
    await manager.form('Save Changes').fill('Name', 'Well Guarded').press('Save Changes');
    expect(manager.page.flash).toBe('“Well Guarded” was saved.');
    await manager.follow('Edit Well Guarded');
    expect([manager.page.value(time), manager.page.value(twoFactor)]).toEqual([
      '1 hour',
      'Google 2FA App - with one-time code',
    ]);
    await manager.form('Save Changes').choose(twoFactor, 'Default (Tenant: Disabled)').press('Save Changes');
    expect(manager.page.problems).toEqual([
      `${twoFactor}: You may not give a weaker second factor than the role asks for now.`,
    ]);
    const answer = await manager.post(path, { name: 'Guarded', version: '2', sessionTtl: '10080' });
    expect([answer.status, answer.text.includes('You may not give session limits of their own.')]).toEqual([
      422,
      true,
    ]);
  });

  test('is no code by email as long as mail is not set up', async () => {
    await chief.open('/roles/new');
    const form = chief.form('Create Role').fill('Name', 'By Mail');
    await form.choose(twoFactor, 'Email - with one-time code').press('Create Role');
    expect(chief.page.problems[0]).toContain('Mail is not set up');
  });
});

describe('somebody who manages roles and holds little else', () => {
  let manager: Visitor;

  beforeAll(async () => {
    manager = await newcomer(rollcall, chief, 'manager', ['See users', 'Manage roles']);
  });

  test('can tick only what they hold', async () => {
    await manager.open('/roles/new');
    const disabled = (name: string) => manager.page.field(name).hasAttribute('disabled');
    expect(disabled('See users')).toBe(false);
    expect(disabled('Create users')).toBe(true);
    await addRole(manager, 'Onlooker', ['See users']);
    expect(manager.page.flash).toBe('“Onlooker” was created.');
  });

  test('AZ-3: cannot make a role that permits more, whatever they post', async () => {
    const body = new URLSearchParams([
      ['name', 'Sneaky'],
      ['permissions', 'users.view'],
      ['permissions', 'users.delete'],
    ]);
    const refused = await manager.post('/roles', body);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain(
      'You cannot put a permission into a role that you do not hold yourself: Delete users.',
    );
    await chief.open('/roles');
    expect(namesOf(chief)).not.toContain('Sneaky');
  });

  test('AZ-6: cannot raise the role that they hold themselves', async () => {
    const address = await addressOf(manager, 'Role of manager');
    await manager.open(address);
    const version = manager.page.root.querySelector('[name="version"]')!.getAttribute('value')!;
    const permissions = ['users.view', 'roles.manage', 'settings.manage'];
    const body = new URLSearchParams([
      ['name', 'Role of manager'],
      ['version', version],
      ...permissions.map((permission): [string, string] => ['permissions', permission]),
    ]);
    expect((await manager.post(address, body)).status).toBe(422);
    expect((await manager.get('/settings')).status).not.toBe(200);
  });

  test('AZ-5: cannot change or delete a role that permits more', async () => {
    const address = await addressOf(chief, 'Administrator');
    await manager.open('/roles');
    expect(manager.page.hasLink('Edit Administrator')).toBe(false);
    expect((await manager.get(address)).status).toBe(403);
    expect((await manager.post(address, { name: 'Nobody', version: '1' })).status).toBe(403);
    expect((await manager.get(`${address}/delete`)).status).toBe(403);
    expect((await manager.post(`${address}/delete`)).status).toBe(403);
  });
});

test('who meets only users of own desks cannot make a role that meets everybody', async () => {
  const limited = await newcomer(rollcall, chief, 'limited', ['See users', 'Manage roles'], true);
  await limited.open('/roles/new');
  expect(limited.page.isChecked('Own desks only')).toBe(true);
  const page = await limited
    .form('Create Role')
    .fill('Name', 'Wide View')
    .check('See users')
    .uncheck('Own desks only')
    .press('Create Role');
  expect(page.status).toBe(422);
  expect(page.problems[0]).toContain('You meet only users of your own desks');
});

test('who may only see users sees the roles and changes nothing', async () => {
  const viewer = await newcomer(rollcall, chief, 'viewer', ['See users']);
  const address = await addressOf(chief, 'Agent');
  await viewer.open('/roles');
  expect(viewer.page.hasLink('Create Role')).toBe(false);
  expect(viewer.page.hasLink('Edit Agent')).toBe(false);
  for (const path of ['/roles/new', address, `${address}/delete`]) {
    expect((await viewer.get(path)).status).toBe(403);
  }
  for (const path of ['/roles', address, `${address}/delete`]) {
    expect((await viewer.post(path, { name: 'Mine', version: '1' })).status).toBe(403);
  }
});

test('who may neither see users nor manage roles does not see the list', async () => {
  const other = await newcomer(rollcall, chief, 'other', ['Manage caller IDs']);
  expect((await other.get('/roles')).status).toBe(403);
});

async function addressOf(visitor: Visitor, name: string): Promise<string> {
  await visitor.open('/roles');
  return visitor.page.link(`Edit ${name}`);
}

function namesOf(visitor: Visitor): string[] {
  return visitor.page.table('Roles').map(([, name]) => name);
}
