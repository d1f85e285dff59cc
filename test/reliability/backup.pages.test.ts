// A backup made while an import runs is whole, and a new server lives on it (SECURITY.md R-14).
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as passing } from 'node:timers/promises';
import { promisify } from 'node:util';
import Sqlite from 'libsql';
import { ended, fileOf, stateOf, toReview } from '../support/imports.js';
import { countOf } from '../support/peek.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { emptyData, Rollcall, removeData, startRollcall } from '../support/rollcall.js';
import { figure, rounds } from '../support/thorough.js';
import { expectSound, expectWhole } from './whole.js';

const backups = rounds(1, 10);
const people = 300;
const key = randomBytes(32).toString('base64');
process.env.SECRET_KEY = key;
const run = promisify(execFile);

jest.setTimeout(1_800_000);

test('R-14: a backup made in the middle of an import holds whole transactions, and the import goes on from it', async () => {
  const rollcall = await startRollcall({ env: { SECRET_KEY: key } });
  const chief = await setUp(rollcall);
  const restored = [];
  for (let round = 0; round < backups; round++) {
    const prefix = `backup${round}.`;
    const id = await toReview(chief, fileOf(people, prefix));
    await chief.post(`/imports/${id}/run`);
    await passing(100 + (round * 500) / backups);
    const data = await emptyData();
    await backUp(rollcall, data);
    const copy = new Rollcall({ env: { SECRET_KEY: key } }, data.dataDir, data.databaseUrl);
    const begun = performance.now();
    const created = await countOf(copy, `users WHERE username LIKE '${prefix}%'`);
    expect(await countOf(copy, `import_rows WHERE import_id = ${id} AND state = 'created'`)).toBe(created);
    expect(
      await countOf(copy, `audit_entries WHERE action = 'user.created' AND subject_name LIKE '${prefix}%'`),
    ).toBe(created);
    await expectSound(copy);
    try {
      await copy.start();
      restored.push(performance.now() - begun);
      const there = await signIn(copy, administrator, password);
      expect((await ended(there, id)).counts).toMatchObject({ read: people, created: people });
      await expectWhole(copy, { id, prefix, people, signIns: 1 });
    } finally {
      await copy.kill();
      await removeData(data);
    }
    expect((await ended(chief, id)).counts.created).toBe(people);
    expect((await stateOf(chief, id)).state).toBe('finished');
  }
  figure('R-14', 'backups in the middle of an import, restored, imports finished there', backups);
  figure(
    'R-14',
    'from the backup to the first page, at the latest',
    `${Math.round(Math.max(...restored))} ms`,
  );
});

/** As the README tells operators. */
async function backUp(from: Rollcall, to: { dataDir: string; databaseUrl?: string }): Promise<void> {
  if (from.databaseUrl) {
    const file = join(to.dataDir, 'backup.sql');
    await run('pg_dump', ['--file', file, from.databaseUrl]);
    await run('psql', ['--quiet', '--set', 'ON_ERROR_STOP=1', '--file', file, to.databaseUrl!]);
    return;
  }
  const file = new Sqlite(join(from.dataDir, 'rollcall.sqlite'), { timeout: 5000 });
  file.exec(`VACUUM INTO '${join(to.dataDir, 'rollcall.sqlite')}'`);
  file.close();
}
