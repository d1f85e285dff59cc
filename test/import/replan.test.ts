// A correction of one row, and what a look at the whole file would find instead.
import fc from 'fast-check';
import type { Answers } from '../../src/import/answers.js';
import {
  Claims,
  claimsOf,
  plan,
  readRows,
  type PlannedRow,
  type ReadRow,
  type StoredRow,
} from '../../src/import/plan.js';
import { replan, type Claimed, type Surroundings } from '../../src/import/replan.js';
import { ReviewCount, type ReviewTotals } from '../../src/import/review-totals.js';
import { allPermissions } from '../../src/web/permissions.js';
import { directoryFor, takenBy } from '../support/planning.js';
import { rounds } from '../support/thorough.js';

const numRuns = Number(process.env.FUZZ_RUNS ?? rounds(100, 10_000));

const headers = ['Username', 'Email', 'Virtual Extension', 'Role', 'PBX Device', 'Desk'];
const answers: Answers = {
  'username.column': '1',
  'email.column': '2',
  'extension.column': '3',
  'role.source': 'column:4',
  'sip.source': 'classic_pbx',
  'pbxDomain.source': 'dialer',
  'pbxDomain.value': '1',
  'pbxDevice.column': '5',
  'desks.source': 'column:6',
};
const directory = directoryFor(headers, allPermissions, {});
const taken = takenBy([{ id: 1, username: 'anna1', email: 'ben2@example.com', extension: 101 }]);
const rowsOfPart = 7;

interface Found {
  planned: PlannedRow[];
  claimed: string[];
  totals: ReviewTotals;
}

/** A look at all rows. */
function look(rows: StoredRow[]): Found {
  const planned = plan(readRows(rows, answers, directory), taken, new Claims(1));
  return { planned, claimed: shown(claimedBy(planned)), totals: totalsOf(rows, planned, rows.length) };
}

function claimedBy(planned: PlannedRow[]): Claimed[] {
  return planned.flatMap(({ number, state, values }) =>
    state === 'skipped'
      ? []
      : claimsOf(values).map((key) => ({ key, row: number, holds: state === 'ready' })),
  );
}

function shown(claimed: Claimed[]): string[] {
  return claimed.map(({ key, row, holds }) => `${key}: ${row}${holds ? ' holds it' : ''}`).sort();
}

/** Counted in parts that are kept as text in between, as the database keeps them. */
function totalsOf(rows: StoredRow[], planned: PlannedRow[], atOnce: number): ReviewTotals {
  const whole = new ReviewCount(answers, directory);
  for (let from = 0; from < rows.length; from += atOnce) {
    const part = new ReviewCount(answers, directory);
    for (let at = from; at < Math.min(from + atOnce, rows.length); at++) part.look(rows[at], planned[at]);
    whole.add(JSON.parse(JSON.stringify(part.part())) as ReturnType<ReviewCount['part']>);
  }
  return JSON.parse(JSON.stringify(whole.totals())) as ReviewTotals;
}

/** Adjusts what was found before to the correction of one row. */
async function adjusted(before: Found, rows: StoredRow[], corrected: StoredRow, most = 1000) {
  const now = rows.map((row) => (row.number === corrected.number ? corrected : row));
  const read = (some: StoredRow[]): ReadRow[] => readRows(some, answers, directory);
  const claimed = claimedBy(before.planned);
  const surroundings: Surroundings = {
    rows: (numbers) =>
      Promise.resolve({ read: read(now.filter(({ number }) => numbers.includes(number))), taken }),
    claimed: (keys, limit) =>
      Promise.resolve(claimed.filter(({ key }) => keys.includes(key)).slice(0, limit)),
  };
  const [old] = read(rows.filter(({ number }) => number === corrected.number));
  const replanned = await replan(1, old, surroundings, most);
  if (!replanned) return undefined;
  const changed = new Map(replanned.rows.map((row) => [row.number, row]));
  const planned = before.planned.map((row) => changed.get(row.number) ?? row);
  const gone = new Set(shown(replanned.dropped));
  const left = [...shown(claimed).filter((text) => !gone.has(text)), ...shown(replanned.added)].sort();
  const found: Found = { planned, claimed: left, totals: totalsOf(now, planned, rowsOfPart) };
  return { now, found, replanned };
}

