// The main job as PRODUCT.md section 5 promises it: a file becomes users who sign in, and what could not be created comes
// back in a file that goes in again.
import { csvText } from '../../src/web/csv.js';
import {
  csvRows,
  importFile,
  importOf,
  result,
  stateOf,
  successDetails,
  type Success,
  upload,
} from '../support/imports.js';
import { countOf, rowsOf } from '../support/peek.js';
import { setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Answer, Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await setUp(rollcall);
});

test('a clean file takes six clicks', async () => {
  const rows = Array.from({ length: 40 }, (_, index) => `six.${index},six.${index}@example.com,Agent`);
  const bytes = ['Username,Email,Role', ...rows].join('\n');
  await chief.open('/users');
  await chief.follow('Create from file');
  await chief.form('Upload').attach('File', { name: 'six.csv', type: 'text/csv', bytes }).press('Upload');
  expect(chief.page.heading).toBe('Required Fields');
  await chief.press('Skip to Review');
  expect(chief.page.heading).toBe('Review');
  await chief.press('Import Users');
  const { counts } = await result(chief, importOf(chief));
  expect(counts).toEqual({ read: 40, created: 40, duplicate: 0, error: 0, skipped: 0 });
  expect(await successDetails(chief)).toHaveLength(40);
  await chief.press('Continue');
  expect(chief.page.address.pathname).toBe('/users');
  expect(chief.page.text).toMatch(
    /40 created by import #\d+ \(six\.csv\), 0 signed in so far, passwords valid until/,
  );
});

const columns = [
  'Username',
  'Email',
  'Role',
  'SIP Settings',
  'Virtual Extension',
  'Desk',
  'First Name',
  'PBX Domain',
  'PBX Device',
  'Custom URI',
];
type Person = Record<string, string>;

/** The person of a row of the file, who can be created, with these cells changed. */
function person(row: number, changes: Person = {}): Person {
  const name = `ann${row}`;
  const usual = {
    Username: name,
    Email: `${name}@example.com`,
    Role: 'Agent',
    'Virtual Extension': String(2000 + row),
  };
  return { ...usual, Desk: 'Berlin', 'First Name': `=Zoë "${row}", the one`, ...changes };
}

function cellsOf(someone: Person): string[] {
  return columns.map((column) => someone[column] ?? '');
}

/** What is wrong in which row, what the error file says of it, and what mends it. */
const bad: {
  row: number;
  wrong: Person;
  right?: Person;
  more?: string;
  field: string;
  code: string;
  error: string;
}[] = [
  { row: 14, wrong: { Username: '' }, field: 'Username', code: 'missing', error: 'Username is missing.' },
  { row: 51, wrong: { Email: 'NULL' }, field: 'Email', code: 'missing', error: 'Email is missing.' },
  {
    row: 77,
    wrong: { Email: 'ann77(at)example.com' },
    field: 'Email',
    code: 'invalid',
    error: 'Give one address such as name@example.com.',
  },
  {
    row: 99,
    wrong: { Username: 'ann/99' },
    field: 'Username',
    code: 'invalid',
    error: 'Use 3 to 64 letters A-Z, digits or . _ - @, starting with a letter or digit.',
  },
  {
    row: 120,
    wrong: { Role: 'Agnet' },
    field: 'Role',
    code: 'unknown',
    error: 'There is no Role called “Agnet”.',
  },
  {
    row: 121,
    wrong: { 'Virtual Extension': '02121' },
    field: 'Virtual Extension',
    code: 'invalid',
    error: 'Use no leading zero.',
  },
  {
    row: 300,
    wrong: { 'Virtual Extension': '2299' },
    field: 'Virtual Extension',
    code: 'taken',
    error: 'Virtual Extension: row 299 of this file has the same one. Use another one.',
  },
  {
    row: 333,
    wrong: { 'SIP Settings': 'classic', 'PBX Domain': 'PBX Europe' },
    right: { 'SIP Settings': 'classic', 'PBX Domain': 'PBX Europe', 'PBX Device': '0333' },
    field: 'PBX Device',
    code: 'missing',
    error: 'PBX Device is missing.',
  },
  {
    row: 350,
    wrong: { 'SIP Settings': 'uri', 'Custom URI': '350@localhost' },
    right: { 'SIP Settings': 'uri', 'Custom URI': '350@pbx.example.com' },
    field: 'Custom URI',
    code: 'invalid',
    error: 'This host is Rollcall’s own machine or a link-local address: use the address of the PBX.',
  },
  {
    row: 400,
    wrong: { 'Virtual Extension': '', Desk: 'Berlin;Nowhere' },
    field: 'Virtual Extension; Desks',
    code: 'missing; unknown',
    error: 'Virtual Extension is missing.; There is no Desk called “Nowhere”.',
  },
  {
    row: 501,
    wrong: {},
    more: 'too much',
    field: '',
    code: 'wrong_width',
    error:
      'The row has more cells than the header, such as “too much”. Put a value that holds a delimiter in quotes; give any other a column with a name, or remove it.',
  },
];

