// Files as call centers send them, through a running server: what each comes to. One server for all of them.
//
// Which test asserts which of the inputs that an importer must survive; where no file is named it stands here:
//  1, 21, 46–48 "a file that is no table of users is refused" · 2 "with a header only" · 3–6, 9–12, 15, 16, 18–20, 22, 25, 26, 32, 35, 40
//  "a file of users is read right" · 5–7, 14, 20, 42, 47 "a guess is shown" · 8, 23–25, 28, 30, 31, 33, 36–39 "a wrong cell is an error of
//  its row" · 13, 15, 17, 24, 25, 30, 33, 34 "what looks odd" · 27 "every row of a mixed file" · 28 "users who exist" · 50 "a desk that is
//  deleted" · 16 also collection.test.ts · 18 also main-job.pages.test.ts · 29, 45 races.pages.test.ts and after-import.pages.test.ts ·
//  36 (too few free numbers), 37 (matched once), 42 wizard.pages.test.ts · 37 (roles beyond one's own), 41 hostile.pages.test.ts ·
//  40, 43 main-job.pages.test.ts · 44 after-import.pages.test.ts · 46 (sizes) large-files, hostile, uploads.pages.test.ts and
//  read-file.test.ts · 47 (cells) workbook.test.ts · 49 kills, stops, disk-full, postgres-away.pages.test.ts · 51–53
//  success-file.pages.test.ts · 54 test/browser, views.test.ts
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessibleName } from '../support/accessible-name.js';
import {
  csvRows,
  fileOf,
  importFile,
  importOf,
  result,
  stateOf,
  toReview,
  upload,
} from '../support/imports.js';
import { countOf, rowsOf } from '../support/peek.js';
import { setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';
import { textRows, workbookOf, workbookParts } from '../support/workbooks.js';
import { zipped } from '../support/zip.js';

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await setUp(rollcall);
});

afterAll(() => expect(rollcall.failures()).toEqual([]));

const collection = (name: string) => readFileSync(join(__dirname, '../files/collection', name));
const users = (name: string) => `Username,Email,First Name\n${name},${name}@example.com,Anna\n`;

/** Stored users whose username begins so: username, first and last name. */
async function stored(prefix: string): Promise<string[][]> {
  const rows = await rowsOf<Record<string, string>>(
    rollcall,
    `SELECT username, first_name, last_name FROM users WHERE username LIKE '${prefix}%' ORDER BY username`,
  );
  return rows.map((row) => Object.values(row));
}

describe('UP-5: a file that is no table of users is refused in one sentence, by what it holds', () => {
  const parts = workbookParts([{ name: 'Users', rows: textRows([['Username'], ['anna']]) }]);

  test.each<[string, string | Buffer, string]>([
    ['no byte', '', 'The file is empty.'],
    ['a byte order mark', '\uFEFF', 'The file is empty.'],
    ['blank lines', '\r\n \r\n\t\r\n', 'The file is empty.'],
    ['a PDF', '%PDF-1.7\nx', 'This is a PDF document.'],
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'This is an image.'],
    [
      'a web page saved as .xls',
      '<html><table><tr><td>Username</td></tr></table></html>',
      'This is a web page or XML document',
    ],
    [
      'an old workbook',
      Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'latin1'),
      'This is an old workbook (.xls).',
    ],
    [
      'a workbook with a password',
      Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), Buffer.from('EncryptedPackage', 'utf16le')]),
      'This workbook is protected by a password.',
    ],
    ['a workbook with macros', zipped({ ...parts, 'xl/vbaProject.bin': 'x' }), 'This workbook holds macros.'],
    [
      'an OpenDocument table',
      zipped({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet' }),
      'This is an OpenDocument file (.ods).',
    ],
    ['an archive', zipped({ 'users.csv': users('zipped') }), 'This is an archive, not a table.'],
    ['a Numbers document', zipped({ 'Index/Document.iwa': 'x' }), 'This is a Numbers document.'],
    [
      'a workbook with hidden sheets only',
      workbookOf([{ name: 'Users', state: 'hidden', rows: textRows([['Username'], ['anna']]) }]),
      'All sheets of this workbook are hidden. Unhide the one with the users and save it.',
    ],
    [
      'a workbook that unpacks to far too much',
      zipped({ ...parts, 'xl/sharedStrings.xml': `<sst>${`<si><t>${'a'.repeat(1e6)}</t></si>`.repeat(18)}` }),
      'This workbook is damaged, or far too large when it is unpacked.',
    ],
    ['JSON', '[{"username":"anna"}]', 'This is no table but text of another kind, such as JSON'],
    ['a broken workbook', zipped(parts).subarray(0, 300), 'This workbook is damaged.'],
    [
      'a quotation mark that is not closed',
      'Username,Email\nanna,a@example.com\n"ben,b@example.com\n',
      'The quotation mark that opens on line 3 is not closed.',
    ],
    [
      'a cell without end',
      'x'.repeat(9000),
      'The cell in row 1, column 1 has 9,000 characters, but the limit is 8,192.',
    ],
    [
      '10,000 columns',
      Array.from({ length: 10_000 }, (_, index) => `c${index}`).join(),
      'Row 1 has more than 100 columns.',
    ],
    ['501 rows', fileOf(501, 'u'), 'The file has 501 users, but the limit is 500.'],
  ])('%s', async (_, bytes, sentence) => {
    const before = await countOf(rollcall, 'imports');
    await upload(chief, bytes, 'users.csv');
    expect(chief.page.status).toBe(422);
    expect(chief.page.problems).toHaveLength(1);
    expect(chief.page.problems[0]).toContain(sentence);
    expect(await countOf(rollcall, 'imports')).toBe(before);
  });
});

