import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MatchField } from '../../src/import/match-columns.js';
import { columnNames } from '../../src/import/column-names.js';
import { translator } from '../../src/web/texts.js';
import { normalizeHeader } from '../../src/import/header-words.js';
import { matchColumns } from '../../src/import/match-columns.js';
import { matchFields } from '../../src/import/match-fields.js';
import { tenant } from '../support/planning.js';
import { readFile } from '../support/read-whole.js';

const isEmail = (value: string) => /^[^@\s]+@[^@\s]+$/.test(value);
const isNumber = (value: string) => /^\d+$/.test(value);

const fields: MatchField[] = [
  {
    name: 'username',
    labels: ['Username'],
    synonyms: { sure: ['Login', 'User principal name', 'Benutzername'] },
  },
  {
    name: 'email',
    labels: ['Email'],
    synonyms: { sure: ['Email Address', 'Mail', 'Адрес почты'] },
    looksLike: isEmail,
  },
  { name: 'firstName', labels: ['First Name'], synonyms: { sure: ['Given name', 'Prénom', 'Vorname'] } },
  { name: 'lastName', labels: ['Last Name'], synonyms: { sure: ['Surname', 'Nom', 'Nachname'] } },
  {
    name: 'extension',
    labels: ['Virtual Extension'],
    synonyms: { sure: ['Extension', 'Ext'] },
    looksLike: isNumber,
  },
  {
    name: 'roles',
    labels: ['Roles'],
    synonyms: { sure: ['Role', 'Role ID'], found: ['Profile'] },
    resembles: (value) => ['Agent', 'Team Lead'].includes(value),
    isForeign: (value) => isNumber(value) && Number(value) > 3,
  },
  { name: 'desks', labels: ['Desks'], synonyms: { sure: ['Desk', 'Desk ID'] } },
];

function matched(headers: string[], rows: string[][] = []): Record<string, number> {
  return Object.fromEntries(matchColumns(headers, rows, fields).sure);
}

