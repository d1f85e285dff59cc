// Files that are too big, or broken, come in from several people at once (SECURITY.md R-12).
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { fileOf } from '../support/imports.js';
import { setUp } from '../support/people.js';
import { startRollcall } from '../support/rollcall.js';
import { figure, rounds } from '../support/thorough.js';
import type { Visitor } from '../support/visitor.js';
import { percentile, underLoad } from './load.js';
import { memoryOf } from './process.js';

const times = rounds(1, 10);
const megabyte = 1024 * 1024;
/** What the memory may have grown by soon after, in MB; after a single round not everything is cleared away yet. */
const mostGrowth = rounds(200, 50);

/** Nothing of them is a list of users. */
const files: { name: string; bytes: Uint8Array | string }[] = [
  { name: 'far too big.csv', bytes: `Username,Email\n${'a'.repeat(12 * megabyte)}` },
  { name: 'one line.csv', bytes: `Username,Email\n${'"a,'.repeat(megabyte)}` },
  { name: 'zeros.csv', bytes: new Uint8Array(4 * megabyte) },
  { name: 'columns.csv', bytes: Array.from({ length: 100_000 }, (_, index) => `c${index}`).join() },
  { name: 'many rows.csv', bytes: fileOf(50_000, 'many') },
  { name: 'half.xlsx', bytes: Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(megabyte, 7)]) },
  { name: 'quote.csv', bytes: `Username,Email\n"${'x\n'.repeat(megabyte)}` },
  { name: 'utf-16.csv', bytes: Buffer.from(`\uFEFFUsername,Email\n${'\uD800'.repeat(megabyte)}`, 'utf16le') },
];

jest.setTimeout(600_000);

test('R-12: big and broken uploads at once are each refused in a sentence, and others hardly notice', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'rollcall-uploads-'));
  const rollcall = await startRollcall({ env: { TMPDIR: temporary } });
  const chief = await setUp(rollcall);
  // What the first of them loads stays.
  await Promise.all(files.map((file) => send(chief, file)));
  const before = memoryOf(rollcall.pid);
  const load = underLoad(chief, '/users', { lanes: 2 });
  for (let round = 0; round < times; round++) {
    const statuses = await Promise.all(files.map((file) => send(chief, file)));
    expect(statuses.filter((status) => status !== 422 && status !== 413)).toEqual([]);
  }
  const { times: answers, cut } = await load.end();
  expect(cut).toBe(0);
  expect(rollcall.failures()).toEqual([]);
  let growth = 0;
  await eventually(async () => {
    growth = memoryOf(rollcall.pid) - before;
    expect(growth).toBeLessThan(mostGrowth);
  }, 30_000);
  expect(readdirSync(temporary)).toEqual([]);
  rmSync(temporary, { recursive: true });
  figure('R-12', 'big and broken uploads', times * files.length);
  figure('R-12', 'other pages meanwhile, p95', `${percentile(answers, 95)} ms`);
  figure('R-12', 'memory afterwards', `${growth > 0 ? '+' : ''}${growth} MB`);
});

async function send(chief: Visitor, { name, bytes }: (typeof files)[number]): Promise<number> {
  const form = new FormData();
  form.set('file', new Blob([bytes as BlobPart]), name);
  return (await chief.post('/imports', form)).status;
}