describe('CS-1: a file of users is read right', () => {
  const latin = (text: string) => Buffer.from(text, 'latin1');

  test.each<[string, string | Buffer, string[][]]>([
    ['with a byte order mark', `\uFEFF${users('f01')}`, [['f01', 'Anna', '']]],
    [
      'in UTF-16 without a mark',
      Buffer.from('Username\tEmail\tFirst Name\nf02\tf02@example.com\tŽofie\n', 'utf16le'),
      [['f02', 'Žofie', '']],
    ],
    [
      'in UTF-16, big-endian',
      Buffer.from('\uFEFFUsername\tEmail\tFirst Name\nf03\tf03@example.com\tŽofie\n', 'utf16le').swap16(),
      [['f03', 'Žofie', '']],
    ],
    [
      'in windows-1252',
      latin('Username;Email;First Name\nf04;f04@example.com;J\xfcrgen\n'),
      [['f04', 'Jürgen', '']],
    ],
    [
      'in windows-1251',
      latin(
        'Username;Email;First Name;Last Name\nf24;f24@example.com;\xc8\xe2\xe0\xed;\xcf\xe5\xf2\xf0\xee\xe2\n',
      ),
      [['f24', 'Иван', 'Петров']],
    ],
    [
      'with vertical bars and commas',
      'Username|Email|Last Name\nf25|f25@example.com|Smith, Jr.\n',
      [['f25', '', 'Smith, Jr.']],
    ],
    [
      'with decorated headers',
      'User Name [Required];E_MAIL;firstName;Last Name (optional)\nf26;f26@example.com;Anna;Kovács\n',
      [['f26', 'Anna', 'Kovács']],
    ],
    [
      'with two columns and decimal commas',
      'Username;Email;PPQ Ratio\nf05;f05@example.com;1,5\n',
      [['f05', '', '']],
    ],
    ['with a line sep=;', 'sep=;\r\nUsername;Email\r\nf06;f06@example.com\r\n', [['f06', '', '']]],
    ['with a # before the header', '#Username,Email\nf07,f07@example.com\n', [['f07', '', '']]],
    ['below a title', `Agents of Berlin,,\n,,\n${users('f08')}`, [['f08', 'Anna', '']]],
    [
      'with doubled, empty and long headers',
      `Email,Username,Email,,${'x'.repeat(300)}\nf09@example.com,f09,,a,b\n`,
      [['f09', '', '']],
    ],
    [
      'with lines that end with CR',
      latin('Username,Email,First Name\rf10,f10@example.com,J\x9frg\rf10b,f10b@example.com,Anna\r'),
      [
        ['f10', 'Jürg', ''],
        ['f10b', 'Anna', ''],
      ],
    ],
    [
      'with mixed line ends, blank rows and rows of delimiters',
      'Username,Email\r\nf11,f11@example.com\n\n,,\r,\nf11b,f11b@example.com',
      [
        ['f11', '', ''],
        ['f11b', '', ''],
      ],
    ],
    [
      'with quotes, line breaks and JSON in cells',
      'Username,Email,Last Name\nf12,f12@example.com,"O""Neill, {""a"":\n[1]}"\n',
      [['f12', '', 'O"Neill, {"a": [1]}']],
    ],
    [
      'with a stray quote',
      'Username,Email,Last Name\nf13,f13@example.com,O"Neill\n',
      [['f13', '', 'O"Neill']],
    ],
    ['with blanks everywhere', ' Username , Email \n\u00a0f14 ,  f14@example.com\u200b\n', [['f14', '', '']]],
    [
      'with names that look like something else',
      'Username,Email,First Name,Last Name\nf15,f15@example.com,True,Null\nf15b,f15b@example.com,1-2-34,Nguyễn\nf15c,f15c@example.com,J,😀\n',
      [
        ['f15', 'True', 'Null'],
        ['f15b', '1-2-34', 'Nguyễn'],
        ['f15c', 'J', '😀'],
      ],
    ],
    ['with trailing delimiters', 'Username,Email,,\nf16,f16@example.com,,,,\n', [['f16', '', '']]],
    ['without trailing cells', 'Username,Email,First Name\nf17,f17@example.com\n', [['f17', '', '']]],
    [
      'from a workbook',
      workbookOf([
        {
          name: 'Users',
          rows: textRows([
            ['Username', 'Email', 'Last Name'],
            ['f18', 'f18@example.com', 'Kovács'],
          ]),
        },
      ]),
      [['f18', '', 'Kovács']],
    ],
    [
      'with a decomposed accent',
      'Username,Email,First Name\nf19,f19@example.com,Zoe\u0308\n',
      [['f19', 'Zoë', '']],
    ],
    [
      'with a formula',
      'Username,Email,First Name\nf20,f20@example.com,"=HYPERLINK(""x"")"\n',
      [['f20', '=HYPERLINK("x")', '']],
    ],
  ])('%s', async (_, bytes, people) => {
    const { counts } = await importFile(chief, bytes);
    expect(counts).toMatchObject({ read: people.length, created: people.length });
    expect(await stored(people[0][0])).toEqual(people);
  });

  test('whatever its name and type say', async () => {
    await chief.open('/imports/new');
    const file = { name: 'users.png', type: 'application/vnd.ms-excel', bytes: users('odd.type') };
    await chief.form('Upload').attach('File', file).press('Upload');
    expect(chief.page.heading).toBe('Required Fields');
  });

  test('with a header only, which starts nothing', async () => {
    await upload(chief, 'Username,Email\n');
    await chief.form('Next').choose('Role from Dialer', 'Agent').press('Skip to Review');
    expect(chief.page.text).toContain('The file has no rows below its header');
    await chief.post(`/imports/${importOf(chief)}/discard`);
  });
});

