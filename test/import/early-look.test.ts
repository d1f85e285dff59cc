// What is refused before all of it is there, and that nothing is that would be read.
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { EarlyLook } from '../../src/import/early-look.js';
import type { FileProblem, ReadLimits } from '../../src/import/read-file.js';
import { UploadedFile } from '../../src/import/uploaded-file.js';
import { anyFile } from '../support/files.js';
import { limits } from '../support/planning.js';
import { readUploaded } from '../support/read-whole.js';
import { rounds } from '../support/thorough.js';

const megabyte = 1024 * 1024;
const numRuns = Number(process.env.FUZZ_RUNS ?? rounds(60, 10_000));

jest.setTimeout(600_000);

/** Takes a file in as it comes over the network. */
async function cameIn(
  bytes: Buffer,
  within: ReadLimits,
  step = 16_000,
): Promise<{ problem?: FileProblem; taken: number }> {
  const file = await UploadedFile.make(tmpdir());
  try {
    const look = new EarlyLook(file, { limits: within });
    for (let at = 0; at < bytes.length; at += step) {
      const piece = bytes.subarray(at, at + step);
      await file.add(piece);
      const problem = await look.push(piece);
      if (problem) return { problem, taken: at + piece.length };
    }
    return { problem: look.end(), taken: bytes.length };
  } finally {
    await file.close();
  }
}

test.each([
  ['far too many users', `anna,anna@example.com\n`.repeat(megabyte), 'too_many_rows', 3 * megabyte],
  ['one long line', `a,b\n${'x'.repeat(8 * megabyte)}`, 'record_too_long', 200_000],
  ['too many columns', `${'a,'.repeat(101)}\n${'1,2\n'.repeat(megabyte)}`, 'too_many_columns', 100_000],
  ['a web page', `<html>${'<b>'.repeat(megabyte)}`, 'html_file', 100_000],
])('UP-1: of %s only the beginning is taken in', async (_, text, code, most) => {
  const { problem, taken } = await cameIn(Buffer.from(text), limits);
  expect(problem?.code).toBe(code);
  expect(taken).toBeLessThan(most);
});

test('UP-1: rows over the limit are counted to the end, so that the refusal can say their number', async () => {
  const { problem } = await cameIn(Buffer.from('Username\n' + 'anna\n'.repeat(60_000)), limits);
  expect(problem?.values).toEqual({ count: 60_000, limit: 500 });
});

test('lengths are left to the whole file while its encoding is open', async () => {
  const long = Buffer.from(`Name,City\nJosé,${'é'.repeat(9000)}\n`.repeat(20), 'latin1');
  expect((await cameIn(long, limits)).problem).toBeUndefined();
  expect((await cameIn(Buffer.from(long.toString('latin1')), limits)).problem?.code).toBe('cell_too_long');
});

test('what is refused while it comes in is refused when it is read whole', async () => {
  const small = { ...limits, rows: 20, columns: 6, recordBytes: 400, cellCharacters: 60 };
  let early = 0;
  await fc.assert(
    fc.asyncProperty(anyFile, fc.integer({ min: 1, max: 60 }), async (bytes, times) => {
      const file = Buffer.concat(Array.from({ length: times }, () => bytes));
      const { problem } = await cameIn(file, small);
      if (!problem) return;
      early++;
      const whole = await readUploaded(file, { limits: small });
      expect('problem' in whole && whole.problem.code).toBe(problem.code);
    }),
    { numRuns },
  );
  expect(early).toBeGreaterThan(numRuns / 10);
});
