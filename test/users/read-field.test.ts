import { listParts, readField, trim } from '../../src/users/read-field.js';
import { userField, userFields, type FieldName } from '../../src/users/user-fields.js';
import { sentence } from '../../src/web/problem.js';
import { translator } from '../../src/web/texts.js';
import { tenant } from '../support/planning.js';

function read(name: FieldName, text: string) {
  return readField(userField(name), text, tenant);
}

/** The value, or the codes of what is wrong with it. */
function outcome(name: FieldName, text: string): unknown {
  const reading = read(name, text);
  return 'value' in reading ? reading.value : reading.problems.map(({ code }) => code).join(' ');
}

function suggestion(name: FieldName, text: string): string | undefined {
  const reading = read(name, text);
  return 'value' in reading ? undefined : reading.problems[0].suggestion;
}

function said(name: FieldName, text: string): string {
  const reading = read(name, text);
  return 'value' in reading ? '' : sentence(reading.problems[0], translator('en'));
}

const long = (count: number) => 'a'.repeat(count);

describe('a username', () => {
  test.each(['anna', 'Anna.K', 'a_b', 'a-b', '007', 'anna@example.com', 'a12', long(64)])(
    'can be %s',
    (text) => {
      expect(outcome('username', text)).toBe(text);
    },
  );

  test.each([
    'an',
    '.anna',
    '-anna',
    '@anna',
    'an na',
    'änna',
    'аnna',
    'an/na',
    'anna!',
    'an\u00adna\u200dna',
    '😀😀😀',
  ])('cannot be %j', (text) => {
    expect(outcome('username', text)).toMatch(/^(invalid|bad_text)$/);
  });

  test('names an unseen blank by its code point', () => {
    expect(said('username', 'an\u00a0na')).toBe('Remove the invisible character U+00A0.');
    expect(said('email', 'anna@exam\u200dple.com')).toBe('Remove the invisible character U+200D.');
    expect(outcome('firstName', 'Anna\u00a0Maria')).toBe('Anna\u00a0Maria');
  });

  test('without a command to a terminal is no suggestion', () => {
    expect(suggestion('firstName', '\u001b[2JAnna')).toBeUndefined();
  });

  test('has 64 characters at the most', () => {
    expect(outcome('username', long(65))).toBe('too_long');
  });

  test.each([
    ['Ann Müller', 'Ann.Muller'],
    ['anna!', 'anna'],
    ['an\u200bna', 'anna'],
    ['Groß.Łukasz', 'Gross.Lukasz'],
    // A look-alike letter is not just dropped, nor are two cells one name.
    ['аnna', undefined],
    ['anna,anna@example.com,Anna', undefined],
    ['аб', undefined],
    ['é', undefined],
  ])('that is nearly right is mended: %s -> %s', (text, mended) => {
    expect(suggestion('username', text)).toBe(mended);
  });
});

describe('an email', () => {
  test.each([
    ['Anna@Example.COM', 'anna@example.com'],
    ["o'lunney+x@sub.example.co.uk", "o'lunney+x@sub.example.co.uk"],
    ['jürgen@müller.de', 'jürgen@müller.de'],
    ['a@b.xn--p1ai', 'a@b.xn--p1ai'],
    [`${long(64)}@example.com`, `${long(64)}@example.com`],
  ])('can be %s', (text, value) => {
    expect(outcome('email', text)).toBe(value);
  });

  test.each([
    'anna',
    'anna@',
    '@example.com',
    'anna@localhost',
    'anna@@example.com',
    'an na@example.com',
    '.anna@example.com',
    'anna.@example.com',
    'an..na@example.com',
    'anna@-example.com',
    'anna@example-.com',
    'anna@example..com',
    'anna@example.1',
    'anna@[127.0.0.1]',
    '"anna"@example.com',
    'anna(x)@example.com',
    'a@x.example,b@y.example',
    'a@x.example;b@y.example',
    'a@x.example b@y.example',
    'Anna <anna@example.com>',
    'mailto:anna@example.com',
    `${long(65)}@example.com`,
    `anna@${long(64)}.com`,
  ])('cannot be %s', (text) => {
    expect(outcome('email', text)).toBe('invalid');
  });

  test('cannot hold a line break, with which a mailer would write to somebody else', () => {
    expect(outcome('email', 'a@x.example\r\nBcc: evil@x.example')).toBe('bad_text');
    expect(outcome('email', 'a@x.example\u2028b')).not.toBe('a@x.example\u2028b');
  });

  test('has 254 characters at the most', () => {
    const domain = Array.from({ length: 4 }, () => long(60)).join('.');
    expect(outcome('email', `${long(6)}@${domain}.de`)).toBe(`${long(6)}@${domain}.de`);
    expect(outcome('email', `${long(15)}@${domain}.de`)).toBe('too_long');
  });

  test('is taken out of what surrounds it', () => {
    expect(suggestion('email', 'Anna <Anna@Example.com>')).toBe('anna@example.com');
    expect(suggestion('email', 'mailto:anna@example.com')).toBe('anna@example.com');
    expect(suggestion('email', "'Anna@Example.com';")).toBe('anna@example.com');
    expect(suggestion('email', 'anna＠example.com.')).toBe('anna@example.com');
    expect(suggestion('email', 'an\u00adna@example.com')).toBe('anna@example.com');
    expect(suggestion('email', 'a@x.example/b@y.example')).toBeUndefined();
    expect(said('email', 'a@x.example, b@y.example')).toBe('Give one address only.');
  });
});