describe('a guess is shown, and can be changed', () => {
  test('the encoding: words of the file as each would read them, and one click', async () => {
    await upload(chief, collection('pracownicy-pl.csv'));
    const id = importOf(chief);
    expect(chief.page.text).toContain('Nothing in the file says which encoding it has.');
    expect(chief.page.text).toContain('Windows-1250 (Central Europe): used now');
    expect(chief.page.table('First rows of the file')[1]).toEqual(expect.arrayContaining(['Wiśniewski']));
    await chief.press('Use Windows-1252 (Western Europe)');
    expect(chief.page.address.pathname).toBe(`/imports/${id}/fields`);
    expect(chief.page.table('First rows of the file')[1]).toEqual(expect.arrayContaining(['Wiœniewski']));
    expect(chief.page.text).not.toContain('Nothing in the file says which encoding it has.');
  });

  test('damaged letters: told with an example, mended when asked for', async () => {
    await upload(chief, 'Username,Email,First Name\nmojibake,mojibake@example.com,FranÃ§ois\n');
    expect(chief.page.text).toContain('“FranÃ§ois” in row 2 probably was “François”');
    await chief.press('Repair Letters');
    expect(chief.page.text).not.toContain('look damaged');
    await chief.form('Next').choose('Role from Dialer', 'Agent').press('Skip to Review');
    await chief.press('Import Users');
    await result(chief, importOf(chief));
    expect(await stored('mojibake')).toEqual([['mojibake', 'François', '']]);
  });

  test('a missing header: columns have letters, and any row can be said to be it', async () => {
    await upload(chief, 'no.head,no.head@example.com,4711\nno.head2,no.head2@example.com,4712\n');
    expect(chief.page.text).toContain('The first row looks like data');
    expect(chief.page.value('Email')).toBe('Column B');
    expect(chief.page.value('Header Row')).toBe('0');
    await chief.press('Use “Column C” for Virtual Extension');
    expect([chief.page.value('Username'), chief.page.value('Virtual Extension')]).toEqual([
      'Column A',
      'Column C',
    ]);
    expect(chief.page.isChecked('Generate virtual extensions')).toBe(false);
    await chief.form('Next').choose('Role from Dialer', 'Agent').press('Skip to Review');
    expect(chief.page.hasLink('Ready (2)')).toBe(true);
    await chief.post(`/imports/${importOf(chief)}/discard`);
  });

  test('the rows before a quotation mark that nothing closes, for who asks for them', async () => {
    const bytes = 'Username,Email\nq21,q21@example.com\nq22,"q22@example.com\nq23,q23@example.com\n';
    await upload(chief, bytes);
    expect(chief.page.text).toContain('The quotation mark that opens on line 3 is not closed.');
    await chief
      .form('Upload')
      .attach('File', { name: 'users.csv', type: 'text/csv', bytes })
      .check('Take only the rows before the open quotation mark')
      .press('Upload');
    const id = importOf(chief);
    const told = 'The file was read up to line 3: a quotation mark opens there that nothing closes.';
    expect(chief.page.text).toContain(told);
    expect((await stateOf(chief, id)).counts.read).toBe(1);
    await chief.form('Read Again').press('Read Again');
    expect(chief.page.text).toContain(told);
    await chief.open(`/imports/${id}/review`);
    expect(chief.page.text).toContain(told);
    await chief.post(`/imports/${id}/discard`);
  });

  test.each([
    [
      'with a stray quotation mark',
      'Username;Email;Last Name\nx1x;x@example.com;5" disk\n',
      'Quotation marks stand in the middle of cells; they were taken as they are. Look at these rows: 2.',
    ],
    [
      'of all that nobody knows',
      'anna;kovacs;berlin\nben;smith;lisbon\n',
      'Rollcall knows none of the names in row 1.',
    ],
    ['of a file with one column', 'Username:Email\nx:x@example.com\n', 'The file has a single column.'],
    ['of passwords', 'Username,Email,Passwort\nx1x,x@example.com,q\n', 'not read: “Passwort”.'],
  ])('the columns %s', async (_, bytes, told) => {
    await upload(chief, bytes);
    expect(chief.page.text).toContain(told);
    await chief.post(`/imports/${importOf(chief)}/discard`);
  });

  test('control characters of a file are told, and never reach a page', async () => {
    await upload(chief, 'Username,Email,No\u001b[2Jte\nbell\u0007,bell@example.com,x\u0000y\n');
    const id = importOf(chief);
    const pages = [chief.page.html];
    await chief.form('Next').choose('Role from Dialer', 'Agent').press('Skip to Review');
    pages.push(chief.page.html);
    for (const html of pages) expect(html).not.toMatch(/[^\P{Cc}\t\n\r]/u);
    expect(chief.page.text).toContain('Remove the invisible character U+0007.');
    await chief.press('Use bell as Username, row 2');
    expect(chief.page.hasLink('Ready (1)')).toBe(true);
    await chief.post(`/imports/${id}/discard`);
  });

  test('the sheet of a workbook', async () => {
    const bytes = workbookOf([
      { name: 'Names', rows: textRows([['Name'], ['Sales']]) },
      {
        name: 'Agents',
        rows: textRows([
          ['Login', 'E-Mail'],
          ['sheet.two', 'sheet.two@example.com'],
        ]).replace('<row r="2">', '<row r="2" hidden="1">'),
      },
    ]);
    await upload(chief, bytes, 'agents.xlsx');
    expect([chief.page.value('Sheet'), chief.page.value('Username')]).toEqual(['Names', 'Choose a column']);
    await chief.form('Read Again').choose('Sheet', 'Agents').press('Read Again');
    expect([chief.page.value('Sheet'), chief.page.value('Username')]).toEqual(['Agents', 'Login']);
    expect(chief.page.text).toContain('The spreadsheet hides some rows; they are read all the same: 2.');
  });

  test('the address as the username, where there is no other', async () => {
    await upload(chief, 'E-Mail\nonly.mail@example.com\n');
    expect(chief.page.value('Username')).toBe('Choose a column');
    await chief.press('Use “E-Mail” for Username');
    await chief.form('Next').choose('Role from Dialer', 'Agent').press('Skip to Review');
    expect(chief.page.hasLink('Ready (1)')).toBe(true);
  });

  test('the username as the address, where users sign in with one', async () => {
    const header = 'Name [displayName] Required,User name [userPrincipalName] Required';
    await upload(chief, `version:v1.0\n${header}\nAnna Kovács,anna.k@example.com\n`);
    expect(chief.page.text).toContain('What stands above it was left out: “version:v1.0”');
    await chief.press('Use “User name [userPrincipalName] Required” for Email');
    await chief.form('Next').choose('Role from Dialer', 'Agent').press('Skip to Review');
    expect(chief.page.hasLink('Ready (1)')).toBe(true);
    await chief.post(`/imports/${importOf(chief)}/discard`);
  });
});

