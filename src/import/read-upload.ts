// Whatever was uploaded: a workbook or delimited text, told by its content. Its rows pass; none of them is kept here.
import type { UploadedFile } from './uploaded-file.js';
import * as problems from './file-problem.js';
import type { FileProblem } from './file-problem.js';
import { foreignFormat, isZip } from './foreign-format.js';
import { LetterDamage, type Damage } from './letter-damage.js';
import { FileReader, type FileRow, type ReadHow, type ReadOptions } from './read-file.js';
import { readWorkbook } from './read-workbook.js';
import { RowsBelowHeader, cellsBeyondLimits } from './rows-below-header.js';

/** How a file was read once all its rows have passed. */
export interface ReadWhole extends ReadHow {
  /** Letters that look as if they were read in a wrong encoding once. */
  damage?: Damage;
}

/** Takes the next rows of a file, with the names of its columns. The reader waits for it. */
export type TakeRows = (rows: FileRow[], headers: string[]) => Promise<void> | void;

/** Where an old workbook says that it is protected. */
const foreignLength = 1024 * 1024;

/**
 * Reads a file of users from its beginning to its end; it can be read again. Never throws, whatever the bytes are.
 * Rows may have been handed over before the file is refused.
 */
export async function readUpload(
  file: UploadedFile,
  options: ReadOptions,
  take: TakeRows,
): Promise<ReadWhole | { problem: FileProblem }> {
  if (file.size > options.limits.bytes) return { problem: problems.tooManyBytes(options.limits.bytes) };
  const start = await file.start(foreignLength);
  if (isZip(start)) return readSheet(file, options, take);
  const foreign = foreignFormat(start);
  return foreign ? { problem: foreign } : readText(file, options, take);
}

async function readText(
  file: UploadedFile,
  options: ReadOptions,
  take: TakeRows,
): Promise<ReadWhole | { problem: FileProblem }> {
  const reader = new FileReader(file.survey, options);
  for await (const { piece, last } of file.pieces()) {
    const rows = reader.push(piece, last);
    if ('problem' in rows) return rows;
    if (rows.length > 0) await take(rows, reader.headers());
  }
  return { ...reader.how(), damage: reader.damage() };
}

/** Of what a workbook holds when it is unpacked, beyond what delimited text of the same rows could be. */
const unpackedTimes = 48;
/** The texts that its cells share are kept in memory: a workbook of a million rows has fewer. */
const mostStrings = 64 * 1024 * 1024;

async function readSheet(
  file: UploadedFile,
  options: ReadOptions,
  take: TakeRows,
): Promise<ReadWhole | { problem: FileProblem }> {
  const { limits } = options;
  const below = new RowsBelowHeader(options);
  const letters = new LetterDamage(options.repair ?? false);
  let problem: FileProblem | undefined;
  const add = async (more: FileRow[], last: boolean) => {
    for (const row of more) problem ??= cellsBeyondLimits(row, limits);
    const added = problem ? { problem } : below.add(more, last);
    if ('problem' in added) problem = added.problem;
    else if (added.length > 0) await take(letters.look(added), letters.mended(below.head!.headers));
    return problem === undefined;
  };
  const how = await readWorkbook(file.descriptor, {
    sheet: options.sheet,
    mostColumns: limits.columns,
    mostBytes: limits.bytes * unpackedTimes,
    mostStrings: Math.min(mostStrings, limits.bytes * (unpackedTimes / 6)),
    take: (more) => add(more, false),
  });
  if (problem) return { problem };
  if ('problem' in how) return how;
  if (!(await add([], true))) return { problem: problem ?? problems.emptyFile };
  const { headers, ...head } = below.head!;
  return {
    encoding: 'utf-8',
    guesses: [],
    delimiter: ',',
    ...how,
    ...head,
    headers: letters.mended(headers),
    damage: letters.found(below.head!),
  };
}
