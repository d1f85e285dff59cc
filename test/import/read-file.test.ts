import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileProblem, ReadOptions } from '../../src/import/read-file.js';
import { readFile, type ReadFile } from '../support/read-whole.js';

const limits = { rows: 500, bytes: 2 * 1024 * 1024, columns: 100, recordBytes: 65_536, cellCharacters: 8192 };

type Options = Omit<ReadOptions, 'limits'> & { limits?: Partial<ReadOptions['limits']> };

function read(bytes: string | Buffer, options: Options = {}) {
  return readFile(Buffer.from(bytes), { ...options, limits: { ...limits, ...options.limits } });
}

function accepted(bytes: string | Buffer, options?: Options): ReadFile {
  const result = read(bytes, options);
  if ('problem' in result) throw new Error(`refused: ${said(result.problem)}`);
  return result.file;
}

function refused(bytes: string | Buffer, options?: Options): FileProblem {
  const result = read(bytes, options);
  if ('file' in result) throw new Error('not refused');
  return result.problem;
}

/** The sentence with its values filled in, as a person reads it. */
function said({ text, values }: FileProblem): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values?.[name]));
}

function sample(name: string): Buffer {
  return readFileSync(join(__dirname, '../files', name));
}

function cellsOf(file: ReadFile): string[][] {
  return file.rows.map((row) => row.cells);
}