test('the example file comes as a workbook, and goes in again as it is', async () => {
  const { bytes } = await chief.get('/imports/template.xlsx');
  await upload(chief, Buffer.from(bytes), 'rollcall-users.xlsx');
  expect([chief.page.value('Username'), chief.page.value('Email'), chief.page.value('Role')]).toEqual([
    'Username',
    'Email',
    'Role',
  ]);
  expect(chief.page.options('Sheet')).toEqual(['Users', 'IDs and Names']);
});

test('CS-3: every row of a mixed file is accounted for, on the page and in the report', async () => {
  const file = `Username,Email,Role\nmix1,mix1@example.com,Agent\nMIX1,mix1b@example.com,Agent\nmix2,,Agent\nmix3,mix3@example.com,Agnet\n\n`;
  const { counts } = await importFile(chief, file);
  expect(counts).toEqual({ read: 4, created: 1, duplicate: 1, error: 2, skipped: 0 });
  expect(csvRows(await chief.download('Download Error Details'))).toHaveLength(4);
});

test('users who exist are duplicates, the inactive ones too', async () => {
  const header = 'Username,Email,Activate User\n';
  await importFile(chief, `${header}is.here,is.here@example.com,yes\nsleeps,sleeps@example.com,no\n`);
  const { counts } = await importFile(
    chief,
    `${header}IS.HERE,new@example.com,\nother,Sleeps@Example.com,\nis.new,is.new@example.com,yes\n`,
  );
  expect(counts).toMatchObject({ read: 3, created: 1, duplicate: 2 });
  const rows = csvRows(await chief.download('Download Error Details')).slice(1);
  expect(rows.map(([, , , , field, code, error]) => [field, code, error.replace(/\d+/, '#')])).toEqual([
    ['Username', 'duplicate_user', 'The user is.here (ID #) exists already.'],
    ['Email', 'duplicate_user', 'The user sleeps (ID #) exists already.'],
  ]);
});

