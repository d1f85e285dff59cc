import { csvText } from '../../src/web/csv.js';
import { OwnColumns } from '../../src/import/error-file.js';
import { readFile, type ReadFile } from '../support/read-whole.js';
import { errorHeader, errorRow } from '../../src/import/reports.js';
import { translator } from '../../src/web/texts.js';
import { limits } from '../support/planning.js';

const headers = ['Username', '=Email', 'Note'];
const problem = {
  field: 'email',
  value: '',
  code: 'missing',
  text: '{{label}} is missing.',
  values: { label: 'Email' },
} as const;

/** The file as the importer stores it. */
function withoutOwnColumns(file: ReadFile) {
  const own = new OwnColumns(file.headers);
  const rows = own.without(file.rows);
  return { ...file, rows, headers: own.headers, fromErrorFile: own.fromErrorFile, leftRows: own.leftRows };
}

/** What comes back of rows that were left out of an import with these headers. */
function back(rows: { number: number; cells: string[]; edits?: Record<number, string> }[], delimiter = ',') {
  const lines = rows.map(({ number, cells, edits = null }) =>
    errorRow({ number, cells, edits, problems: [problem] }, headers.length, translator('en')),
  );
  const result = readFile(Buffer.from(csvText([errorHeader(headers), ...lines], delimiter)), { limits });
  if ('problem' in result) throw new Error(result.problem.text);
  return withoutOwnColumns(result.file);
}

test.each([',', ';', '\t', '|'] as const)(
  'an error file with the delimiter %j comes back as the rows that it was made from',
  (delimiter) => {
    const cells = [
      ['anna', '', '+44 20 1234'],
      ["'quoted", `a${delimiter}b`, "'=1"],
      ['two\nlines', '"x"', ''],
      ['short', 'row', ''],
    ];
    const file = back(
      cells.map((row, index) => ({ number: index + 5, cells: row })),
      delimiter,
    );
    expect(file).toMatchObject({ fromErrorFile: true, headers, leftRows: [5, 6, 7, 8], delimiter });
    expect(file.rows.map((row) => row.cells)).toEqual(cells);
  },
);

test('corrections that were made on the review page are in it', () => {
  expect(back([{ number: 2, cells: ['anna', 'x', ''], edits: { 1: 'anna@' } }]).rows[0].cells).toEqual([
    'anna',
    'anna@',
    '',
  ]);
});

test('cells that the header has no column for are too many again', () => {
  expect(back([{ number: 2, cells: ['anna', 'x', 'y', 'more', '=1'] }]).rows[0].cells).toEqual([
    'anna',
    'x',
    'y',
    'more',
    '=1',
  ]);
});

test('every other file stays as it is', () => {
  const result = readFile(Buffer.from("Username,Row,Field,Code,Error\n'=a,1,2,3,4"), { limits });
  if ('problem' in result) throw new Error(result.problem.text);
  expect(withoutOwnColumns(result.file)).toEqual({ ...result.file, fromErrorFile: false, leftRows: [] });
});

test('what a person wrote over the numbers of rows is no number', () => {
  const rows = ['anna,2,,,,', 'ben,x,,,,', 'cyd,,,,,', 'dan,02,,,,', 'eve,2,,,,', 'fay,3,,,,'];
  const result = readFile(Buffer.from(['Username,Row,Field,Code,Error,Suggestion', ...rows].join('\n')), {
    limits,
  });
  if ('problem' in result) throw new Error(result.problem.text);
  expect(withoutOwnColumns(result.file)).toMatchObject({
    fromErrorFile: true,
    headers: ['Username'],
    leftRows: [2, 3],
  });
});
