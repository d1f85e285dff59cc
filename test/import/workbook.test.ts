import { readSheet } from 'read-excel-file/node';
import type { ReadOptions } from '../../src/import/read-file.js';
import { workbook } from '../../src/web/workbook.js';
import { readUploaded, type ReadFile } from '../support/read-whole.js';
import { textRows, workbookOf, workbookParts } from '../support/workbooks.js';
import { zipped } from '../support/zip.js';

const limits = { rows: 500, bytes: 2 * 1024 * 1024, columns: 100, recordBytes: 65_536, cellCharacters: 8192 };
const people = [
  ['Username', 'Email'],
  ['anna', 'anna@example.com'],
  ['zoë', 'zoe@example.com'],
];

async function accepted(bytes: Buffer, options: Partial<ReadOptions> = {}): Promise<ReadFile> {
  const result = await readUploaded(bytes, { ...options, limits: { ...limits, ...options.limits } });
  if ('problem' in result) throw new Error(`refused: ${result.problem.code}`);
  return result.file;
}

async function refused(bytes: Buffer, options: Partial<ReadOptions> = {}): Promise<string> {
  const result = await readUploaded(bytes, { limits, ...options });
  return 'problem' in result ? result.problem.code : 'accepted';
}

const cellsOf = ({ rows }: ReadFile) => rows.map(({ cells }) => cells);
const users = (rows: string) => [{ name: 'Users', rows }];

test('a workbook of ours is read back, and as another reader reads it', async () => {
  const rows = [...people, ['0101', '=1+1'], [' a & b ', '"<x>"\nline'], ['\u{1F600}', 'y']];
  const bytes = await workbook({ name: 'Users', rows });
  const file = await accepted(bytes);
  expect([file.headers, ...cellsOf(file)]).toEqual(rows);
  const other = await readSheet(bytes, { trim: false });
  expect(cellsOf(file)).toEqual(other.slice(1).map((row) => row.map(String)));
});

describe('a cell is the text that it stands for', () => {
  const styles = `<numFmts count="4"><numFmt numFmtId="164" formatCode="0000"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd;@"/><numFmt numFmtId="166" formatCode="000\\-0000"/><numFmt numFmtId="167" formatCode="&quot;Ext &quot;0"/></numFmts>
    <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
    <cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="14"/><xf numFmtId="166"/><xf numFmtId="11"/><xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="2"/><xf numFmtId="49"/></cellXfs>`;
  const strings = [
    '<t>shared</t>',
    '<r><t>rich </t></r><r><rPr><b/></rPr><t xml:space="preserve"> text</t></r><rPh><t>ruby</t></rPh>',
  ];

  test.each([
    ['a shared string', '<c r="A2" t="s"><v>0</v></c>', 'shared'],
    ['rich text without its reading aid', '<c r="A2" t="s"><v>1</v></c>', 'rich  text'],
    ['text of its own', '<c r="A2" t="inlineStr"><is><t>own &amp; &#228;</t></is></c>', 'own & ä'],
    ['the result of a formula', '<c r="A2" t="str"><f>A1&amp;"x"</f><v>made</v></c>', 'made'],
    ['the number of a formula', '<c r="A2"><f>SUM(1,100)</f><v>101</v></c>', '101'],
    ['a whole number', '<c r="A2"><v>101</v></c>', '101'],
    ['a whole number in scientific writing', '<c r="A2" s="5"><v>1.01E+15</v></c>', '1010000000000000'],
    ['a long number', '<c r="A2"><v>420123456789012</v></c>', '420123456789012'],
    ['a number with two places', '<c r="A2" s="8"><v>101</v></c>', '101'],
    ['the noise of arithmetic', '<c r="A2"><v>0.30000000000000004</v></c>', '0.3'],
    ['zeros that the format shows', '<c r="A2" s="1"><v>101</v></c>', '0101'],
    ['zeros and strokes that the format shows', '<c r="A2" s="4"><v>15551</v></c>', '001-5551'],
    ['a date', '<c r="A2" s="3"><v>45292</v></c>', '2024-01-01'],
    ['a date in a format of the workbook', '<c r="A2" s="2"><v>45292</v></c>', '2024-01-01'],
    ['a date with a time', '<c r="A2" s="6"><v>45292.75</v></c>', '2024-01-01 18:00:00'],
    ['a time', '<c r="A2" s="7"><v>0.5</v></c>', '12:00:00'],
    ['a number formatted as text', '<c r="A2" s="9"><v>7</v></c>', '7'],
    ['yes', '<c r="A2" t="b"><v>1</v></c>', 'TRUE'],
    ['no', '<c r="A2" t="b"><v>0</v></c>', 'FALSE'],
    ['an error', '<c r="A2" t="e"><v>#N/A</v></c>', '#N/A'],
  ])('%s', async (_, cell, text) => {
    const rows = `<row r="1"><c r="A1" t="inlineStr"><is><t>Value</t></is></c></row><row r="2">${cell}</row>`;
    const file = await accepted(workbookOf(users(rows), { strings, styles }));
    expect(cellsOf(file)).toEqual([[text]]);
  });

  test('dates of an old Mac workbook count from 1904', async () => {
    const rows = `${textRows([['Value']])}<row r="2"><c s="3"><v>43830</v></c></row>`;
    const bytes = workbookOf(users(rows), { styles, workbookPr: '<workbookPr date1904="1"/>' });
    expect(cellsOf(await accepted(bytes))).toEqual([['2024-01-01']]);
  });
});