test('a desk that is deleted between the review and the import is an error of its rows alone', async () => {
  await chief.open('/desks');
  await chief.follow('Create Desk');
  await chief.form('Create Desk').fill('Name', 'Passing').press('Create Desk');
  const id = await toReview(
    chief,
    'Username,Email,Desk\npass1,pass1@example.com,Berlin\npass2,pass2@example.com,Passing\n',
  );
  expect(chief.page.hasLink('Ready (2)')).toBe(true);
  const other = chief.copy();
  await other.open('/desks');
  await other.follow('Delete Passing');
  await other.press('Delete Desk');
  await chief.press('Import Users');
  expect((await result(chief, id)).counts).toMatchObject({ read: 2, created: 1, error: 1 });
  expect(csvRows(await chief.download('Download Error Details'))[1].slice(3, 7)).toEqual([
    '3',
    'Desks',
    'unknown',
    'There is no Desk called “Passing”.',
  ]);
});

describe('a wrong cell is an error of its row, and no other row minds', () => {
  const header =
    'Username,Email,First Name,Virtual Extension,Role,Desk,SIP Settings,PBX Device,Custom URI,Activate User';
  const columns = header.split(',');
  /** What is wrong, the cells that differ, and the problem in the error file: field, code, suggestion. */
  const wrong: [string, Record<string, string>, string[]][] = [
    ['8: a byte that is no UTF-8', { 'First Name': 'J\xffrg' }, ['First Name', 'bad_text', '']],
    ['23: NUL', { 'First Name': 'An\0na' }, ['First Name', 'bad_text', 'Anna']],
    ['23: a control character', { Username: 'w2\x07' }, ['Username', 'bad_text', '']],
    ['23: an ANSI escape', { Email: '\x1b[31mw3@example.com' }, ['Email', 'bad_text', '']],
    ['24: a soft hyphen inside', { Username: 'w\xc2\xad4' }, ['Username', 'bad_text', '']],
    ['24: a no-break space inside', { Username: 'w\xc2\xa04b' }, ['Username', 'bad_text', 'w4b']],
    ['25: a Cyrillic letter', { Username: 'w\xd0\xb05' }, ['Username', 'invalid', '']],
    ['30: nothing', { Email: '' }, ['Email', 'missing', '']],
    ['30: NULL', { Username: 'NULL' }, ['Username', 'missing', '']],
    ['25: a full-width @', { Email: 'w6\xef\xbc\xa0example.com' }, ['Email', 'invalid', 'w6@example.com']],
    ['30: N/A', { Email: 'N/A' }, ['Email', 'missing', '']],
    ['31: more than 254 characters', { Email: `${'w'.repeat(250)}@example.com` }, ['Email', 'too_long', '']],
    ['31: no @', { Email: 'w8.example.com' }, ['Email', 'invalid', '']],
    ['31: two addresses', { Email: 'w9@example.com w9b@example.com' }, ['Email', 'invalid', '']],
    ['31: mailto:', { Email: 'mailto:w10@example.com' }, ['Email', 'invalid', 'w10@example.com']],
    ['31: a display form', { Email: 'Eva <w11@example.com>' }, ['Email', 'invalid', 'w11@example.com']],
    ['33: a leading zero', { 'Virtual Extension': '07101' }, ['Virtual Extension', 'invalid', '7101']],
    ['33: 7102.0', { 'Virtual Extension': '7102.0' }, ['Virtual Extension', 'invalid', '7102']],
    ['33: 7.1E+03', { 'Virtual Extension': '7.1E+03' }, ['Virtual Extension', 'invalid', '']],
    ['36: an extension of a user', { 'Virtual Extension': '9900' }, ['Virtual Extension', 'taken', '']],
    ['36: the extension of another row', { 'Virtual Extension': '7000' }, ['Virtual Extension', 'taken', '']],
    ['37: an ID of no role', { Role: '777777' }, ['Role', 'unknown', '']],
    ['37: a desk of no such name', { Desk: 'Berlin;Nowhere' }, ['Desks', 'unknown', '']],
    [
      '38: javascript:',
      { 'SIP Settings': 'uri', 'Custom URI': 'javascript:1@x.example' },
      ['Custom URI', 'invalid', ''],
    ],
    ['38: a missing device', { 'SIP Settings': 'classic' }, ['PBX Device', 'missing', '']],
    ['39: 2 for yes', { 'Activate User': '2' }, ['Activate User', 'invalid', '']],
  ];
  const right: Record<string, string>[] = [
    { 'Virtual Extension': '7000' },
    // Outside the tenant's range by hand; a list of an ID and a name; yes in another case; a name in another case.
    { 'Virtual Extension': '654321', Desk: '1; BERLIN', 'Activate User': 'YES', Role: ' agent ' },
    { 'SIP Settings': 'uri', 'Custom URI': 'sip:101@pbx.example.com' },
    { Email: 'right3@m\xc3\xbcller.de' },
  ];
  const row = (cells: Record<string, string>, name: string, extension: number) => {
    const usual: Record<string, string> = {
      Username: name,
      Email: `${name}@example.com`,
      'Virtual Extension': String(extension),
      Role: 'Agent',
    };
    return columns.map((column) => cells[column] ?? usual[column] ?? '').join(',');
  };
  let problems: string[][];

  beforeAll(async () => {
    const rows = [
      ...right.map((cells, index) => row(cells, `right${index}`, 7010 + index)),
      ...wrong.map(([, cells], index) => row(cells, `wrong${index}`, 7020 + index)),
    ];
    // Written as bytes, so that one of them can be wrong: the other letters of the file say that it is UTF-8.
    const text = Buffer.from([header, ...rows].join('\n'), 'latin1');
    await upload(
      chief,
      Buffer.concat([text, Buffer.from(`\n${row({ 'First Name': 'Zoë' }, 'right9', 7019)}\n`)]),
    );
    const id = importOf(chief);
    await chief.form('Next').choose('PBX Domain from Dialer', 'PBX Europe').press('Skip to Review');
    await chief.post(`/imports/${id}/run`, { confirmed: 'on' });
    const { counts } = await result(chief, id);
    expect(counts).toEqual({
      read: rows.length + 1,
      created: right.length + 1,
      duplicate: 0,
      error: wrong.length,
      skipped: 0,
    });
    problems = csvRows(await chief.download('Download Error Details')).map((cells) =>
      cells.slice(columns.length),
    );
  });

  test.each(wrong.map(([what, , problem], index) => [what, index, problem] as const))(
    '%s',
    (_, index, problem) => {
      const [number, field, code, , suggestion] = problems[index + 1];
      expect(number).toBe(String(2 + right.length + index));
      expect([field, code, suggestion]).toEqual(problem);
    },
  );
});

