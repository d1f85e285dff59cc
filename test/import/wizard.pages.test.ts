// Each step of the wizard, with what is right and what is wrong in it (PRODUCT.md section 5).
import {
  csvRows,
  ended,
  fileOf,
  importFile,
  importOf,
  result,
  stateOf,
  toReview,
  upload,
} from '../support/imports.js';
import { duplicateNames, type Page } from '../support/page.js';
import { countOf, rowsOf } from '../support/peek.js';
import { setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;
let wrong = 0;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await setUp(rollcall);
});

describe('Upload', () => {
  test('states the rules before', async () => {
    await chief.open('/imports/new');
    expect(chief.page.heading).toBe('Create Users from File');
    expect(chief.page.text).toContain('Up to 500 users and 2 MB in one file.');
    expect(chief.page.text).toContain('A header row with the names of the columns');
    expect(chief.page.text).toMatch(/Desks\n1 Berlin/);
    expect(duplicateNames(chief.page)).toEqual([]);
  });

  test('offers an example file made from the tenant, whose every column is recognised', async () => {
    await chief.open('/imports/new');
    const example = await chief.download('Download Example File (.csv)');
    expect(example.headers.get('content-disposition')).toBe('attachment; filename=rollcall-users.csv');
    const [header, row] = csvRows(example);
    expect(header.join(',')).toMatch(
      /^Username,Email,Role,SIP Settings,Virtual Extension,Desk,Skill Group,First Name,Last Name,PBX Device,Custom URI,/,
    );
    expect(row[header.indexOf('Valid for Desks')]).toBe('1 = Berlin / 2 = Lisbon / 3 = Night Shift');
    // Its example row is left out until somebody takes it in.
    await toReview(chief, example.bytes);
    await chief.press('Take in again, row 2');
    await chief.press('Import Users');
    expect((await result(chief, importOf(chief))).counts).toMatchObject({ read: 1, created: 1 });
  });

  test.each([
    ['nothing', undefined, 'Choose a file, or paste rows from a spreadsheet.'],
    ['an empty file', '', 'The file is empty.'],
    [
      '732 users',
      fileOf(732, 'many'),
      'The file has 732 users, but the limit is 500. Split it into smaller files.',
    ],
    [
      'an open quote',
      'Username,Email\nanna,"anna@example.com\nben,ben@example.com',
      'The quotation mark that opens on line 2 is not closed. Close it or remove it, then upload the file again.',
    ],
    [
      '101 columns',
      'a,'.repeat(100) + 'b\n1',
      'Row 1 has more than 100 columns. Remove the columns that are not needed.',
    ],
    [
      'a picture',
      '\x89PNG\r\n\x1a\n',
      'This is an image. Put the users into a spreadsheet and save it as .xlsx or CSV UTF-8.',
    ],
    [
      'a web page',
      '<!doctype html><p>x',
      'This is a web page or XML document, whatever its name says. Open it in a spreadsheet program and save it as .xlsx or CSV UTF-8.',
    ],
  ])('of %s is refused in a sentence, and stores nothing', async (_, content, problem) => {
    const before = await countOf(rollcall, 'imports');
    await chief.open('/imports/new');
    const form = chief.form('Upload');
    const bytes = content?.startsWith('\x89') ? Buffer.from(content, 'latin1') : content;
    if (bytes !== undefined) form.attach('File', { name: 'x.csv', type: 'text/csv', bytes });
    await form.press('Upload');
    expect([chief.page.status, chief.page.problems]).toEqual([422, [problem]]);
    expect(problemBeside(chief.page, 'file')).toBe(problem);
    expect(await countOf(rollcall, 'imports')).toBe(before);
  });

  test('takes rows that are pasted, and gives them back when they are refused', async () => {
    await chief.open('/imports/new');
    await chief.form('Upload').fill('Paste Rows', '"x').press('Upload');
    expect(chief.page.status).toBe(422);
    expect(chief.page.value('Paste Rows')).toBe('"x');
    await chief
      .form('Upload')
      .fill('Paste Rows', 'Username\tEmail\npasted\tpasted@example.com')
      .press('Upload');
    expect(chief.page.heading).toBe('Required Fields');
    expect(chief.page.value('Delimiter')).toBe('Tab');
    expect((await stateOf(chief, importOf(chief))).file).toBe('Pasted rows');
  });

  test('of a header without rows leads to a review from which nothing can be started', async () => {
    await toReview(chief, 'Username,Email\n');
    expect(chief.page.text).toContain('0 users in the file');
    expect(() => chief.form('Import Users').submission('Import Users')).toThrow('disabled');
  });

  test('of the same file twice makes two imports, of which the second finds only duplicates', async () => {
    await importFile(chief, fileOf(3, 'again'));
    const id = await toReview(chief, fileOf(3, 'again'));
    expect(chief.page.hasLink('Duplicates (3)')).toBe(true);
    await chief.post(`/imports/${id}/run`);
    expect((await ended(chief, id)).counts).toMatchObject({ created: 0, duplicate: 3 });
  });
});