describe('rows and sheets', () => {
  test('keep their numbers over gaps, and cells their columns', async () => {
    const rows = `${textRows([['Username', 'Email', 'Ext']])}<row r="5"><c r="C5"><v>7</v></c></row><row r="9"><c r="A9" t="str"><v>x</v></c></row>`;
    expect((await accepted(workbookOf(users(rows)))).rows).toEqual([
      { number: 5, line: 5, cells: ['', '', '7'] },
      { number: 9, line: 9, cells: ['x'] },
    ]);
  });

  test('hidden rows are read and told', async () => {
    const rows = textRows(people).replace('<row r="3">', '<row r="3" hidden="1">');
    const file = await accepted(workbookOf(users(rows)));
    expect(file.rows).toHaveLength(2);
    expect(file.hiddenRows).toEqual([3]);
  });

  test('a title above the header is left out', async () => {
    const rows = textRows([['Agents of Berlin'], ...people]);
    const namesField = (header: string) => ['Username', 'Email'].includes(header);
    expect(await accepted(workbookOf(users(rows)), { namesField })).toMatchObject({
      headerRow: 2,
      above: ['Agents of Berlin'],
      headers: people[0],
    });
  });

  const several = [
    { name: 'Old', rows: textRows([['secret']]), state: 'hidden' as const },
    { name: 'Cover', rows: '<row r="1"><c s="1"/></row>' },
    { name: 'Users &amp; more', rows: textRows(people) },
    { name: 'Names', rows: textRows([['Name'], ['Sales']]) },
  ];

  test('the first visible sheet with rows is taken, or the one that was chosen', async () => {
    expect(await accepted(workbookOf(several))).toMatchObject({
      sheets: ['Cover', 'Users & more', 'Names'],
      sheet: 'Users & more',
      headers: people[0],
    });
    const chosen = await accepted(workbookOf(several), { sheet: 'Names' });
    expect([chosen.sheet, cellsOf(chosen)]).toEqual(['Names', [['Sales']]]);
    expect(await refused(workbookOf(several), { sheet: 'Old' })).toBe('no_such_sheet');
  });

  test('a workbook without any value is empty', async () => {
    expect(await refused(workbookOf(users('')))).toBe('empty_file');
  });

  test('more users than the limit are counted', async () => {
    const rows = textRows([['Username'], ...Array.from({ length: 732 }, (_, index) => [`u${index}`])]);
    const result = await readUploaded(workbookOf(users(rows)), { limits });
    expect(result).toMatchObject({ problem: { code: 'too_many_rows', values: { count: 732, limit: 500 } } });
  });

  test('too many columns and too long cells are refused', async () => {
    expect(await refused(workbookOf(users(textRows([Array<string>(101).fill('x')]))))).toBe(
      'too_many_columns',
    );
    expect(await refused(workbookOf(users(textRows([['x'.repeat(8193)]]))))).toBe('cell_too_long');
  });
});

jest.setTimeout(30_000);

describe('UP-5: workbooks that mean no good are refused at once', () => {
  const parts = workbookParts(users(textRows(people)));
  const blank = Array.from(
    { length: 300_000 },
    (_, index) => `<row r="${index + 4}" ht="15"><c r="A${index + 4}" s="1"/></row>`,
  );

  test.each<[string, () => Buffer, string]>([
    [
      '300,000 formatted rows below the last one',
      () => workbookOf(users(textRows(people) + blank.join(''))),
      'accepted',
    ],
    [
      'a bomb in a cell',
      () => workbookOf(users(`<row r="1"><c t="str"><v>${'x'.repeat(50e6)}</v></c></row>`)),
      'workbook_too_large',
    ],
    [
      'a bomb between the rows',
      () => workbookOf(users(`${' '.repeat(100e6)}${textRows(people)}`)),
      'workbook_too_large',
    ],
    [
      'a bomb of shared strings',
      () =>
        workbookOf(users(textRows(people)), { strings: Array<string>(5e5).fill(`<t>${'x'.repeat(50)}</t>`) }),
      'workbook_too_large',
    ],
    ['a size that is a lie', () => zipped(parts, { 'xl/worksheets/sheet1.xml': 10 }), 'workbook_too_large'],
    ['a document type', () => workbookOf(users('<!DOCTYPE x [<!ENTITY a "b">]>&a;')), 'workbook_too_large'],
    [
      'ten thousand entries',
      () =>
        zipped({
          ...parts,
          ...Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`x/${index}`, ''])),
        }),
      'broken_workbook',
    ],
    ['an entry that climbs out', () => zipped({ ...parts, '../../evil': 'x' }), 'broken_workbook'],
    [
      'no workbook inside',
      () => zipped({ '[Content_Types].xml': '', 'xl/workbook.xml': '' }),
      'no_such_sheet',
    ],
    ['half of it', () => workbookOf(users(textRows(people))).subarray(0, 400), 'broken_workbook'],
    ['macros, renamed', () => zipped({ ...parts, 'xl/vbaProject.bin': 'x' }), 'macro_file'],
    [
      'an OpenDocument table',
      () => zipped({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '<x/>' }),
      'ods_file',
    ],
    [
      'a text document',
      () => zipped({ '[Content_Types].xml': '', 'word/document.xml': '' }),
      'document_file',
    ],
    ['a binary workbook', () => zipped({ '[Content_Types].xml': '', 'xl/workbook.bin': '' }), 'xlsb_file'],
    ['an archive of files', () => zipped({ 'users.csv': 'Username,Email' }), 'zip_file'],
    [
      'a workbook with a password',
      () =>
        Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), Buffer.from('EncryptedPackage', 'utf16le')]),
      'protected_file',
    ],
  ])('%s', async (_, make, code) => {
    const bytes = make();
    const begun = process.cpuUsage();
    const answer = await refused(bytes);
    const { user, system } = process.cpuUsage(begun);
    expect(answer).toBe(code);
    // In seconds of the processor: two at most on a quiet machine, a few times as long on a shared one.
    expect((user + system) / 1e6).toBeLessThan(10);
  });
});