test('a pasted table of a spreadsheet is read like a file', async () => {
  await chief.open('/imports/new');
  await chief
    .form('Upload')
    .fill('Paste Rows', 'Login\tE-Mail\tDurchwahl\npasted\tpasted@example.com\t4801')
    .press('Upload');
  expect([
    chief.page.value('Username'),
    chief.page.value('Email'),
    chief.page.value('Virtual Extension'),
  ]).toEqual(['Login', 'E-Mail', 'Durchwahl']);
});

test('no wizard page of the collection breaks', async () => {
  for (const name of [
    'azure-bulk-create.csv',
    'agents-mac.csv',
    'no-header.csv',
    'shain-ja.csv',
    'freepbx-extensions.csv',
  ]) {
    await upload(chief, collection(name), name);
    const id = importOf(chief);
    for (const step of ['fields', 'security', 'options'])
      expect((await chief.get(`/imports/${id}/${step}`)).status).toBe(200);
    await chief.post(`/imports/${id}/discard`);
  }
});

describe('what looks odd is told, and stops nobody', () => {
  const header = 'Username,Email,First Name,Extension,Phone';
  const odd = [
    'warn1,warn1@example.com,N/A,4811,',
    'warn2,warn2@example.com,Аnna,4812,',
    'warn3,warn3@example.com,Ben,481,',
    'warn4,warn4@example.com,Zoë,4814,',
    'chris,chris@contoso.com,Chris,4815,',
    'warn5,Berlin,warn5@example.com,4816,',
    'warn6,warn6@example.com,Eva,"4,8E+03",',
    'warn7,,Ida,4817,warn7@example.com',
    '\u200bwarn8,warn8@example.com',
    'warn9,warn9@example.com,NULL,4818,',
  ];
  let text: string;

  beforeAll(async () => {
    const id = await toReview(chief, [header, ...odd].join('\n'));
    ({ text } = chief.page);
    await chief.post(`/imports/${id}/discard`);
  });

  test.each([
    ['30: First Name is “N/A” in these rows, as if nothing was meant: 2.'],
    ['30: First Name is “NULL” in these rows, as if nothing was meant: 11.'],
    ['25: First Name mixes letters that look alike, for example in “Аnna”, in these rows: 3.'],
    [
      '34: Most values of Virtual Extension have 4 digits; some have fewer. If a spreadsheet dropped their leading zeros, look at these rows: 4.',
    ],
    [
      '13: These rows look like examples of the template and are left out: 6. Take them in again if somebody is meant.',
    ],
    [
      '17: The cells of these rows seem to be shifted, for example the address “warn5@example.com” is in another column: 7, 9.',
    ],
    ['33: A spreadsheet changed numbers of Virtual Extension, for example to “4,8E+03”, in these rows: 8.'],
    ['17: These rows have fewer cells than the header; what is missing is taken as empty: 10.'],
    ['24: Invisible characters around Username are left out in these rows: 10.'],
    ['15: Columns that are not used Phone Change'],
  ])('%s', (told) => {
    expect(text).toContain(told.slice(told.indexOf(' ') + 1));
  });

  test('34: zeros that devices lost, which may begin with them', async () => {
    const device = (number: string, row: number) =>
      `zero${row},zero${row}@example.com,48${row}0,${number},classic pbx,PBX Europe`;
    const rows = ['0401', '0402', '403', '0404', '0405'].map(device);
    const id = await toReview(
      chief,
      ['Username,Email,Extension,PBX Device,SIP Settings,PBX Domain', ...rows].join('\n'),
    );
    expect(chief.page.text).toContain(
      'Most values of PBX Device have 4 digits; some have fewer. If a spreadsheet dropped their leading zeros, look at these rows: 4.',
    );
    await chief.post(`/imports/${id}/discard`);
  });

  test('33: but not for a device that no row needs', () => {
    expect(text).not.toContain('numbers of PBX Device');
  });

  test('most rows that fail in the same way are a question first', async () => {
    const rows = Array.from(
      { length: 12 },
      (_, index) => `stop${index},stop${index}@example.com,not a number`,
    );
    const id = await toReview(
      chief,
      ['Username,Email,Note', ...rows, 'stop.ok,stop.ok@example.com,4888'].join('\n'),
    );
    await chief.open(`/imports/${id}/fields`);
    await chief
      .form('Next')
      .uncheck('Generate virtual extensions')
      .choose('Virtual Extension', 'Note')
      .press('Skip to Review');
    expect(chief.page.text).toContain(
      '12 of 13 rows fail in the same way. For example row 2: Use 3 to 6 digits',
    );
    expect(chief.page.text).toContain('Is “Note” the right column for Virtual Extension?');
    await chief.press('Import Users');
    expect(chief.page.heading).toBe('Review');
    // A script that never saw the review is asked as well, also one that looked at it with other choices.
    for (const seen of ['', 'of-other-choices']) {
      await chief.post(`/imports/${id}/run`, { seen });
      expect((await stateOf(chief, id)).state).toBe('draft');
    }
    await chief.open(`/imports/${id}/review`);
    await chief.form('Import Users').check('Import the other rows all the same').press('Import Users');
    expect((await result(chief, id)).counts).toMatchObject({ created: 1, error: 12 });
  });
});

