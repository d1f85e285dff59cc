// What time does to temporary passwords (PRODUCT.md section 5, SECURITY.md TP-4 and TP-7) and to the quota of uploads.
import { Clock, days, describeWithClock, hours, minutes } from '../support/clock.js';
import { eventually } from '../support/eventually.js';
import { csvRows, fileOf, importFile, importOf, successDetails, upload } from '../support/imports.js';
import { newcomer } from '../support/newcomers.js';
import { countOf } from '../support/peek.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

describeWithClock('in the course of time', () => {
  const clock = new Clock();
  let rollcall: Rollcall;
  let chief: Visitor;

  beforeAll(async () => {
    rollcall = await startRollcall({ env: { ...clock.env, UPLOADS_PER_HOUR: '' } });
    const first = await setUp(rollcall);
    await first.open('/settings');
    // Else the days that pass ask the administrator for an app.
    await first.form('Save Settings').uncheck('Second factor for administrators').press('Save Settings');
  });

  beforeEach(async () => {
    chief = await signIn(rollcall, administrator, password);
  });

  test('UP-7: a person uploads twenty files in an hour, and keeps nobody else from it', async () => {
    for (let file = 1; file <= 20; file++) {
      const form = new FormData();
      form.append('rows', fileOf(1, `quota${file}-`));
      await chief.post('/imports', form);
    }
    const before = await countOf(rollcall, 'imports');
    expect(before).toBe(20);
    await upload(chief, fileOf(1, 'quota21-'));
    expect(chief.page.status).toBe(429);
    expect(Number(chief.page.headers.get('retry-after'))).toBeGreaterThan(3000);
    expect(chief.page.text).toContain('You have uploaded 20 files within an hour, and that is the limit.');
    expect(await countOf(rollcall, 'imports')).toBe(before);
    const other = await newcomer(rollcall, chief, 'other', ['Create users from a file', 'Create users']);
    await upload(other, fileOf(1, 'others'));
    expect(other.page.path).toMatch(/fields$/);
    clock.forward(1 * hours);
    chief = await signIn(rollcall, administrator, password);
    await upload(chief, fileOf(1, 'quota22-'));
    expect(chief.page.path).toMatch(/fields$/);
  });

  describe('temporary passwords', () => {
    test('TP-7: can be downloaded for 15 minutes after the first complete download', async () => {
      const { id } = await importFile(chief, fileOf(2, 'window'));
      clock.forward(3 * hours);
      chief = await signIn(rollcall, administrator, password);
      await chief.open(`/imports/${id}`);
      const success = await successDetails(chief);
      await noted(id);
      clock.forward(14 * minutes);
      // Long after the sign-in the password is asked again.
      await chief.press('Download Success Details');
      chief.form('Continue').fill('Password', password);
      expect(csvRows(await chief.download('Continue'))).toHaveLength(success.length + 1);
      clock.forward(2 * minutes);
      expect((await chief.post(`/imports/${id}/success.csv`)).status).toBe(410);
      await chief.open(`/imports/${id}`);
      expect(chief.page.text).toContain('The temporary passwords are no longer kept.');
    });

    test('TP-7: that nobody downloads can be downloaded for 24 hours after the import, and it can be undone', async () => {
      const { id } = await importFile(chief, fileOf(2, 'day'));
      clock.forward(24 * hours - minutes);
      chief = await signIn(rollcall, administrator, password);
      await chief.open(`/imports/${id}`);
      expect(chief.page.hasButton('Download Success Details')).toBe(true);
      expect((await chief.get(`/imports/${id}/undo`)).status).toBe(200);
      clock.forward(2 * minutes);
      expect((await chief.get(`/imports/${id}/undo`)).status).toBe(403);
      expect((await chief.post(`/imports/${id}/undo`)).status).toBe(403);
      expect((await chief.post(`/imports/${id}/success.csv`)).status).toBe(410);
    });

    test('TP-7: are wiped from the database when their time is over, also when nobody looks', async () => {
      const { id } = await importFile(chief, fileOf(2, 'wiped'));
      expect(await countOf(rollcall, `import_rows WHERE import_id = ${id} AND secret IS NOT NULL`)).toBe(2);
      clock.forward(24 * hours + minutes);
      await rollcall.restart();
      await eventually(async () => {
        expect(await countOf(rollcall, 'import_rows WHERE secret IS NOT NULL')).toBe(0);
        expect(
          await countOf(
            rollcall,
            `audit_entries WHERE action = 'import.passwords_wiped' AND subject_id = ${id}`,
          ),
        ).toBe(1);
      });
    });

    test('TP-4: open the door for seven days, and then no more', async () => {
      await importFile(chief, fileOf(2, 'week'));
      const [first, second] = await successDetails(chief);
      clock.forward(7 * days - 5 * minutes);
      const inTime = await signIn(rollcall, first.Username, first['Temporary Password']);
      expect(inTime.page.path).toBe('/password');
      clock.forward(6 * minutes);
      const late = await signIn(rollcall, second.Username, second['Temporary Password']);
      expect([late.page.status, late.page.path]).toEqual([422, '/sign-in']);
      const wrong = await signIn(rollcall, second.Username, 'wrong');
      expect(late.page.problems).toEqual(wrong.page.problems);
    });
  });

  test('rows of files leave after thirty days, uploads that nobody went on with too; the counts and the users stay', async () => {
    const { id } = await importFile(chief, `${fileOf(2, 'month')}\nbroken,`);
    await upload(chief, fileOf(1, 'never-started'));
    const draft = importOf(chief);
    clock.forward(31 * days);
    await rollcall.restart();
    await eventually(async () => {
      expect(await countOf(rollcall, `import_rows WHERE import_id = ${id}`)).toBe(0);
      expect(await countOf(rollcall, `imports WHERE id = ${draft}`)).toBe(0);
    });
    chief = await signIn(rollcall, administrator, password);
    await chief.open(`/imports/${id}`);
    expect(chief.page.text).toContain('The rows of this file were deleted when their time was over:');
    expect(chief.page.text).toContain('0 of 2 signed in. Temporary passwords that ended unused: 2.');
    expect(chief.page.hasLink('Download Error Details')).toBe(false);
    expect((await chief.get(`/imports/${id}/errors.csv`)).status).toBe(410);
    await chief.open('/imports');
    expect(chief.page.hasLink(`Users of import #${id}: 2`)).toBe(true);
    await chief.open('/audit?action=import.rows_deleted');
    expect(chief.page.text).toContain('users.csv');
  });

  async function noted(id: number): Promise<void> {
    await eventually(async () =>
      expect(await countOf(rollcall, `imports WHERE id = ${id} AND downloaded_at > 0`)).toBe(1),
    );
  }
});
