// Two people, two clicks, two tabs, two servers: whatever happens at once, every user is made once (SECURITY.md ).
import { randomBytes } from 'node:crypto';
import { ended, fileOf, type ImportState, importOf, stateOf, toReview } from '../support/imports.js';
import { newcomer } from '../support/newcomers.js';
import { countOf, rowsOf } from '../support/peek.js';
import { setUp } from '../support/people.js';
import { type Rollcall, onPostgres, startRollcall } from '../support/rollcall.js';
import { figure, rounds } from '../support/thorough.js';
import { Visitor } from '../support/visitor.js';

/** Numbers of the rounds of each kind: as many as there are extensions for. */
const courses = Array.from({ length: rounds(5, 14) }, (_, round) => round + 1);
const key = randomBytes(32).toString('base64');
let rollcall: Rollcall;
let chief: Visitor;
let second: Visitor;

jest.setTimeout(400_000);

beforeAll(async () => {
  rollcall = await startRollcall({ env: { SECRET_KEY: key } });
  chief = await setUp(rollcall);
  second = await newcomer(rollcall, chief, 'second.chief', [
    'Create users from a file',
    'See users',
    'Create users',
  ]);
});

afterEach(() => expect(rollcall.failures()).toEqual([]));

describe('two administrators import the same 500 people at once', () => {
  test.each(courses)('R-03: with generated extensions, round %i', async (round) => {
    await expectEachOnce(chief, second, fileOf(500, `generated${round}.`), `generated${round}.`);
  });

  test.each(courses)('R-03: with the extensions of the file, round %i', async (round) => {
    await expectEachOnce(
      chief,
      second,
      numbered(500, `numbered${round}.`, 10_000 * round),
      `numbered${round}.`,
    );
  });

  onPostgres('R-03: at two servers of one database', async () => {
    const other = await startRollcall({ beside: rollcall, env: { SECRET_KEY: key } });
    const there = second.copy(other.address);
    for (const round of [1, 2, 3]) {
      await expectEachOnce(chief, there, fileOf(500, `servers${round}.`), `servers${round}.`);
    }
    await other.stop();
    expect(other.failures()).toEqual([]);
  });
});

test('R-05: extensions that are generated for several imports at once are all different, and the lowest', async () => {
  const before = await countOf(rollcall, 'users WHERE extension BETWEEN 1000 AND 9999');
  const ids = [];
  for (const name of ['first', 'second', 'third', 'fourth'])
    ids.push(await toReview(chief, fileOf(120, `${name}.lot.`)));
  await Promise.all(ids.map((id) => chief.post(`/imports/${id}/run`)));
  for (const id of ids) expect((await ended(chief, id)).counts.created).toBe(120);
  const [{ highest }] = await rowsOf<{ highest: number }>(
    rollcall,
    'SELECT MAX(extension) AS highest FROM users WHERE extension BETWEEN 1000 AND 9999',
  );
  expect(highest).toBe(1000 + before + 480 - 1);
});

test('UP-7: five imports of a person are at work at once; a sixth waits until one has ended', async () => {
  const ids = [];
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f'])
    ids.push(await toReview(chief, fileOf(300, `work.${name}.`)));
  const start = (id: number) => chief.post(`/imports/${id}/run`, { confirmed: 'on' });
  const answers = await Promise.all(ids.map(start));
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([303, 303, 303, 303, 303, 429]);
  const left = ids[answers.findIndex(({ status }) => status === 429)];
  expect((await stateOf(chief, left)).state).toBe('draft');
  for (const id of ids) if (id !== left) expect((await ended(chief, id)).counts.created).toBe(300);
  expect((await start(left)).status).toBe(303);
  expect((await ended(chief, left)).counts.created).toBe(300);
});

