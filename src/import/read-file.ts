// An uploaded file of users: from its bytes to a header and numbered rows, or one plain reason for refusing it.
// What the cells mean is decided later (match-columns, plan); nothing is trimmed or converted here.
import { countLineBreaks, readRecord } from './csv-record.js';
import type { Delimiter } from './csv-record.js';
import { decodeText } from './decode-text.js';
import type { Encoding } from './decode-text.js';
import * as problems from './file-problem.js';
import type { FileProblem } from './file-problem.js';
import { findDelimiter, separatorLine } from './find-delimiter.js';
import { foreignFormat, foreignText } from './foreign-format.js';

export type { Delimiter } from './csv-record.js';
export type { Encoding } from './decode-text.js';
export type { FileProblem } from './file-problem.js';

export interface FileRow {
  /** As a spreadsheet shows it: records counted from 1, blank ones too, so the header usually is row 1. */
  number: number;
  /** Line of the file on which the record starts, from 1; quoted line breaks make it differ from the number. */
  line: number;
  /** As written; there may be fewer or more than headers. */
  cells: string[];
  /** A cell holds U+FFFD: its bytes mean nothing in the file's encoding. */
  badText?: boolean;
}

export interface ReadLimits {
  /** Rows that are not blank, without the header. */
  rows: number;
  bytes: number;
  columns: number;
  /** Of one record in UTF-8. */
  recordBytes: number;
  cellCharacters: number;
}

export interface ReadOptions {
  /** As chosen by a person; else found out. */
  delimiter?: Delimiter;
  encoding?: Encoding;
  /** Number of the row that holds the names of the columns; rows before it are dropped. Else the first not blank. */
  headerRow?: number;
  limits: ReadLimits;
}

export interface ReadFile {
  encoding: Encoding;
  /** Nothing in the file proves the encoding: a person should look at the names. */
  encodingGuessed: boolean;
  delimiter: Delimiter;
  headerRow: number;
  headers: string[];
  rows: FileRow[];
}

export type ReadResult = { file: ReadFile } | { problem: FileProblem };

/**
 * Reads delimited text (RFC 4180 and what people send instead; PRODUCT.md section 5). Its content decides, not its
 * name. A header without rows is no problem here. Never throws, whatever the bytes are.
 */
export function readFile(bytes: Buffer, options: ReadOptions): ReadResult {
  const { limits } = options;
  if (bytes.length > limits.bytes) return { problem: problems.tooManyBytes(limits.bytes) };
  const foreign = foreignFormat(bytes);
  if (foreign) return { problem: foreign };
  const { text, encoding, guessed } = decodeText(bytes, options.encoding);
  if (!/[^\s,;|]/.test(text)) return { problem: problems.emptyFile };
  const unreadable = foreignText(text);
  if (unreadable) return { problem: unreadable };

  const separator = separatorLine(text);
  const body = separator ? text.slice(separator.end) : text;
  const delimiter = options.delimiter ?? separator?.delimiter ?? findDelimiter(body);
  const table = readTable(body, separator ? 2 : 1, delimiter, options);
  if ('problem' in table) return table;
  const { header, rows } = table;
  return {
    file: {
      encoding,
      encodingGuessed: guessed,
      delimiter,
      headerRow: header.number,
      headers: header.cells,
      rows,
    },
  };
}

type Table = { header: FileRow; rows: FileRow[] } | { problem: FileProblem };

function readTable(text: string, firstRow: number, delimiter: Delimiter, options: ReadOptions): Table {
  const { limits, headerRow } = options;
  const rows: FileRow[] = [];
  let header: FileRow | undefined;
  let count = 0;
  let line = firstRow;
  let at = 0;
  for (let number = firstRow; at < text.length; number++) {
    const record = readRecord(text, at, delimiter, limits.columns);
    if (record.openQuote !== undefined) {
      return { problem: problems.unclosedQuote(line + countLineBreaks(text, at, record.openQuote)) };
    }
    const row: FileRow = { number, line, cells: record.cells };
    const problem = beyondLimits(row, text, at, record.end, limits);
    if (problem) return { problem };
    line += countLineBreaks(text, at, record.end);
    at = record.end;
    if (isBlank(row)) continue;
    if (row.cells.some((cell) => cell.includes('\uFFFD'))) row.badText = true;
    if (header) {
      count++;
      if (count <= limits.rows) rows.push(row);
    } else if (number === (headerRow ?? number)) {
      header = row;
    }
  }
  if (!header)
    return { problem: headerRow === undefined ? problems.emptyFile : problems.noHeaderRow(headerRow) };
  if (count > limits.rows) return { problem: problems.tooManyRows(count, limits.rows) };
  return { header, rows };
}

/** What is too large about a record that lies between two positions of the text. */
function beyondLimits(
  { number, line, cells }: FileRow,
  text: string,
  start: number,
  end: number,
  limits: ReadLimits,
): FileProblem | undefined {
  if (cells.length > limits.columns) return problems.tooManyColumns(number, limits.columns);
  // No character takes more than three bytes for each of its UTF-16 units: most records need no closer look.
  if (
    (end - start) * 3 > limits.recordBytes &&
    Buffer.byteLength(text.slice(start, end)) > limits.recordBytes
  ) {
    return problems.recordTooLong(number, line, limits.recordBytes);
  }
  const long = cells.findIndex((cell) => cell.length > limits.cellCharacters);
  if (long === -1) return undefined;
  return problems.cellTooLong(number, long + 1, cells[long].length, limits.cellCharacters);
}

function isBlank(row: FileRow): boolean {
  return row.cells.every((cell) => cell.trim() === '');
}