describe('choices are remembered for files with the same columns', () => {
  const file = (name: string) =>
    `Kürzel,Kontakt,Gruppe,Desk\n${name}.X,${name}@example.com,Fachkraft,Flur; Berlin\n`;

  const named = (begin: string) =>
    chief.page.buttons.map(accessibleName).find((name) => name.startsWith(begin)) ?? begin;
  const desksOf = async (id: number) =>
    (
      await rowsOf<{ name: string }>(
        rollcall,
        `SELECT groups.name FROM user_groups JOIN groups ON groups.id = group_id JOIN users ON users.id = user_id
         WHERE users.import_id = ${id} ORDER BY groups.name`,
      )
    ).map(({ name }) => name);

  test('columns, names that were matched, under a name of their own, until somebody forgets them', async () => {
    await upload(chief, file('preset1'), 'first of its kind.csv');
    await chief.press('Use “Kürzel” for Username');
    await chief.form('Next').choose('Role', 'Gruppe').press('Skip to Review');
    await chief
      .form('Match Names')
      .choose('Role: “Fachkraft” Row 2', 'Agent')
      .choose('Desks: “Flur” Row 2', 'Leave empty')
      .press('Match Names');
    await chief.press('Import Users');
    const first = importOf(chief);
    await result(chief, first);
    expect(await desksOf(first)).toEqual(['Berlin']);

    await upload(chief, file('preset2'));
    expect(chief.page.text).toContain('This file has the same columns as “first of its kind.csv”');
    expect(chief.page.text).toContain('2 names of its cells are matched as they were then');
    expect([chief.page.value('Username'), chief.page.value('Role')]).toEqual(['Kürzel', 'Gruppe']);
    await chief.press('Skip to Review');
    expect(chief.page.hasLink('Ready (1)')).toBe(true);
    // What was matched stays in sight, and can be matched otherwise.
    expect(chief.page.value('Role: “Fachkraft” Row 2')).toBe('Agent');
    expect(chief.page.value('Desks: “Flur” Row 2')).toBe('Leave empty');
    await chief.form('Match Names').choose('Desks: “Flur” Row 2', 'Lisbon').press('Match Names');
    await chief.press('Import Users');
    const second = importOf(chief);
    await result(chief, second);
    expect(await desksOf(second)).toEqual(['Berlin', 'Lisbon']);

    await chief.open('/imports/presets');
    const fieldName = 'Name of “first of its kind.csv”';
    await chief
      .form(named('Rename first of its kind'))
      .fill(fieldName, ' ')
      .press(named('Rename first of its kind'));
    expect([chief.page.status, chief.page.problems]).toEqual([422, ['Name is missing.']]);
    await chief
      .form(named('Rename first of its kind'))
      .fill(fieldName, 'Agents of Berlin')
      .press(named('Rename first of its kind'));
    expect(chief.page.text).toContain('Desks: “Flur” means Lisbon');
    await upload(chief, file('preset4'));
    expect(chief.page.text).toContain('This file has the same columns as “Agents of Berlin”');

    await chief.open('/imports/presets');
    await chief.press(named('Forget Agents of Berlin'));
    await upload(chief, file('preset3'));
    expect(chief.page.text).not.toContain('This file has the same columns');
    expect(chief.page.value('Username')).toBe('Choose a column');
  });

  test('but never an administrative role or a security setting', async () => {
    const header = 'Username,Email,Stufe';
    const id = await toReview(chief, `${header}\nboss1,boss1@example.com,x\n`, 'Administrator');
    await chief.open(`/imports/${id}/security`);
    await chief.form('Next').check('Full Recording Access').press('Skip to Review');
    await chief.press('Import Users');
    await result(chief, id);
    await upload(chief, `${header}\nboss2,boss2@example.com,x\n`);
    expect(chief.page.text).toContain('This file has the same columns');
    expect(chief.page.value('Role from Dialer')).not.toBe('Administrator');
    await chief.open(`/imports/${importOf(chief)}/security`);
    expect(chief.page.isChecked('Full Recording Access')).toBe(false);
  });
});
