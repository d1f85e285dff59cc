// Decoded text, pushed in parts of any size, becomes a header and numbered rows. Only the record that is not complete yet and
// the first rows, among which the header is, are kept.
import { countLineBreaks, readRecord, type Delimiter } from './csv-record.js';
import * as problems from './file-problem.js';
import type { FileProblem } from './file-problem.js';
import { findHeader, headerDepth } from './find-header.js';
import type { FileRow, ReadLimits } from './read-file.js';

export interface TableOptions {
  delimiter: Delimiter;
  /** Number of the first row; 2 behind a line `sep=;`. */
  firstRow: number;
  /** Number of the row that holds the names of the columns, 0 = none does. Else it is looked for. */
  headerRow?: number;
  /** True for the name of a field. Without it the first row that is not blank is the header. */
  namesField?: (header: string) => boolean;
  limits: ReadLimits;
}

/** Rows that were counted beyond the limit, then nobody wants to know the number any more. */
const countsBeyond = 100_000;

/** The part of a file that lies above its rows. */
export interface TableHead {
  /** 0 = the file has none. */
  headerRow: number;
  /** Empty names when there is no header. */
  headers: string[];
  /** Rows above a header that was found, not chosen, as text. */
  above: string[];
}

/** Rows of delimited text. Every method returns the rows that are complete now, or why the file is refused. */
export class TableReader {
  /** Known once rows were returned. */
  head: TableHead | undefined;
  private rest = '';
  private number: number;
  private line: number;
  private count = 0;
  private first: FileRow[] | undefined = [];

  constructor(private readonly options: TableOptions) {
    this.number = options.firstRow;
    this.line = options.firstRow;
  }

  /** @param last nothing comes behind this text */
  push(text: string, last: boolean): FileRow[] | { problem: FileProblem } {
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
        return { problem: problems.unclosedQuote(this.line + countLineBreaks(all, at, record.openQuote)) };
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
    return this.below(rows, last);
  }

  private below(rows: FileRow[], last: boolean): FileRow[] | { problem: FileProblem } {
    if (this.first) {
      this.first = [...this.first, ...rows];
      const asked = this.options.headerRow ?? 0;
      if (!last && (this.first.length < headerDepth || this.number <= asked)) return [];
      const found = this.findHead(this.first);
      if ('problem' in found) return found;
      this.first = undefined;
      return this.counted(found.rows, last);
    }
    return this.counted(rows, last);
  }

  private findHead(rows: FileRow[]): { rows: FileRow[] } | { problem: FileProblem } {
    const { headerRow, namesField } = this.options;
    if (rows.length === 0)
      return { problem: headerRow ? problems.noHeaderRow(headerRow) : problems.emptyFile };
    const header =
      headerRow === undefined
        ? findHeader(rows, namesField)
        : headerRow === 0
          ? undefined
          : rows.find(({ number }) => number === headerRow);
    if (headerRow && !header) return { problem: problems.noHeaderRow(headerRow) };
    const above =
      header && headerRow === undefined ? rows.filter(({ number }) => number < header.number) : [];
    this.head = {
      headerRow: header?.number ?? 0,
      headers: header?.cells ?? Array.from({ length: widthOf(rows) }, () => ''),
      above: above.map(({ cells }) => cells.filter((cell) => cell.trim() !== '').join(' ')),
    };
    return { rows: header ? rows.filter(({ number }) => number > header.number) : rows };
  }

  private counted(rows: FileRow[], last: boolean): FileRow[] | { problem: FileProblem } {
    const { limits } = this.options;
    this.count += rows.length;
    if (this.count > limits.rows) {
      if (last) return { problem: problems.tooManyRows(this.count, limits.rows) };
      if (this.count > limits.rows + countsBeyond) return { problem: problems.farTooManyRows(limits.rows) };
      return [];
    }
    for (const row of rows) if (row.cells.some((cell) => cell.includes('\uFFFD'))) row.badText = true;
    return rows;
  }
}

function widthOf(rows: FileRow[]): number {
  return rows.reduce((width, { cells }) => Math.max(width, cells.length), 0);
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
