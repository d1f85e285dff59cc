import fc from 'fast-check';
import { controlsOf } from '../../src/import/answers.js';
import type { ValueChoices } from '../../src/import/value-choices.js';
import type { PlannedRow } from '../../src/import/plan.js';
import { readFile } from '../support/read-whole.js';
import { deviceKey } from '../../src/users/taken.js';
import type { UserValues } from '../../src/users/user-fields.js';
import { nameKey } from '../../src/web/names.js';
import type { Problem } from '../../src/web/problem.js';
import { anyFile } from '../support/files.js';
import { limits, planRead, type Planning } from '../support/planning.js';
import { rounds } from '../support/thorough.js';

const numRuns = Number(process.env.FUZZ_RUNS ?? rounds(500, 10_000));

const controls = [...controlsOf('fields'), ...controlsOf('security'), ...controlsOf('options')];
const answer = fc.constantFrom<string | string[]>(
  '',
  '1',
  '2',
  '3',
  '99',
  'dialer',
  'column:1',
  'column:3',
  'file',
  'on',
  'classic_pbx',
  'custom_uri',
  '__proto__',
  'x',
  ['1', '2'],
);

const planning: fc.Arbitrary<Planning> = fc.record({
  answers: fc.dictionary(fc.constantFrom(...controls, 'extension.generateMissing'), answer, {
    maxKeys: 6,
  }),
  users: fc.subarray([
    { id: 1, username: 'u1.x', email: 'someone@example.com', extension: 100 },
    {
      id: 2,
      username: 'else',
      email: 'u2.x@example.com',
      extension: 101,
      device: { domain: 1, number: '0815' },
    },
  ]),
  valueChoices: fc.constantFrom<ValueChoices>(
    {},
    { roles: { agnet: 2 } },
    { desks: { berlin: 1, lisbon: 99 } },
  ),
  skipped: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 }),
  edits: fc.constantFrom<NonNullable<Planning['edits']>>(
    {},
    { 3: { 0: 'u3.x', 1: 'u3.x@example.com' } },
    { 4: { 7: 'x' } },
  ),
});

test('CS-3: whatever is in a file and whatever was chosen, every row comes to one thing, and nobody gets what another has', () => {
  let planned = 0;
  fc.assert(
    fc.property(anyFile, planning, (bytes, chosen) => {
      const result = readFile(bytes, { limits });
      if ('problem' in result) return;
      const rows = planRead(result.file, chosen);
      planned += rows.length;
      expect(rows.map(({ number }) => number)).toEqual(result.file.rows.map(({ number }) => number));
      expect(rows.filter((row) => !isOneThing(row, chosen.skipped!))).toEqual([]);
      expect(rows.flatMap(({ problems }) => problems.filter((problem) => !isSaid(problem)))).toEqual([]);
      const ready = rows.filter(({ state }) => state === 'ready').map(({ values }) => values);
      const named = ready.flatMap(({ username, email }) => [...new Set([nameKey(username), nameKey(email)])]);
      const held = chosen.users!.flatMap(({ username, email }) => [nameKey(username), nameKey(email)]);
      expectDifferent([...named, ...held]);
      expectDifferent([
        ...ready.flatMap(({ extension }) => extension ?? []),
        ...chosen.users!.map(({ extension }) => extension),
      ]);
      expectDifferent(
        ready.flatMap(({ pbxDomain, pbxDevice }) =>
          pbxDomain && pbxDevice ? [deviceKey(pbxDomain, pbxDevice)] : [],
        ),
      );
      expect(ready.filter((values) => !canSignIn(values))).toEqual([]);
    }),
    { numRuns },
  );
  // Else the files are too broken to test anything.
  expect(planned).toBeGreaterThan(numRuns);
});

function isOneThing({ number, state, problems }: PlannedRow, skipped: number[]): boolean {
  if (skipped.includes(number)) return state === 'skipped';
  if (problems.length === 0) return state === 'ready';
  const isDuplicate = problems.every(({ code }) => code.startsWith('duplicate_'));
  return state === (isDuplicate ? 'duplicate' : 'error');
}

function isSaid({ text, values = {} }: Problem): boolean {
  const names = [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
  return /[.?]$/.test(text) && names.every((name) => values[name] !== undefined);
}

function canSignIn({ username, email, roles }: UserValues): boolean {
  return (
    /^[A-Za-z0-9][A-Za-z0-9._@-]{2,63}$/.test(username) && /^[^\s@]+@[^\s@]+$/.test(email) && roles.length > 0
  );
}

function expectDifferent(values: unknown[]): void {
  expect(new Set(values).size).toBe(values.length);
}
