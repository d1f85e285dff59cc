// The job of an import against a model of it: whatever is done in whatever order, both agree (SECURITY.md R-17).
import fc from 'fast-check';
import { csvRows, ended, fileOf, type ImportState, stateOf, toReview } from '../support/imports.js';
import { countOf } from '../support/peek.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { figure, rounds } from '../support/thorough.js';
import type { Visitor } from '../support/visitor.js';

const runs = Number(process.env.MODEL_RUNS ?? rounds(2, 100));
const mostCommands = rounds(10, 30);

interface ModelImport {
  id: number;
  prefix: string;
  rows: number;
  state: 'draft' | 'started' | 'discarded';
  cancelAsked: boolean;
}

interface Model {
  imports: ModelImport[];
}

interface Real {
  rollcall: Rollcall;
  chief: Visitor;
}

type Command = fc.AsyncCommand<Model, Real>;

let rollcall: Rollcall;
let chief: Visitor;
let files = 0;
let commandsRun = 0;

jest.setTimeout(6 * 3_600_000);

beforeAll(async () => {
  rollcall = await startRollcall();
  chief = await setUp(rollcall);
  // Enough numbers for the users of hundreds of courses.
  await chief.open('/settings');
  await chief
    .form('Save Settings')
    .fill('Lowest extension to generate', '100000')
    .fill('Highest extension to generate', '999999')
    .press('Save Settings');
});

test(`R-17: after any of ${runs} courses of uploads, clicks, cancels, kills and downloads the import is what the model says`, async () => {
  // Uploads often: without an import there is nothing to do.
  const commands = fc.commands([upload, upload, upload, ...onOne.map(chosen), kill, kill, stop], {
    maxCommands: mostCommands,
    size: 'max',
  });
  await fc.assert(
    fc.asyncProperty(commands, async (course) => {
      // Downloads would ask somebody for the password who signed in more than ten minutes ago.
      chief = await signIn(rollcall, administrator, password);
      const setup = () => ({ model: { imports: [] }, real: { rollcall, chief } });
      await fc.asyncModelRun(setup, course);
    }),
    { numRuns: runs, endOnFailure: true },
  );
  expect(rollcall.failures()).toEqual([]);
  figure('R-17', 'courses without a difference, and commands in them', `${runs}, ${commandsRun}`);
});

// Each on its own: two rows, a whole transaction, or a bit more than two.
const upload: fc.Arbitrary<Command> = fc.constantFrom(2, 100, 220).map((rows) => ({
  check: ({ imports }) => imports.length < 4,
  async run(model) {
    commandsRun++;
    const prefix = `model${++files}.`;
    const id = await toReview(chief, fileOf(rows, prefix));
    model.imports.push({ id, prefix, rows, state: 'draft', cancelAsked: false });
  },
  toString: () => `upload ${rows} rows`,
}));

const kill: fc.Arbitrary<Command> = fc.nat(300).map((moment) => ({
  check: ({ imports }) => imports.some(({ state }) => state === 'started'),
  async run() {
    commandsRun++;
    await new Promise((resolve) => setTimeout(resolve, moment));
    await rollcall.kill();
    await rollcall.start();
  },
  toString: () => `kill after ${moment} ms`,
}));

const stop: fc.Arbitrary<Command> = fc.constant({
  check: ({ imports }: Model) => imports.some(({ state }) => state === 'started'),
  async run() {
    commandsRun++;
    await rollcall.restart();
  },
  toString: () => 'stop and start',
});

const onOne: { name: string; run: (one: ModelImport) => Promise<unknown> }[] = [
  {
    name: 'run',
    async run(one) {
      const { status, headers } = await chief.post(`/imports/${one.id}/run`);
      if (one.state === 'discarded') return expect(status).toBe(404);
      expect([status, headers.get('location')]).toEqual([303, `/imports/${one.id}`]);
      one.state = 'started';
    },
  },
  {
    name: 'cancel',
    async run(one) {
      const { status } = await chief.post(`/imports/${one.id}/cancel`);
      if (one.state !== 'started') return expect(status).toBeGreaterThanOrEqual(300);
      expect(status).toBe(303);
      one.cancelAsked = true;
    },
  },
  {
    name: 'discard',
    async run(one) {
      const { status } = await chief.post(`/imports/${one.id}/discard`);
      expect(status).toBe({ draft: 303, started: 409, discarded: 404 }[one.state]);
      if (one.state === 'draft') one.state = 'discarded';
    },
  },
  { name: 'end of', run: expectEnd },
  {
    name: 'download',
    async run(one) {
      if (one.state !== 'started') {
        const { status } = await chief.post(`/imports/${one.id}/success.csv`);
        return expect([404, 409, 410]).toContain(status);
      }
      const { created } = await expectEnd(one);
      const answer = await chief.post(`/imports/${one.id}/success.csv`);
      expect(answer.status).toBe(created > 0 ? 200 : 410);
      if (created > 0) expect(csvRows(answer)).toHaveLength(created + 1);
    },
  },
];

function chosen({ name, run }: (typeof onOne)[number]): fc.Arbitrary<Command> {
  return fc.nat().map((number) => ({
    check: ({ imports }) => imports.length > 0,
    async run({ imports }) {
      commandsRun++;
      await run(imports[number % imports.length]);
    },
    toString: () => `${name} import ${number}`,
  }));
}

/** Every row is accounted for once, and what the page counts is what the database holds. */
async function expectEnd(one: ModelImport): Promise<ImportState['counts']> {
  const { id, prefix, rows } = one;
  if (one.state === 'discarded') {
    expect((await chief.get(`/imports/${id}`)).status).toBe(404);
    expect(await countOf(rollcall, `users WHERE username LIKE '${prefix}%'`)).toBe(0);
    return { read: 0, created: 0, duplicate: 0, error: 0, skipped: 0 };
  }
  const { state, counts } = one.state === 'draft' ? await stateOf(chief, id) : await ended(chief, id);
  const users = `users WHERE username LIKE '${prefix}%'`;
  if (one.state === 'draft') expect([state, counts.created]).toEqual(['draft', 0]);
  else {
    // A cancel may come too late.
    expect(one.cancelAsked ? ['finished', 'cancelled'] : ['finished']).toContain(state);
    expect(counts).toEqual({
      read: rows,
      created: counts.created,
      duplicate: 0,
      error: 0,
      skipped: rows - counts.created,
    });
    if (state === 'finished') expect(counts.created).toBe(rows);
    for (const action of ['import.started', `import.${state}`])
      expect(await countOf(rollcall, `audit_entries WHERE action = '${action}' AND subject_id = ${id}`)).toBe(
        1,
      );
  }
  expect(await countOf(rollcall, users)).toBe(counts.created);
  expect(await countOf(rollcall, `${users} AND id IN (SELECT user_id FROM user_roles)`)).toBe(counts.created);
  return counts;
}
