// Files of more rows than are planned at once: taken in by portions, checked in the background, run in larger steps.
import { ended, importOf, stateOf, upload } from '../support/imports.js';
import { countOf, rowsOf } from '../support/peek.js';
import { setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

const limit = 3000;
const people = 2400;

let rollcall: Rollcall;
let chief: Visitor;
let id: number;

beforeAll(async () => {
  rollcall = await startRollcall();
  chief = await setUp(rollcall);
  await chief.open('/settings');
  await chief.form('Save Settings').fill('Users in one file', String(limit)).press('Save Settings');
});

afterAll(() => expect(rollcall.failures()).toEqual([]));

const header = 'Username,Email,Role';
const row = (index: number) => `many${index},many${index}@example.com,Agent`;
const rows = (count: number) => Array.from({ length: count }, (_, index) => row(index + 2));

/** Row numbers are those of the file: the header is row 1. */
function mixedFile(): string {
  const lines = rows(people);
  // Neighbouring portions of the run: the one is planned while the other is written.
  lines[2300] = row(1990);
  lines[2301] = 'chief,chief@example.com,Agent';
  lines[2302] = 'many2304,,Agent';
  lines[2303] = 'many2305,many2305@example.com,Agnet';
  return [header, ...lines].join('\n');
}

/** Opens the review as soon as the file was checked. */
async function review(query = ''): Promise<void> {
  for (const begun = Date.now(); Date.now() - begun < 30_000;) {
    await chief.open(`/imports/${id}/review${query}`);
    if (!chief.page.text.includes('Rows that are checked:')) return;
  }
  throw new Error('The check did not end');
}

test('the review of a large file counts all its rows, and shows those with problems first', async () => {
  await upload(chief, mixedFile());
  id = importOf(chief);
  await review();
  for (const link of ['All rows (2,400)', 'With errors (2)', 'Duplicates (2)', 'Ready (2,396)'])
    expect([link, chief.page.hasLink(link)]).toEqual([link, true]);
  const shown = chief.page.table('Rows of the file');
  expect(shown.slice(1, 5).map(([number]) => number)).toEqual(['2304', '2305', '2302', '2303']);
  expect(shown).toHaveLength(51);
  expect(chief.page.text).toContain('Row 1990 of this file is the same user already.');
  expect(chief.page.text).toContain('The user chief (ID 1) exists already.');
  expect(chief.page.text).toMatch(/This is how they were found at: \w+ \d+, \d{4}/);
});

test('its later pages and its filters show the rows in their order', async () => {
  await review('?page=2');
  expect(chief.page.table('Rows of the file')[1][0]).toBe('48');
  // As somebody may type it, or a program.
  await review('?page=2.5');
  expect(chief.page.table('Rows of the file')[1][0]).toBe('48');
  await review('?show=ready&page=48');
  expect(chief.page.table('Rows of the file').at(-1)![0]).toBe('2401');
});

test('a cell that is corrected and a name that is matched are checked again', async () => {
  await review();
  await chief.form('Save row 2304').fill('Email, row 2304', 'many2304@example.com').press('Save row 2304');
  await review('?at=2304');
  expect(chief.page.text).toContain('Row 2304 is ready now.');
  await chief.form('Match Names').choose('Role: “Agnet” Row 2305', 'Agent').press('Match Names');
  await review();
  expect(chief.page.hasLink('Ready (2,398)')).toBe(true);
});

/** All that is kept of the last check of the file. */
async function checked(): Promise<unknown[]> {
  const last = `SELECT max(id) FROM import_checks WHERE import_id = ${id}`;
  const kept = [
    `SELECT totals FROM import_checks WHERE id = (${last})`,
    `SELECT number, state, problems FROM import_findings WHERE check_id = (${last}) ORDER BY number`,
    `SELECT key, row FROM import_claims WHERE check_id = (${last}) ORDER BY key`,
    `SELECT key, row FROM import_rivals WHERE check_id = (${last}) ORDER BY key, row`,
    `SELECT last, part FROM import_parts WHERE check_id = (${last}) ORDER BY last`,
  ];
  return Promise.all(kept.map((sql) => rowsOf(rollcall, sql)));
}

test('after a correction the review is there at once, and says what another check of all rows would', async () => {
  await review();
  const lastCheck = () => rowsOf(rollcall, 'SELECT max(id) AS id FROM import_checks');
  const begun = await lastCheck();
  const corrections: [row: number, body: Record<string, string>, duplicates: number, errors: number][] = [
    // Row 2302 is the same user, and has the name then.
    [1990, { do: 'skip' }, 1, 0],
    [1990, { do: 'include' }, 2, 0],
    [2302, { 'cell.1': 'many2302', 'cell.2': 'chief@example.com' }, 2, 0],
    [2302, { 'cell.2': 'many2302@example.com' }, 1, 0],
    [2400, { 'cell.2': 'MANY5@example.com', 'cell.3': 'Nobody' }, 1, 1],
    [5, { 'cell.1': 'many2400', 'cell.2': 'moved@example.com' }, 1, 1],
    [5, { 'cell.1': 'many5', 'cell.2': 'many5@example.com' }, 1, 1],
    [2400, { 'cell.3': 'Agent' }, 2, 0],
    [5, { 'cell.1': 'many5', 'cell.2': 'moved@example.com' }, 1, 0],
    [2400, { 'cell.2': '' }, 1, 1],
  ];
  for (const [row, body, duplicates, errors] of corrections) {
    await chief.post(`/imports/${id}/rows/${row}`, body);
    await chief.open(`/imports/${id}/review`);
    for (const link of [`Duplicates (${duplicates})`, `With errors (${errors})`])
      expect([row, body, link, chief.page.hasLink(link)]).toEqual([row, body, link, true]);
  }
  await Promise.all([11, 12, 13].map((row) => chief.post(`/imports/${id}/rows/${row}`, { do: 'skip' })));
  expect(await countOf(rollcall, `import_rows WHERE import_id = ${id} AND skipped`)).toBe(3);
  expect(await lastCheck()).toEqual(begun);
  const adjusted = await checked();
  await chief.post(`/imports/${id}/check`);
  await review();
  expect(await lastCheck()).not.toEqual(begun);
  expect(await checked()).toEqual(adjusted);
  await chief.post(`/imports/${id}/rows/2400`, { 'cell.2': 'many2400@example.com' });
  for (const row of [11, 12, 13]) await chief.post(`/imports/${id}/rows/${row}`, { do: 'include' });
});

test('the file can be read again in another way', async () => {
  await chief.post(`/imports/${id}/reading`, { delimiter: ',', encoding: 'utf-8', headerRow: '0' });
  expect((await stateOf(chief, id)).counts.read).toBe(people + 1);
  await chief.post(`/imports/${id}/reading`, { delimiter: ',', encoding: 'utf-8', headerRow: '1' });
  expect((await stateOf(chief, id)).counts.read).toBe(people);
});

test('all its good rows are created, and every row is accounted for', async () => {
  await chief.post(`/imports/${id}/run`);
  const { state, counts } = await ended(chief, id);
  expect([state, counts]).toEqual([
    'finished',
    { read: people, created: people - 4, duplicate: 2, error: 2, skipped: 0 },
  ]);
  expect(await countOf(rollcall, "users WHERE username LIKE 'many%'")).toBe(people - 4);
  expect(await countOf(rollcall, 'users WHERE extension BETWEEN 1000 AND 3395')).toBe(people - 4);
});

test('TP-7: Continue wipes the passwords of thousands of users, every one', async () => {
  const sealed = `import_rows WHERE import_id = ${id} AND secret IS NOT NULL`;
  expect(await countOf(rollcall, sealed)).toBe(people - 4);
  await chief.post(`/imports/${id}/continue`, { confirmed: 'yes' });
  expect(await countOf(rollcall, sealed)).toBe(0);
  expect(await countOf(rollcall, "audit_entries WHERE action = 'import.passwords_wiped'")).toBe(1);
});

test('a start by a script waits for the check, and most rows that fail in the same way are a question first', async () => {
  const failing = rows(people).map(
    (text, index) => `${text.replaceAll('many', 'stop')},${index < 5 ? 5000 + index : 'none'}`,
  );
  await upload(chief, [`${header},Note`, ...failing].join('\n'));
  const asked = importOf(chief);
  await chief.open(`/imports/${asked}/fields`);
  await chief
    .form('Next')
    .uncheck('Generate virtual extensions')
    .choose('Virtual Extension', 'Note')
    .press('Next');
  await chief.post(`/imports/${asked}/run`);
  expect((await stateOf(chief, asked)).state).toBe('draft');
  await chief.post(`/imports/${asked}/discard`);
});

test('UP-6: a large file that is discarded leaves nothing behind', async () => {
  await upload(chief, [header, ...rows(people)].join('\n'));
  const discarded = importOf(chief);
  await chief.post(`/imports/${discarded}/discard`);
  for (const table of ['import_rows', 'import_pieces', 'import_checks'])
    expect([table, await countOf(rollcall, `${table} WHERE import_id = ${discarded}`)]).toEqual([table, 0]);
  expect((await chief.get(`/imports/${discarded}`)).status).toBe(404);
});

test.each([
  [
    'more rows than the limit',
    () => [header, ...rows(5000)].join('\n'),
    'The file has 5,000 users, but the limit is 3,000.',
  ],
  [
    'one line of 8 MB',
    () => `${[header, ...rows(people)].join('\n')}\n${'x'.repeat(8e6)}`,
    'Row 2402 (line 2402) is longer than 64 KB.',
  ],
])('UP-1: %s: refused before anything is stored', async (_, bytes, sentence) => {
  const before = await countOf(rollcall, 'imports');
  await upload(chief, bytes());
  expect([chief.page.status, chief.page.problems]).toEqual([422, [expect.stringContaining(sentence)]]);
  expect(await countOf(rollcall, 'imports')).toBe(before);
});
