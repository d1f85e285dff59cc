import { planFile, type Planning } from '../support/planning.js';
import type { PlannedRow } from '../../src/import/plan.js';
import { sentence } from '../../src/web/problem.js';
import { translator } from '../../src/web/texts.js';

/** What a row comes to, in short: `ready`, or `error: username invalid; email missing`. */
function said({ state, problems }: PlannedRow): string {
  if (problems.length === 0) return state;
  return `${state}: ${problems.map(({ field, code }) => `${field} ${code}`.trim()).join('; ')}`;
}

function outcomes(rows: string[], options?: Planning, header = 'Username,Email'): string[] {
  return planFile([header, ...rows].join('\n'), options).map(said);
}

/** The sentences about the one row of a file. */
function sentences(row: string, header: string, options?: Planning): string[] {
  const rows = planFile(`${header}\n${row}`, options);
  return rows[0].problems.map((problem) => sentence(problem, translator('en')));
}

const anna = { id: 7, username: 'anna', email: 'anna@example.com', extension: 2001 };

describe('a row is ready', () => {
  test('with a username and an email, everything else chosen for all', () => {
    expect(outcomes(['anna,anna@example.com'])).toEqual(['ready']);
  });

  test('with what it says of every field', () => {
    const header =
      'Username,Email,Role,SIP Settings,PBX Domain,PBX Device,Virtual Extension,First Name,Last Name,Desk,Skill Group,Queue,Timezone,User Language,Outbound Caller ID,Auto Dial,Activate User,All Desks,All Skill Groups,Assign Leads,Predictive Personal Queue,PPQ Default Ratio,PPQ Sorting';
    const row =
      'Anna.K,Anna@Example.com,Agent;3,classic,Main PBX,0815,2001,Anna,Kovács,north|2,English,1;Sales,europe/berlin,de,Head Office,yes,NO,on,0,TRUE,y,1.5,weight_desc';
    const [{ values, problems }] = planFile(`${header}\n${row}`);
    expect(problems).toEqual([]);
    expect(values).toEqual({
      username: 'Anna.K',
      email: 'anna@example.com',
      roles: [2, 3],
      sip: 'classic_pbx',
      pbxDomain: 1,
      pbxDevice: '0815',
      customUri: null,
      extension: 2001,
      firstName: 'Anna',
      lastName: 'Kovács',
      desks: [1, 2],
      skillGroups: [1],
      queues: [1, 2],
      timezone: 'Europe/Berlin',
      language: 'de',
      callerId: 1,
      caldavToken: null,
      autoDial: true,
      active: false,
      allDesks: true,
      allSkillGroups: false,
      assignLeads: true,
      ppq: true,
      ppqRatio: 15,
      ppqSorting: 'weight_desc',
      twoFactor: null,
      sessionTtl: null,
      maxSessions: null,
      extendedAcl: false,
      fullRecordingAccess: false,
      digitsOnly: false,
    });
  });

  test('with blanks and invisible characters around its values, which are taken off', () => {
    const [{ values, problems }] = planFile('Username,Email\n"\u00a0anna\u200b ","\tANNA@example.com "');
    expect(problems).toEqual([]);
    expect(values).toMatchObject({ username: 'anna', email: 'anna@example.com' });
  });

  test('with extra cells as long as they are empty', () => {
    expect(outcomes(['anna,anna@example.com,, ,'])).toEqual(['ready']);
  });

  test('with an empty SIP cell, which means Use WebRTC', () => {
    const rows = planFile('Username,Email,SIP Settings\nanna,anna@example.com,\nben,ben@example.com,builtin');
    expect(rows.map(({ values }) => values.sip)).toEqual(['webrtc', 'builtin_pbx']);
  });
});

