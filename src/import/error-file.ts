// Our own error file on its way back: it carries five columns more, and a ' before what a spreadsheet would take for a formula.
import { unprotect } from '../web/csv.js';
import type { FileRow } from './read-file.js';
import { ownColumns } from './reports.js';

/** So many numbers of an import before are enough to know it again. */
const numbersKept = 100;

/** Takes off what we added; leaves every other file as it is. */
export class OwnColumns {
  readonly fromErrorFile: boolean;
  /** Names of the columns without ours. */
  readonly headers: string[];
  /** The first numbers that rows had in the file of the import before. */
  readonly leftRows: number[] = [];

  /** @param headers as they stand in the file */
  constructor(headers: string[]) {
    const width = headers.length - ownColumns.length;
    this.fromErrorFile =
      width > 0 && ownColumns.every((name, index) => headers[width + index]?.trim() === name);
    this.headers = this.fromErrorFile ? headers.slice(0, width).map(unprotect) : headers;
  }

  /** The rows as they were before we added to them. */
  without(rows: FileRow[]): FileRow[] {
    if (!this.fromErrorFile) return rows;
    const width = this.headers.length;
    for (const { cells } of rows) this.note(cells[width] ?? '');
    return rows.map((row) => ({ ...row, cells: originalCells(row.cells, width) }));
  }

  private note(text: string): void {
    if (this.leftRows.length === numbersKept || !/^[1-9]\d{0,8}$/.test(text.trim())) return;
    if (!this.leftRows.includes(Number(text))) this.leftRows.push(Number(text));
  }
}

// Cells beyond the header stand behind our columns.
function originalCells(cells: string[], width: number): string[] {
  return [...cells.slice(0, width), ...cells.slice(width + ownColumns.length)].map(unprotect);
}