describe('a name', () => {
  test.each(['Null', 'True', "O'Lunney", 'Nguyễn', 'X', '😀', '=1+1', 'von der Leyen', 'N/A', '-'])(
    'can be %s',
    (text) => {
      expect(outcome('firstName', text)).toBe(text);
    },
  );

  test('is composed, and its line breaks and tabs become a blank', () => {
    expect(outcome('lastName', 'Kova\u0301cs')).toBe('Kovács');
    expect(outcome('lastName', 'von\r\n\tder Tann')).toBe('von der Tann');
  });

  test('cannot hold other control characters, and none that turn the text around', () => {
    expect(outcome('firstName', 'a\u001b[31m')).toBe('bad_text');
    expect(outcome('firstName', 'a\u202eb')).toBe('bad_text');
    expect(said('firstName', 'a\0b')).toBe('Remove the invisible character U+0000.');
  });

  test('has 100 characters at the most, counted as people count', () => {
    expect(outcome('firstName', '😀'.repeat(100))).toBe('😀'.repeat(100));
    expect(outcome('firstName', long(101))).toBe('too_long');
  });
});

describe('a flag', () => {
  test.each(['1', 'true', 'YES', 'On', 'y'])('%s means yes', (text) =>
    expect(outcome('autoDial', text)).toBe(true),
  );
  test.each(['0', 'FALSE', 'no', 'off', 'N'])('%s means no', (text) =>
    expect(outcome('active', text)).toBe(false),
  );
  test.each(['2', 'ja', 'maybe', 'truе', '-1'])('%s means nothing', (text) => {
    expect(outcome('autoDial', text)).toBe('invalid');
  });

  test('that is empty is as on a new user', () => {
    expect(outcome('active', '')).toBe(true);
    expect(outcome('autoDial', ' ')).toBe(false);
  });
});

describe('a SIP setting', () => {
  test.each([
    ['webrtc', ['webrtc', 'Use WebRTC', 'WEBRTC']],
    ['classic_pbx', ['classic_pbx', 'Use classic PBX', 'Classic', 'classic  pbx']],
    ['custom_uri', ['custom_uri', 'Use Custom URI', 'uri', 'Custom', 'custom uri']],
    ['builtin_pbx', ['builtin_pbx', 'Use Built-in PBX', 'builtin', 'Built-In', 'built-in pbx']],
  ])('%s can be written in many ways', (value, words) => {
    for (const word of words) expect([word, outcome('sip', word)]).toEqual([word, value]);
  });

  test('cannot be another word, and the message lists the labels', () => {
    expect(said('sip', 'isdn')).toBe(
      'Use one of: Use WebRTC, Use classic PBX, Use Custom URI, Use Built-in PBX.',
    );
  });
});

describe('an extension', () => {
  test.each([
    ['100', 100],
    ['2001', 2001],
    ['999999', 999_999],
  ])('can be %s', (text, number) => {
    expect(outcome('extension', text)).toBe(number);
  });

  test.each([
    ['0101', '101'],
    ['002001', '2001'],
    ['2001.0', '2001'],
    ['2001,00', '2001'],
    ['20 01', '2001'],
    ['12', undefined],
    ['1234567', undefined],
    ['+2001', '2001'],
    ['-2001', '2001'],
    ['1.5', undefined],
    ['x', undefined],
    ['0', undefined],
    ['112.0', undefined],
    ['٢٠٠١', '2001'],
    ['２００１', '2001'],
    ['4203.5', undefined],
    ['4.110', '4110'],
  ])('cannot be %s, perhaps it is meant to be %s', (text, mended) => {
    expect(outcome('extension', text)).toBe('invalid');
    expect(suggestion('extension', text)).toBe(mended);
  });

  test('that a spreadsheet made a power of ten is said to be one', () => {
    for (const text of ['1.01E+03', '1,01E+15', '1E5']) {
      expect(said('extension', text)).toBe(
        'A spreadsheet changed this number: format the column as text and type it again.',
      );
    }
  });

  test.each(['112', '911', '999'])('is never the emergency number %s', (text) => {
    expect(outcome('extension', text)).toBe('invalid');
  });
});

