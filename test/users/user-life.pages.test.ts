// What happens to a user beside editing: a new password, the end of sessions, off and on, deletion.
import { importFile, successDetails } from '../support/imports.js';
import { rowsOf } from '../support/peek.js';
import { addUser, firstSignIn, newcomer, ownPassword, shownPassword } from '../support/newcomers.js';
import { duplicateNames } from '../support/page.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;
let made = 0;

beforeAll(async () => {
  rollcall = await startRollcall();
  chief = await setUp(rollcall);
});

describe('Reset Password', () => {
  test('shows a new temporary password once and ends every session', async () => {
    const { username, user, path } = await somebody();
    await chief.open(path);
    const page = await chief.press('Reset Password');
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    const temporary = shownPassword(chief);
    expect(isSignedOut(await user.get('/account'))).toBe(true);
    expect((await signIn(rollcall, username, ownPassword)).page.path).toBe('/sign-in');
    await chief.follow('Back to This User');
    expect(chief.page.html).not.toContain(temporary);
    expect(chief.page.text).toContain('Temporary password valid until');
    expect((await firstSignIn(rollcall, username, temporary)).page.path).toBe('/account');
    expect(await lastEntry()).toEqual(expect.objectContaining({ action: 'user.password_reset' }));
  });

  test('keeps to digits only', async () => {
    const { path } = await somebody();
    await chief.open(path);
    await chief
      .form('Save Changes')
      .check('Generate user passwords with digits only (not recommended)')
      .press('Save Changes');
    await chief.press('Reset Password');
    expect(shownPassword(chief)).toMatch(/^[1-9]\d{14}$/);
  });

  test('takes the password of an import out of its success details', async () => {
    const file =
      'Username,Email,Role,Virtual Extension\nfile.one,file.one@example.com,Agent,3001\nfile.two,file.two@example.com,Agent,3002\n';
    const { id } = await importFile(chief, file);
    await open('file.one');
    await chief.press('Reset Password');
    await chief.open(`/imports/${id}`);
    expect((await successDetails(chief)).map(({ Username }) => Username)).toEqual(['file.two']);
  });
});

describe('Deactivate', () => {
  test('SE-7: signs the user out at once, and Activate lets them in again', async () => {
    const { username, user, path } = await somebody();
    await chief.open(path);
    await chief.press('Deactivate');
    expect(chief.page.flash).toContain(`“${username}” is not active any more`);
    expect(isSignedOut(await user.get('/account'))).toBe(true);
    expect((await signIn(rollcall, username, ownPassword)).page.path).toBe('/sign-in');
    expect(chief.page.hasButton('Deactivate')).toBe(false);
    await chief.press('Activate');
    expect(chief.page.flash).toBe(`“${username}” is active.`);
    expect((await signIn(rollcall, username, ownPassword)).page.path).toBe('/account');
    expect(await lastEntries(5)).toEqual(expect.arrayContaining(['user.deactivated', 'user.activated']));
  });

  test('makes a form that was opened before say so', async () => {
    const { path } = await somebody();
    await chief.open(path);
    const late = chief.copy();
    await late.open(path);
    await chief.press('Deactivate');
    const page = await late.form('Save Changes').fill('First Name', 'Eva').press('Save Changes');
    expect(page.status).toBe(409);
  });
});

describe('Sessions', () => {
  test('SE-8: are listed, ended one by one and all at once', async () => {
    const { username, user, path } = await somebody();
    const second = await signIn(rollcall, username, ownPassword);
    await chief.open(path);
    await chief.follow('Sessions');
    expect(duplicateNames(chief.page)).toEqual([]);
    const ends = chief.page.buttons.map((button) => button.text.replace(/\s+/g, ' ').trim());
    const [newest, oldest] = ends.filter((name) => /^End Session \d+$/.test(name));
    await chief.press(newest);
    expect(chief.page.flash).toBe('The session was ended.');
    expect([isSignedOut(await second.get('/account')), isSignedOut(await user.get('/account'))]).toEqual([
      true,
      false,
    ]);
    expect(chief.page.hasButton(oldest)).toBe(true);
    await chief.press('End All Sessions');
    expect(isSignedOut(await user.get('/account'))).toBe(true);
    expect(chief.page.text).toContain('The user is not signed in anywhere.');
  });

  test('SE-8: of one user are not ended through another', async () => {
    const one = await somebody();
    const other = await somebody();
    const [{ id }] = await rowsOf<{ id: number }>(
      rollcall,
      'SELECT id FROM sessions ORDER BY id DESC LIMIT 1',
    );
    await chief.post(`${one.path}/sessions/${id}/end`);
    expect(isSignedOut(await other.user.get('/account'))).toBe(false);
  });
});

