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

interface Read {
  file: ReadFile;
  /** Field -> name of the column that was matched with it. */
  found: Record<string, string>;
}

const t = translator('en');
const known = new Map<string, Promise<Read>>();

/** Each file is read when a test asks for it first: all of them at once take longer than a hook may. */
function read(name: string): Promise<Read> {
  const reading = known.get(name) ?? readNow(name);
  known.set(name, reading);
  return reading;
}

async function readNow(name: string): Promise<Read> {
  const result = await readUploaded(readFileSync(join(folder, name)), { namesField, limits });
  if ('problem' in result) throw new Error(result.problem.code);
  const { headers, rows } = result.file;
  const { sure } = matchColumns(
    headers,
    rows.map(({ cells }) => cells),
    matchFields(tenant),
  );
  const names = headers.every((header) => header === '') ? headers : columnNames(headers, t);
  const found = Object.fromEntries([...sure].map(([field, position]) => [field, names[position - 1]]));
  return { file: result.file, found };
}

/** What is right in all files, and what was found instead. */
async function allRight() {
  const ofFiles = Object.entries(expected).map(async ([name, { right }]) => {
    const { found } = await read(name);
    return Object.entries(right).map(([field, column]) => ({
      name,
      field,
      isFound: found[field] === column,
    }));
  });
  return (await Promise.all(ofFiles)).flat();
}

test.each(Object.entries(expected))(
  'no column of %s is matched wrongly',
  async (name, { right, allowed }) => {
    const { found } = await read(name);
    const mistakes = Object.entries(found).filter(
      ([field, column]) => ![right[field], allowed?.[field]].flat().includes(column),
    );
    expect(mistakes).toEqual([]);
  },
);

test.each(Object.entries(expected))('the letters of %s are read right', async (name, { encoding }) => {
  const { file } = await read(name);
  expect(file.encoding).toBe(encoding);
  expect(file.rows.some(({ badText }) => badText)).toBe(false);
});

test('of the required fields that are there at least 95 % are found', async () => {
  const there = (await allRight()).filter(({ field }) => required.includes(field));
  const missed = there.filter(({ isFound }) => !isFound);
  expect(there.length).toBeGreaterThan(100);
  expect(missed.length / there.length).toBeLessThanOrEqual(0.05);
});

test('names are found too', async () => {
  const missed = (await allRight()).filter(({ isFound }) => !isFound);
  expect(missed).toEqual([]);
});