describe('matching columns', () => {
  test('labels, names and aliases are found, in any order', () => {
    expect(matched(['Surname', 'roles', 'Virtual Extension', 'firstName', 'EMAIL', 'Login'])).toEqual({
      lastName: 1,
      roles: 2,
      extension: 3,
      firstName: 4,
      email: 5,
      username: 6,
    });
  });

  test.each([
    ['User Name', 'username'],
    ['user_name*', 'username'],
    ['#Username', 'username'],
    ['UserPrincipalName', 'username'],
    ['e-mail', 'email'],
    ['E_MAIL', 'email'],
    ['EMail', 'email'],
    ['EmailAddress', 'email'],
    ['Email Address [Required]', 'email'],
    ['E-mail (required)', 'email'],
    ['адрес почты', 'email'],
    ['Ｅｍａｉｌ', 'email'],
    ['First name [givenName] Required', 'firstName'],
    ['prenom', 'firstName'],
    ['PRE\u0301NOM', 'firstName'],
    ['last-name', 'lastName'],
    ['Role\nID', 'roles'],
  ])('%j is the header of %s', (header, field) => {
    expect(matched([header])).toEqual({ [field]: 1 });
  });

  test.each([
    'Rule',
    'Task',
    'Name',
    'Password',
    'Initial password [passwordProfile] Required',
    'First Email of Manager',
    'Email (manager)',
    'Skill Group ID',
    '',
    '*',
    '[Required]',
    '__proto__',
    'constructor',
  ])('%j is no sure match', (header) => {
    expect(matched([header])).toEqual({});
  });

  test.each(['Last login', 'First contact', 'Last user', 'Previous username', 'Почта руководителя'])(
    '%j is not mistaken for what one of its words would mean',
    (header) => {
      expect(matched([header])).toEqual({});
    },
  );

  test.each([
    ['Employee Work Email 1', 'a@example.com', 'email'],
    ['System Email', 'a@example.com', 'email'],
    ['Login (system)', 'anna', 'username'],
    ['Agent Ext. No.', '4711', 'extension'],
    ['User role in the system', 'Agent', 'roles'],
  ])('%j is found behind the words that go without saying', (header, cell, field) => {
    expect(matched([header], [[cell]])).toEqual({ [field]: 1 });
  });

  test('IDs that the tenant does not have are those of another system, unless the column has our own name', () => {
    expect(matched(['Role ID'], [['2'], ['3']])).toEqual({ roles: 1 });
    expect(matched(['Role ID'], [['440218'], ['440391']])).toEqual({});
    expect(matched(['Roles'], [['440218'], ['440391']])).toEqual({ roles: 1 });
  });

  test('a column of profiles is the role where it names roles of the tenant', () => {
    expect(matched(['Profile'], [['Agent'], ['Team Lead'], ['Boss']])).toEqual({ roles: 1 });
    expect(matched(['Profile'], [['Basic Routing'], ['Agent'], ['Boss']])).toEqual({});
  });

  test('a header that points to a field is enough where the values speak for it', () => {
    const phones: MatchField[] = [
      {
        ...fields[4],
        synonyms: { sure: ['Extension'], found: ['Phone'] },
        speaksFor: (value) => /^\d{4}$/.test(value),
      },
    ];
    const sure = (header: string, ...values: string[]) =>
      Object.fromEntries(
        matchColumns(
          [header],
          values.map((value) => [value]),
          phones,
        ).sure,
      );
    expect(sure('Phone', '2001', '2002')).toEqual({ extension: 1 });
    expect(sure('Agent Softphone Extension', '2001', '2002')).toEqual({ extension: 1 });
    expect(sure('Phone', '2001', '493055510')).toEqual({});
    expect(sure('Phone', '2001', '2001')).toEqual({});
    expect(sure('Extension PIN', '2001', '2002')).toEqual({});
    expect(sure('Previous extension', '2001', '2002')).toEqual({});
  });

  test('a first name is never taken from the last names', () => {
    expect(matched(['last name', 'desk id'])).toEqual({ lastName: 1, desks: 2 });
  });

  test('values that contradict the field refuse a match, a few odd ones do not', () => {
    expect(matched(['Email'], [['anna'], ['ben'], ['c@example.com']])).toEqual({});
    expect(matched(['Email'], [['a@example.com'], ['ben'], ['']])).toEqual({ email: 1 });
    expect(matched(['Email'], [['', 'more'], []])).toEqual({ email: 1 });
  });

  test('of two columns for one field the first whose values look right is taken', () => {
    const rows = [['anna', '', ' a@example.com ', 'b@example.com']];
    expect(matched(['Email', 'Email Address', 'Mail', 'E-mail'], rows)).toEqual({ email: 4 });
    expect(matched(['Mail', 'Email Address', 'Mail', 'Mail'], rows)).toEqual({ email: 3 });
    expect(matched(['First Name', 'First Name'], [['', 'Anna']])).toEqual({ firstName: 2 });
  });

  test('a column serves one field, and the label counts more than an alias', () => {
    const rivals: MatchField[] = [
      { name: 'device', labels: ['PBX Device'], synonyms: { sure: ['Extension'] } },
      { name: 'number', labels: ['Extension'], synonyms: { sure: [] } },
    ];
    expect(matchColumns(['Extension'], [], rivals).sure).toEqual(new Map([['number', 1]]));
    expect(matchColumns(['Extension', 'Extension'], [], rivals).sure).toEqual(
      new Map([
        ['number', 1],
        ['device', 2],
      ]),
    );
  });

  test('the user list of a directory service is matched although it has decorated headers', () => {
    const bytes = readFileSync(join(__dirname, '../files/preamble.csv'));
    const limits = { rows: 500, bytes: 1e6, columns: 100, recordBytes: 65_536, cellCharacters: 8192 };
    const result = readFile(bytes, { headerRow: 2, limits });
    if ('problem' in result) throw new Error(result.problem.code);
    const rows = result.file.rows.map((row) => row.cells);
    expect(matched(result.file.headers, rows)).toEqual({ username: 1 });
  });
});

