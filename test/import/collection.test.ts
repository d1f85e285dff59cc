// User files in the shapes of directory services, telephony systems, schools, shops and HR tools, with invented people.
// expected.json says for each which column is right for a field, and where a match is allowed but not asked for.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { columnNames } from '../../src/import/column-names.js';
import { translator } from '../../src/web/texts.js';
import { matchColumns } from '../../src/import/match-columns.js';
import { matchFields, namesField } from '../../src/import/match-fields.js';
import { readUploaded, type ReadFile } from '../support/read-whole.js';
import { tenant } from '../support/planning.js';

interface Expected {
  encoding: string;
  right: Record<string, string>;
  allowed?: Record<string, string | string[]>;
}

const folder = join(__dirname, '../files/collection');
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, Expected>;
const limits = { rows: 500, bytes: 1e6, columns: 100, recordBytes: 65_536, cellCharacters: 8192 };
const required = ['username', 'email', 'extension', 'roles'];

async function read(name: string): Promise<ReadFile> {
  const result = await readUploaded(readFileSync(join(folder, name)), { namesField, limits });
  if ('problem' in result) throw new Error(result.problem.code);
  return result.file;
}

const files = new Map<string, ReadFile>();
const t = translator('en');
const matches = new Map<string, Record<string, string>>();

beforeAll(async () => {
  for (const name of Object.keys(expected)) {
    files.set(name, await read(name));
    matches.set(name, match(name));
  }
});

function match(name: string): Record<string, string> {
  const { headers, rows } = files.get(name)!;
  const { sure } = matchColumns(
    headers,
    rows.map(({ cells }) => cells),
    matchFields(tenant),
  );
  const names = headers.every((header) => header === '') ? headers : columnNames(headers, t);
  return Object.fromEntries([...sure].map(([field, position]) => [field, names[position - 1]]));
}

test.each(Object.entries(expected))('no column of %s is matched wrongly', (name, { right, allowed }) => {
  const mistakes = Object.entries(matches.get(name)!).filter(
    ([field, column]) => ![right[field], allowed?.[field]].flat().includes(column),
  );
  expect(mistakes).toEqual([]);
});

test.each(Object.entries(expected))('the letters of %s are read right', (name, { encoding }) => {
  const file = files.get(name)!;
  expect(file.encoding).toBe(encoding);
  expect(file.rows.some(({ badText }) => badText)).toBe(false);
});

test('of the required fields that are there at least 95 % are found', () => {
  const there = Object.entries(expected).flatMap(([name, { right }]) => {
    const found = matches.get(name)!;
    return required
      .filter((field) => field in right)
      .map((field) => ({ name, field, found: found[field] === right[field] }));
  });
  const missed = there.filter(({ found }) => !found);
  expect(there.length).toBeGreaterThan(100);
  expect(missed.length / there.length).toBeLessThanOrEqual(0.05);
});

test('names are found too', () => {
  const missed = Object.entries(expected).flatMap(([name, { right }]) => {
    const found = matches.get(name)!;
    return Object.entries(right).flatMap(([field, column]) =>
      found[field] === column ? [] : `${name}: ${field}`,
    );
  });
  expect(missed).toEqual([]);
});
