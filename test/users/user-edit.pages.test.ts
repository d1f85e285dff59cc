// Changing a user: what is saved, what is refused, and who may.
import { rowsOf } from '../support/peek.js';
import { addRole, addUser, firstSignIn, newcomer } from '../support/newcomers.js';
import { duplicateNames } from '../support/page.js';
import { administrator, setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;
let made = 0;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await setUp(rollcall);
});

test('a change is saved, found again, and stands in the audit log with old and new', async () => {
  const { username } = await edited();
  const page = await chief
    .form('Save Changes')
    .fill('Username', `${username}.new`)
    .fill('Email', `${username}.new@example.com`)
    .fill('Last Name', 'Kovács')
    .fill('Virtual Extension', '7777')
    .choose('SIP Settings', 'Use Custom URI')
    .fill('Custom URI', '204@pbx.example.com')
    .press('Save Changes');
  expect(page.flash).toBe(`“${username}.new” was saved.`);
  expect(page.heading).toBe(`User ${username}.new`);
  expect(page.value('Custom URI')).toBe('sip:204@pbx.example.com');
  expect(duplicateNames(page)).toEqual([]);
  await chief.open('/users?q=kov%C3%A1cs');
  expect(chief.page.hasLink(`${username}.new`)).toBe(true);
  await chief.open('/audit');
  for (const line of [`Username: ${username} → ${username}.new`, 'Last Name: – → Kovács', '→ 7777'])
    expect(chief.page.text).toContain(line);
});

test('what the new SIP setting does not need is forgotten', async () => {
  await edited();
  await chief
    .form('Save Changes')
    .choose('SIP Settings', 'Use classic PBX')
    .choose('PBX Domain', 'PBX Europe')
    .fill('PBX Device', '801')
    .press('Save Changes');
  expect(chief.page.value('PBX Device')).toBe('801');
  await chief.form('Save Changes').choose('SIP Settings', 'Use WebRTC').press('Save Changes');
  expect(chief.page.value('PBX Device')).toBe('');
});

test('every problem is said at once, beside its field, and what was typed stays', async () => {
  await edited();
  const wrong = {
    Username: 'chief',
    Email: 'nobody',
    'First Name': 'x'.repeat(101),
    'Virtual Extension': '9901',
    'CalDAV Token': 'short',
  };
  const form = chief.form('Save Changes');
  for (const [label, value] of Object.entries(wrong)) form.fill(label, value);
  const page = await form.uncheck('Agent').press('Save Changes');
  expect(page.status).toBe(422);
  for (const name of ['email', 'firstName', 'roles', 'extension', 'caldavToken'])
    expect([name, page.root.getElementById(`problem-${name}`) !== null]).toEqual([name, true]);
  for (const [label, value] of Object.entries(wrong)) expect(page.value(label)).toBe(value);
});

test('a user’s own username, email and extension are not taken by others', async () => {
  await edited();
  const page = await chief.form('Save Changes').fill('First Name', 'Eva').press('Save Changes');
  expect(page.status).toBe(200);
});

test('who comes second sees both versions, and overwrites nothing', async () => {
  await edited();
  const late = chief.copy();
  await late.open(chief.page.path);
  await chief.form('Save Changes').fill('First Name', 'Ada').press('Save Changes');
  const page = await late.form('Save Changes').fill('First Name', 'Eve').press('Save Changes');
  expect(page.status).toBe(409);
  expect(page.table('Both versions').slice(1)).toEqual([['First Name', 'Ada', 'Eve']]);
  await chief.open(chief.page.path);
  expect(chief.page.value('First Name')).toBe('Ada');
  await late.press('Save Changes');
  expect([late.page.status, late.page.value('First Name')]).toEqual([200, 'Eve']);
});

test('SE-7: a role that is taken away, or given, counts at the very next request', async () => {
  const viewer = await newcomer(rollcall, chief, 'edit.viewer', ['See users']);
  expect((await viewer.get('/users')).status).toBe(200);
  await open('edit.viewer');
  await chief.form('Save Changes').check('Agent').uncheck('Role of edit.viewer').press('Save Changes');
  expect((await viewer.get('/users')).status).toBe(403);
  await chief.form('Save Changes').check('Role of edit.viewer').press('Save Changes');
  expect((await viewer.get('/users')).status).toBe(200);
});

test('SE-7: who is made inactive on the form is signed out at once', async () => {
  const viewer = await newcomer(rollcall, chief, 'edit.sleeper', ['See users']);
  await open('edit.sleeper');
  await chief.form('Save Changes').uncheck('Activate User').press('Save Changes');
  expect((await viewer.get('/users')).headers.get('location')).toMatch(/^\/sign-in/);
  await chief.form('Save Changes').check('Activate User').press('Save Changes');
  expect((await viewer.get('/users')).headers.get('location')).toMatch(/^\/sign-in/);
});

test('without the permission to change users their page stays facts to read', async () => {
  const viewer = await newcomer(rollcall, chief, 'edit.reader', ['See users']);
  const { path } = await edited();
  await viewer.open(path);
  expect(viewer.page.root.querySelector('main form')).toBeNull();
  expect(viewer.page.hasButton('Save Changes')).toBe(false);
  for (const fact of [
    'Use WebRTC',
    'Agent',
    'Default from Role/Tenant (Tenant: Disabled)',
    'created by chief',
  ])
    expect(viewer.page.text).toContain(fact);
  expect((await viewer.post(path, { version: '1' })).status).toBe(403);
});

