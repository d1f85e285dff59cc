// The clock of the machine jumps while Rollcall works (SECURITY.md R-09). What it does to sessions stands in
// test/access/session-limits.pages.test.ts.
import { setTimeout as passing } from 'node:timers/promises';
import { Clock, days, describeWithClock, hours } from '../support/clock.js';
import { eventually } from '../support/eventually.js';
import { ended, fileOf, importFile, toReview } from '../support/imports.js';
import { countOf } from '../support/peek.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { onPostgres, type Rollcall, startRollcall } from '../support/rollcall.js';
import { figure } from '../support/thorough.js';
import type { Visitor } from '../support/visitor.js';

/** Two transactions. */
const people = 150;

describeWithClock('while an import is at work', () => {
  const clock = new Clock();
  let rollcall: Rollcall;
  let chief: Visitor;

  beforeAll(async () => {
    // Beyond what 32 bits of seconds can tell.
    clock.forward((2039 - new Date().getFullYear()) * 365.25 * days);
    rollcall = await startRollcall({ env: clock.env });
    chief = await setUp(rollcall);
  });

  test('R-09: a clock that jumps back and forth changes nothing about it', async () => {
    const id = await begun('jumps');
    // The lease of the job seems to have ended long ago, or to last for days.
    for (const jump of [3 * hours, -5 * hours, 2 * hours]) {
      clock.forward(jump);
      await passing(1100);
    }
    await expectAll(id, 'jumps');
    figure('R-09', 'jumps of the clock during an import', '+3 h, -5 h, +2 h');
  });

  // On SQLite a start takes every lease for ended.
  onPostgres(
    'R-09: a server that is killed and comes back an hour earlier goes on with it at once',
    async () => {
      const id = await begun('earlier');
      await rollcall.kill();
      clock.forward(-hours);
      await rollcall.start();
      chief = await signIn(rollcall, administrator, password);
      await expectAll(id, 'earlier');
      clock.forward(hours);
    },
  );

  test('R-09: the year 2039 is a year like any other', async () => {
    chief = await signIn(rollcall, administrator, password);
    const { counts } = await importFile(chief, fileOf(5, 'future'));
    expect(counts).toMatchObject({ read: 5, created: 5 });
    await chief.open('/audit');
    expect(chief.page.text).toContain(String(new Date(clock.now).getUTCFullYear()));
    expect(rollcall.failures()).toEqual([]);
  });

  /** An import that has made its first users. Passwords of digits take long to hash, so there is time for accidents. */
  async function begun(prefix: string): Promise<number> {
    const id = await toReview(chief, fileOf(people, prefix));
    await chief.open(`/imports/${id}/options`);
    await chief
      .form('Next')
      .check('Generate user passwords with digits only (not recommended)')
      .press('Next');
    await chief.post(`/imports/${id}/run`);
    await eventually(
      async () =>
        expect(await countOf(rollcall, `users WHERE username LIKE '${prefix}%'`)).toBeGreaterThan(0),
      30_000,
    );
    return id;
  }

  async function expectAll(id: number, prefix: string): Promise<void> {
    // Sessions are over once the clock went back.
    chief = await signIn(rollcall, administrator, password);
    expect((await ended(chief, id)).counts).toMatchObject({ read: people, created: people, duplicate: 0 });
    expect(await countOf(rollcall, `users WHERE username LIKE '${prefix}%'`)).toBe(people);
    expect(
      await countOf(rollcall, `audit_entries WHERE action = 'import.finished' AND subject_id = ${id}`),
    ).toBe(1);
  }
});
