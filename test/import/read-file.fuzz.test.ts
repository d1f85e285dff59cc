import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { delimiters } from '../../src/import/csv-record.js';
import { encodings } from '../../src/import/decode-text.js';
import { matchColumns } from '../../src/import/match-columns.js';
import { matchFields } from '../../src/import/match-fields.js';
import { csvText, protect, unprotect } from '../../src/web/csv.js';
import { tenant } from '../support/planning.js';
import { readFile, readUploaded, type ReadResult } from '../support/read-whole.js';
import { textRows, workbookOf } from '../support/workbooks.js';
import { rounds } from '../support/thorough.js';

const numRuns = Number(process.env.FUZZ_RUNS ?? rounds(300, 10_000));
const limits = { rows: 20, bytes: 10_000, columns: 12, recordBytes: 2000, cellCharacters: 500 };
const wide = { rows: 1000, bytes: 10e6, columns: 1000, recordBytes: 1e6, cellCharacters: 1e6 };

const options = fc.record(
  {
    delimiter: fc.constantFrom(...delimiters),
    encoding: fc.constantFrom(...encodings),
    headerRow: fc.nat(5),
    repair: fc.boolean(),
    namesField: fc.constant((header: string) => /^(Username|Email)/.test(header)),
    limits: fc.constantFrom(limits, wide),
  },
  { requiredKeys: ['limits'] },
);

/** What holds for any file: a complete sentence, or numbered rows of which none is blank. */
function expectSense(result: ReadResult, rowLimit: number): void {
  if ('problem' in result) {
    const { code, text, values } = result.problem;
    expect(code).toMatch(/^[a-z_]+$/);
    const filled = text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values?.[name]));
    expect(filled).not.toMatch(/undefined|NaN|[{}]/);
    return;
  }
  const { headerRow, headers, rows } = result.file;
  if (headerRow > 0) expect(headers.join('').trim()).not.toBe('');
  else expect(headers.every((header) => header === '')).toBe(true);
  expect(rows.length).toBeLessThanOrEqual(rowLimit);
  let last = { number: headerRow, line: 0 };
  for (const row of rows) {
    expect(row.number).toBeGreaterThan(last.number);
    expect(row.line).toBeGreaterThan(last.line);
    expect(row.cells.join('').trim()).not.toBe('');
    expect(row.badText ?? false).toBe(row.cells.some((cell) => cell.includes('\uFFFD')));
    last = row;
  }
}

const telling = fc.constantFrom(...Buffer.from('",;\t|\r\n ab\'=\0\xc3\xa9\xff\xfe', 'latin1'));
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  fc.array(telling, { maxLength: 400 }).map((bytes) => Uint8Array.from(bytes)),
);

test('R-16: any bytes at all are read or refused in a sentence', () => {
  fc.assert(
    fc.property(anyBytes, options, (bytes, chosen) => {
      expectSense(readFile(Buffer.from(bytes), chosen), chosen.limits.rows);
    }),
    { numRuns },
  );
});

const validText = [
  'Username,"First\r\nName",Email,Ratio',
  'anna,"Ann, ""A""",anna@example.com,1.5',
  'zoë,Zoë,zoe@example.com,',
  ',,,',
  'ben,"two\nlines",ben@example.com,"1,5"',
].join('\r\n');

const validFiles = [
  Buffer.from(validText),
  Buffer.from(`\uFEFF${validText}`),
  Buffer.from(`sep=,\r\n${validText}`),
  Buffer.from(validText, 'latin1'),
  Buffer.from(`\uFEFF${validText}`, 'utf16le'),
  Buffer.from(validText, 'utf16le').swap16(),
];

interface Mutation {
  at: number;
  removed: number;
  added: number[];
}

function mutate(bytes: Buffer, { at, removed, added }: Mutation): Buffer {
  const start = at % (bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, start), Buffer.from(added), bytes.subarray(start + removed)]);
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(400),
  removed: fc.oneof(fc.nat(3), fc.nat(100)),
  added: fc.array(fc.oneof(telling, fc.nat(255)), { maxLength: 4 }),
});

