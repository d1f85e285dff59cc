import { csvRows, fileOf, importFile } from '../support/imports.js';
import { eventually } from '../support/eventually.js';
import { addRole, addUser, newcomer } from '../support/newcomers.js';
import { countOf } from '../support/peek.js';
import { duplicateNames } from '../support/page.js';
import { setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';
import { asOwner, writeEntries } from './owner.js';

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await setUp(rollcall);
});

interface Shown {
  id: string;
  when: string;
  who: string;
  what: string;
  about: string;
  details: string;
  address: string;
}

// The entries of the open page, by the columns of the table.
function shown(visitor = chief): Shown[] {
  const [, ...rows] = visitor.page.table('Audit Log');
  const plain = (text: string) => text.replace(/ \(entry \d+\)/, '');
  return rows.map(([id, when, who, what, about, details, address]) => {
    return { id, when, who: plain(who), what, about: plain(about), details, address };
  });
}

async function newest(action: string): Promise<Shown> {
  await chief.open(`/audit?action=${action}`);
  return shown()[0];
}

async function openLog(filters: Record<string, string>): Promise<void> {
  await chief.open('/audit');
  const form = chief.form('Apply Filters');
  for (const [name, text] of Object.entries(filters))
    if (name === 'Filter by Action') form.choose(name, text);
    else form.fill(name, text);
  await form.press('Apply Filters');
}

describe('the log tells', () => {
  test('LG-1: who did what to whom, when and from where', async () => {
    await addRole(chief, 'Trainer', ['See users', 'Create users']);
    const entry = await newest('role.created');
    expect(entry).toMatchObject({ who: 'chief', what: 'Created a role' });
    expect(entry.about).toMatch(/^Role “Trainer” ID \d+$/);
    expect(entry.details).toBe('Name: Trainer Permissions: See users, Create users');
    expect(entry.address).toMatch(/^127\.0\.0\.1 [0-9a-f]{8}-[0-9a-f-]{27}$/);
    const time = chief.page.root.querySelector('tbody time')!;
    expect(Date.now() - Date.parse(time.getAttribute('datetime')!)).toBeLessThan(60_000);
  });

  test('LG-1: the request by the number that its answer bore', async () => {
    const answer = await chief.post('/desks', { name: 'Oslo' });
    expect(answer.status).toBe(303);
    expect((await newest('desk.created')).address).toContain(answer.headers.get('x-request-id'));
  });

  test('of a new user what they may, and of a refused sign-in whom it was meant for', async () => {
    await addUser(chief, 'nils.holm', 'Trainer');
    const created = await newest('user.created');
    expect(created.about).toMatch(/^User “nils\.holm” ID \d+$/);
    expect(created.details).toBe('Roles: Trainer');
    await signIn(rollcall, 'nils.holm', 'not-the-password');
    const refusal = await newest('sign_in_refused');
    expect(refusal).toMatchObject({ who: 'Somebody unknown', what: 'Sign-in was refused' });
    expect(refusal.about).toContain('“nils.holm”');
    expect(chief.page.text).not.toContain('not-the-password');
  });

  test('old and new of a setting', async () => {
    await chief.open('/settings');
    await chief.form('Save Settings').fill('Users in one file', '450').press('Save Settings');
    expect((await newest('settings.changed')).details).toBe('Users in one file: 500 → 450');
  });

  test('LG-1: old and new of a permission, by its sentence', async () => {
    await chief.open('/roles');
    await chief.follow('Edit Trainer');
    await chief.form('Save Changes').uncheck('Create users').check('Own desks only').press('Save Changes');
    expect((await newest('role.changed')).details).toBe(
      'Permissions: See users, Create users → See users Own desks only: No → Yes',
    );
  });

  test('LG-1: of an import its file, its counts, and who took the passwords', async () => {
    const { id } = await importFile(chief, fileOf(3, 'logged'));
    await chief.download('Download Success Details');
    expect((await newest('import.uploaded')).details).toMatch(
      /^Rows: 3 Size in bytes: \d+ SHA-256 of the file: [0-9a-f]{64}$/,
    );
    expect(await newest('import.finished')).toMatchObject({
      about: `Import “users.csv” ID ${id}`,
      details: 'Rows read: 3 Created: 3 Duplicates: 0 Errors: 0 Skipped: 0',
    });
    await eventually(async () =>
      expect((await newest('import.passwords_downloaded')).details).toBe('Format: csv Count: 3'),
    );
    expect((await newest('user.created')).details).toMatch(/^Roles: Agent Import: \d+ Row: \d$/);
  });

  test('LG-4: nothing in braces, no password, and each control by a name of its own', async () => {
    const temporary = await addUser(chief, 'quiet.one', 'Agent');
    await chief.open('/audit');
    expect(chief.page.heading).toBe('Audit Log');
    expect(chief.page.root.querySelector('.table-audit')!.text).not.toMatch(/[{}[\]]/);
    expect(chief.page.html).not.toContain(temporary);
    expect(duplicateNames(chief.page)).toEqual([]);
  });

  test('an action that nobody has put into words by its code', async () => {
    await writeEntries(rollcall, [{ at: new Date().toISOString(), action: 'tea.made' }]);
    expect((await newest('tea.made')).what).toBe('tea.made');
    expect(chief.page.value('Filter by Action')).toBe('tea.made');
  });

  test('LG-3: of every change: what cannot be written into it is not done', async () => {
    const [close, open] = rollcall.databaseUrl
      ? [
          `ALTER TABLE audit_entries ADD CONSTRAINT full_log CHECK (action <> 'desk.created') NOT VALID`,
          'ALTER TABLE audit_entries DROP CONSTRAINT full_log',
        ]
      : [
          `CREATE TRIGGER full_log BEFORE INSERT ON audit_entries WHEN NEW.action = 'desk.created'
           BEGIN SELECT RAISE(ABORT, 'the log is full'); END`,
          'DROP TRIGGER full_log',
        ];
    await asOwner(rollcall, close);
    expect((await chief.post('/desks', { name: 'Unlogged' })).status).toBe(500);
    await asOwner(rollcall, open);
    expect(await countOf(rollcall, `groups WHERE name = 'Unlogged'`)).toBe(0);
    expect((await chief.post('/desks', { name: 'Unlogged' })).status).toBe(303);
  });

  test('LG-3: nothing of a change that was refused', async () => {
    const before = await countOf(rollcall, 'audit_entries');
    expect((await chief.post('/desks', { name: 'Oslo' })).status).toBe(422);
    await chief.open('/roles');
    expect((await chief.post(`${chief.page.link('Edit Trainer')}/delete`)).status).toBe(422);
    await chief.open('/settings');
    const form = chief.form('Save Settings').fill('Days that the audit log is kept', '29');
    expect((await form.press('Save Settings')).status).toBe(422);
    expect(chief.page.problems).toEqual([
      'Days that the audit log is kept: Use a whole number from 30 to 3650.',
    ]);
    expect(await countOf(rollcall, 'audit_entries')).toBe(before);
  });

  test('the way to what it speaks of, as long as that exists', async () => {
    await chief.post('/desks', { name: 'Short-lived' });
    const { id: entry, about } = await newest('desk.created');
    const id = /ID (\d+)$/.exec(about)![1];
    const link = `Desk “Short-lived” (entry ${entry})`;
    await chief.follow(link);
    expect(chief.page.path).toBe(`/desks/${id}`);
    await chief.post(`/desks/${id}/delete`);
    await newest('desk.created');
    expect(chief.page.hasLink(link)).toBe(false);
    expect(chief.page.text).toContain('Desk “Short-lived”');
    const deletion = await newest('desk.deleted');
    expect(deletion).toMatchObject({ who: 'chief', what: 'Deleted a desk', details: 'Name: Short-lived' });
    await chief.follow(`chief (entry ${deletion.id})`);
    expect(chief.page.address.pathname).toMatch(/^\/users\/\d+$/);
  });
});

