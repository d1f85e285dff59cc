// Files that fit into memory, read whole: what the importer reads in pieces.
import { tmpdir } from 'node:os';
import { EncodingSurvey } from '../../src/import/decode-text.js';
import { tooManyBytes } from '../../src/import/file-problem.js';
import { FileReader, type FileProblem, type FileRow, type ReadOptions } from '../../src/import/read-file.js';
import { readUpload, type ReadWhole } from '../../src/import/read-upload.js';
import { UploadedFile } from '../../src/import/uploaded-file.js';

export interface ReadFile extends ReadWhole {
  rows: FileRow[];
}

export type ReadResult = { file: ReadFile } | { problem: FileProblem };

/** Reads delimited text that is there at once. */
export function readFile(bytes: Buffer, options: ReadOptions): ReadResult {
  const { limits } = options;
  if (bytes.length > limits.bytes) return { problem: tooManyBytes(limits.bytes) };
  const survey = new EncodingSurvey();
  survey.push(bytes);
  const reader = new FileReader(survey, options);
  const rows = reader.push(bytes, true);
  if ('problem' in rows) return rows;
  return { file: { ...reader.how(), rows, damage: reader.damage() } };
}

/** Reads whatever was uploaded, as the importer does: from the disk, piece by piece. */
export async function readUploaded(bytes: Buffer, options: ReadOptions): Promise<ReadResult> {
  const file = await UploadedFile.make(tmpdir());
  try {
    await file.add(bytes);
    const rows: FileRow[] = [];
    const read = await readUpload(file, options, (more) => void rows.push(...more));
    return 'problem' in read ? read : { file: { ...read, rows } };
  } finally {
    await file.close();
  }
}