describe('an error is', () => {
  test.each([
    ['a missing username', 'Username,Email', ',anna@example.com', 'username missing'],
    ['a missing email', 'Username,Email', 'anna', 'email missing'],
    ['a word that stands for nothing', 'Username,Email', 'NULL,n/a', 'username missing; email missing'],
    ['a bad username', 'Username,Email', 'a b,ab@example.com', 'username invalid'],
    ['a long username', 'Username,Email', `${'a'.repeat(65)},a@example.com`, 'username too_long'],
    ['a bad email', 'Username,Email', 'anna,anna@', 'email invalid'],
    ['an unknown role', 'Username,Email,Role', 'anna,anna@example.com,Agent;Agnet', 'roles unknown'],
    ['an unknown role ID', 'Username,Email,Role', 'anna,anna@example.com,2;77', 'roles unknown'],
    [
      'a missing role',
      'Username,Email,Role',
      'anna,anna@example.com,\nben,ben@example.com,Agent',
      'roles missing',
    ],
    [
      'a bad SIP word',
      'Username,Email,SIP Settings',
      'a.b,ab@example.com,isdn\nb.c,bc@example.com,uri',
      'sip invalid',
    ],
    [
      'a classic PBX without its device',
      'Username,Email,SIP Settings,PBX Domain,PBX Device',
      'anna,anna@example.com,classic,1,',
      'pbxDevice missing',
    ],
    [
      'a classic PBX without its domain',
      'Username,Email,SIP Settings,PBX Domain,PBX Device',
      'anna,anna@example.com,classic,,12',
      'pbxDomain missing',
    ],
    [
      'an unknown PBX domain',
      'Username,Email,SIP Settings,PBX Domain,PBX Device',
      'anna,anna@example.com,classic,X,12',
      'pbxDomain unknown',
    ],
    [
      'a custom URI that is none',
      'Username,Email,SIP Settings,Custom URI',
      'anna,anna@example.com,uri,http://x\nb.c,bc@example.com,uri,bc@example.com',
      'customUri invalid',
    ],
    [
      'a flag that is neither yes nor no',
      'Username,Email,Auto Dial',
      'anna,anna@example.com,2\nben,ben@example.com,1\ncy,,1',
      'autoDial invalid',
    ],
    [
      'an extension with a leading zero',
      'Username,Email,Virtual Extension',
      'anna,anna@example.com,0101',
      'extension invalid',
    ],
    [
      'a missing extension',
      'Username,Email,Virtual Extension',
      'anna,anna@example.com,\nberta,berta@example.com,2001',
      'extension missing',
    ],
    [
      'an emergency number',
      'Username,Email,Virtual Extension',
      'anna,anna@example.com,911',
      'extension invalid',
    ],
    ['a cell too many', 'Username,Email', 'anna,anna@example.com,x', 'wrong_width'],
    [
      'a username with @ that is not the email',
      'Username,Email',
      'ben@example.com,anna@example.com',
      'username invalid',
    ],
    [
      'an invisible character inside a value',
      'Username,Email',
      'an\u200bna,anna@example.com',
      'username bad_text',
    ],
    ['a NUL inside a value', 'Username,Email', 'an\0na,anna@example.com', 'username bad_text'],
  ])('%s', (_, header, row, problems) => {
    expect(outcomes([row], undefined, header)[0]).toBe(`error: ${problems}`);
  });

  test('a cell whose bytes mean nothing in the encoding of the file', () => {
    const bytes = Buffer.concat([
      Buffer.from('Username,Email,First Name\nzoë,zoe@example.com,Zoë\nanna,anna@example.com,A'),
      Buffer.from([0xff]),
    ]);
    expect(planFile(bytes).map(said)[1]).toBe('error: firstName bad_text');
    expect(planFile(bytes, { edits: { 3: { 2: 'Ähm' } } }).map(said)[1]).toBe('ready');
  });

  test('a broken letter that nobody reads, with the name of its column', () => {
    const [row] = planFile('Username,Email,Note\nanna,anna@example.com,J\ufffdrg\n');
    expect(row.state).toBe('error');
    expect(row.problems).toMatchObject([{ field: '', code: 'bad_text', values: { column: 'Note' } }]);
  });

  test('all that is wrong with a row at once, missing before invalid before duplicate', () => {
    const header = 'Username,Email,Virtual Extension,SIP Settings';
    const other = 'b.c,bc@example.com,2002,uri';
    expect(outcomes(['a b,,0101,isdn', other], undefined, header)[0]).toBe(
      'error: email missing; username invalid; sip invalid; extension invalid',
    );
    expect(outcomes(['anna,x@,,webrtc', other], { users: [anna] }, header)[0]).toBe(
      'error: extension missing; email invalid; username duplicate_user',
    );
  });

  test('told with the value and what to do', () => {
    expect(sentences('anna,anna@example.com,0101', 'Username,Email,Virtual Extension')).toEqual([
      'Use no leading zero.',
    ]);
    expect(
      sentences('anna,anna@example.com,Agnet,x;1', 'Username,Email,Desk,Role', {
        answers: { 'role.source': 'column:4' },
      }),
    ).toEqual(['There is no Role called “x”.', 'There is no Desk called “Agnet”.']);
  });

  test('suggested a repair where one can be told', () => {
    const suggestion = (header: string, row: string) =>
      planFile(`${header}\n${row}`)[0].problems.map((problem) => problem.suggestion);
    expect(suggestion('Username,Email', 'Ann Müller,Ann <ann@example.com>')).toEqual([
      'Ann.Muller',
      'ann@example.com',
    ]);
    expect(suggestion('Username,Email,Virtual Extension', 'ann,ann@example.com,2001.0')).toEqual(['2001']);
    expect(suggestion('Username,Email', 'x@example.com,ann@example.com')).toEqual(['ann@example.com']);
  });
});