describe('who may read it', () => {
  test('nobody without the permission', async () => {
    const viewer = await newcomer(rollcall, chief, 'log.stranger', ['See users']);
    expect((await viewer.get('/audit')).status).toBe(403);
    expect((await viewer.post('/audit/export.csv')).status).toBe(403);
    expect(viewer.page.hasLink('Audit Log')).toBe(false);
  });

  test('somebody with the permission, without ways that are closed to them', async () => {
    const auditor = await newcomer(rollcall, chief, 'log.reader', ['Read the audit log']);
    await auditor.follow('Audit Log');
    expect(shown(auditor)[0]).toMatchObject({ who: 'log.reader', what: 'Signed in' });
    expect(auditor.page.root.querySelector('.table-audit a')).toBeNull();
  });
});

describe('filters', () => {
  beforeAll(async () => {
    await writeEntries(rollcall, [
      { at: '2020-03-01T10:30:00Z', actor: 'Berta', action: 'signed_in' },
      { at: '2020-03-01T23:59:59.999Z', actor: 'berta', action: 'signed_out' },
      { at: '2020-03-02T00:00:00Z', actor: 'carla', action: 'signed_in' },
    ]);
  });

  test.each([
    [{ 'Filter by Person': 'BERTA' }, ['berta', 'Berta']],
    [{ 'Filter by Person': 'bert' }, []],
    [{ Until: '2020-03-02', 'Filter by Action': 'Signed in' }, ['carla', 'Berta']],
    [{ Until: '2020-03-01' }, ['berta', 'Berta']],
    [{ From: '2020-03-01', Until: '2020-03-01', 'Filter by Action': 'Signed out' }, ['berta']],
    [{ From: '2020-03-02', Until: '2020-03-02' }, ['carla']],
    [{ From: '2020-03-03', Until: '2020-03-04' }, []],
  ])('%j', async (filters, people) => {
    await openLog(filters);
    if (people.length === 0) expect(chief.page.text).toContain('Nothing matches these filters');
    else expect(shown().map(({ who }) => who)).toEqual(people);
    for (const [name, text] of Object.entries(filters)) expect(chief.page.value(name)).toBe(text);
    await chief.follow('Show All Entries');
    expect(chief.page.path).toBe('/audit');
  });

  test('take days of the reader’s timezone', async () => {
    await inTimezone('Pacific/Kiritimati');
    await openLog({ From: '2020-03-02', Until: '2020-03-02' });
    expect(shown().map(({ who, when }) => [who, when])).toEqual([
      ['carla', 'Mar 2, 2020, 2:00:00 PM'],
      ['berta', 'Mar 2, 2020, 1:59:59 PM'],
      ['Berta', 'Mar 2, 2020, 12:30:00 AM'],
    ]);
    await inTimezone('UTC');
  });

  test.each([
    ['From', '2027-02-30', 'There is no such day. Use a date such as 2027-03-28.'],
    ['From', 'yesterday', 'There is no such day. Use a date such as 2027-03-28.'],
    ['Until', '1.3.2027', 'There is no such day. Use a date such as 2027-03-28.'],
    ['Until', '2020-02-29', 'The last day must not be before the first one.'],
  ])('%s refuses %s', async (name, text, problem) => {
    await openLog({ From: '2020-03-01', [name]: text });
    expect(chief.page.status).toBe(422);
    expect(chief.page.problems).toEqual([`${name}: ${problem}`]);
    expect(chief.page.value(name)).toBe(text);
    const query = new URLSearchParams({ from: '2020-03-01', [name.toLowerCase()]: text });
    expect((await chief.post(`/audit/export.csv?${query.toString()}`)).status).toBe(422);
  });

  test.each(['x=1', 'action=SELECT', 'after=-1', 'after=9999999999', 'person=a&person=b'])(
    'refuses an address that it never makes: %s',
    async (query) => {
      expect((await chief.get(`/audit?${query}`)).status).toBe(400);
    },
  );
});