describe('the fields of a user', () => {
  const people = [
    ['Niccolò', 'Verdi', 'niccolo.verdi@example.com'],
    ['Giulia', 'Rossi', 'giulia.rossi@example.com'],
    ['Anna Maria', 'De Luca', 'anna.deluca@example.com'],
  ];

  /** Matches columns after those of the first name, the last name and the email. */
  function beside(headers: string[], ...columns: string[][]): Record<string, string> {
    const all = ['First Name', 'Last Name', 'Email', ...headers];
    const rows = people.map((person, row) => [...person, ...columns.map((column) => column[row])]);
    const { sure } = matchColumns(all, rows, matchFields(tenant));
    const found = [...sure].filter(([, position]) => position > people[0].length);
    return Object.fromEntries(found.map(([field, position]) => [field, all[position - 1]]));
  }

  test.each([
    ['nverdi', 'grossi', 'adeluca'],
    ['verdin', 'rossig', 'delucaa'],
    ['niccolo.verdi', 'giulia.rossi', 'anna.deluca'],
    ['NVERDI2', 'GROSSI', 'ADELUCA'],
  ])('a column such as %s holds the username, whatever it is called', (...logins) => {
    expect(beside(['Utenzen'], logins)).toEqual({ username: 'Utenzen' });
    for (const header of ['Computer', 'Vorgesetzter', 'GitHub', 'Passwort', 'Mot de passe'])
      expect(beside([header], logins)).toEqual({});
  });

  test.each([
    ['Verdi', 'Rossi', 'Deluca'],
    ['VERDI', 'ROSSI', 'DELUCA'],
    ['Niccolo', 'Giulia', 'Anna'],
    ['niccolo', 'giulia', 'anna'],
    ['rbianchi', 'rbianchi', 'lneri'],
  ])('a column such as %s holds names, or those of others', (...values) => {
    expect(beside(['Xyz'], values)).toEqual({});
  });

  test('first names are no usernames, even where the mailboxes bear them', () => {
    const match = (...names: string[]) => {
      const rows = names.map((name) => [name, `${name.toLowerCase()}@example.com`]);
      return Object.fromEntries(matchColumns(['Xyz', 'Email'], rows, matchFields(tenant)).sure);
    };
    expect(match('Anna', 'Bela', 'Carla')).toEqual({ email: 2 });
    expect(match('KOVACS', 'LANG', 'MENDES')).toEqual({ email: 2 });
    expect(match('akovacs', 'blang', 'cmendes')).toEqual({ username: 1, email: 2 });
  });

  test('numbers to log in at a phone give way to names of users', () => {
    const names = ['agent7', 'agent8', 'super2'];
    expect(beside(['Login ID'], ['8007', '8008', '8102'])).toEqual({ username: 'Login ID' });
    expect(beside(['Login ID', 'User ID'], ['8007', '8008', '8102'], names)).toEqual({});
  });

  test('words that are cut short are read where the values speak for them', () => {
    const numbers = ['2441', '2442', '2443'];
    expect(beside(['Anknytn. kontor'], numbers)).toEqual({ extension: 'Anknytn. kontor' });
    expect(beside(['Klapkanr.'], numbers)).toEqual({ extension: 'Klapkanr.' });
    expect(beside(['Pers. Nr.'], numbers)).toEqual({});
  });

  test.each(['Interno ID', 'Ext. Ref', 'Ext ID', 'Int. ID', 'Internal ID', 'Внутренний код'])(
    'numbers below %j are no extensions',
    (header) => {
      expect(beside([header], ['2441', '2442', '2443'])).toEqual({});
    },
  );

  test('accounts at a SIP server are no SIP settings', () => {
    expect(beside(['SIP user'], ['p2441', 'p2442', 'p2443'])).toEqual({});
    expect(beside(['SIP type'], ['WebRTC', 'classic', 'WebRTC'])).toEqual({ sip: 'SIP type' });
  });

  test('a column of time zones needs no name', () => {
    const zones = ['Europe/Rome', 'Europe/Rome', 'America/New_York'];
    expect(beside(['Where'], zones)).toEqual({ timezone: 'Where' });
    expect(beside(['Where'], ['North/South', 'A/B', 'Europe/Rome'])).toEqual({});
  });

  test('a header that only holds a name of the role is enough where the values are roles', () => {
    expect(beside(['Berechtigungen Hotline'], ['Agent', 'Agent', 'Team Lead'])).toEqual({
      roles: 'Berechtigungen Hotline',
    });
    expect(beside(['Berechtigungen Hotline'], ['A', 'B', 'C'])).toEqual({});
  });

  test('a column in which people are agents and supervisors needs no name', () => {
    expect(beside(['What is she'], ['agent', 'supervisor', 'agent'])).toEqual({ roles: 'What is she' });
    expect(beside(['What is she'], ['agent', 'agent', 'agent'])).toEqual({});
    expect(beside(['Site'], ['user', 'manager', 'user'])).toEqual({});
    expect(beside(['No.'], ['1', '2', '3'])).toEqual({});
  });

  const ofTenant = (headers: string[], ...rows: string[][]) =>
    Object.fromEntries(matchColumns(headers, rows, matchFields(tenant)).sure);

  test('what is asked for counts where the file does not say what is', () => {
    expect(ofTenant(['Desired username', 'Requested extension'], ['anna', '2001'])).toEqual({
      username: 1,
      extension: 2,
    });
    expect(ofTenant(['Requested extension', 'Extension'], ['2001', '2002'])).toEqual({ extension: 2 });
    expect(ofTenant(["Manager's desired username"], ['anna'])).toEqual({});
  });

  test('what most headers begin with says nothing about one of them', () => {
    const row = ['Anna', 'Kovacs', '38', 'round'];
    const about = ['first name', 'last name', 'shoe', 'hat'];
    expect(
      ofTenant(
        about.map((what) => `Onboarding - ${what}`),
        row,
      ),
    ).toEqual({ firstName: 1, lastName: 2 });
    expect(ofTenant(['Onboarding - first name', ...about.slice(1)], row)).toEqual({ lastName: 2 });
  });

  test.each([
    ['Vorname / First name', 'Anna', { firstName: 1 }],
    ['Voornaam (first name)', 'Anna', { firstName: 1 }],
    ['Vorname / Nachname', 'Anna Kovacs', {}],
    ['What is your last name?', 'Kovacs', { lastName: 1 }],
    ["New starter's surname", 'Kovacs', { lastName: 1 }],
    ['2. Last name', 'Kovacs', { lastName: 1 }],
    ['First name (as in the passport)', 'Anna', { firstName: 1 }],
    ['First name (of their manager)', 'Anna', {}],
    ['Active? (Y/N)', 'Y', { active: 1 }],
    ['Officer login to be created', 'akovacs', { username: 1 }],
  ])('the header %j, as people write it, is understood', (header, value, found) => {
    expect(ofTenant([header], [value])).toEqual(found);
  });

  test('a header that lists what its column may hold is not about somebody else', () => {
    expect(beside(['Agent or supervisor?'], ['agent', 'supervisor', 'agent'])).toEqual({
      roles: 'Agent or supervisor?',
    });
    expect(beside(['Supervisor'], ['vsimms', 'vsimms', 'tpark'])).toEqual({});
  });

  test('identity systems name the work address in brackets', () => {
    const kinds = ['home', 'work'].map((kind) => `emails[type eq "${kind}"].value`);
    expect(ofTenant(kinds, ['anna@home.example', 'anna@work.example'])).toEqual({ email: 2 });
  });

  test('without an email a login is told by the names beside it', () => {
    const match = (one: string, other: string) =>
      ofTenant(['First name', 'Last name', 'In the game'], ['Anna', 'Kovacs', one], ['Ben', 'Lang', other]);
    expect(match('akovacs', 'blang')).toEqual({ firstName: 1, lastName: 2, username: 3 });
    expect(match('thunder', 'storm')).toEqual({ firstName: 1, lastName: 2 });
  });

  test('a sign-in name at another domain is the person’s own when it is made of the same names', () => {
    const match = (one: string, other: string) =>
      ofTenant(['Login', 'Email'], [one, 'anna.kovacs@work.example'], [other, 'ben.lang@work.example']);
    expect(match('akovacs@corp.example', 'blang@corp.example')).toEqual({ username: 1, email: 2 });
    expect(match('sales@corp.example', 'info@corp.example')).toEqual({ email: 2 });
  });
  test('a column of nothing but roles of a call center holds the role, whatever it is called', () => {
    const roles = ['Agent', 'Supervisor', 'Agent'];
    for (const header of ['Fkt.', 'Rolle im CC', 'Mansione', 'Xyz']) {
      expect(beside([header], roles)).toEqual({ roles: header });
      expect(beside([header], ['Агент', 'Супервизор', 'Агент'])).toEqual({ roles: header });
    }
    for (const header of ['Vorgesetzter', 'Previous function', 'Password'])
      expect(beside([header], roles)).toEqual({});
    for (const values of [
      ['Agent', 'Agent', 'Agent'],
      ['User', 'Admin', 'User'],
      ['AGENTS', 'AGENTS', 'ADMIN'],
      ['Agent', 'Agent;Supervisor', 'Supervisor'],
      ['1', '2', '1'],
    ])
      expect(beside(['Xyz'], values)).toEqual({});
    expect(beside(['Xyz', 'Abc'], roles, ['Supervisor', 'Agent', 'Agent'])).toEqual({});
  });

  test('a job that is called like the role gives way to a column of roles', () => {
    const jobs = ['נציגת שירות', 'אחראי משמרת', 'נציג שירות'];
    expect(beside(['תפקיד', 'הרשאה'], jobs, ['Agent', 'Supervisor', 'Agent'])).toEqual({ roles: 'הרשאה' });
    expect(beside(['תפקיד'], jobs)).toEqual({ roles: 'תפקיד' });
  });

  test('usernames that are made of the names of people are found beside other addresses too', () => {
    expect(
      beside(
        ["Code d'utilisateur", 'Code postal'],
        ['verdini1', 'rossgi01', 'lucaann'],
        ['75001', '69002', '13003'],
      ),
    ).toEqual({ username: "Code d'utilisateur" });
  });

  test.each([
    ['Role (agent/supervisor)', 'roles', 'agent', 'supervisor'],
    ['Username (AD)', 'username', 'anna', 'ben'],
    ['회사메일', 'email', 'anna@example.com', 'ben@example.com'],
    ['会社用アドレス', 'email', 'anna@example.com', 'ben@example.com'],
    ['ADアカウント', 'username', 'anna', 'ben'],
    ['Эл. почта раб.', 'email', 'anna@example.com', 'ben@example.com'],
  ])('%j is the header of a field with a remark', (header, field, ...values) => {
    const rows = values.map((value) => [value]);
    const { sure } = matchColumns([header], rows, matchFields(tenant));
    expect(Object.fromEntries(sure)).toEqual({ [field]: 1 });
  });

  test.each(['Email (supervisor)', 'Role (manager/owner)', 'Эл. почта личн.', 'Email CC', 'CC'])(
    'no field is served by %j',
    (header) => {
      expect(matchColumns([header], [], matchFields(tenant)).sure.size).toBe(0);
    },
  );

  test('the address of the work is taken, not the private one that is only called Email', () => {
    const match = (headers: string[], rows: string[][]) =>
      Object.fromEntries(matchColumns(headers, rows, matchFields(tenant)).sure);
    const addresses = [
      ['anna@home.example', 'a.kovacs@work.example'],
      ['ben@home.example', 'b.lang@work.example'],
    ];
    expect(match(['Email', 'Company Email'], addresses)).toEqual({ email: 2 });
    const same = addresses.map(([, address]) => [address, address.replace('.', '_')]);
    expect(match(['Email', 'Company Email'], same)).toEqual({ email: 1 });
  });
});