test.each([
  ['12', '12'],
  ['0012345678', '0012345678'],
  ['1', 'invalid'],
  ['12345678901', 'invalid'],
  ['1 2', 'invalid'],
  ['12a', 'invalid'],
])('the device %s is read as %s', (text, expected) => {
  expect(outcome('pbxDevice', text)).toBe(expected);
});

test.each([
  ['1', 10],
  ['1.0', 10],
  ['1,5', 15],
  ['5.0', 50],
  ['5.1', 'invalid'],
  ['0.9', 'invalid'],
  ['1.55', 'invalid'],
  ['1e0', 'invalid'],
  ['.5', 'invalid'],
])('the ratio %s is read as %s', (text, expected) => {
  expect(outcome('ppqRatio', text)).toBe(expected);
});

test.each([
  ['sessionTtl', '60', 60],
  ['sessionTtl', '7 days', 10_080],
  ['sessionTtl', '61', 'invalid'],
  ['sessionTtl', '0', 'invalid'],
  ['maxSessions', 'unlimited', 0],
  ['maxSessions', '20', 20],
  ['maxSessions', '0', 'invalid'],
  ['maxSessions', '21', 'invalid'],
  ['twoFactor', 'google', 'google'],
  ['twoFactor', 'Disabled - login without 2FA', 'disabled'],
  ['twoFactor', 'sms', 'invalid'],
  ['ppqSorting', 'Call Back Time Ascending', 'callback_asc'],
  ['ppqSorting', 'weight_desc', 'weight_desc'],
  ['ppqSorting', 'asc', 'invalid'],
  ['timezone', 'europe/berlin', 'Europe/Berlin'],
  ['timezone', 'utc', 'UTC'],
  ['timezone', 'CET+1', 'invalid'],
  ['language', 'DE', 'de'],
  ['language', 'Deutsch', 'de'],
  ['language', 'tlh', 'invalid'],
  ['customUri', '204@pbx.example.com', 'sip:204@pbx.example.com'],
  ['customUri', 'javascript:alert(1)', 'invalid'],
] as [FieldName, string, unknown][])('%s %s is read as %j', (name, text, expected) => {
  expect(outcome(name, text)).toBe(expected);
});

describe('things of the tenant', () => {
  test.each([
    ['1', [1]],
    ['north', [1]],
    ['NORTH', [1]],
    ['1;South', [1, 2]],
    ['South | 1 , 2', [1, 2]],
    ['2;2;South', [2]],
    [' North ;; ', [1]],
    ['zu\u0308rich', [3]],
  ])('can be named by ID or name, several in one cell: %j', (text, ids) => {
    expect(outcome('desks', text)).toEqual(ids);
  });

  test('that are unknown are all told, each by its own text', () => {
    const reading = read('desks', 'Nowhere;1;77');
    const texts =
      'problems' in reading ? reading.problems.map((problem) => sentence(problem, translator('en'))) : [];
    expect(texts).toEqual(['There is no Desk called “Nowhere”.', 'There is no Desk with the ID 77.']);
  });

  test('of which there can be one only are not split', () => {
    expect(outcome('pbxDomain', 'Main PBX')).toBe(1);
    expect(outcome('pbxDomain', '1;2')).toBe('unknown');
    expect(outcome('callerId', '1')).toBe(1);
  });

  test('a cell that holds only separators names nothing', () => {
    expect(outcome('desks', ';')).toEqual([]);
    expect(outcome('roles', ' ; | ')).toBe('missing');
  });
});

describe('what stands for nothing', () => {
  test.each(['', '  ', '\u200b', 'NULL', 'null', 'N/A', 'undefined', '-', '""', "''"])(
    '%j is empty',
    (text) => {
      expect(outcome('username', text)).toBe('missing');
      expect(outcome('desks', text)).toEqual([]);
      expect(outcome('sessionTtl', text)).toBeNull();
    },
  );

  test('gives every field that is not required its empty value', () => {
    for (const field of userFields.filter(({ required }) => !required)) {
      expect([field.name, outcome(field.name, '')]).toEqual([field.name, field.empty]);
    }
  });
});

test('blanks and invisible characters around a value are taken off, never those within', () => {
  expect(trim('\u00a0\u200b\ufeff Anna Maria\t\u2060\r\n')).toBe('Anna Maria');
  expect(trim('\u202eab\u202c')).toBe('ab');
});

test('a list in a cell is split at ; | and ,', () => {
  expect(listParts('1;2|3,4')).toEqual(['1', '2', '3', '4']);
  expect(listParts(' ; ,| ')).toEqual([]);
});
