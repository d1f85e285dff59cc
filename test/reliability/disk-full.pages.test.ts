// The disk is full (SECURITY.md R-06): the data folder is a memory disk of some megabytes, which only root can make.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passing } from 'node:timers/promises';
import { ended, fileOf, stateOf, toReview, upload } from '../support/imports.js';
import { countOf } from '../support/peek.js';
import { setUp } from '../support/people.js';
import { startRollcall } from '../support/rollcall.js';
import { figure, rounds } from '../support/thorough.js';
import type { Visitor } from '../support/visitor.js';
import { expectSound, expectWhole } from './whole.js';

const times = rounds(1, 20);
const people = 250;
const key = randomBytes(32).toString('base64');
process.env.SECRET_KEY = key;
const disk = mkdtempSync(join(tmpdir(), 'rollcall-disk-'));
const mounted =
  !process.env.ROLLCALL_TEST_POSTGRES &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk]).status === 0;
/** Takes the place that is left. */
const filler = join(disk, 'filler');

jest.setTimeout(1_800_000);

afterAll(() => {
  if (mounted) spawnSync('umount', ['--lazy', disk]);
  rmSync(disk, { recursive: true, force: true });
});

(mounted ? test : test.skip)(
  'R-06: on a full disk every page can be read, every change is refused in words, and with room again all goes on',
  async () => {
    const rollcall = await startRollcall({ disk, env: { SECRET_KEY: key } });
    const chief = await setUp(rollcall);
    const ends: Record<string, number> = {};
    for (let round = 0; round < times; round++) {
      const id = await toReview(chief, fileOf(people, `full${round}.`));
      await chief.post(`/imports/${id}/run`);
      await passing((round * 600) / times);
      fill();
      await expectRefusals(chief);
      await passing(rounds(2_000, 5_000));
      rmSync(filler);
      const { state, counts } = await ended(chief, id);
      ends[state] = (ends[state] ?? 0) + 1;
      expect(counts.created + counts.skipped).toBe(people);
      await expectCounted(counts.created, `full${round}.`);
      expect((await stateOf(chief, id)).state).toBe(state);
      const next = await toReview(chief, fileOf(20, `next${round}.`));
      await chief.post(`/imports/${next}/run`);
      expect((await ended(chief, next)).counts.created).toBe(20);
      await expectWhole(rollcall, chief, { id: next, prefix: `next${round}.`, people: 20, signIns: 1 });
    }
    await expectSound(rollcall);
    // What failed is told, without the values that it failed with.
    expect(rollcall.log()).not.toMatch(/@example\.com|argon2/);
    const said = Object.entries(ends).map(([state, count]) => `${count} ${state}`);
    figure('R-06', 'imports met by a full disk', said.join(', '));

    async function expectCounted(created: number, prefix: string): Promise<void> {
      const users = `users WHERE username LIKE '${prefix}%'`;
      expect(await countOf(rollcall, users)).toBe(created);
      expect(await countOf(rollcall, `${users} AND id IN (SELECT user_id FROM user_roles)`)).toBe(created);
      expect(
        await countOf(
          rollcall,
          `audit_entries WHERE action = 'user.created' AND subject_name LIKE '${prefix}%'`,
        ),
      ).toBe(created);
    }
  },
);

function fill(): void {
  for (let size = statfsSync(disk).bavail * 4096; size > 0; size = statfsSync(disk).bavail * 4096) {
    try {
      writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

async function expectRefusals(chief: Visitor): Promise<void> {
  for (const path of ['/users', '/imports', '/imports/new', '/audit', '/settings', '/healthz', '/readyz'])
    expect([path, (await chief.get(path)).status]).toEqual([path, 200]);
  // Some changes find room in what SQLite has already: not for long.
  for (let files = 0; files < 100 && chief.page.status !== 503; files++)
    await upload(chief, fileOf(500, `refused${files}.`));
  expect(chief.page.status).toBe(503);
  expect(chief.page.text).toContain('Rollcall cannot work just now');
}