function utf16be(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

describe('a plain file', () => {
  test('gives its header and its rows, numbered as a spreadsheet numbers them', () => {
    expect(accepted('Username,Email\nanna,anna@example.com\nben,ben@example.com\n')).toEqual({
      encoding: 'utf-8',
      guesses: [],
      delimiter: ',',
      headerRow: 1,
      above: [],
      sheets: [],
      sheet: '',
      hiddenRows: [],
      headers: ['Username', 'Email'],
      rows: [
        { number: 2, line: 2, cells: ['anna', 'anna@example.com'] },
        { number: 3, line: 3, cells: ['ben', 'ben@example.com'] },
      ],
    });
  });

  test('CS-1: needs no line break at its end', () => {
    expect(cellsOf(accepted('a,b\n1,2'))).toEqual([['1', '2']]);
    expect(cellsOf(accepted('a,b\n1,'))).toEqual([['1', '']]);
  });

  test('may hold a header only', () => {
    expect(accepted('Username,Email\r\n').rows).toEqual([]);
  });

  test('may have a single column', () => {
    const file = accepted('Username\nanna\nben\n');
    expect(file.delimiter).toBe(',');
    expect(cellsOf(file)).toEqual([['anna'], ['ben']]);
    expect(cellsOf(accepted('Note\nanna\nben; carla\n'))).toEqual([['anna'], ['ben; carla']]);
  });

  test('CS-4: keeps blanks around values, short rows and long rows as they are', () => {
    expect(cellsOf(accepted('a,b,c\n 1 ,\t2,3 \n1\n1,2,3,4\n'))).toEqual([
      [' 1 ', '\t2', '3 '],
      ['1'],
      ['1', '2', '3', '4'],
    ]);
  });

  test('CS-6: may name its columns like properties of objects, twice or not at all', () => {
    const header = '__proto__,constructor,toString,,a,a';
    expect(accepted(`${header}\n1,2,3,4,5,6\n`).headers).toEqual(header.split(','));
  });
});

describe('encodings', () => {
  test('CS-1: a byte order mark is never part of the first header, not even a doubled one', () => {
    expect(accepted('\uFEFFUsername,Email\nanna,x\n').headers[0]).toBe('Username');
    expect(accepted('\uFEFF\uFEFF"Username",Email\nanna,x\n').headers[0]).toBe('Username');
  });

  test('UTF-8 is recognised although the first accents stand far below', () => {
    const file = accepted(`Username,Name\n${'anna,Anna\n'.repeat(400)}zoe,Zoë\n`);
    expect(file).toMatchObject({ encoding: 'utf-8', guesses: [] });
    expect(file.rows.at(-1)?.cells).toEqual(['zoe', 'Zoë']);
  });

  test('a file saved by a western Excel is read as windows-1252, which is said to be a guess', () => {
    const file = accepted(sample('excel-western.csv'));
    expect(file).toMatchObject({ encoding: 'windows-1252', guesses: [{}, {}, {}, {}], delimiter: ';' });
    expect(file.rows.map((row) => row.cells[3])).toEqual(['Müller', 'O’Brien', 'García']);
  });

  test('Cyrillic capitals are no Chinese, although their bytes could be', () => {
    const names = Buffer.from('c8c2c0cdcec220cecbc5c33bd1c8c4ced0cec2c0203bcacec2c0cbdc3b', 'hex');
    const file = accepted(Buffer.concat([Buffer.from('Name;Login;Email\n'), names]));
    expect(file.encoding).toBe('windows-1251');
    expect(cellsOf(file)[0]).toEqual(['ИВАНОВ ОЛЕГ', 'СИДОРОВА ', 'КОВАЛЬ', '']);
  });

  test('a chosen encoding wins and is no guess', () => {
    const file = accepted(sample('excel-western.csv'), { encoding: 'utf-8' });
    expect(file).toMatchObject({ encoding: 'utf-8', guesses: [] });
    expect(file.rows.map((row) => row.badText ?? false)).toEqual([true, true, true]);
  });

  test('windows-1252 has characters where Latin-1 has none, and five bytes that mean nothing', () => {
    const bytes = Buffer.from('Name,Rate\nJos\xe9,5 \x80\nAnn,\x81\n', 'latin1');
    const file = accepted(bytes, { encoding: 'windows-1252' });
    expect(cellsOf(file)).toEqual([
      ['José', '5 €'],
      ['Ann', '\uFFFD'],
    ]);
    expect(file.rows.map((row) => row.badText)).toEqual([undefined, true]);
  });

  test.each([
    ['little-endian with a mark', Buffer.from('\uFEFFUsername\tName\nanna\tŽofie\n', 'utf16le'), 'utf-16le'],
    ['big-endian with a mark', utf16be('\uFEFFUsername\tName\nanna\tŽofie\n'), 'utf-16be'],
    ['little-endian without a mark', Buffer.from('Username\tName\nanna\tŽofie\n', 'utf16le'), 'utf-16le'],
    ['big-endian without a mark', utf16be('Username\tName\nanna\tŽofie\n'), 'utf-16be'],
  ])('UTF-16 %s is recognised', (_, bytes, encoding) => {
    const file = accepted(bytes);
    expect(file).toMatchObject({ encoding, guesses: [], delimiter: '\t' });
    expect(file.headers).toEqual(['Username', 'Name']);
    expect(cellsOf(file)).toEqual([['anna', 'Žofie']]);
  });

  test('one broken byte in a UTF-8 file spoils its own row and no other', () => {
    const bytes = Buffer.concat([
      Buffer.from('Username,Name\nzoe,Zoë\nben,'),
      Buffer.from([0xe9]),
      Buffer.from('\nanna,Änna\n'),
    ]);
    const file = accepted(bytes);
    expect(file).toMatchObject({ encoding: 'utf-8', guesses: [] });
    expect(file.rows.map((row) => [row.cells[1], row.badText])).toEqual([
      ['Zoë', undefined],
      ['\uFFFD', true],
      ['Änna', undefined],
    ]);
  });

  test('a NUL in a cell is left to the checks of its row', () => {
    expect(cellsOf(accepted('Username,Name\nan\0na,Anna\n'))).toEqual([['an\0na', 'Anna']]);
  });
});

describe('delimiters', () => {
  test.each([',', ';', '\t', '|'] as const)('CS-1: %j is found', (delimiter) => {
    const rows = [
      ['Username', 'Desks', 'Name'],
      ['anna', '1', 'Smith'],
      ['ben', '2', 'Brown'],
    ];
    const file = accepted(rows.map((row) => row.join(delimiter)).join('\r\n'));
    expect(file.delimiter).toBe(delimiter);
    expect([file.headers, ...cellsOf(file)]).toEqual(rows);
  });

  test('two columns with a semicolon are two, also with decimal commas in the cells', () => {
    const file = accepted(sample('two-columns-semicolon.csv'));
    expect(file.delimiter).toBe(';');
    expect(cellsOf(file)).toEqual([
      ['anna', '1,5'],
      ['ben', '2,0'],
      ['carla', '2,5'],
    ]);
  });

  test('lists of IDs inside the cells do not mislead', () => {
    expect(accepted('Username,Email,Desk\nanna,a@example.com,1;4\nben,b@example.com,2;3\n').delimiter).toBe(
      ',',
    );
    expect(accepted('Username;Email;Desk\nanna;a@example.com;1,4\nben;b@example.com;2,3\n').delimiter).toBe(
      ';',
    );
  });

  test('delimiters inside quotes do not count', () => {
    expect(accepted('"a,b,c";d\n"e,f,g";h\n"i,\n,j,k";l\n').delimiter).toBe(';');
  });

  test('rows of many widths are split like the header', () => {
    expect(accepted('a;b;c\n1\n1;2\n1;2;3;4\n1;2;3;4;5\n').delimiter).toBe(';');
  });

  test('a chosen delimiter wins', () => {
    expect(accepted('a;b\n1;2\n', { delimiter: ',' }).headers).toEqual(['a;b']);
    expect(accepted('sep=;\na;b\n1;2\n', { delimiter: ',' }).headers).toEqual(['a;b']);
  });

  test.each(['sep=;\r\n', '"sep=;"\n', 'SEP=;\r'])(
    'the line %j is obeyed and dropped, and counts as a row',
    (line) => {
      const file = accepted(`\uFEFF${line}a,b;c\n1,2;3\n`);
      expect(file).toMatchObject({ delimiter: ';', headerRow: 2, headers: ['a,b', 'c'] });
      expect(file.rows).toEqual([{ number: 3, line: 3, cells: ['1,2', '3'] }]);
    },
  );
});

describe('rows and lines', () => {
  test('CS-1: CRLF, LF and CR end a row, mixed as they come', () => {
    expect(accepted('a,b\r\n1,2\n3,4\r5,6\r\n').rows).toEqual([
      { number: 2, line: 2, cells: ['1', '2'] },
      { number: 3, line: 3, cells: ['3', '4'] },
      { number: 4, line: 4, cells: ['5', '6'] },
    ]);
  });

  test('blank rows and rows of delimiters are dropped but counted, trailing ones are nothing', () => {
    const file = accepted('\n,,\na,b\n\n1,2\n ; ,\n,,,\n" ",\t\n3,4\n\n,\n\n', { delimiter: ',' });
    expect(file.headerRow).toBe(3);
    expect(file.rows.map((row) => row.number)).toEqual([5, 6, 9]);
  });

  test('CS-1: quoted line breaks stay in the value, and the line of the file differs from the row', () => {
    const file = accepted(sample('quoted-line-breaks.csv'));
    expect(file.headers).toEqual(['Username', 'First\r\nName', 'Notes']);
    expect(file.rows).toEqual([
      { number: 2, line: 3, cells: ['anna', 'Anna', 'Speaks French,\r\nGerman and "a bit" of Dutch'] },
      { number: 4, line: 6, cells: ['ben', 'Ben', ''] },
    ]);
  });

  test('the header is the row that was chosen, and what stands before it is dropped', () => {
    const file = accepted(sample('preamble.csv'), { headerRow: 2 });
    expect(file.headerRow).toBe(2);
    expect(file.headers[0]).toBe('User name [userPrincipalName] Required');
    expect(file.rows.map((row) => row.number)).toEqual([3, 4]);
  });

  test.each([2, 9])('row %d, which holds nothing, is refused as a header', (headerRow) => {
    const problem = refused('a,b\n\n1,2\n', { headerRow });
    expect(problem.code).toBe('no_header_row');
    expect(said(problem)).toContain(`Row ${headerRow} is empty or not in the file.`);
  });
});

describe('quotes', () => {
  test('CS-2: stray ones are literal, and blanks around a quoted cell do not matter', () => {
    expect(cellsOf(accepted(sample('stray-quotes.csv')))).toEqual([
      ['anna', 'Anna "Ann"', 'O"Neill'],
      ['ben', 'Ben; junior', 'Brown'],
      ['carla', '"Carla" Maria', 'Clark'],
    ]);
  });

  test('empty and doubled ones are read', () => {
    expect(cellsOf(accepted('a,b,c\n"","""","x""y"\n'))).toEqual([['', '"', 'x"y']]);
  });

  test('a blank before a tab-separated quoted cell is no cell of its own', () => {
    expect(cellsOf(accepted('a\tb\tc\n1\t "2" \t3\n'))).toEqual([['1', '2', '3']]);
  });

  test('CS-2: an unclosed one refuses the file and is told by the line where it opened', () => {
    const problem = refused(sample('unclosed-quote.csv'));
    expect(problem.code).toBe('unclosed_quote');
    expect(said(problem)).toBe(
      'The quotation mark that opens on line 5 is not closed. Close it or remove it, then upload the file again.',
    );
  });

  test('an unclosed one is found behind quoted line breaks and a separator line', () => {
    const problem = refused('sep=,\r\na,b\r\n"1\r\n2",3\r\n"4\r\n5","6\r\n7,8\r\n');
    expect(problem).toMatchObject({ code: 'unclosed_quote', values: { line: 6 } });
  });

  test('the rows before an unclosed one are taken when somebody asks for them', () => {
    const file = accepted('a,b\n1,2\n3,"4\n5,6\n7,8\n', { untilOpenQuote: true });
    expect([cellsOf(file), file.openQuote]).toEqual([[['1', '2']], 3]);
    expect(refused('a,"b\n1,2\n', { untilOpenQuote: true }).code).toBe('unclosed_quote');
    expect(accepted('a,b\n1,2\n', { untilOpenQuote: true }).openQuote).toBeUndefined();
  });
});

describe('refusals', () => {
  test.each(['', '\uFEFF', '\n\r\n \n', ',,\n;;;\n', 'sep=;\n'])('%j is an empty file', (text) => {
    expect(said(refused(text))).toBe('The file is empty.');
  });

  test('UP-1: too many users are counted, blank rows left out', () => {
    const problem = refused(`Username\n${'anna\n\n'.repeat(732)}`);
    expect(problem.code).toBe('too_many_rows');
    expect(said(problem)).toBe('The file has 732 users, but the limit is 500. Split it into smaller files.');
  });

  test('as many users as the limit are fine', () => {
    expect(accepted(`Username\n${'anna\n'.repeat(500)}`).rows).toHaveLength(500);
  });

  test('UP-1: too many bytes', () => {
    const problem = refused('Username\nanna\n', { limits: { bytes: 13 } });
    expect(problem.code).toBe('too_many_bytes');
    expect(said(refused(Buffer.alloc(2 * 1024 * 1024 + 1, 'a')))).toContain('larger than 2 MB');
  });

  test('UP-1: too many columns', () => {
    const problem = refused(`a,b\n${'1,'.repeat(100)}1\n`);
    expect(problem.code).toBe('too_many_columns');
    expect(said(problem)).toContain('Row 2 has more than 100 columns');
    expect(accepted(`${'1,'.repeat(99)}1\n`).headers).toHaveLength(100);
  });

  test('UP-1: a record that is too long in bytes, not in characters', () => {
    const limits = { recordBytes: 1024 };
    expect(accepted(`a,b\n${'x'.repeat(1020)},1\n`, { limits }).rows).toHaveLength(1);
    const problem = refused(`a,b\n"1\n",2\n${'é'.repeat(512)},1\n`, { limits });
    expect(problem.code).toBe('record_too_long');
    expect(said(problem)).toContain('Row 3 (line 4) is longer than 1 KB.');
  });

  test('UP-1: a cell that is too long', () => {
    const problem = refused(`a,b\n1,${'x'.repeat(8193)}\n`);
    expect(problem.code).toBe('cell_too_long');
    expect(said(problem)).toContain('row 2, column 2 has 8193 characters, but the limit is 8192');
  });

  test.each([
    ['a workbook or zip archive', 'PK\x03\x04\x14\x00\x06\x00', 'zip_file'],
    ['an old workbook', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'xls_file'],
    ['a PDF', '%PDF-1.7\n', 'pdf_file'],
    ['a PNG image', '\x89PNG\r\n\x1a\n', 'image_file'],
    ['a JPEG image', '\xff\xd8\xff\xe0\0\x10JFIF', 'image_file'],
    ['a GIF image', 'GIF89a', 'image_file'],
    ['a web page', '\r\n<!DOCTYPE html>\n<html><table><tr><td>a</td></tr></table></html>', 'html_file'],
    ['a web page behind a comment', '<!-- saved -->\n<html><table></table></html>', 'html_file'],
    ['a web page without a head', '<meta charset=utf-8><table><tr><td>a</td></tr></table>', 'html_file'],
    ['a WebP image', 'RIFF\x10\0\0\0WEBPVP8 ', 'image_file'],
    ['a RAR archive', 'Rar!\x1a\x07\0', 'zip_file'],
    ['JSON', '[{"username":"anna","email":"a@example.com"}]', 'no_table'],
    ['rich text', '{\\rtf1\\ansi Username, Email}', 'no_table'],
    ['an LDIF export', 'dn: uid=anna,dc=example\nuid: anna\n', 'no_table'],
    ['a vCard', 'BEGIN:VCARD\r\nVERSION:3.0\r\n', 'no_table'],
    ['a file of NULs', '\0'.repeat(1000), 'binary_file'],
    [
      'numbers of 32 bits',
      Buffer.from(Int32Array.from({ length: 200 }, (_, i) => i * 77).buffer),
      'binary_file',
    ],
  ])('UP-5: %s is recognised by its content and told what to do', (_, content, code) => {
    const problem = refused(Buffer.from(content as string, 'latin1'));
    expect(problem.code).toBe(code);
    expect(problem.text).toMatch(/CSV/);
  });
});

// In seconds of the processor. A quiet machine takes two at most, a shared one a few times as long; what this finds takes
// minutes: time that grows with the square of the size.
const bearable = 10;

test('an end mark of old programs is no row', () => {
  expect(cellsOf(accepted('a,b\r\n1,2\r\n\x1a'))).toEqual([['1', '2']]);
});

test('good UTF-8 that holds letters broken by an earlier program stays UTF-8, and its rows are named', () => {
  const file = accepted(
    'Username;Email;First Name\nanna;a@example.com;J\ufffdrgen\nben;b@example.com;M?ller\n',
  );
  expect(file).toMatchObject({ encoding: 'utf-8', guesses: [] });
  expect(file.rows.map(({ badText }) => badText)).toEqual([true, undefined]);
});

test('an apostrophe of windows-1252 is no letter of an old Mac', () => {
  const file = accepted(Buffer.from('Username;Last Name\nr5;O\x92Brien\ns5;D\x92Angelo\n', 'latin1'));
  expect(file.encoding).toBe('windows-1252');
  expect(file.rows[0].cells[1]).toBe('O’Brien');
});

describe('letters that were read in a wrong encoding once', () => {
  test.each([
    ['as windows-1252', 'FranÃ§ois', 'François'],
    ['twice', 'LutsÃ¢â‚¬â„¢k', 'Luts’k'],
    ['as windows-1250', 'KovĂˇcs', 'Kovács'],
    ['as windows-1250, from Polish', 'MichaĹ‚', 'Michał'],
    ['as windows-1251', 'РђРЅРЅР°', 'Анна'],
    ['as Mac Roman', 'J√ºrgen', 'Jürgen'],
  ])('%s', (_, before, after) => {
    const text = `Username,Name\nanna,Anna\nben,${before}\n`;
    expect(accepted(text).damage).toMatchObject({ cells: 1, row: 3, column: 1, before, after });
    expect(cellsOf(accepted(text, { repair: true }))[1]).toEqual(['ben', after]);
  });

  test('also in the header, whose names are no example where a row has a better one', () => {
    const text = 'Username;PrÃ©nom\nanna;Anna\n';
    expect(accepted(text).damage).toMatchObject({ row: 1, column: 1, after: 'Prénom' });
    expect(accepted(text, { repair: true }).headers).toEqual(['Username', 'Prénom']);
    expect(accepted(`${text}ben;JosÃ©\n`).damage).toMatchObject({ cells: 2, row: 3 });
  });

  test.each([
    'JOÃO',
    'ÃNGELA',
    'PLĂŞOIU',
    'Сергій',
    'Лілія',
    'Рі',
    'Ľubomír',
    'Đặng',
    'GÖTZ',
    'Ärzte',
    'Łukasz',
  ])('%s is a name as it is', (name) =>
    expect(accepted(`Username,Name\nanna,${name}\n`).damage).toBeUndefined(),
  );
});

describe('hostile files are answered in a time that grows with their size alone', () => {
  test.each([
    ['10 MB of quotation marks', Buffer.alloc(10e6, '"'), 'record_too_long'],
    ['one quotation mark more, so that the first stays open', Buffer.alloc(10e6 + 1, '"'), 'unclosed_quote'],
    ['a line of 50 MB', Buffer.alloc(50e6, 'a'), 'record_too_long'],
    ['a line of 50 MB of commas', Buffer.alloc(50e6, 'a,'), 'too_many_columns'],
    [
      '10,000 columns',
      Buffer.from(Array.from({ length: 10_000 }, (_, i) => `column ${i}`).join()),
      'too_many_columns',
    ],
    ['2 MB of rows of changing width', Buffer.alloc(2e6, 'a,b\na\n'), 'too_many_rows'],
    [
      '2 MB of line breaks behind a header',
      Buffer.concat([Buffer.from('a,b'), Buffer.alloc(2e6, '\n')]),
      undefined,
    ],
    ['2 MB of quotes that close in the middle of a cell', Buffer.alloc(2e6, ' "a"b;c\n'), 'too_many_rows'],
  ])('CS-7: %s', (_, bytes, code) => {
    const start = process.cpuUsage();
    const result = read(bytes, { limits: { bytes: 100e6 } });
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6).toBeLessThan(bearable);
    expect('problem' in result ? result.problem.code : undefined).toBe(code);
  });
});