describe('a duplicate is', () => {
  test.each([
    ['username', 'ANNA,other@example.com', 'duplicate: username duplicate_user'],
    ['email', 'other,Anna@Example.COM', 'duplicate: email duplicate_user'],
    ['both, told once', 'anna,anna@example.com', 'duplicate: username duplicate_user'],
    [
      'a username that is somebody’s email',
      'anna@example.com,anna@example.com',
      'duplicate: username duplicate_user',
    ],
  ])('a row whose %s an existing user has, ignoring case', (_, row, expected) => {
    expect(outcomes([row], { users: [anna] })).toEqual([expected]);
  });

  test('a row whose username and email belong to two users, both of whom are named', () => {
    const ben = { id: 8, username: 'ben', email: 'ben@example.com' };
    expect(sentences('anna,ben@example.com', 'Username,Email', { users: [anna, ben] })).toEqual([
      'The user anna (ID 7) exists already.',
      'The user ben (ID 8) exists already.',
    ]);
  });

  test('a row that repeats an earlier ready row, which is named', () => {
    expect(outcomes(['anna,anna@example.com', 'Anna,a2@example.com', 'b.b,ANNA@example.com'])).toEqual([
      'ready',
      'duplicate: username duplicate_in_file',
      'duplicate: email duplicate_in_file',
    ]);
    const [, second] = planFile('Username,Email\nanna,anna@example.com\nanna,anna@example.com');
    expect(second.problems.map((problem) => sentence(problem, translator('en')))).toEqual([
      'Row 2 of this file is the same user already.',
    ]);
  });

  test('a row of a user whom this very import made, who is shown as the row', () => {
    const made = { ...anna, importId: 1, importRow: 2 };
    expect(outcomes(['anna,x@example.com'], { users: [made] })).toEqual([
      'duplicate: username duplicate_in_file',
    ]);
  });

  test('no row that repeats a row with an error: only ready rows claim a name', () => {
    expect(outcomes(['anna,anna@', 'anna,anna@example.com', 'anna,x@example.com'])).toEqual([
      'error: email invalid',
      'ready',
      'duplicate: username duplicate_in_file',
    ]);
  });

  test('no row that was left out, nor does such a row claim its names', () => {
    expect(outcomes(['anna,anna@example.com', 'anna,anna@example.com'], { skipped: [2] })).toEqual([
      'skipped: skipped',
      'ready',
    ]);
  });

  test('a row although its extension is the one of the user whom it repeats', () => {
    const header = 'Username,Email,Virtual Extension';
    expect(outcomes(['anna,anna@example.com,2001'], { users: [anna] }, header)).toEqual([
      'duplicate: username duplicate_user',
    ]);
  });

  test('CS-5: found by look-alikes that the database cannot fold', () => {
    const user = { id: 9, username: 'x1', email: 'ärger@example.com' };
    expect(outcomes(['y.y,ÄRGER@example.com'], { users: [user] })).toEqual([
      'duplicate: email duplicate_user',
    ]);
  });
});

describe('a number that is taken is an error', () => {
  const header = 'Username,Email,Virtual Extension';
  const classic = 'Username,Email,SIP Settings,PBX Domain,PBX Device';

  test('when a user has the extension', () => {
    expect(outcomes(['ben,ben@example.com,2001'], { users: [anna] }, header)).toEqual([
      'error: extension taken',
    ]);
    expect(sentences('ben,ben@example.com,2001', header, { users: [anna] })).toEqual([
      'Virtual Extension: the user anna (ID 7) has it. Use another one.',
    ]);
  });

  test('when an earlier ready row has it', () => {
    const rows = ['ann,ann@example.com,3001', 'ben,ben@example.com,3001', 'cyd,cyd@example.com,3002'];
    expect(outcomes(rows, undefined, header)).toEqual(['ready', 'error: extension taken', 'ready']);
  });

  test('when the device is taken in its domain, and only there', () => {
    const holder = { ...anna, device: { domain: 1, number: '0815' } };
    const rows = [
      'ben,ben@example.com,classic,1,0815',
      'cyd,cyd@example.com,classic,2,0815',
      'dan,dan@example.com,classic,2,0815',
    ];
    expect(outcomes(rows, { users: [holder] }, classic)).toEqual([
      'error: pbxDevice taken',
      'ready',
      'error: pbxDevice taken',
    ]);
  });

  test('when a row with another number is behind a row with an error, whose number is free', () => {
    expect(outcomes(['ann,ann@,3001', 'ben,ben@example.com,3001'], undefined, header)).toEqual([
      'error: email invalid',
      'ready',
    ]);
  });
});

