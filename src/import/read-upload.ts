// Whatever was uploaded: a workbook or delimited text, told by its content.
import * as problems from './file-problem.js';
import { LetterDamage } from './letter-damage.js';
import { readFile, type FileRow, type ReadOptions, type ReadResult } from './read-file.js';
import { isZip } from './foreign-format.js';
import { readWorkbook } from './read-workbook.js';
import { RowsBelowHeader, cellsBeyondLimits } from './rows-below-header.js';

/** Reads a file of users. Never throws, whatever the bytes are. */
export async function readUpload(bytes: Buffer, options: ReadOptions): Promise<ReadResult> {
  if (bytes.length > options.limits.bytes) return { problem: problems.tooManyBytes(options.limits.bytes) };
  return isZip(bytes) ? readSheet(bytes, options) : readFile(bytes, options);
}

/** Of what a workbook holds when it is unpacked, beyond what delimited text of the same rows could be. */
const unpackedTimes = 48;

async function readSheet(bytes: Buffer, options: ReadOptions): Promise<ReadResult> {
  const { limits } = options;
  const below = new RowsBelowHeader(options);
  const letters = new LetterDamage(options.repair ?? false);
  const rows: FileRow[] = [];
  let problem: problems.FileProblem | undefined;
  const add = (more: FileRow[], last: boolean) => {
    for (const row of more) problem ??= cellsBeyondLimits(row, limits);
    const added = problem ? { problem } : below.add(more, last);
    if ('problem' in added) problem = added.problem;
    else rows.push(...letters.look(added));
    return problem === undefined;
  };
  const how = await readWorkbook(bytes, {
    sheet: options.sheet,
    mostColumns: limits.columns,
    mostBytes: limits.bytes * unpackedTimes,
    take: (more) => add(more, false),
  });
  if (problem) return { problem };
  if ('problem' in how) return how;
  if (!add([], true)) return { problem: problem ?? problems.emptyFile };
  const { headers, ...head } = below.head!;
  return {
    file: {
      encoding: 'utf-8',
      guesses: [],
      delimiter: ',',
      ...how,
      ...head,
      headers: letters.mended(headers),
      rows,
      damage: letters.found(),
    },
  };
}
