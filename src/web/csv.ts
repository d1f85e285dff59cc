// Every CSV that leaves. A spreadsheet runs cells that look like formulas, so these are made plain text by a leading
// apostrophe (ASVS 5.0, 1.2.10); our own files come back, so it can be taken off again.

/** What a spreadsheet may take for a formula or cut a cell at, also in full width, after any apostrophes. */
const dangerousStart = /^'*[=+\-@\t\r\n\0＝＋－＠]/;

/** One record (RFC 4180) with the CRLF at its end; dangerous cells are protected. */
export function csvLine(cells: (string | number)[], delimiter = ','): string {
  return `${cells.map((cell) => csvCell(String(cell), delimiter)).join(delimiter)}\r\n`;
}

/** A whole file, with the UTF-8 byte order mark that spreadsheets need to read accents. */
export function csvText(rows: (string | number)[][], delimiter = ','): string {
  return `\uFEFF${rows.map((row) => csvLine(row, delimiter)).join('')}`;
}

/**
 * A cell that no spreadsheet runs: `=1+1` -> `'=1+1`. One that already starts like a protected cell is protected as
 * well (`'=1` -> `''=1`), so that `unprotect` gives every cell back exactly.
 */
export function protect(cell: string): string {
  return dangerousStart.test(cell) ? `'${cell}` : cell;
}

/** Takes off exactly the one apostrophe that `protect` set; every other cell stays as it is. */
export function unprotect(cell: string): string {
  return cell.startsWith("'") && dangerousStart.test(cell) ? cell.slice(1) : cell;
}

function csvCell(cell: string, delimiter: string): string {
  const safe = protect(cell);
  const quoted = safe !== cell || safe.includes(delimiter) || /["\r\n]/.test(safe);
  return quoted ? `"${safe.replaceAll('"', '""')}"` : safe;
}