test('pages lie behind each other, newest first, and keep the filters', async () => {
  const at = new Date().toISOString();
  const people = Array.from({ length: 120 }, (_, index) => ({ at, actor: 'paula', subject: `no${index}` }));
  await writeEntries(rollcall, people);
  await openLog({ 'Filter by Person': 'paula' });
  const numbers = () => shown().map(({ about }) => Number(/no(\d+)/.exec(about)![1]));
  const from = (first: number, last: number) =>
    Array.from({ length: first - last + 1 }, (_, index) => first - index);
  expect(numbers()).toEqual(from(119, 70));
  expect(chief.page.hasLink('Previous page')).toBe(false);
  await chief.follow('Next page');
  expect(numbers()).toEqual(from(69, 20));
  await chief.follow('Next page');
  expect(numbers()).toEqual(from(19, 0));
  expect(chief.page.hasLink('Next page')).toBe(false);
  expect(chief.page.value('Filter by Person')).toBe('paula');
  await chief.follow('Previous page');
  expect(numbers()).toEqual(from(69, 20));
  await chief.follow('Previous page');
  expect(numbers()).toEqual(from(119, 70));
});

describe('the file', () => {
  test('holds what is filtered, safe for spreadsheets, and is recorded', async () => {
    await asOwner(
      rollcall,
      `INSERT INTO audit_entries (at, actor_name, action, subject_kind, subject_id, subject_name, details, address)
       VALUES (1583058600000, 'dora', 'role.changed', 'role', 77, '=1+1', '{"name":{"from":"@x","to":"a\\"b"}}', '::1')`,
    );
    await openLog({ 'Filter by Person': 'dora', Until: '2020-03-31' });
    const answer = await chief.download('Export CSV');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="?rollcall-audit\.csv"?$/,
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const [header, ...rows] = csvRows(answer);
    expect(header.slice(0, 5)).toEqual(['ID', 'Time (UTC)', 'Person', 'Person ID', 'Action']);
    expect(rows).toHaveLength(1);
    expect(rows[0].slice(1, 11)).toEqual([
      '2020-03-01T10:30:00.000Z',
      'dora',
      '',
      'role.changed',
      'Changed a role',
      'role',
      '77',
      "'=1+1",
      'Name: @x → a"b',
      '::1',
    ]);
    const recorded = await newest('audit.exported');
    expect(recorded).toMatchObject({ who: 'chief', what: 'Exported the audit log' });
    expect(recorded.details).toBe('Person: dora Until: 2020-03-31');
  });

  test('holds more than one piece of the database, each entry once', async () => {
    const at = new Date().toISOString();
    for (let round = 0; round < 3; round++)
      await writeEntries(
        rollcall,
        Array.from({ length: 400 }, () => ({ at, actor: 'emil' })),
      );
    const [, ...rows] = csvRows(await chief.post('/audit/export.csv?person=emil'));
    expect(rows).toHaveLength(1200);
    const ids = rows.map(([id]) => Number(id));
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => b - a));
  });
});

async function inTimezone(zone: string): Promise<void> {
  await chief.open('/settings');
  await chief.form('Save Settings').choose('Timezone', zone).press('Save Settings');
}
