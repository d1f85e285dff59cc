// Files as people send them, and worse: for tests that try hundreds of them.
import fc from 'fast-check';
import { csvText } from '../../src/web/csv.js';

const headers = [
  'Username',
  'Email',
  'Role',
  'SIP Settings',
  'Virtual Extension',
  'Desk',
  'Skill Group',
  'Queue',
  'First Name',
  'Last Name',
  'PBX Domain',
  'PBX Device',
  'Custom URI',
  'Timezone',
  'Auto Dial',
  'Password',
  'E_MAIL [Required]',
  '__proto__',
  '',
  '<script>alert(1)</script>',
];

/** Few enough that rows clash with each other. */
const name = fc.nat(60).map((number) => `u${number}.x`);
const cell = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 4, arbitrary: name },
  { weight: 4, arbitrary: name.map((text) => `${text.toUpperCase()}@example.com`) },
  { weight: 2, arbitrary: fc.integer({ min: 95, max: 140 }).map(String) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[
        'Agent',
        'agent;2',
        'Administrator',
        'Agnet',
        '1',
        '77',
        'Berlin',
        'Berlin|Lisbon',
        'classic',
        'uri',
        'webrtc',
      ],
      ...[
        'PBX Europe',
        '0815',
        'sip:1@pbx.example.com',
        'yes',
        '2',
        'Europe/Berlin',
        'NULL',
        '=1+1',
        "'=1",
        '-',
        '0101',
      ],
      ...[
        '1.01E+03',
        'x@localhost',
        'a b',
        'é',
        'e\u0301',
        '\u202e',
        '\u0000',
        '{{7*7}}',
        '"><img src=x onerror=alert(1)>',
      ],
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
);

/** What stands in the third column of a row that could be created: a role, or an extension that others have too. */
const third = fc.oneof(fc.constantFrom('Agent', '2'), fc.integer({ min: 95, max: 140 }).map(String));
const goodRow = fc.tuple(name, third).map(([text, last]) => [text, `${text}@example.com`, last]);
/** Right in itself, but perhaps with the names of two other rows. */
const mixedRow = fc
  .tuple(name, name, third)
  .map(([text, other, last]) => [text, `${other}@example.com`, last]);
const addressRow = name.map((text) => [`${text}@example.com`, `${text.toUpperCase()}@example.com`, '2']);
const anyRow = fc.array(cell, { maxLength: 9 });

/** A table as a spreadsheet could write it, whatever stands in it. */
const table = fc
  .tuple(
    fc.oneof(
      {
        weight: 2,
        arbitrary: fc.constantFrom<string[]>(
          ['Username', 'Email', 'Role'],
          ['Username', 'Email', 'Virtual Extension'],
        ),
      },
      {
        weight: 3,
        arbitrary: fc
          .shuffledSubarray(headers, { minLength: 1 })
          .map((some) => ['Username', 'Email', ...some]),
      },
      { weight: 1, arbitrary: fc.array(cell, { minLength: 1, maxLength: 8 }) },
    ),
    fc.array(fc.oneof(goodRow, mixedRow, addressRow, { weight: 3, arbitrary: anyRow }), {
      maxLength: 40,
    }),
    fc.constantFrom(',', ';', '\t', '|'),
  )
  .map(([header, rows, delimiter]) => Buffer.from(csvText([header, ...rows], delimiter)));

const damage = fc.record({
  at: fc.nat(4000),
  removed: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(200)),
  added: fc.array(fc.constantFrom(...Buffer.from('",;\t|\r\n a1@=\0\xc3\xff', 'latin1')), { maxLength: 3 }),
});

const damaged = fc.tuple(table, fc.array(damage, { minLength: 1, maxLength: 5 })).map(([bytes, wounds]) =>
  wounds.reduce((file, { at, removed, added }) => {
    const start = at % (file.length + 1);
    return Buffer.concat([file.subarray(0, start), Buffer.from(added), file.subarray(start + removed)]);
  }, bytes),
);

const otherEncodings = table.chain((bytes) =>
  fc.constantFrom<Buffer>(
    Buffer.from(bytes.toString('utf8'), 'utf16le'),
    Buffer.from(bytes.toString('utf8'), 'latin1'),
    Buffer.from(`sep=;\n${bytes.toString('utf8')}`),
  ),
);

const anyBytes = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes));

/** Bytes of a file: mostly readable, often wrong, sometimes nonsense. */
export const anyFile = fc.oneof(
  { weight: 5, arbitrary: table },
  { weight: 3, arbitrary: damaged },
  { weight: 1, arbitrary: otherEncodings },
  { weight: 1, arbitrary: anyBytes },
);