describe('a file is read', () => {
  const rows = [
    'Username,Email,First Name,Last Name',
    'NAME1,NAME1@example.com,Zoë,"Kovács, the\n""first"""',
    'NAME2,NAME2@example.com',
  ];
  const as = (delimiter: string, name: string) =>
    rows
      .join('\r\n')
      .replaceAll(/,(?! )/g, delimiter)
      .replaceAll('NAME', name)
      .replaceAll(', the', `${delimiter} the`);

  test.each([
    ['with a byte order mark', `\uFEFF${as(',', 'bom')}`, 'bom', ','],
    ['with commas', as(',', 'comma'), 'comma', ','],
    ['with semicolons', as(';', 'semi'), 'semi', ';'],
    ['with tabs', as('\t', 'tab'), 'tab', '\t'],
    ['with bars', as('|', 'bar'), 'bar', '|'],
    ['with bare line feeds', as(',', 'lf').replaceAll('\r\n', '\n'), 'lf', ','],
    ['that says sep=;', `sep=;\r\n${as(';', 'sep')}`, 'sep', ';'],
    ['in UTF-16', Buffer.from(`\uFEFF${as('\t', 'utf16')}`, 'utf16le'), 'utf16', '\t'],
    ['in windows-1252', Buffer.from(as(';', 'cp1252'), 'latin1'), 'cp1252', ';'],
  ])(
    '%s: accents, quoted line breaks and short rows arrive as they are',
    async (_, bytes, name, delimiter) => {
      const { counts } = await importFile(chief, bytes);
      expect(counts).toMatchObject({ read: 2, created: 2 });
      const stored = await rowsOf(
        rollcall,
        `SELECT first_name, last_name FROM users WHERE username LIKE '${name}_' ORDER BY username`,
      );
      expect(stored).toEqual([
        {
          first_name: 'Zoë',
          last_name: `Kovács${delimiter === '\t' ? ' ' : delimiter} the "first"`,
        },
        { first_name: '', last_name: '' },
      ]);
    },
  );

  test('with blank rows, which are not counted, and rows of many widths', async () => {
    const { counts } = await importFile(
      chief,
      'Username,Email\n\nragged1,ragged1@example.com,,,\n,\nragged2\nragged3,ragged3@example.com,x\n\n',
    );
    expect(counts).toEqual({ read: 3, created: 1, duplicate: 0, error: 2, skipped: 0 });
    const errors = csvRows(await chief.download('Download Error Details'));
    expect(errors.slice(1).map((row) => [row[2], row[4]])).toEqual([
      ['5', 'missing'],
      ['6', 'wrong_width'],
    ]);
  });

  test('with headers that are empty or there twice, each column under a name of its own', async () => {
    await upload(chief, 'Username,,Email,Email\nodd.heads,x,a@example.com,b@example.com');
    expect(chief.page.options('Email')).toEqual([
      'Choose a column',
      'Username',
      'Column B',
      'Email',
      'Email (column 4)',
    ]);
    expect(chief.page.value('Email')).toBe('Email');
    await chief
      .form('Next')
      .choose('Email', 'Email (column 4)')
      .choose('Role from Dialer', 'Agent')
      .press('Skip to Review');
    await chief.press('Import Users');
    await result(chief, importOf(chief));
    expect(await rowsOf(rollcall, `SELECT email FROM users WHERE username = 'odd.heads'`)).toEqual([
      { email: 'b@example.com' },
    ]);
  });

  test('again with another delimiter, encoding and header row, as a person says', async () => {
    const bytes = Buffer.from(
      'list of users\nof;our;shop\nUsername|Email|First Name\nread.again|read.again@example.com|Zo\xeb',
      'latin1',
    );
    await upload(chief, bytes);
    const id = importOf(chief);
    await chief
      .form('Read Again')
      .choose('Delimiter', 'Vertical bar')
      .choose('Encoding', 'Windows-1252 (Western Europe)')
      .fill('Header Row', '3')
      .press('Read Again');
    expect(chief.page.address.pathname).toBe(`/imports/${id}/fields`);
    expect(chief.page.flash).toBe('The file was read again. Look at its first rows, then at your choices.');
    expect(chief.page.value('Username')).toBe('Username');
    expect(chief.page.table('First rows of the file').at(-1)).toEqual([
      'read.again',
      'read.again@example.com',
      'Zoë',
    ]);
    await chief.form('Next').choose('Role from Dialer', 'Agent').press('Skip to Review');
    expect(chief.page.hasLink('Ready (1)')).toBe(true);
  });

  test.each([
    ['7', 'Row 7 is empty or not in the file. Choose the row that holds the names of the columns.'],
    ['x', 'Give the number of the row that holds the names of the columns, or 0 when there is none.'],
  ])('but not with the header row %s, which is said beside it', async (headerRow, problem) => {
    await upload(chief, fileOf(2, 'header'));
    await chief.form('Read Again').fill('Header Row', headerRow).press('Read Again');
    expect([chief.page.status, chief.page.problems]).toEqual([422, [problem]]);
    expect(problemBeside(chief.page, 'headerRow')).toBe(problem);
    expect(chief.page.value('Header Row')).toBe(headerRow);
  });
});