describe('Delete', () => {
  test('asks, signs out, frees username, email and extension, and keeps the audit log', async () => {
    const { username, user, path } = await somebody();
    await chief.open(path);
    const extension = chief.page.value('Virtual Extension');
    await chief.follow('Delete');
    expect(chief.page.text).toContain(`${username}@example.com`);
    await chief.press('Delete User');
    expect(chief.page.path).toBe('/users');
    expect(chief.page.flash).toBe(`“${username}” was deleted.`);
    expect(isSignedOut(await user.get('/account'))).toBe(true);
    expect((await chief.get(path)).status).toBe(404);
    expect(await lastEntry()).toEqual(expect.objectContaining({ action: 'user.deleted', name: username }));
    await chief.open('/users/new');
    const form = chief.form('Add User').fill('Username', username).fill('Email', `${username}@example.com`);
    await form.fill('Virtual Extension', extension).check('Agent').press('Add User');
    expect(chief.page.status).toBe(200);
    await chief.follow('Open This User');
    expect(chief.page.path).not.toBe(path);
  });

  test('leaves the row of the import, without a user and without a password', async () => {
    const file =
      'Username,Email,Role,Virtual Extension\nfile.gone,file.gone@example.com,Agent,3011\nfile.here,file.here@example.com,Agent,3012\n';
    const { id } = await importFile(chief, file);
    await open('file.gone');
    await chief.follow('Delete');
    await chief.press('Delete User');
    const rows = await rowsOf<object>(
      rollcall,
      `SELECT number, state, user_id, secret FROM import_rows WHERE import_id = ${id} AND number = 2`,
    );
    expect(rows).toEqual([{ number: 2, state: 'created', user_id: null, secret: null }]);
    await chief.open(`/imports/${id}`);
    expect(chief.page.text).toContain('One of the created users was deleted since.');
    expect((await successDetails(chief)).map(({ Username }) => Username)).toEqual(['file.here']);
  });
});

test('an import stays when its author is deleted, and says so', async () => {
  const author = await newcomer(rollcall, chief, 'file.author', ['See users', 'Create users from a file']);
  const { id } = await importFile(author, 'Username,Email,Role\nby.author,by.author@example.com,Agent\n');
  await open('file.author');
  await chief.follow('Delete');
  await chief.press('Delete User');
  await chief.open('/imports');
  expect(chief.page.table('Imports').find(([number]) => number === String(id))![2]).toBe('deleted user');
  await chief.open(`/imports/${id}`);
  expect(chief.page.text).toContain('The user who imported it was deleted since.');
});