const twice = 'Row 10 of this file is the same user already.';
const duplicates: typeof bad = [
  { row: 20, wrong: { Username: 'Ann10' }, field: 'Username', code: 'duplicate_in_file', error: twice },
  {
    row: 250,
    wrong: { Email: 'ANN10@EXAMPLE.com' },
    field: 'Email',
    code: 'duplicate_in_file',
    error: twice,
  },
  { row: 251, wrong: person(10), field: 'Username', code: 'duplicate_in_file', error: twice },
  {
    row: 252,
    wrong: { Username: 'Chief' },
    field: 'Username',
    code: 'duplicate_user',
    error: 'The user chief (ID 5) exists already.',
  },
  {
    row: 253,
    wrong: { Email: 'Chief@Example.com' },
    field: 'Email',
    code: 'duplicate_user',
    error: 'The user chief (ID 5) exists already.',
  },
];
const left = [...bad, ...duplicates].sort((a, b) => a.row - b.row);

/** The 500 rows, numbered 2 to 501 as a spreadsheet numbers them. */
function theFile(): string {
  const lines = Array.from({ length: 500 }, (_, index) => {
    const { wrong, more } = left.find(({ row }) => row === index + 2) ?? {};
    return [...cellsOf(person(index + 2, wrong)), ...(more ? [more] : [])];
  });
  // As a spreadsheet writes it: nothing is protected there.
  const line = (cells: string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';');
  return [columns, ...lines].map(line).join('\r\n');
}

