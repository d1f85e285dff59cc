// What has to hold of an import that was disturbed: every user of it is there, once and whole.
import { matchesKeyedHash } from '../../src/database/sealed.js';
import { ended, stateOf, type Success, successDetails } from '../support/imports.js';
import { countOf, rowsOf } from '../support/peek.js';
import { administrator, password, signIn } from '../support/people.js';
import type { Rollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

/** Clicks Import Users if the server died before it took note of that, and waits for the end. */
export async function resumed(chief: Visitor, id: number, people: number): Promise<void> {
  if ((await stateOf(chief, id)).state === 'draft') await chief.post(`/imports/${id}/run`);
  const { state, counts } = await ended(chief, id);
  expect([state, counts]).toEqual([
    'finished',
    { read: people, created: people, duplicate: 0, error: 0, skipped: 0 },
  ]);
}

/**
 * Throws unless each of `people` has a role, an extension, an audit entry and a password that the success details say.
 * SECRET_KEY has to be the server's.
 * @param prefix of their usernames
 * @param signIns how many of them sign in, spread over the file from `chosen` on (0 to below 1)
 */
export async function expectWhole(
  rollcall: Rollcall,
  { id, prefix, people, signIns, chosen = 0 }: Imported,
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
  // Whoever signed in more than ten minutes ago would be asked for the password before the download.
  const author = await signIn(rollcall, administrator, password);
  await author.open(`/imports/${id}`);
  const success = await successDetails(author);
  expect(success).toHaveLength(people);
  const wrong = success.filter((line) => !isRight(line, byName.get(line.Username)));
  expect(wrong).toEqual([]);
  for (let index = 0; index < signIns; index++) {
    const line = success[Math.floor(((chosen + index / signIns) % 1) * people)];
    const agent = await signIn(rollcall, line.Username, line['Temporary Password']);
    expect(agent.page.path).toBe('/password');
  }
  await expectSound(rollcall);
}

interface Imported {
  id: number;
  prefix: string;
  people: number;
  signIns: number;
  chosen?: number;
}

/** Throws unless the SQLite file is sound; PostgreSQL looks after its own. */
export async function expectSound(rollcall: Rollcall): Promise<void> {
  if (rollcall.databaseUrl) return;
  expect(await rowsOf(rollcall, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  expect(await rowsOf(rollcall, 'PRAGMA foreign_key_check')).toEqual([]);
}

function isRight(line: Success, user?: { extension: number; password_hash: string }): boolean {
  const password = line['Temporary Password'].replaceAll('-', '');
  return (
    user !== undefined &&
    String(user.extension) === line['Virtual Extension'] &&
    matchesKeyedHash(password, user.password_hash)
  );
}
