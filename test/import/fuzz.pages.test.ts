// Random and damaged files through the wizard of a running server: it always answers, and always accounts for every row.
import fc from 'fast-check';
import { anyFile } from '../support/files.js';
import { ended, importOf, upload } from '../support/imports.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { rounds } from '../support/thorough.js';
import type { Visitor } from '../support/visitor.js';

const numRuns = Number(process.env.FUZZ_RUNS ?? rounds(100, 2000));

const partOfReview = fc.constantFrom('', '?show=error', '?page=2', '?show=ready&page=99');

let rollcall: Rollcall;
let chief: Visitor;
let signedInAt = Date.now();

jest.setTimeout(3_600_000);

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await setUp(rollcall);
});

test(`R-16: of ${numRuns} files each is refused in a sentence or imported with counts that add up`, async () => {
  let created = 0;
  await fc.assert(
    fc.asyncProperty(anyFile, fc.boolean(), partOfReview, async (bytes, throughEveryStep, part) => {
      await signedInLately();
      await upload(chief, bytes);
      if (!/^\/imports\/\d+/.test(chief.page.path)) {
        expect([422, 413]).toContain(chief.page.status);
        expect(chief.page.problems).toHaveLength(1);
        return;
      }
      const id = importOf(chief);
      await answer(id, throughEveryStep);
      expect((await chief.get(`/imports/${id}/review${part}`)).status).toBeLessThan(500);
      // Most rows of such a file fail, which is what it is for.
      expect((await chief.post(`/imports/${id}/run`, { confirmed: 'on' })).status).toBe(303);
      const { state, counts } = await ended(chief, id);
      // Nothing is started while something is open, for instance without a column of usernames.
      if (state === 'draft') {
        await chief.post(`/imports/${id}/discard`);
        return;
      }
      expect(state).toBe('finished');
      expect(counts.created + counts.duplicate + counts.error + counts.skipped).toBe(counts.read);
      created += counts.created;
      expect((await chief.get(`/imports/${id}`)).status).toBe(200);
      expect((await chief.get(`/imports/${id}/errors.csv`)).status).toBe(200);
      expect((await chief.post(`/imports/${id}/success.csv`)).status).toBe(counts.created > 0 ? 200 : 410);
    }),
    { numRuns },
  );
  expect(created).toBeGreaterThan(20);
  expect(rollcall.failures()).toEqual([]);
});

// Downloads ask somebody for the password who signed in more than ten minutes ago.
async function signedInLately(): Promise<void> {
  if (Date.now() - signedInAt < 5 * 60_000) return;
  chief = await signIn(rollcall, administrator, password);
  signedInAt = Date.now();
}

/** The first two columns are the username and the email, whatever they are called; one role for all. */
async function answer(id: number, throughEveryStep: boolean): Promise<void> {
  const fields = {
    'username.column': '1',
    'email.column': '2',
    'extension.generate': 'on',
    'role.source': 'dialer',
    'role.value': '3',
    'sip.source': 'webrtc',
  };
  const steps = throughEveryStep ? ['fields', 'security', 'options'] : ['fields'];
  for (const step of steps) {
    const { status } = await chief.post(`/imports/${id}/${step}`, step === 'fields' ? fields : {});
    expect([303, 422]).toContain(status);
    expect((await chief.get(`/imports/${id}/${step}`)).status).toBe(200);
  }
}