test('R-16: a valid file with random damage is read or refused in a sentence', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...validFiles),
      fc.array(mutation, { minLength: 1, maxLength: 6 }),
      options,
      (file, mutations, chosen) => {
        expectSense(readFile(mutations.reduce(mutate, file), chosen), chosen.limits.rows);
      },
    ),
    { numRuns },
  );
});

/** Cells full of what delimited text trips over; no U+FFFD and few control characters, which are refused. */
const cell = fc.oneof(
  fc.string({ unit: 'grapheme-composite', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      '""',
      ',',
      ';',
      '\t',
      '|',
      '\r',
      '\n',
      '\r\n',
      "'",
      '=',
      '@',
      '＋',
      ' ',
      'a',
      'é',
      '😀',
    ),
    maxLength: 12,
  }),
  fc.constantFrom('', ' ', '" "', ' "a" ', "'=1", '-', '\u00A0'),
);
const grid = fc.array(fc.array(cell, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 });

/** Text of blanks and delimiters alone counts as an empty file. */
function holdsValues(text: string): boolean {
  return /[^\s,;|]/.test(text);
}

function isBlank(cells: string[]): boolean {
  return cells.every((text) => text.trim() === '');
}

test.each(delimiters)('any grid written with %j is read back as it was', (delimiter) => {
  fc.assert(
    fc.property(grid, (rows) => {
      const text = csvText(rows, delimiter);
      const written = rows
        .map((cells, index) => ({ number: index + 1, cells }))
        .filter(({ cells }) => !isBlank(cells.map(protect)));
      fc.pre(written.length > 0 && holdsValues(text));
      const result = readFile(Buffer.from(text), { delimiter, limits: wide });
      if ('problem' in result) throw new Error(result.problem.code);
      const { headerRow, headers, rows: read } = result.file;
      const all = [{ number: headerRow, cells: headers }, ...read];
      expect(all.map((row) => ({ number: row.number, cells: row.cells.map(unprotect) }))).toEqual(written);
    }),
    { numRuns },
  );
});

test.each(delimiters)('what is written with %j means the same to csv-parse', (delimiter) => {
  fc.assert(
    fc.property(grid, (rows) => {
      const text = csvText(rows, delimiter);
      fc.pre(holdsValues(text));
      const records: string[][] = parse(text, {
        bom: true,
        delimiter,
        record_delimiter: ['\r\n', '\n', '\r'],
        relax_column_count: true,
      });
      const result = readFile(Buffer.from(text), { delimiter, limits: wide });
      const read = 'file' in result ? [result.file.headers, ...result.file.rows.map((row) => row.cells)] : [];
      expect(read).toEqual(records.filter((cells) => !isBlank(cells)));
    }),
    { numRuns },
  );
});

const header = fc.oneof(
  fc.constantFrom(
    'Email',
    'Username',
    'E-Mail (2)',
    'user id',
    'Manager Email',
    'Ext',
    'Name',
    '__proto__',
    '',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
const fields = matchFields(tenant);

test('whatever the headers and cells are, a column serves one field at the most', () => {
  fc.assert(
    fc.property(fc.array(header, { maxLength: 12 }), grid, (headers, rows) => {
      const { sure, perhaps } = matchColumns(headers, rows, fields);
      expect(new Set(sure.values()).size).toBe(sure.size);
      for (const position of [...sure.values(), ...perhaps.values()]) {
        expect(position).toBeGreaterThan(0);
        expect(position).toBeLessThanOrEqual(headers.length);
      }
    }),
    { numRuns: numRuns / 5 },
  );
});

const wholeWorkbook = workbookOf([{ name: 'Users', rows: textRows([['Username'], ['anna'], ['ben']]) }]);

test('a damaged workbook is read or refused in a sentence', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
      const spread = mutations.map((one) => ({ ...one, at: one.at * 7, removed: one.removed % 4 }));
      expectSense(await readUploaded(spread.reduce(mutate, wholeWorkbook), { limits: wide }), wide.rows);
    }),
    { numRuns: numRuns / 5 },
  );
});
