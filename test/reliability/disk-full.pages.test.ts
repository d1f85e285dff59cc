// The disk is full (SECURITY.md R-06): the data folder is a memory disk of some megabytes, which only root can make.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passing } from 'node:timers/promises';
import { fileOf, toReview, upload } from '../support/imports.js';
import { setUp } from '../support/people.js';
import { startRollcall } from '../support/rollcall.js';
import { figure, rounds } from '../support/thorough.js';
import type { Visitor } from '../support/visitor.js';
import { expectWhole, resumed } from './whole.js';

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
    for (let round = 0; round < times; round++) {
      const id = await toReview(chief, fileOf(people, `full${round}.`));
      await chief.post(`/imports/${id}/run`);
      await passing((round * 600) / times);
      fill();
      await expectRefusals(chief);
      await passing(rounds(2_000, 5_000));
      rmSync(filler);
      await resumed(chief, id, people);
      await expectWhole(rollcall, { id, prefix: `full${round}.`, people, signIns: 1 });
      const next = await toReview(chief, fileOf(20, `next${round}.`));
      await chief.post(`/imports/${next}/run`);
      await resumed(chief, next, 20);
      await expectWhole(rollcall, { id: next, prefix: `next${round}.`, people: 20, signIns: 1 });
    }
    // What failed is told, without the values that it failed with.
    expect(rollcall.log()).not.toMatch(/@example\.com|argon2/);
    figure('R-06', 'imports met by a full disk, finished when there was room again', times);
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