describe('Required Fields', () => {
  test('are matched by names and synonyms, with sample values beside', async () => {
    await upload(
      chief,
      'E_MAIL [Required];Benutzername;Nebenstelle;Rolle;SIP\nm1@example.com;match1;5001;agent;classic pbx\nm2@example.com;match2;5002;3;WebRTC',
    );
    expect(
      ['Username', 'Email', 'Virtual Extension', 'Role', 'SIP Settings', 'SIP Settings column'].map((name) =>
        chief.page.value(name),
      ),
    ).toEqual(['Benutzername', 'E_MAIL [Required]', 'Nebenstelle', 'Rolle', 'From file', 'SIP']);
    expect(chief.page.isChecked('Generate virtual extensions')).toBe(false);
    expect(chief.page.text).toContain('For example: match1 · match2');
    expect(duplicateNames(chief.page)).toEqual([]);
  });

  test('that are missing are asked for, each beside its control, and what was chosen stays', async () => {
    await upload(chief, 'A,B\nx,y');
    await chief
      .form('Next')
      .uncheck('Generate virtual extensions')
      .choose('Role from Dialer', 'Choose one')
      .choose('SIP Settings', 'Use classic PBX')
      .press('Next');
    expect(chief.page.status).toBe(422);
    const wanted = {
      'username.column': 'Choose the column for Username.',
      'email.column': 'Choose the column for Email.',
      'extension.column': 'Choose the column for Virtual Extension.',
      'role.value': 'Choose the Role for all users, or a column.',
      'pbxDomain.value': 'Choose the PBX Domain for all users, or a column.',
      'pbxDevice.column': 'Choose the column for PBX Device.',
    };
    expect(chief.page.problems.toSorted()).toEqual(Object.values(wanted).toSorted());
    for (const [name, problem] of Object.entries(wanted))
      expect(problemBeside(chief.page, name)).toBe(problem);
    expect(chief.page.value('SIP Settings')).toBe('Use classic PBX');
  });

  test('never take a password from the file: such a column cannot be chosen, and its cells are not kept', async () => {
    await upload(chief, 'Username,Email,Password\npass.word,pass.word@example.com,hunter2hunter2');
    const id = importOf(chief);
    expect(chief.page.options('Username')).toEqual(['Choose a column', 'Username', 'Email']);
    expect(chief.page.html).not.toContain('hunter2');
    expect(
      JSON.stringify(await rowsOf(rollcall, `SELECT cells FROM import_rows WHERE import_id = ${id}`)),
    ).not.toContain('hunter2');
    const answer = await chief.post(`/imports/${id}/fields`, { 'username.column': '3', 'email.column': '2' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('A column of passwords cannot be used for Username.');
  });

  test('remember the role that was chosen last, unless it is administrative', async () => {
    await importFile(chief, fileOf(1, 'remembered'), 'Agent');
    await upload(chief, fileOf(1, 'next'));
    expect(chief.page.value('Role from Dialer')).toBe('Agent');
    await importFile(chief, fileOf(1, 'boss'), 'Supervisor');
    await upload(chief, fileOf(1, 'after'));
    expect(chief.page.value('Role from Dialer')).toBe('Choose one');
  });
});

describe('every field', () => {
  const everything = `SELECT username, email, first_name, last_name, timezone, language, all_desks, active, sip, pbx_domain_id, pbx_device,
    custom_uri, extension, caller_id_id, auto_dial, two_factor, session_ttl, max_sessions, extended_acl, full_recording_access,
    all_skill_groups, assign_leads, ppq, ppq_ratio, ppq_sorting, digits_only FROM users WHERE username = `;
  const flags = [
    'all_desks',
    'active',
    'auto_dial',
    'extended_acl',
    'full_recording_access',
    'all_skill_groups',
    'assign_leads',
    'ppq',
    'digits_only',
  ];

  /** A stored user; flags as 0 and 1, as SQLite keeps them. */
  async function stored(username: string): Promise<Record<string, unknown>> {
    const [user] = await rowsOf<Record<string, unknown>>(rollcall, `${everything}'${username}'`);
    for (const flag of flags) user[flag] = Number(user[flag]);
    return user;
  }

  async function belongings(username: string): Promise<string[]> {
    const rows = await rowsOf<{ name: string }>(
      rollcall,
      `SELECT groups.name AS name FROM user_groups JOIN groups ON groups.id = group_id JOIN users ON users.id = user_id WHERE username = '${username}'
       UNION SELECT roles.name FROM user_roles JOIN roles ON roles.id = role_id JOIN users ON users.id = user_id WHERE username = '${username}'`,
    );
    return rows.map(({ name }) => name).sort();
  }

  beforeAll(async () => {
    await chief.open('/settings');
    await chief.form('Save Settings').check('Predictive Personal Queue').press('Save Settings');
  });

  test('can be said by the file', async () => {
    const header =
      'Username,Email,Role,SIP Settings,PBX Domain,PBX Device,Virtual Extension,First Name,Last Name,Desk,Skill Group,Queue,Timezone,User Language,Outbound Caller ID,Auto Dial,Activate User,All Desks,All Skill Groups,Assign Leads,Predictive Personal Queue,PPQ Default Ratio,PPQ Sorting';
    const { counts } = await importFile(
      chief,
      `${header}
by.file,By.File@example.com,Agent;Supervisor,classic,PBX America,0815,4711,Anna,Kovács,"Berlin,Lisbon",German|English,Sales,Europe/Berlin,de,+493012345678,yes,no,on,1,true,y,1.5,weight_desc
by.uri,by.uri@example.com,Agent,uri,,,4712,,,,,,,,,,,,,,,,\nby.builtin,by.builtin@example.com,agent,built-in,,,4713`,
    );
    expect(counts).toMatchObject({ created: 2, error: 1 });
    expect(await stored('by.file')).toEqual({
      username: 'by.file',
      email: 'by.file@example.com',
      first_name: 'Anna',
      last_name: 'Kovács',
      timezone: 'Europe/Berlin',
      language: 'de',
      all_desks: 1,
      active: 0,
      sip: 'classic_pbx',
      pbx_domain_id: 2,
      pbx_device: '0815',
      custom_uri: null,
      extension: 4711,
      caller_id_id: 1,
      auto_dial: 1,
      two_factor: null,
      session_ttl: null,
      max_sessions: null,
      extended_acl: 0,
      full_recording_access: 0,
      all_skill_groups: 1,
      assign_leads: 1,
      ppq: 1,
      ppq_ratio: 15,
      ppq_sorting: 'weight_desc',
      digits_only: 0,
    });
    expect(await belongings('by.file')).toEqual([
      'Agent',
      'Berlin',
      'English',
      'German',
      'Lisbon',
      'Sales',
      'Supervisor',
    ]);
    expect(await stored('by.builtin')).toMatchObject({ sip: 'builtin_pbx', active: 1, all_desks: 0 });
  });

  test('can be chosen for all from the Dialer', async () => {
    await upload(chief, 'Username,Email,Device\nby.dialer,by.dialer@example.com,0816');
    await chief
      .form('Next')
      .choose('Role from Dialer', 'Agent')
      .choose('SIP Settings', 'Use classic PBX')
      .choose('PBX Domain from Dialer', 'PBX Europe')
      .press('Next');
    await chief
      .form('Next')
      .choose('Two-Factor Authentication Type', 'Google 2FA App - with one-time code')
      .choose('User Session Expires After', '4 hours')
      .choose('Max User Concurrent Sessions', 'Unlimited')
      .check('Use extended IP ACL?')
      .check('Full Recording Access')
      .press('Next');
    expect(chief.page.heading).toBe('Optional Fields');
    const form = chief.form('Next');
    const one = (field: string, ...values: string[]) =>
      form.choose(field, 'From Dialer').choose(`${field} from Dialer`, ...values);
    const all = (field: string, value: string) =>
      form.choose(field, 'From Dialer').choose(`${field} for all users`, value);
    one('Desks', 'Berlin', 'Lisbon');
    one('Skill Groups', 'English');
    one('Queues', 'Sales', 'Support');
    one('Outbound Caller ID', 'Lisbon Office (+351210123456)');
    all('Timezone', 'America/New_York');
    all('User Language', 'Deutsch');
    all('PPQ Sorting', 'Call Back Time Ascending');
    for (const flag of [
      'Auto Dial',
      'Assign Leads to User?',
      'Activate Predictive Personal Queue?',
      'Automatically add user to all current and future desks',
      'Automatically add user to all current and future skill groups',
    ])
      all(flag, 'Yes');
    all('Activate User', 'No');
    form.choose('First Name', 'From Dialer').fill('First Name for all users', 'Team');
    form.choose('Last Name', 'From Dialer').fill('Last Name for all users', 'Night');
    form.choose('PPQ Default Ratio', 'From Dialer').fill('PPQ Default Ratio for all users', '2.5');
    await form.press('Next');
    expect(chief.page.heading).toBe('Review');
    for (const line of [
      'Role for all users: Agent',
      'Desks for all users: Berlin, Lisbon',
      'Activate User for all users: No',
    ]) {
      expect(chief.page.text).toContain(line);
    }
    await chief.press('Import Users');
    expect((await result(chief, importOf(chief))).counts.created).toBe(1);
    expect(await stored('by.dialer')).toMatchObject({
      first_name: 'Team',
      last_name: 'Night',
      timezone: 'America/New_York',
      language: 'de',
      all_desks: 1,
      active: 0,
      sip: 'classic_pbx',
      pbx_domain_id: 1,
      pbx_device: '0816',
      caller_id_id: 2,
      auto_dial: 1,
      two_factor: 'google',
      session_ttl: 240,
      max_sessions: 0,
      extended_acl: 1,
      full_recording_access: 1,
      all_skill_groups: 1,
      assign_leads: 1,
      ppq: 1,
      ppq_ratio: 25,
      ppq_sorting: 'callback_asc',
    });
    expect(await belongings('by.dialer')).toEqual([
      'Agent',
      'Berlin',
      'English',
      'Lisbon',
      'Sales',
      'Support',
    ]);
  });

  test.each([
    [
      'options',
      { 'desks.source': 'dialer', 'desks.value': '77' },
      'desks.value',
      'There is no Desk with the ID 77.',
    ],
    [
      'options',
      { 'ppqRatio.source': 'dialer', 'ppqRatio.value': '9' },
      'ppqRatio.value',
      'Use a number from 1.0 to 5.0 with one decimal place.',
    ],
    [
      'options',
      { 'queues.source': 'column:9' },
      'queues.source',
      'The file has no such column for Queues. Choose another one.',
    ],
    [
      'security',
      { twoFactor: 'fax' },
      'twoFactor',
      'Use one of: Disabled - login without 2FA, Email - with one-time code, Google 2FA App - with one-time code.',
    ],
    ['security', { sessionTtl: '61' }, 'sessionTtl', ''],
    ['security', { maxSessions: '0' }, 'maxSessions', ''],
  ])('on the step %s is refused when it is wrong: %j', async (step, body, control, problem) => {
    const id = await toReview(chief, fileOf(1, `wrong${++wrong}.`));
    const tab = chief.copy();
    await tab.open(`/imports/${id}/${step}`);
    const answer = await tab.post(`/imports/${id}/${step}`, body);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(`id="problem-${control}"`);
    expect(answer.text).toContain(problem.replaceAll("'", '&#x27;'));
    expect((await tab.get(`/imports/${id}/review`)).status).toBe(303);
  });
});

test('an error file finds the import that it comes from, also behind later ones with the same columns', async () => {
  const file = (prefix: string) => `${fileOf(4, prefix)}\n${prefix}5,x\n${prefix}6,x`;
  const { id } = await importFile(chief, file('origin'), 'Supervisor');
  const errors = await chief.download('Download Error Details');
  await importFile(chief, `${fileOf(2, 'between')}\nbetween3,x`, 'Agent');
  await upload(chief, errors.bytes);
  expect(chief.page.value('Role from Dialer')).toBe('Supervisor');
  await chief.post(`/imports/${importOf(chief)}/run`);
  await result(chief, importOf(chief));
  expect(chief.page.link(`Earlier import #${id}`)).toBe(`/imports/${id}`);
});

describe('Review', () => {
  const messy = [
    'Username,Email,Virtual Extension,Desk,Role',
    'rev1,rev1@example.com,6001,Nord,Agnet',
    'rev2,rev2@example.com,6002,NORD;Berlin,agnet',
    'rev3,rev3(at)example.com,6003,Berlin,Agent',
    'rev4,rev4@example.com,,Berlin,Agent',
    'rev5,rev5@example.com,6001,Berlin,Agent',
    'rev6,rev6@example.com,6006,Berlin,Agent',
    'rev7,rev7@example.com,,Berlin,Agent',
  ].join('\n');

  test('mends in place all that is wrong with a file', async () => {
    const id = await toReview(chief, messy);
    expect(counts(chief.page)).toEqual({ all: 7, error: 5, duplicate: 0, skipped: 0, ready: 2 });
    expect(duplicateNames(chief.page)).toEqual([]);

    await chief
      .form('Match Names')
      .choose('Desks: “Nord” 2 rows: 2, 3', 'Lisbon')
      .choose('Role: “Agnet” 2 rows: 2, 3', 'Agent')
      .press('Match Names');
    expect(chief.page.text).toContain('Every name in the file is known now.');
    expect(counts(chief.page)).toMatchObject({ error: 4, ready: 3 });

    await chief.form('Save row 4').fill('Email, row 4', 'rev3@example.com').press('Save row 4');
    expect(chief.page.text).toContain('Row 4 is ready now.');

    expect(chief.page.text).toContain('2 rows lack nothing but a virtual extension.');
    await chief.press('Generate for these 2 rows');
    expect(chief.page.text).not.toContain('lack nothing but');

    await chief.form('Save row 6').fill('Virtual Extension, row 6', '6002').press('Save row 6');
    expect(chief.page.text).toContain('Row 6 is saved, but something is still wrong with it.');
    await chief.press('Leave out row 6');
    expect(chief.page.text).toContain('Row 6 is left out.');
    expect(counts(chief.page)).toEqual({ all: 7, error: 0, duplicate: 0, skipped: 1, ready: 6 });

    await chief.press('Import Users');
    const end = await result(chief, importOf(chief));
    expect(end.counts).toEqual({ read: 7, created: 6, duplicate: 0, error: 0, skipped: 1 });
    const errors = csvRows(await chief.download('Download Error Details'));
    expect(errors.slice(1)).toEqual([
      [
        'rev5',
        'rev5@example.com',
        '6002',
        'Berlin',
        'Agent',
        '6',
        '',
        'skipped',
        'This row was left out.',
        '',
      ],
    ]);
    const desks = await rowsOf(
      rollcall,
      `SELECT username, groups.name AS desk FROM user_groups JOIN groups ON groups.id = group_id JOIN users ON users.id = user_id
       WHERE users.import_id = ${id} ORDER BY username, desk`,
    );
    expect(desks).toEqual([
      { username: 'rev1', desk: 'Lisbon' },
      { username: 'rev2', desk: 'Berlin' },
      { username: 'rev2', desk: 'Lisbon' },
      { username: 'rev3', desk: 'Berlin' },
      { username: 'rev4', desk: 'Berlin' },
      { username: 'rev6', desk: 'Berlin' },
      { username: 'rev7', desk: 'Berlin' },
    ]);
  });

  test('takes a suggestion over with one press', async () => {
    await toReview(
      chief,
      'Username,Email,Virtual Extension\nsugg,sugg@example.com,06011\nsugg2,sugg2@example.com,6012',
    );
    await chief.press('Use 6011 as Virtual Extension, row 2');
    expect(counts(chief.page)).toMatchObject({ error: 0, ready: 2 });
  });

  test('takes a row in again that was left out, and keeps corrections when a step is changed', async () => {
    const id = await toReview(chief, 'Username,Email\nkeep1,keep1(at)example.com\nkeep2,keep2@example.com');
    await chief.form('Save row 2').fill('Email, row 2', 'keep1@example.com').press('Save row 2');
    await chief.press('Leave out row 3');
    expect(counts(chief.page)).toMatchObject({ ready: 1, skipped: 1 });
    await chief.open(`/imports/${id}/options`);
    await chief.form('Next').choose('Activate User for all users', 'No').press('Next');
    expect(counts(chief.page)).toMatchObject({ ready: 1, skipped: 1 });
    await chief.press('Take in again, row 3');
    expect(counts(chief.page)).toMatchObject({ ready: 2, skipped: 0 });
  });

  test('goes through 120 rows by fifty, problems first, and stays where it was after a correction', async () => {
    const rows = fileOf(120, 'pages').split('\n');
    rows[115] = 'pages115,x';
    await toReview(chief, rows.join('\n'));
    expect(numbers(chief.page)[0]).toBe('116');
    expect(chief.page.hasLink('Earlier rows')).toBe(false);
    await chief.follow('Later rows');
    expect(numbers(chief.page)).toHaveLength(50);
    await chief.follow('Later rows');
    expect(numbers(chief.page)).toHaveLength(20);
    expect(chief.page.hasLink('Later rows')).toBe(false);
    await chief.press('Leave out row 121');
    expect(chief.page.address.search).toContain('page=3');
    await chief.follow('Earlier rows');
    expect(chief.page.address.search).toContain('page=2');
    await chief.follow('With errors (1)');
    expect(numbers(chief.page)).toEqual(['116']);
  });

  test('leads back to the step where something is open', async () => {
    const id = await toReview(chief, fileOf(1, 'open'));
    await chief.post(`/imports/${id}/fields`, { 'username.column': '1' });
    await chief.open(`/imports/${id}/review`);
    expect(chief.page.path).toBe(`/imports/${id}/fields`);
    expect(chief.page.flash).toBe('Something has to be settled on this step before the review.');
    const run = await chief.post(`/imports/${id}/run`);
    expect(run.status).toBe(303);
    expect((await stateOf(chief, id)).state).toBe('draft');
  });

  test('says before when there are too few extensions, and the last rows fail then', async () => {
    await setRange('8800', '8802');
    await toReview(chief, fileOf(5, 'few'));
    expect(chief.page.text).toContain('Only 3 virtual extensions are free, 5 rows need one.');
    await chief.press('Import Users');
    const { counts: end } = await result(chief, importOf(chief));
    expect(end).toEqual({ read: 5, created: 3, duplicate: 0, error: 2, skipped: 0 });
    expect(chief.page.text).toContain('No free extension: 2 (Virtual Extension)');
    const taken = await rowsOf(
      rollcall,
      `SELECT username, extension FROM users WHERE username LIKE 'few_' ORDER BY username`,
    );
    expect(taken).toEqual(
      [8800, 8801, 8802].map((extension, index) => ({ username: `few${index + 1}`, extension })),
    );
    await setRange('1000', '9999');
  });
});

describe('after the start', () => {
  test('an import can be cancelled: what is done stays, the rest is counted as skipped and comes back in the error file', async () => {
    const id = await slowImport(chief, 400, 'cancel');
    await chief.post(`/imports/${id}/run`);
    const cancelled = await chief.post(`/imports/${id}/cancel`);
    await chief.post(`/imports/${id}/cancel`);
    expect([cancelled.status, cancelled.headers.get('location')]).toEqual([303, `/imports/${id}`]);
    const { state, counts: end } = await result(chief, id);
    expect(state).toBe('cancelled');
    expect(end.created).toBeLessThan(400);
    expect(end.created + end.skipped).toBe(400);
    expect(await countOf(rollcall, `users WHERE username LIKE 'cancel%'`)).toBe(end.created);
    expect(chief.page.text).toContain('The import was cancelled; what was done until then stays.');
    // Who asked for it, and what became of that, each once.
    expect(
      await rowsOf(
        rollcall,
        `SELECT action, actor_name FROM audit_entries WHERE action LIKE 'import.cancel%' AND subject_id = ${id} ORDER BY id`,
      ),
    ).toEqual([
      { action: 'import.cancel_asked', actor_name: 'chief' },
      { action: 'import.cancelled', actor_name: 'Rollcall' },
    ]);
    const errors = csvRows(await chief.download('Download Error Details'));
    expect(errors).toHaveLength(end.skipped + 1);
    expect(errors[1].slice(4, 6)).toEqual([
      'not_run',
      'The import was cancelled before it came to this row.',
    ]);
    const [header] = errors;
    expect(header.slice(0, 2)).toEqual(['Username', 'Email']);
  });

  test('a cancel that comes too late changes nothing', async () => {
    const { id } = await importFile(chief, fileOf(2, 'late'));
    await chief.post(`/imports/${id}/cancel`);
    expect(await stateOf(chief, id)).toMatchObject({ state: 'finished', counts: { created: 2 } });
    expect(
      await countOf(rollcall, `audit_entries WHERE action LIKE 'import.cancel%' AND subject_id = ${id}`),
    ).toBe(0);
  });

  test('the progress is shown while it runs, and leads to the result by itself', async () => {
    const id = await slowImport(chief, 300, 'progress');
    await chief.post(`/imports/${id}/run`);
    await chief.open(`/imports/${id}`);
    expect(chief.page.heading).toBe('Importing Users');
    expect(chief.page.text).toMatch(/\d+ of 300 rows are done\./);
    expect(chief.page.hasButton('Cancel')).toBe(true);
    await ended(chief, id);
    const fragment = await chief.get(`/imports/${id}/progress`, { headers: { 'HX-Request': 'true' } });
    expect(fragment.status).toBe(204);
    expect(fragment.headers.get('hx-location')).toContain(`/imports/${id}`);
  });

  test('the history lists imports with their counts, newest first', async () => {
    const { id } = await importFile(chief, `${fileOf(2, 'history')}\nhistory1,x@example.com`);
    await upload(chief, fileOf(7, 'draft'), 'draft.csv');
    const draft = importOf(chief);
    await chief.open('/imports');
    const [, first, second] = chief.page.table('Imports').map((row) => row.toSpliced(3, 1));
    expect(first).toEqual([
      String(draft),
      `draft.csv (import #${draft})`,
      'chief',
      'not started',
      '7',
      '',
      '',
      '',
      '',
    ]);
    expect(second).toEqual([
      String(id),
      `users.csv (import #${id})`,
      'chief',
      'finished',
      '3',
      `Users of import #${id}: 2`,
      '1',
      '0',
      '0',
    ]);
    await chief.follow(`draft.csv (import #${draft})`);
    expect(chief.page.heading).toBe('Required Fields');
    await chief.press('Discard It');
    expect(chief.page.path).toBe('/imports');
    expect((await chief.get(`/imports/${draft}`)).status).toBe(404);
    expect(await countOf(rollcall, `import_rows WHERE import_id = ${draft}`)).toBe(0);
    expect(await countOf(rollcall, `import_pieces WHERE import_id = ${draft}`)).toBe(0);
  });

  test('the history has pages', async () => {
    await chief.open('/imports');
    expect(chief.page.table('Imports')).toHaveLength(26);
    await chief.follow('Next page');
    const older = chief.page.table('Imports')[1][0];
    await chief.follow('Previous page');
    expect(Number(chief.page.table('Imports')[1][0])).toBeGreaterThan(Number(older));
  });

  test('scripts are told the state and the counts as JSON, and refusals too', async () => {
    const json = { headers: { Accept: 'application/json' } };
    await upload(chief, fileOf(2, 'script'));
    const id = importOf(chief);
    const nothing = { read: 2, created: 0, duplicate: 0, error: 0, skipped: 0 };
    const answer = await chief.get(`/imports/${id}`, json);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(JSON.parse(answer.text)).toEqual({ id, state: 'draft', file: 'users.csv', counts: nothing });
    const unknown = await chief.get('/imports/424242', json);
    expect([unknown.status, JSON.parse(unknown.text)]).toMatchObject([
      404,
      { status: 404, error: 'There is no such import, or it is not yours.' },
    ]);
  });

  test('UP-6: the uploaded file is gone', async () => {
    const { id } = await importFile(chief, fileOf(2, 'gone'));
    expect(await countOf(rollcall, `import_pieces WHERE import_id = ${id}`)).toBe(0);
  });
});

/** Sets where Generate looks for free numbers. */
async function setRange(from: string, to: string): Promise<void> {
  await chief.open('/settings');
  await chief
    .form('Save Settings')
    .fill('Lowest extension to generate', from)
    .fill('Highest extension to generate', to)
    .press('Save Settings');
}

/** An import that takes a while, because passwords of digits only are hashed slowly. Its review is open. */
async function slowImport(visitor: Visitor, people: number, prefix: string): Promise<number> {
  const id = await toReview(visitor, fileOf(people, prefix));
  await visitor.open(`/imports/${id}/options`);
  await visitor
    .form('Next')
    .check('Generate user passwords with digits only (not recommended)')
    .press('Next');
  return id;
}

/** The numbers behind the filters. */
function counts(page: Page): Record<string, number> {
  const names = {
    all: 'All rows',
    error: 'With errors',
    duplicate: 'Duplicates',
    skipped: 'Left out',
    ready: 'Ready',
  };
  return Object.fromEntries(
    Object.entries(names).map(([kind, name]) => [
      kind,
      Number(new RegExp(`${name} \\((\\d+)\\)`).exec(page.text)?.[1]),
    ]),
  );
}

function numbers(page: Page): string[] {
  return page
    .table('Rows of the file')
    .slice(1)
    .map(([number]) => number);
}

/** The problem that the control of this name is described by. */
function problemBeside(page: Page, name: string): string | undefined {
  const control = page.root.querySelector(`[name="${name}"][aria-invalid="true"]`);
  const described = (control?.getAttribute('aria-describedby') ?? '').split(' ');
  const id = described.find((part) => part === `problem-${name}`);
  return id && page.root.getElementById(id)?.text.trim();
}