describe('nobody gives what they do not hold', () => {
  const held = ['users.import', 'users.create', 'users.view', 'users.reset'] as const;

  test.each([
    [
      'a role that permits more than their own',
      'Username,Email,Role',
      'anna,anna@example.com,Administrator',
      'roles',
    ],
    ['one such role among others', 'Username,Email,Role', 'anna,anna@example.com,2;1', 'roles'],
  ])('%s', (_, header, row, field) => {
    expect(outcomes([row], { held: [...held] }, header)).toEqual([`error: ${field} not_allowed`]);
  });

  test('but a role whose permissions they hold', () => {
    expect(outcomes(['anna,anna@example.com,Team Lead'], { held: [...held] }, 'Username,Email,Role')).toEqual(
      ['ready'],
    );
  });

  test('AZ-4: a second factor weaker than the one that the role asks for, whatever the tenant’s is', () => {
    const lead = ['anna,anna@example.com,Team Lead'];
    const email = { twoFactor: 'email' };
    expect(outcomes(lead, { held: [...held], answers: email }, 'Username,Email,Role')).toEqual([
      'error: twoFactor not_allowed',
    ]);
    const agent = ['anna,anna@example.com,Agent'];
    expect(outcomes(agent, { held: [...held], answers: email }, 'Username,Email,Role')).toEqual(['ready']);
  });

  test.each([
    ['full recording access', { fullRecordingAccess: 'on' }, 'fullRecordingAccess'],
    ['the extended address list', { extendedAcl: 'on' }, 'extendedAcl'],
    ['a weaker second factor', { twoFactor: 'disabled' }, 'twoFactor'],
    ['a session time', { sessionTtl: '60' }, 'sessionTtl'],
    ['a number of sessions', { maxSessions: '3' }, 'maxSessions'],
  ])('%s', (_, answers, field) => {
    expect(outcomes(['anna,anna@example.com'], { held: [...held], answers })).toEqual([
      `error: ${field} not_allowed`,
    ]);
    expect(outcomes(['anna,anna@example.com'], { answers })).toEqual(['ready']);
  });
});

describe('what was done on the review page counts', () => {
  test('a corrected cell in place of the one in the file', () => {
    const [row] = planFile('Username,Email\nanna,anna@', { edits: { 2: { 1: 'anna@example.com' } } });
    expect(said(row)).toBe('ready');
    expect(row.values.email).toBe('anna@example.com');
  });

  test('a name that was matched stands for its thing in every row, whatever its case', () => {
    const rows = planFile('Username,Email,Desk\nann,ann@example.com,Nord\nben,ben@example.com,"NORD;2"', {
      valueChoices: { desks: { Nord: 1 } },
    });
    expect(rows.map(({ values }) => values.desks)).toEqual([[1], [1, 2]]);
  });

  test('a matched name never hides one that the tenant has by now', () => {
    const [row] = planFile('Username,Email,Desk\nann,ann@example.com,South', {
      valueChoices: { desks: { south: 1 } },
    });
    expect(row.values.desks).toEqual([2]);
  });

  test('CS-6: a name such as __proto__ is a name like any other', () => {
    expect(
      outcomes(
        ['ann,ann@example.com,__proto__;constructor'],
        { valueChoices: { desks: {} } },
        'Username,Email,Desk',
      ),
    ).toEqual(['error: desks unknown; desks unknown']);
  });

  test('generating for rows without an extension leaves the given ones as they are', () => {
    const rows = planFile(
      'Username,Email,Virtual Extension\nann,ann@example.com,\nben,ben@example.com,3001',
      {
        answers: { 'extension.generateMissing': 'on' },
      },
    );
    expect(rows.map(said)).toEqual(['ready', 'ready']);
    expect(rows.map(({ values }) => values.extension)).toEqual([null, 3001]);
  });

  test('generating for all wins over the column', () => {
    const [row] = planFile('Username,Email,Virtual Extension\nann,ann@example.com,0', {
      answers: { 'extension.generate': 'on' },
    });
    expect(said(row)).toBe('ready');
    expect(row.values.extension).toBeNull();
  });
});
