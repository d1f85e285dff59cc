// An import survives the death of its process at any moment (SECURITY.md, after SQLite's crash.test and
// writecrash.test), and a process that only slept changes nothing afterwards.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passing } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { eventually } from '../support/eventually.js';
import { ended, fileOf, stateOf, toReview } from '../support/imports.js';
import { countOf } from '../support/peek.js';
import { setUp } from '../support/people.js';
import { onPostgres, type Rollcall, startRollcall } from '../support/rollcall.js';
import { randomNumbers, seeded } from '../support/seed.js';
import { figure, rounds } from '../support/thorough.js';
import type { Visitor } from '../support/visitor.js';
import { expectWhole, resumed } from './whole.js';

/** Moments between the click and the end at which the process is killed. */
const kills = rounds(4, 100);
/** Two transactions: the kills meet one in the middle as well as the time between two. */
const people = 300;
/** Servers side by side: while one waits for the lease of its dead one to end, the others are at work. */
const lanes = 3;
const signIns = rounds(5, 20);

const key = randomBytes(32).toString('base64');
process.env.SECRET_KEY = key;

jest.setTimeout(3_600_000);

test(`R-01: after a kill at any of ${kills} moments every one of ${people} users is there, once and whole ${seeded}`, async () => {
  const random = randomNumbers();
  const step = 1 / kills;
  const moments = Array.from({ length: kills }, (_, round) => ({
    round,
    moment: (round + random()) * step,
    chosen: random(),
  }));
  let middle = 0;
  const lane = async () => {
    const rollcall = await startRollcall({ env: { SECRET_KEY: key } });
    const chief = await setUp(rollcall);
    const duration = await durationOfImport(chief);
    for (let next = moments.pop(); next; next = moments.pop()) {
      const prefix = `round${next.round}.`;
      try {
        const id = await toReview(chief, fileOf(people, prefix));
        const click = chief.post(`/imports/${id}/run`).catch(() => undefined);
        await passing(next.moment * duration);
        await rollcall.kill();
        await click;
        await rollcall.start();
        const { state } = await stateOf(chief, id);
        if (state === 'running' || state === 'queued') middle++;
        await resumed(chief, id, people);
        await expectWhole(rollcall, { id, prefix, people, signIns, chosen: next.chosen });
      } catch (error) {
        moments.length = 0;
        throw new Error(`Round ${next.round}, killed after ${next.moment * duration} ms of ${duration}`, {
          cause: error,
        });
      }
    }
    await rollcall.stop();
  };
  await inLanes(lane);
  figure('R-01', `kills that left whole imports of ${people} users`, kills);
  figure('R-01', 'of them while the import was at work', middle);
});

test('R-02: after a death at any commit of an import every user is there, once and whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-deaths-'));
  const preload = pathToFileURL(join(process.cwd(), 'test/reliability/die-at-commit.mjs')).href;
  // Right after a commit is hardly another moment than before the next one.
  const sides = rounds(1, 2) === 1 ? ['before'] : ['before', 'after'];
  let moment = 0;
  let survived = 0;
  // The lanes walk together from the first commit to the one that never comes.
  const lane = async (_: unknown, number: number) => {
    const file = join(folder, String(number));
    const env = { SECRET_KEY: key, NODE_OPTIONS: `--import ${preload}`, DIE_AT: file };
    const rollcall = await startRollcall({ env });
    const chief = await setUp(rollcall);
    for (let died = true; died;) {
      const [commit, side] = [Math.floor(moment / sides.length) + 1, sides[moment++ % sides.length]];
      const prefix = `${side}${commit}.`;
      const id = await toReview(chief, fileOf(people, prefix));
      await arm(rollcall, file, `${commit} ${side}`);
      died = await diesWhile(rollcall, async () => {
        await chief.post(`/imports/${id}/run`);
        await ended(chief, id);
      });
      // Others commit too, such as the seals of the audit log: one of them may be the last that it lives to see.
      died ||= await diesWhile(rollcall, () => arm(rollcall, file, 'Infinity before'));
      if (died) await rollcall.start();
      await resumed(chief, id, people);
      await expectWhole(rollcall, { id, prefix, people, signIns: 1 });
      if (died) survived++;
    }
    await rollcall.stop();
  };
  await inLanes(lane).finally(() => rmSync(folder, { recursive: true }));
  // The click, the claim, two transactions of rows and the end are five.
  expect(survived).toBeGreaterThanOrEqual(5 * sides.length);
  figure('R-02', `deaths ${sides.join(' and ')} each commit of an import, all survived`, survived);
});

