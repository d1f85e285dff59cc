// Which of the first rows holds the names of the columns: titles, dates and versions may stand above it, or it may be missing.
import type { FileRow } from './read-file.js';

/** Rows among which the header is looked for. */
export const headerDepth = 20;

/**
 * The header row, or undefined when the first row is data already.
 * @param rows the first rows of the file that are not blank
 * @param namesField true for the name of a field; without it the first row is taken
 */
export function findHeader(rows: FileRow[], namesField?: (header: string) => boolean): FileRow | undefined {
  if (!namesField) return rows[0];
  const first = rows.slice(0, headerDepth).map((row) => ({ row, ...judged(row, namesField) }));
  const width = Math.max(...first.map(({ filled }) => filled));
  const [best] = first.filter(({ data, names }) => data === 0 && names > 0).sort((a, b) => b.names - a.names);
  // One name alone may be a title: it needs a row as wide as the others.
  if (best && (best.names > 1 || best.filled > width / 2 || best.row === rows[0])) return best.row;
  const wide = first.find(({ filled }) => filled > width / 2)!;
  return wide.data === 0 ? wide.row : undefined;
}

function judged({ cells }: FileRow, namesField: (header: string) => boolean) {
  const filled = cells.filter((cell) => cell.trim() !== '');
  return {
    filled: filled.length,
    names: filled.filter((cell) => cell.length <= 300 && namesField(cell)).length,
    data: filled.filter(isData).length,
  };
}

/** An address or a number is no name of a column. */
function isData(cell: string): boolean {
  const text = cell.trim();
  return text.length <= 300 && (/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(text) || /^\+?\d[\d .()/-]*$/.test(text));
}