describe('Import Users', () => {
  test('R-04: clicked five times at once starts one import, and every answer leads to it', async () => {
    for (let round = 0; round < rounds(4, 40); round++) {
      const id = await toReview(chief, fileOf(100, `clicks${round}.`));
      const answers = await Promise.all(Array.from({ length: 5 }, () => chief.post(`/imports/${id}/run`)));
      expect(answers.map(({ status, headers }) => [status, headers.get('location')])).toEqual(
        Array.from({ length: 5 }, () => [303, `/imports/${id}`]),
      );
      expect((await ended(chief, id)).counts).toMatchObject({ read: 100, created: 100 });
      expect(await countOf(rollcall, `jobs WHERE kind = 'import' AND subject_id = ${id}`)).toBe(1);
      expect(
        await countOf(rollcall, `audit_entries WHERE action = 'import.started' AND subject_id = ${id}`),
      ).toBe(1);

      const late = await chief.post(`/imports/${id}/run`);
      expect([late.status, late.headers.get('location')]).toEqual([303, `/imports/${id}`]);
      expect((await stateOf(chief, id)).counts).toMatchObject({ read: 100, created: 100 });
      expect(await countOf(rollcall, `users WHERE username LIKE 'clicks${round}.%'`)).toBe(100);
    }
    figure('R-04', 'imports of 100 users that were started five times at once', rounds(4, 40));
  });

  test('is not there any more after Back or in a second tab: every step leads to the result', async () => {
    const id = await toReview(chief, fileOf(20, 'tabs'));
    const tab = chief.copy();
    await tab.open(`/imports/${id}/options`);
    await chief.press('Import Users');
    await ended(chief, id);
    for (const step of ['fields', 'security', 'options', 'review']) {
      await chief.open(`/imports/${id}/${step}`);
      expect(chief.page.path).toBe(`/imports/${id}`);
    }
    await tab.press('Next');
    expect(tab.page.path).toBe(`/imports/${id}`);
    const rows = await tab.post(`/imports/${id}/rows/2`, { do: 'skip' });
    expect([rows.status, rows.headers.get('location')]).toEqual([303, `/imports/${id}`]);
    for (const action of ['names', 'generate', 'reading', 'fields', 'security', 'options']) {
      const answer = await tab.post(`/imports/${id}/${action}`, {
        'field.0': 'desks',
        'value.0': 'x',
        'choice.0': '1',
      });
      expect([action, answer.status, answer.headers.get('location')]).toEqual([
        action,
        303,
        `/imports/${id}`,
      ]);
    }
    const discarded = await tab.post(`/imports/${id}/discard`);
    expect(discarded.status).toBe(409);
    expect((await stateOf(chief, id)).counts).toMatchObject({ read: 20, created: 20 });
  });

  test('shows the same import after a reload and to somebody who comes back later', async () => {
    const id = await toReview(chief, fileOf(300, 'reload'));
    await chief.press('Import Users');
    expect(importOf(chief)).toBe(id);
    await chief.open(`/imports/${id}`);
    await chief.open('/imports');
    await chief.follow(`users.csv (import #${id})`);
    expect((await ended(chief, id)).counts).toMatchObject({ read: 300, created: 300 });
    await chief.open(`/imports/${id}`);
    expect(chief.page.hasButton('Download Success Details')).toBe(true);
  });

  test('and Discard File at the same moment: one of them wins, nothing is half done', async () => {
    for (let round = 0; round < 4; round++) {
      const id = await toReview(chief, fileOf(30, `discard${round}.`));
      const [run, discard] = await Promise.all([
        chief.post(`/imports/${id}/run`),
        chief.post(`/imports/${id}/discard`),
      ]);
      const users = `users WHERE username LIKE 'discard${round}.%'`;
      if (discard.status === 303) {
        expect([303, 404]).toContain(run.status);
        expect((await chief.get(`/imports/${id}`)).status).toBe(404);
        expect(await countOf(rollcall, `jobs WHERE subject_id = ${id} AND kind = 'import'`)).toBe(0);
        expect(await countOf(rollcall, users)).toBe(0);
      } else {
        expect(discard.status).toBe(409);
        expect((await ended(chief, id)).counts.created).toBe(30);
      }
    }
  });
});

/** Both import one file at once: every one of its people exists once, and each import accounts for all rows. */
async function expectEachOnce(one: Visitor, other: Visitor, file: string, prefix: string): Promise<void> {
  const [first, second] = [await toReview(one, file), await toReview(other, file)];
  const started = await Promise.all([
    one.post(`/imports/${first}/run`),
    other.post(`/imports/${second}/run`),
  ]);
  expect(started.map(({ status }) => status)).toEqual([303, 303]);
  const ends: ImportState[] = await Promise.all([ended(one, first), ended(other, second)]);
  expect(ends.map(({ state }) => state)).toEqual(['finished', 'finished']);
  expect(ends[0].counts.created + ends[1].counts.created).toBe(500);
  for (const { counts } of ends) {
    expect(counts).toEqual({
      read: 500,
      created: counts.created,
      duplicate: 500 - counts.created,
      error: 0,
      skipped: 0,
    });
  }
  const users = `users WHERE username LIKE '${prefix}%'`;
  expect(await countOf(rollcall, users)).toBe(500);
  expect(await countOf(rollcall, `${users} AND id IN (SELECT user_id FROM user_roles)`)).toBe(500);
  expect(
    await countOf(rollcall, `audit_entries WHERE action = 'user.created' AND subject_name LIKE '${prefix}%'`),
  ).toBe(500);
}

function numbered(count: number, prefix: string, from: number): string {
  const [header, ...rows] = fileOf(count, prefix).split('\n');
  return [`${header},Virtual Extension`, ...rows.map((row, index) => `${row},${from + index}`)].join('\n');
}