// Few of each, so that rows clash in all ways there are; seldom anything else is wrong.
const person = fc.nat(11).map((number) => `user${number}`);
const seldom = <T>(usual: fc.Arbitrary<T>, ...odd: T[]) =>
  fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: fc.constantFrom(...odd) });
const address = person.map((text) => `${text.toUpperCase()}@example.com`);
const cells = fc.tuple(
  seldom(fc.oneof({ weight: 4, arbitrary: person }, address), '', 'x y', 'anna1', 'NULL'),
  seldom(address, '', 'nobody', 'gus7@example.com', 'ben2@example.com'),
  seldom(fc.integer({ min: 1100, max: 1112 }).map(String), '', '0101', '1.0E+03', '101', '102'),
  seldom(fc.constant('Agent'), 'Agnet', 'Administrator'),
  seldom(fc.integer({ min: 811, max: 825 }).map(String), '', 'none'),
  seldom(fc.constantFrom('', 'North'), 'Nrth', 'Nrth|Suoth'),
);
const rowsOfFile = fc
  .array(fc.record({ cells, skipped: fc.nat(9).map((digit) => digit === 0) }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((rows) =>
    rows.map((row, index): StoredRow => ({
      ...row,
      number: 2 * index + 2,
      edits: null,
      badText: index % 9 === 8,
    })),
  );
const correction = fc.record({
  at: fc.nat(12),
  cells: fc.option(cells),
  only: fc.nat(5),
  skipped: fc.boolean(),
});

test('corrections one after the other come to what a look at the whole file finds', async () => {
  let touched = 0;
  let turned = 0;
  await fc.assert(
    fc.asyncProperty(
      rowsOfFile,
      fc.array(correction, { minLength: 2, maxLength: 5 }),
      async (first, corrections) => {
        let rows = first;
        let before = look(rows);
        for (const { at, cells: typed, only, skipped } of corrections) {
          const row = rows[at % rows.length];
          const edits = typed ? { ...row.edits, [only]: typed[only] } : row.edits;
          const corrected = typed ? { ...row, edits } : { ...row, skipped };
          const { now, found, replanned } = (await adjusted(before, rows, corrected))!;
          expect(found).toEqual(look(now));
          touched += replanned.rows.length;
          turned += replanned.rows.filter(
            ({ number, state }) =>
              number !== row.number && before.planned.find((one) => one.number === number)!.state !== state,
          ).length;
          rows = now;
          before = found;
        }
      },
    ),
    { numRuns },
  );
  // Else rows are too different to have anything to do with each other.
  expect(touched).toBeGreaterThan(numRuns * 2);
  expect(turned).toBeGreaterThan(numRuns / 10);
});

const stored = (number: number, username: string, email: string): StoredRow => ({
  number,
  cells: [username, email, String(200 + number), 'Agent', `08${number}`, ''],
  edits: null,
  badText: false,
  skipped: false,
});

test('the next row takes the name that a row gives up, and the rows behind it say so', async () => {
  const rows = [2, 3, 4].map((number) => stored(number, 'carl', `c${number}@example.com`));
  const before = look(rows);
  expect(before.planned.map(({ state }) => state)).toEqual(['ready', 'duplicate', 'duplicate']);
  const { found } = (await adjusted(before, rows, { ...rows[0], edits: { 0: 'dora' } }))!;
  expect(found.planned.map(({ state }) => state)).toEqual(['ready', 'ready', 'duplicate']);
  expect(found.planned[2].problems).toMatchObject([{ field: 'username', values: { row: 3 } }]);
});

test('where very many rows have the same name the whole file is looked at', async () => {
  const rows = Array.from({ length: 60 }, (_, index) => stored(index + 2, 'carl', `c${index}@example.com`));
  expect(await adjusted(look(rows), rows, { ...rows[0], skipped: true }, 50)).toBeUndefined();
  expect(await adjusted(look(rows), rows, { ...rows[0], skipped: true }, 60)).toBeDefined();
});