onPostgres(
  'R-01: a server that slept while another one finished its import changes nothing when it wakes up',
  async () => {
    const sleeper = await startRollcall({ env: { SECRET_KEY: key } });
    const chief = await setUp(sleeper);
    const id = await toReview(chief, fileOf(people, 'asleep'));
    // Hashing such passwords takes a while, so the server falls asleep between two transactions.
    await chief.open(`/imports/${id}/options`);
    await chief
      .form('Next')
      .check('Generate user passwords with digits only (not recommended)')
      .press('Next');
    await chief.post(`/imports/${id}/run`);
    await eventually(
      async () => expect((await stateOf(chief, id)).counts.created).toBeGreaterThan(0),
      30_000,
    );
    await fallAsleep(sleeper);
    expect(await countOf(sleeper, `jobs WHERE subject_id = ${id} AND state = 'running'`)).toBe(1);
    const other = await startRollcall({ beside: sleeper, env: { SECRET_KEY: key } });
    const awake = chief.copy(other.address);
    expect((await ended(awake, id)).counts).toMatchObject({ created: people });
    sleeper.signal('SIGCONT');
    // Stopping lets a step end that is under way: it has its say about the import, if it has one.
    await sleeper.restart();
    expect(await stateOf(chief, id)).toMatchObject({
      state: 'finished',
      counts: { read: people, created: people },
    });
    expect(
      await countOf(sleeper, `audit_entries WHERE action = 'import.finished' AND subject_id = ${id}`),
    ).toBe(1);
    expect(await countOf(sleeper, `users WHERE username LIKE 'asleep%'`)).toBe(people);
    await other.stop();
    await sleeper.stop();
  },
);

/** Waits for all lanes, also when one has failed: a server that another one starts afterwards would outlive the test. */
async function inLanes(lane: (_: unknown, number: number) => Promise<void>): Promise<void> {
  const all = Array.from({ length: lanes }, lane);
  await Promise.allSettled(all);
  await Promise.all(all);
}

/** Freezes a server at a moment at which it holds no transaction open: others would wait for that. */
async function fallAsleep(rollcall: Rollcall): Promise<void> {
  for (;;) {
    rollcall.signal('SIGSTOP');
    const open = `pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
    if ((await countOf(rollcall, open)) === 0) return;
    rollcall.signal('SIGCONT');
    await passing(20);
  }
}

/** Tells a server at which of its next commits to die: see die-at-commit.mjs. */
async function arm(rollcall: Rollcall, file: string, when: string): Promise<void> {
  const before = rollcall.log().length;
  writeFileSync(file, when);
  rollcall.signal('SIGUSR2');
  await eventually(async () => expect(rollcall.log().slice(before)).toContain('Armed'), 30_000);
}

/** True when the server dies before the work is done. */
async function diesWhile(rollcall: Rollcall, work: () => Promise<void>): Promise<boolean> {
  const death = rollcall.died().then(() => true);
  const done = work().then(
    () => false,
    // A request fails a moment before the end of the process that it asked is known.
    (error: Error) => Promise.race([death, passing(5_000).then(() => Promise.reject(error))]),
  );
  return Promise.race([death, done]);
}

/** Milliseconds from the click to the end. */
async function durationOfImport(chief: Visitor): Promise<number> {
  const id = await toReview(chief, fileOf(people, 'measured.'));
  const begun = performance.now();
  await chief.post(`/imports/${id}/run`);
  await ended(chief, id);
  return performance.now() - begun;
}