describe('of 500 people, 11 rows of whom are wrong and 5 are duplicates', () => {
  let first: number;
  let success: Success[];
  let successFile: Answer;
  let errorFile: Answer;

  test('CS-3: 484 are created, and the counts add up', async () => {
    const { id, state, file, counts } = await importFile(chief, theFile());
    first = id;
    expect({ state, file, counts }).toEqual({
      state: 'finished',
      file: 'users.csv',
      counts: { read: 500, created: 484, duplicate: 5, error: 11, skipped: 0 },
    });
    expect(chief.page.text).toContain('500 rows were read from users.csv.');
    expect(chief.page.text).toMatch(/Missing values: 4 \(.*\)/);
    expect(chief.page.text).toMatch(/Invalid values: 4 \(.*\)/);
    expect(chief.page.text).toContain('Unknown names or IDs: 1 (Role)');
    expect(chief.page.text).toContain('Numbers that are taken: 1 (Virtual Extension)');
    expect(chief.page.text).toContain('Rows with too many cells: 1');
  });

  test('the success file tells each of the 484 how to sign in, in the order of the file', async () => {
    successFile = await chief.download('Download Success Details');
    expectDownload(successFile, 'rollcall-success.csv');
    const [header, ...rows] = csvRows(successFile);
    expect(header.join(',')).toBe(
      'Row,ID,Username,Email,First Name,Last Name,Virtual Extension,Temporary Password,Expires,Sign-in Address,SIP Username,SIP Domain,SIP Password',
    );
    success = rows.map((row) => Object.fromEntries(row.map((cell, index) => [header[index], cell])));
    expect(rows.map(([row]) => Number(row))).toEqual(
      Array.from({ length: 500 }, (_, index) => index + 2).filter(
        (row) => !left.some((one) => one.row === row),
      ),
    );
    expect(success[0]).toMatchObject({
      Row: '2',
      Username: 'ann2',
      Email: 'ann2@example.com',
      'First Name': `'=Zoë "2", the one`,
      'Virtual Extension': '2002',
      'Sign-in Address': `${rollcall.address}/sign-in`,
    });
    expect(new Set(success.map((line) => line['Temporary Password'])).size).toBe(484);
    for (const line of success) {
      expect(line['Temporary Password']).toMatch(/^[a-z][a-z2-9]{4}(-[a-z2-9]{5}){4}$/);
      const days = (Date.parse(line.Expires) - Date.now()) / 86_400_000;
      expect(days).toBeGreaterThan(6.99);
      expect(days).toBeLessThanOrEqual(7);
    }
  });

  test('CS-9: the error file gives the 16 others as they were, with row, field, code and reason', async () => {
    errorFile = await chief.download('Download Error Details');
    expectDownload(errorFile, 'rollcall-errors.csv');
    const [header, ...rows] = csvRows(errorFile, ';');
    expect(header).toEqual([...columns, 'Row', 'Field', 'Code', 'Error', 'Suggestion']);
    expect(rows.map((row) => row.slice(columns.length, columns.length + 4))).toEqual(
      left.map(({ row, field, code, error }) => [String(row), field, code, error]),
    );
    const original = (cells: string[]) => cells.map((cell) => cell.replace(/^'=/, '='));
    expect(rows.map((row) => original(row.slice(0, columns.length - 1)))).toEqual(
      left.map(({ row, wrong }) => cellsOf(person(row, wrong)).slice(0, -1)),
    );
    expect(rows.map((row) => row[columns.length + 4]).filter(Boolean)).toEqual(['ann99', '2121']);
    expect(rows.map((row) => row.slice(columns.length + 5)).filter(({ length }) => length > 0)).toEqual([
      ['too much'],
    ]);
  });

  test('CS-9: the error file goes in again as it is: own columns ignored, choices filled in, the same rows refused', async () => {
    await upload(chief, errorFile.bytes, 'rollcall-errors.csv');
    expect(chief.page.text).toContain('This is an error file of an earlier import.');
    expect(chief.page.options('Username').slice(1)).toEqual(columns);
    await chief.press('Skip to Review');
    expect(chief.page.hasLink('With errors (11)')).toBe(true);
    expect(chief.page.hasLink('Duplicates (5)')).toBe(true);
    expect(chief.page.text).toContain('No row is ready yet: correct the rows below, or change your choices.');
    await chief.press('Discard It');
    expect(chief.page.flash).toBe('The file was discarded. No user was created from it.');
  });

  test('corrected, it leaves 500 users in the end', async () => {
    const rows = csvRows(errorFile, ';');
    const corrected = rows.slice(1).map((row, index) => {
      const { row: number, right } = left[index];
      return [...cellsOf(person(number, right)), ...row.slice(columns.length, columns.length + 5)];
    });
    await upload(chief, csvText([rows[0], ...corrected], ';'));
    expect(chief.page.value('Role')).toBe('Role');
    expect(chief.page.value('SIP Settings')).toBe('From file');
    await chief.press('Skip to Review');
    await chief.press('Import Users');
    const { counts } = await result(chief, importOf(chief));
    expect(counts).toEqual({ read: 16, created: 16, duplicate: 0, error: 0, skipped: 0 });
    expect(chief.page.text).toContain('Every row was created. Nothing is left.');
    expect(chief.page.link(`Earlier import #${first}`)).toBe(`/imports/${first}`);
  });

  test('CS-8: their names have neither gained nor lost an apostrophe on the way', async () => {
    const names = await rowsOf<{ username: string; first_name: string }>(
      rollcall,
      `SELECT username, first_name FROM users WHERE username LIKE 'ann%' ORDER BY id`,
    );
    expect(names).toHaveLength(500);
    for (const { username, first_name } of names)
      expect(first_name).toBe(`=Zoë "${username.slice(3)}", the one`);
  });

  test('five of them at random sign in, choose a password of their own, and land on their account', async () => {
    for (const line of atRandom(success, 5)) {
      const agent = await signIn(rollcall, line.Username, line['Temporary Password']);
      expect(agent.page.address.pathname).toBe('/password');
      for (const path of ['/', '/account', '/users', '/imports/new', `/imports/${first}`]) {
        expect(await agent.get(path)).toMatchObject({ status: 303 });
        expect((await agent.get(path)).headers.get('location')).toBe('/password');
      }
      const fragment = await agent.get('/users', { headers: { 'HX-Request': 'true' } });
      expect([fragment.status, fragment.headers.get('hx-redirect')]).toEqual([204, '/password']);
      expect((await agent.post('/imports/1/run')).headers.get('location')).toBe('/password');

      await choose(agent, line['Temporary Password']);
      expect(agent.page.status).toBe(422);
      expect(agent.page.problems).toEqual([
        'New Password: Choose a password that differs from the present one.',
      ]);
      await choose(agent, `${line.Username} likes harbours`);
      expect(agent.page.path).toBe('/account');
      expect(agent.page.text).toContain(line['Virtual Extension']);

      const late = await signIn(rollcall, line.Username, line['Temporary Password']);
      expect(late.page.status).toBe(422);
      const later = await signIn(rollcall, line.Email, `${line.Username} likes harbours`);
      expect(later.page.path).toBe('/account');
    }
    await chief.open(`/users?import=${first}`);
    expect(chief.page.text).toMatch(/484 created by import #\d+ \(users\.csv\), 5 signed in so far/);
  });

  test('TP-10: no password is in a page, in the error file, in what scripts are told, or in the log', async () => {
    const pages = [`/imports/${first}`, `/imports/${first}/progress`, '/imports', `/users?import=${first}`];
    const seen = [errorFile.text, rollcall.log(), JSON.stringify(await stateOf(chief, first))];
    for (const path of pages) seen.push((await chief.get(path)).text);
    expect(await countOf(rollcall, `import_rows WHERE import_id = ${first} AND secret IS NOT NULL`)).toBe(
      484,
    );
    for (const table of ['import_rows', 'imports', 'audit_entries', 'users', 'sessions', 'jobs']) {
      seen.push(JSON.stringify(await rowsOf(rollcall, `SELECT * FROM ${table}`)));
    }
    for (const line of success) {
      for (const text of seen) expect(text.includes(line['Temporary Password'])).toBe(false);
    }
  });
});

function expectDownload({ status, headers }: Answer, name: string): void {
  expect(status).toBe(200);
  expect(headers.get('content-disposition')).toBe(`attachment; filename=${name}`);
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
}

async function choose(agent: Visitor, password: string): Promise<void> {
  await agent
    .form('Save Password')
    .fill('New Password', password)
    .fill('Repeat New Password', password)
    .press('Save Password');
}

function atRandom<T>(all: T[], count: number): T[] {
  return [...all].sort(() => Math.random() - 0.5).slice(0, count);
}
