// Many sessions, an import beside people at work, and a long run (SECURITY.md ).
import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as passing } from 'node:timers/promises';
import { derivedKey, tokenHash } from '../../src/database/sealed.js';
import { ended, fileOf, importFile, successDetails, toReview } from '../support/imports.js';
import { change, countOf, rowsOf } from '../support/peek.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { figure } from '../support/thorough.js';
import type { Visitor } from '../support/visitor.js';
import { percentile, underLoad } from './load.js';
import { descriptorsOf, memoryOf } from './process.js';

const sessions = 10_000;
const busySeconds = 30;
const soakMinutes = Number(process.env.SOAK_MINUTES ?? 3);
const key = randomBytes(32).toString('base64');
process.env.SECRET_KEY = key;

let rollcall: Rollcall;
let chief: Visitor;

jest.setTimeout((soakMinutes + 10) * 60_000);

beforeAll(async () => {
  rollcall = await startRollcall({ env: { SECRET_KEY: key } });
  chief = await setUp(rollcall);
});

test(`R-13: the server answers while an import of 500 users runs`, async () => {
  const id = await toReview(chief, fileOf(500, 'beside'));
  await loopDelay();
  const load = underLoad(chief, '/users', { lanes: 2, pause: 100 });
  const begun = performance.now();
  await chief.post(`/imports/${id}/run`);
  await ended(chief, id);
  const took = performance.now() - begun;
  const { times, cut } = await load.end();
  const late = await loopDelay();
  expect(cut).toBe(0);
  expect(took).toBeLessThan(20_000);
  // 300 ms are promised; a machine with other work may take longer.
  expect(percentile(times, 95)).toBeLessThan(1_000);
  figure('R-13', 'an import of 500 users beside 20 pages a second', `${(took / 1000).toFixed(1)} s`);
  figure('R-13', 'pages meanwhile, p95 (300 ms are promised)', `${percentile(times, 95)} ms`);
  figure('R-13', 'event loop late meanwhile, p99', `${Math.round(late)} ms`);
});

test(`R-10: ${sessions} live sessions are served like one, and end all at once without anybody waiting`, async () => {
  const memoryBefore = memoryOf(rollcall.pid);
  const ids = Array.from({ length: sessions }, () => randomBytes(24).toString('base64url'));
  await begin(ids);
  const load = underLoad(chief, '/users', { lanes: 8, pause: 20, cookie: () => cookieOf(atRandom(ids)) });
  await passing(busySeconds * 1000);
  const { times, statuses, cut } = await load.end();
  const growth = memoryOf(rollcall.pid) - memoryBefore;
  expect([cut, Object.keys(statuses)]).toEqual([0, ['200']]);
  expect(await countOf(rollcall, 'sessions WHERE ended_at IS NULL')).toBe(sessions + 1);
  expect(growth).toBeLessThan(150);
  await change(rollcall, `UPDATE sessions SET expires_at = ${Date.now()}`);
  const alive = underLoad(chief, '/healthz', { lanes: 1, pause: 5 });
  const begun = Date.now();
  // Nobody asks with them any more: the keeper finds them within a minute.
  while ((await countOf(rollcall, 'sessions WHERE ended_at IS NULL')) > 0) {
    if (Date.now() - begun > 90_000) throw new Error('Sessions that are over are still live after 90 s');
    await passing(200);
  }
  const { times: waits } = await alive.end();
  chief = await signIn(rollcall, administrator, password);
  figure('R-10', 'sessions', sessions);
  figure('R-10', 'pages a second', Math.round(times.length / busySeconds));
  figure('R-10', 'pages, p95', `${percentile(times, 95)} ms`);
  figure('R-10', 'memory', `${growth > 0 ? '+' : ''}${growth} MB`);
  figure('R-10', 'longest wait for an answer while all of them end', `${percentile(waits, 100)} ms`);
});

test(`R-18: after ${soakMinutes} minutes of work memory, descriptors and connections are what they were`, async () => {
  let imports = 0;
  let visits = 0;
  const work = async (until: number) => {
    while (Date.now() < until) {
      await importFile(chief, fileOf(50, `soak${imports++}.`));
      const [line] = await successDetails(chief);
      const agent = await signIn(rollcall, line.Username, line['Temporary Password']);
      expect(agent.page.path).toBe('/password');
      const load = underLoad(chief, '/users', { lanes: 2, pause: 80 });
      await passing(5_000);
      visits += (await load.end()).times.length;
    }
  };
  const begun = Date.now();
  // Until then caches and pools fill.
  await work(begun + soakMinutes * 20_000);
  const before = { at: Date.now(), memory: memoryOf(rollcall.pid), open: descriptorsOf(rollcall.pid) };
  await work(begun + soakMinutes * 60_000);
  await passing(6_000);
  const slope = ((memoryOf(rollcall.pid) - before.memory) / (Date.now() - before.at)) * 60_000;
  const open = descriptorsOf(rollcall.pid);
  expect(rollcall.failures()).toEqual([]);
  expect(Math.abs(open - before.open)).toBeLessThanOrEqual(15);
  expect(await countOf(rollcall, `users WHERE username LIKE 'soak%'`)).toBe(imports * 50);
  expect(
    await countOf(rollcall, `audit_entries WHERE subject_name LIKE 'soak%' AND action = 'user.created'`),
  ).toBe(imports * 50);
  figure('R-18', 'a run of', `${soakMinutes} min, ${imports} imports, ${visits} pages`);
  figure('R-18', 'memory after the first third', `${slope.toFixed(1)} MB a minute`);
  figure('R-18', 'descriptors before and after', `${before.open}, ${open}`);
});

/** Makes the sessions as signing in does; a browser holds each. */
async function begin(ids: string[]): Promise<void> {
  const [{ id }] = await rowsOf<{ id: number }>(
    rollcall,
    `SELECT id FROM users WHERE username = '${administrator}'`,
  );
  await rollcall.kill();
  await change(rollcall, `UPDATE users SET max_sessions = 0 WHERE id = ${id}`);
  for (let first = 0; first < ids.length; first += 500) {
    const rows = ids.slice(first, first + 500).map((sid) => {
      const times = [Date.now(), Date.now(), Date.now(), Date.now() + 3_600_000];
      return `('${tokenHash(sid).toString('hex')}', ${id}, '{}', '127.0.0.1', 'test', ${times.join(', ')})`;
    });
    const columns = 'id_hash, user_id, data, address, agent, created_at, seen_at, proven_at, expires_at';
    await change(rollcall, `INSERT INTO sessions (${columns}) VALUES ${rows.join(', ')}`);
  }
  await rollcall.start();
}

function cookieOf(sid: string): string {
  const secret = derivedKey('session cookies').toString('base64');
  const signature = createHmac('sha256', secret).update(sid).digest('base64').replace(/=+$/, '');
  return encodeURIComponent(`s:${sid}.${signature}`);
}

function atRandom<T>(all: T[]): T {
  return all[Math.floor(Math.random() * all.length)];
}

/** Milliseconds that the event loop was late (p99) since this was asked last. */
async function loopDelay(): Promise<number> {
  const { text } = await chief.get('/metrics');
  return Number(/^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(text)![1]) * 1000;
}