test('AZ-5: nobody changes a user who holds more than they do', async () => {
  const editor = await newcomer(rollcall, chief, 'edit.editor', ['See users', 'Change users']);
  await open(administrator);
  const { path } = chief.page;
  await editor.open(path);
  expect(editor.page.text).toContain('This user holds more than you do');
  expect(editor.page.hasButton('Save Changes')).toBe(false);
  const before = await emailOf(administrator);
  expect((await editor.post(path, { version: '1', email: 'mine@example.com' })).status).toBe(403);
  expect(await emailOf(administrator)).toBe(before);
});

test('AZ-6: nobody raises themselves', async () => {
  const editor = await newcomer(rollcall, chief, 'edit.climber', ['See users', 'Change users']);
  await addRole(chief, 'Sees users too', ['See users']);
  await open('edit.climber');
  const { path } = chief.page;
  await editor.open(path);
  for (const label of ['Sees users too', 'Activate User', 'Full Recording Access'])
    expect([label, editor.page.field(label).hasAttribute('disabled')]).toEqual([label, true]);
  const role = editor.page.field('Sees users too').getAttribute('value')!;
  const body = new URLSearchParams(String(editor.form('Save Changes').submission('Save Changes').body));
  for (const [name, value] of [
    ['roles', role],
    ['twoFactor', 'google'],
    ['maxSessions', '20'],
    ['fullRecordingAccess', 'on'],
  ]) {
    const more = new URLSearchParams(body);
    more.set(name, value);
    const { status } = await editor.post(path, more);
    expect([name, status]).toEqual([name, 403]);
  }
  await editor.form('Save Changes').fill('First Name', 'Eva').press('Save Changes');
  expect(editor.page.flash).toContain('was saved');
  expect((await editor.get('/users/new')).status).toBe(403);
});

test('AZ-4: who may not give a setting leaves it as it is', async () => {
  const editor = await newcomer(rollcall, chief, 'edit.limited', ['See users', 'Change users']);
  const { path } = await edited();
  await chief
    .form('Save Changes')
    .check('Full Recording Access')
    .choose('Max User Concurrent Sessions', '3')
    .press('Save Changes');
  await editor.open(path);
  await editor.form('Save Changes').fill('First Name', 'Eva').press('Save Changes');
  expect(editor.page.flash).toContain('was saved');
  await chief.open(path);
  expect(chief.page.isChecked('Full Recording Access')).toBe(true);
  expect(chief.page.value('Max User Concurrent Sessions')).toBe('3');
  expect(chief.page.value('First Name')).toBe('Eva');
});

test('with own desks only a person changes nobody of other desks', async () => {
  const editor = await newcomer(rollcall, chief, 'edit.lonely', ['See users', 'Change users'], true);
  const { path } = await edited();
  expect((await editor.get(path)).status).toBe(404);
  expect((await editor.post(path, { version: '1' })).status).toBe(404);
});

test('AZ-7: the form takes its own fields only', async () => {
  const { path } = await edited();
  for (const body of [
    'version=1&id=1',
    'version=1&passwordHash=x',
    'version=1&username=a&username=b',
    'username=a',
  ])
    expect((await chief.post(path, new URLSearchParams(body))).status).toBe(400);
});

test('AZ-9: of two administrators who demote each other at once one stays', async () => {
  const alone = await startRollcall();
  const first = await setUp(alone);
  const secret = await addUser(first, 'deputy', 'Administrator');
  const second = await firstSignIn(alone, 'deputy', secret);
  const demote = async (visitor: Visitor, username: string) => {
    await visitor.open('/users');
    await visitor.follow(username);
    return visitor.form('Save Changes').uncheck('Administrator').check('Agent');
  };
  const forms = [await demote(first, 'deputy'), await demote(second, administrator)];
  const pages = await Promise.all(forms.map((form) => form.press('Save Changes')));
  const statuses = pages.map(({ status }) => status).sort((a, b) => a - b);
  // The one who was demoted first is sent away, or told that nobody would be left.
  expect([200, 403]).toContain(statuses[0]);
  const admins = await rowsOf(alone, 'SELECT user_id FROM user_roles WHERE role_id = 1');
  expect(admins).toHaveLength(1);
  await alone.stop();
});

async function edited(): Promise<{ username: string; path: string }> {
  const username = `edit.${++made}`;
  await addUser(chief, username, 'Agent');
  await chief.follow('Open This User');
  return { username, path: chief.page.path };
}

async function open(username: string): Promise<void> {
  const [{ id }] = await rowsOf<{ id: number }>(
    rollcall,
    `SELECT id FROM users WHERE username = '${username}'`,
  );
  await chief.open(`/users/${id}`);
}

async function emailOf(username: string): Promise<string> {
  const [{ email }] = await rowsOf<{ email: string }>(
    rollcall,
    `SELECT email FROM users WHERE username = '${username}'`,
  );
  return email;
}