test.each([
  ['  FirstName* ', 'first name'],
  ['SIPSettings', 'sip settings'],
  ['PPQ default ratio', 'ppq default ratio'],
  ['E-Mail-Adresse (Pflichtfeld)', 'email adresse'],
  ['Email Address [Required]', 'email address'],
  ['Extension (4 digits)', 'extension 4 digits'],
  ['\uFEFFUser\u00ADname', 'username'],
  ['Адрес почты', 'адрес почты'],
  ['名前', '名前'],
  ['---', ''],
])('the header %j reads as %j', (header, words) => {
  expect(normalizeHeader(header)).toBe(words);
});

describe('names of columns', () => {
  const t = translator('en');

  test('are called in the reader’s language, without control characters', () => {
    expect(columnNames(['', 'Na\u001bme', 'Name'], translator('de'))).toEqual([
      'Spalte A',
      'Name',
      'Name (Spalte 3)',
    ]);
  });

  test('are the headers on one line, and the letter of a column without one', () => {
    expect(columnNames([' Username ', 'First\r\nName', '', '  '], t)).toEqual([
      'Username',
      'First Name',
      'Column C',
      'Column D',
    ]);
  });

  test('tell repeated headers apart', () => {
    expect(columnNames(['Name', 'Email', 'Email', 'Name', 'Name'], t)).toEqual([
      'Name',
      'Email',
      'Email (column 3)',
      'Name (column 4)',
      'Name (column 5)',
    ]);
  });

  test('are unique whatever the headers are', () => {
    const headers = ['Column D', 'A', 'A (column 5)', '', 'A', '__proto__', '__proto__'];
    const names = columnNames(headers, t);
    expect(names).toHaveLength(headers.length);
    expect(new Set(names).size).toBe(headers.length);
  });

  test('go on after Z', () => {
    const names = columnNames(Array<string>(704).fill(''), t);
    expect([names[25], names[26], names[51], names[701], names[703]]).toEqual([
      'Column Z',
      'Column AA',
      'Column AZ',
      'Column ZZ',
      'Column AAB',
    ]);
  });
});
