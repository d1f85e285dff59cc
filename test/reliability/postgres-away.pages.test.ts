// PostgreSQL goes away and comes back while Rollcall works (SECURITY.md R-07, after PostgreSQL's 013_crash_restart.pl).
import { randomBytes } from 'node:crypto';
import { setTimeout as passing } from 'node:timers/promises';
import { fileOf, toReview } from '../support/imports.js';
import { rowsOf } from '../support/peek.js';
import { setUp } from '../support/people.js';
import { startCluster } from '../support/postgres.mjs';
import { onPostgres, type Rollcall, startRollcall } from '../support/rollcall.js';
import { figure, rounds } from '../support/thorough.js';
import { Visitor } from '../support/visitor.js';
import { underLoad } from './load.js';
import { expectWhole, resumed } from './whole.js';

const crashes = rounds(1, 20);
/** Seconds that it stays away in the last round. */
const away = rounds(2, 60);
const people = 250;
const poolSize = 10;
const key = randomBytes(32).toString('base64');
process.env.SECRET_KEY = key;

jest.setTimeout(1_800_000);

onPostgres(
  'R-07: while PostgreSQL is away every page says so, and once it is back the import that it interrupted goes on',
  async () => {
    // A cluster of its own: the other tests go on with theirs.
    const cluster = (await startCluster())!;
    const others = process.env.ROLLCALL_TEST_POSTGRES;
    process.env.ROLLCALL_TEST_POSTGRES = cluster.url;
    let rollcall: Rollcall | undefined;
    try {
      rollcall = await startRollcall({ env: { SECRET_KEY: key } });
      const chief = await setUp(rollcall);
      const waits = [];
      for (let round = 0; round < crashes; round++) {
        const prefix = `away${round}.`;
        const id = await toReview(chief, fileOf(people, prefix));
        const load = underLoad(chief, '/users');
        await chief.post(`/imports/${id}/run`);
        await passing(100 + (round * 500) / crashes);
        await cluster.crash();
        await expectUnavailable(chief);
        if (round === crashes - 1) await passing(away * 1000);
        await cluster.start();
        waits.push(await wellAgain(chief));
        const { statuses, cut } = await load.end();
        expect([cut, Object.keys(statuses)]).toEqual([0, ['200', '503']]);
        await resumed(chief, id, people);
        await expectWhole(rollcall, { id, prefix, people, signIns: 1 });
      }
      const [{ connections }] = await rowsOf<{ connections: string }>(
        rollcall,
        `SELECT COUNT(*) AS connections FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
      expect(Number(connections)).toBeLessThanOrEqual(poolSize);
      expect(Math.max(...waits)).toBeLessThan(5_000);
      // What failed is told, without the values that it failed with.
      expect(rollcall.log()).not.toMatch(/@example\.com|argon2/);
      figure(
        'R-07',
        'times PostgreSQL went away during an import, the last time for',
        `${crashes}, ${away} s`,
      );
      figure(
        'R-07',
        'pages well again after it came back, at the latest',
        `${Math.round(Math.max(...waits))} ms`,
      );
      figure('R-07', 'connections at the end', connections);
    } finally {
      await rollcall?.stop();
      process.env.ROLLCALL_TEST_POSTGRES = others;
      await cluster.stop();
    }
  },
);

async function expectUnavailable(chief: Visitor): Promise<void> {
  const page = await chief.get('/users');
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '5']);
  expect(page.text).toContain('Rollcall cannot work just now');
  expect(page.text).not.toMatch(/ECONNREFUSED|at .*\.js|127\.0\.0\.1/);
  const probe = new Visitor(chief.address);
  expect((await probe.get('/readyz')).status).toBe(503);
  expect((await probe.get('/healthz')).status).toBe(200);
}

/** Milliseconds until the first page is answered. */
async function wellAgain(chief: Visitor): Promise<number> {
  for (const begun = performance.now(); ;) {
    const { status } = await chief.get('/users');
    if (status === 200) return performance.now() - begun;
    if (performance.now() - begun > 30_000) throw new Error(`/users still answers ${status}`);
    await passing(50);
  }
}