describe('safeguards', () => {
  test('nobody deactivates, deletes or resets themselves', async () => {
    await open(administrator);
    const { path } = chief.page;
    for (const name of ['Deactivate', 'Reset Password']) expect(chief.page.hasButton(name)).toBe(false);
    expect(chief.page.hasLink('Delete')).toBe(false);
    const answers = [];
    for (const what of ['deactivation', 'delete', 'password'])
      answers.push(await chief.post(`${path}/${what}`));
    expect(answers.map(({ status }) => status)).toEqual([409, 409, 403]);
    expect(answers[0].text).toContain('Nobody deactivates themselves');
    expect((await signIn(rollcall, administrator, password)).page.path).toBe('/users');
  });

  test('AZ-9: of two administrators who deactivate each other at once one stays', async () => {
    const deputy = await firstSignIn(rollcall, 'deputy', await addUser(chief, 'deputy', 'Administrator'));
    const [own, other] = [await idOf(administrator), await idOf('deputy')];
    await Promise.all([
      chief.post(`/users/${other}/deactivation`),
      deputy.post(`/users/${own}/deactivation`),
    ]);
    const active = await rowsOf(
      rollcall,
      `SELECT users.id FROM users JOIN user_roles ON user_id = users.id WHERE role_id = 1 AND active = ${rollcall.databaseUrl ? 'TRUE' : '1'}`,
    );
    expect(active).toHaveLength(1);
    chief = isSignedOut(await chief.get('/users')) ? deputy : chief;
    await chief.open('/users');
  });

  test('AZ-5: nobody acts on a user who holds more than they do', async () => {
    const helper = await newcomer(rollcall, chief, 'life.helper', [
      'See users',
      'Change users',
      'Delete users',
      'Reset passwords and authenticators',
      'See and end sessions of others',
    ]);
    const id = await activeAdministrator();
    await helper.open(`/users/${id}`);
    expect(helper.page.text).toContain('This user holds more than you do');
    expect(helper.page.hasButton('Reset Password')).toBe(false);
    for (const what of ['password', 'activation', 'deactivation', 'delete', 'sessions/end', 'sessions/1/end'])
      expect([what, (await helper.post(`/users/${id}/${what}`)).status]).toEqual([what, 403]);
    expect((await helper.get(`/users/${id}/sessions`)).status).toBe(403);
    const { path } = await somebody();
    expect((await helper.post(`${path}/password`)).status).toBe(200);
  });

  test('each action needs its permission', async () => {
    const viewer = await newcomer(rollcall, chief, 'life.viewer', ['See users']);
    const { path } = await somebody();
    await viewer.open(path);
    for (const name of ['Reset Password', 'Deactivate']) expect(viewer.page.hasButton(name)).toBe(false);
    for (const what of ['password', 'activation', 'deactivation', 'delete', 'sessions/end'])
      expect([what, (await viewer.post(`${path}/${what}`)).status]).toEqual([what, 403]);
  });

  test('with own desks only a person acts on nobody of other desks', async () => {
    const lonely = await newcomer(
      rollcall,
      chief,
      'life.lonely',
      ['See users', 'Change users', 'Reset passwords and authenticators'],
      true,
    );
    const { path } = await somebody();
    for (const what of ['password', 'deactivation'])
      expect([what, (await lonely.post(`${path}/${what}`)).status]).toEqual([what, 404]);
  });
});

async function somebody(): Promise<{ username: string; user: Visitor; path: string }> {
  const username = `life.${++made}`;
  const user = await firstSignIn(rollcall, username, await addUser(chief, username, 'Agent'));
  return { username, user, path: `/users/${await idOf(username)}` };
}

async function open(username: string): Promise<void> {
  await chief.open(`/users/${await idOf(username)}`);
}

async function idOf(username: string): Promise<number> {
  const [{ id }] = await rowsOf<{ id: number }>(
    rollcall,
    `SELECT id FROM users WHERE username = '${username}'`,
  );
  return id;
}

async function activeAdministrator(): Promise<number> {
  const [{ id }] = await rowsOf<{ id: number }>(
    rollcall,
    `SELECT users.id FROM users JOIN user_roles ON user_id = users.id WHERE role_id = 1 AND active = ${rollcall.databaseUrl ? 'TRUE' : '1'}`,
  );
  return id;
}

function isSignedOut({ headers }: { headers: Headers }): boolean {
  return (headers.get('location') ?? '').startsWith('/sign-in');
}

async function lastEntry(): Promise<object> {
  const [entry] = await rowsOf<object>(
    rollcall,
    `SELECT action, subject_name AS name FROM audit_entries WHERE action LIKE 'user.%' ORDER BY id DESC LIMIT 1`,
  );
  return entry;
}

async function lastEntries(count: number): Promise<string[]> {
  const entries = await rowsOf<{ action: string }>(
    rollcall,
    `SELECT action FROM audit_entries ORDER BY id DESC LIMIT ${count}`,
  );
  return entries.map(({ action }) => action);
}
