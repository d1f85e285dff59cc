// An import survives the death of its process at any moment (SECURITY.md R-01, after SQLite's crash.test).
import { randomBytes } from 'node:crypto';
import { setTimeout as passing } from 'node:timers/promises';
import { matchesKeyedHash } from '../../src/database/sealed.js';
import { ended, fileOf, stateOf, type Success, successDetails, toReview } from '../support/imports.js';
import { countOf, rowsOf } from '../support/peek.js';
import { setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { randomNumbers, seeded } from '../support/seed.js';
import type { Visitor } from '../support/visitor.js';

const rounds = 25;
/** Three transactions: the kills meet one in the middle as well as the time between two. */
const people = 250;
/** Servers side by side: while one waits for the lease of its dead one to end, the others are at work. */
const lanes = 3;
const signIns = 5;

const key = randomBytes(32).toString('base64');
process.env.SECRET_KEY = key;

jest.setTimeout(600_000);

test(`R-01: after a kill at any of ${rounds} moments every one of ${people} users is there, once and whole ${seeded}`, async () => {
  const random = randomNumbers();
  const moments = Array.from({ length: rounds }, (_, round) => ({
    round,
    moment: random(),
    chosen: random(),
  }));
  const lane = async () => {
    const rollcall = await startRollcall({ env: { SECRET_KEY: key } });
    const chief = await setUp(rollcall);
    const duration = await durationOfImport(chief);
    for (let next = moments.pop(); next; next = moments.pop()) {
      try {
        await killedImport(rollcall, chief, `round${next.round}.`, next.moment * duration);
        await expectWhole(rollcall, chief, `round${next.round}.`, next.chosen);
      } catch (error) {
        throw new Error(`Round ${next.round}, killed after ${next.moment * duration} ms of ${duration}`, {
          cause: error,
        });
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
});

/** Milliseconds from the click to the end. */
async function durationOfImport(chief: Visitor): Promise<number> {
  const id = await toReview(chief, fileOf(people, 'measured.'));
  const begun = performance.now();
  await chief.post(`/imports/${id}/run`);
  await ended(chief, id);
  return performance.now() - begun;
}

/** Clicks Import Users, kills the server after some milliseconds, starts it again. The chief stands on the result. */
async function killedImport(
  rollcall: Rollcall,
  chief: Visitor,
  prefix: string,
  moment: number,
): Promise<void> {
  const id = await toReview(chief, fileOf(people, prefix));
  const click = chief.post(`/imports/${id}/run`).catch(() => undefined);
  await passing(moment);
  await rollcall.kill();
  await click;
  await rollcall.start();
  // The server died before it took note of the click.
  if ((await stateOf(chief, id)).state === 'draft') await chief.post(`/imports/${id}/run`);
  const { state, counts } = await ended(chief, id);
  expect([state, counts]).toEqual([
    'finished',
    { read: people, created: people, duplicate: 0, error: 0, skipped: 0 },
  ]);
  await chief.open(`/imports/${id}`);
}

async function expectWhole(
  rollcall: Rollcall,
  chief: Visitor,
  prefix: string,
  chosen: number,
): Promise<void> {
  const users = `users WHERE username LIKE '${prefix}%'`;
  expect(await countOf(rollcall, users)).toBe(people);
  expect(await countOf(rollcall, `${users} AND id IN (SELECT user_id FROM user_roles)`)).toBe(people);
  expect(
    await countOf(rollcall, `audit_entries WHERE action = 'user.created' AND subject_name LIKE '${prefix}%'`),
  ).toBe(people);
  const stored = await rowsOf<{ username: string; extension: number; password_hash: string }>(
    rollcall,
    `SELECT username, extension, password_hash FROM ${users}`,
  );
  const byName = new Map(stored.map((user) => [user.username, user]));
  const success = await successDetails(chief);
  expect(success).toHaveLength(people);
  const wrong = success.filter((line) => !isRight(line, byName.get(line.Username)));
  expect(wrong).toEqual([]);
  for (let index = 0; index < signIns; index++) {
    const line = success[Math.floor(((chosen + index / signIns) % 1) * people)];
    const agent = await signIn(rollcall, line.Username, line['Temporary Password']);
    expect(agent.page.path).toBe('/password');
  }
  if (!rollcall.databaseUrl) {
    expect(await rowsOf(rollcall, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(await rowsOf(rollcall, 'PRAGMA foreign_key_check')).toEqual([]);
  }
}

function isRight(line: Success, user?: { extension: number; password_hash: string }): boolean {
  const password = line['Temporary Password'].replaceAll('-', '');
  return (
    user !== undefined &&
    String(user.extension) === line['Virtual Extension'] &&
    matchesKeyedHash(password, user.password_hash)
  );
}
