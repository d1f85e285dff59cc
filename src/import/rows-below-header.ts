// Rows of a file in their order, whatever it is: finds the header among the first ones, then counts what is below it.
import * as problems from './file-problem.js';
import type { FileProblem } from './file-problem.js';
import { findHeader, headerDepth } from './find-header.js';
import type { FileRow, ReadLimits } from './read-file.js';

export interface HeaderOptions {
  /** Number of the row that holds the names of the columns, 0 = none does. Else it is looked for. */
  headerRow?: number;
  /** True for the name of a field. Without it the first row that is not blank is the header. */
  namesField?: (header: string) => boolean;
  limits: ReadLimits;
}

/** The part of a file that lies above its rows. */
export interface TableHead {
  /** 0 = the file has none. */
  headerRow: number;
  /** Empty names when there is no header. */
  headers: string[];
  /** Rows above a header that was found, not chosen, as text. */
  above: string[];
}

/** Rows that are counted beyond the limit, then nobody wants to know the number any more. */
const countsBeyond = 100_000;

export class RowsBelowHeader {
  /** Known once rows were returned. */
  head: TableHead | undefined;
  private count = 0;
  private first: FileRow[] | undefined = [];

  constructor(private readonly options: HeaderOptions) {}

  /**
   * @param rows the next ones that are not blank
   * @param last no more rows come
   * @returns those below the header, once it is known, or why the file is refused
   */
  add(rows: FileRow[], last: boolean): FileRow[] | { problem: FileProblem } {
    if (!this.first) return this.counted(rows, last);
    this.first = [...this.first, ...rows];
    const reached = this.first.length > 0 ? this.first[this.first.length - 1].number : 0;
    if (!last && (this.first.length < headerDepth || reached <= (this.options.headerRow ?? 0))) return [];
    const found = this.findHead(this.first);
    if ('problem' in found) return found;
    this.first = undefined;
    return this.counted(found.rows, last);
  }

  private findHead(rows: FileRow[]): { rows: FileRow[] } | { problem: FileProblem } {
    const { headerRow, namesField } = this.options;
    if (rows.length === 0)
      return { problem: headerRow ? problems.noHeaderRow(headerRow) : problems.emptyFile };
    const header =
      headerRow === undefined
        ? findHeader(rows, namesField)
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
    if (this.count <= limits.rows) return rows.map(withBadText);
    if (last) return { problem: problems.tooManyRows(this.count, limits.rows) };
    return this.count > limits.rows + countsBeyond ? { problem: problems.farTooManyRows(limits.rows) } : [];
  }
}

function withBadText(row: FileRow): FileRow {
  return row.cells.some((cell) => cell.includes('\uFFFD')) ? { ...row, badText: true } : row;
}

function widthOf(rows: FileRow[]): number {
  return rows.reduce((width, { cells }) => Math.max(width, cells.length), 0);
}

/** What is too large about a row's cells. */
export function cellsBeyondLimits({ number, cells }: FileRow, limits: ReadLimits): FileProblem | undefined {
  if (cells.length > limits.columns) return problems.tooManyColumns(number, limits.columns);
  const long = cells.findIndex((cell) => cell.length > limits.cellCharacters);
  return long === -1
    ? undefined
    : problems.cellTooLong(number, long + 1, cells[long].length, limits.cellCharacters);
}
