// Our own error file on its way back: it carries five columns more, and a ' before what a spreadsheet would take for a formula.
import { unprotect } from '../web/csv.js';
import type { ReadFile } from './read-file.js';
import { ownColumns } from './reports.js';

export interface OwnFile extends ReadFile {
  fromErrorFile: boolean;
  /** Numbers that the rows had in the file of the import before. */
  leftRows: number[];
}

/** The file as it was before we added to it; every other file as it is. */
export function withoutOwnColumns(file: ReadFile): OwnFile {
  const width = file.headers.length - ownColumns.length;
  const ours = width > 0 && ownColumns.every((name, index) => file.headers[width + index]?.trim() === name);
  if (!ours) return { ...file, fromErrorFile: false, leftRows: [] };
  return {
    ...file,
    headers: file.headers.slice(0, width).map(unprotect),
    rows: file.rows.map((row) => ({ ...row, cells: originalCells(row.cells, width) })),
    fromErrorFile: true,
    leftRows: numbersIn(file.rows.map(({ cells }) => cells[width] ?? '')),
  };
}

// Cells beyond the header stand behind our columns.
function originalCells(cells: string[], width: number): string[] {
  return [...cells.slice(0, width), ...cells.slice(width + ownColumns.length)].map(unprotect);
}

function numbersIn(texts: string[]): number[] {
  return [...new Set(texts.filter((text) => /^[1-9]\d{0,8}$/.test(text.trim())).map(Number))];
}
