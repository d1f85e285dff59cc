// Decoded text, pushed in parts of any size, becomes a header and numbered rows. Only the record that is not complete yet is kept.
import { countLineBreaks, readRecord, type Delimiter } from './csv-record.js';
import * as problems from './file-problem.js';
import type { FileProblem } from './file-problem.js';
import type { FileRow, ReadLimits } from './read-file.js';
import {
  RowsBelowHeader,
  cellsBeyondLimits,
  type HeaderOptions,
  type TableHead,
} from './rows-below-header.js';

export interface TableOptions extends HeaderOptions {
  delimiter: Delimiter;
  /** Number of the first row; 2 behind a line `sep=;`. */
  firstRow: number;
  /** Take the rows before a quotation mark that nothing closes, instead of refusing the file. */
  untilOpenQuote?: boolean;
}

/** Rows of delimited text. */
export class TableReader {
  /** Line of a quotation mark that nothing closes: its row and what stands behind it are not read. */
  openQuote: number | undefined;
  private readonly below: RowsBelowHeader;
  private rest = '';
  private number: number;
  private line: number;

  constructor(private readonly options: TableOptions) {
    this.below = new RowsBelowHeader(options);
    this.number = options.firstRow;
    this.line = options.firstRow;
  }

  /** Known once rows were returned. */
  get head(): TableHead | undefined {
    return this.below.head;
  }

  /**
   * @param last nothing comes behind this text
   * @returns the rows that are complete now, or why the file is refused
   */
  push(text: string, last: boolean): FileRow[] | { problem: FileProblem } {
    if (this.openQuote !== undefined) return [];
    const all = this.rest + text;
    const { delimiter, limits } = this.options;
    const rows: FileRow[] = [];
    let at = 0;
    while (at < all.length) {
      const record = readRecord(all, at, delimiter, limits.columns);
      const isTooLong = all.length - at > limits.recordBytes && record.end >= all.length;
      // A line break at the very end may be the first half of one.
      if (!last && record.end >= all.length && !isTooLong) break;
      if (record.openQuote !== undefined) {
        const line = this.line + countLineBreaks(all, at, record.openQuote);
        const isFirst = this.number === this.options.firstRow;
        if (isFirst || !this.options.untilOpenQuote) return { problem: problems.unclosedQuote(line) };
        this.openQuote = line;
        return this.below.add(rows, true);
      }
      const row: FileRow = { number: this.number, line: this.line, cells: record.cells };
      const problem = beyondLimits(row, all, at, record.end, limits);
      if (problem) return { problem };
      if (record.stray) row.stray = true;
      this.line += countLineBreaks(all, at, record.end);
      this.number++;
      at = record.end;
      if (!isBlank(row)) rows.push(row);
    }
    this.rest = all.slice(at);
    return this.below.add(rows, last);
  }
}

/** What is too large about a record that lies between two positions of the text. */
function beyondLimits(
  row: FileRow,
  text: string,
  start: number,
  end: number,
  limits: ReadLimits,
): FileProblem | undefined {
  if (row.cells.length > limits.columns) return cellsBeyondLimits(row, limits);
  // No character takes more than three bytes for each of its UTF-16 units: most records need no closer look.
  if (
    (end - start) * 3 > limits.recordBytes &&
    Buffer.byteLength(text.slice(start, end)) > limits.recordBytes
  ) {
    return problems.recordTooLong(row.number, row.line, limits.recordBytes);
  }
  return cellsBeyondLimits(row, limits);
}

function isBlank(row: FileRow): boolean {
  return row.cells.every((cell) => cell.trim() === '');
}
