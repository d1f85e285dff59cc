// An .xlsx whose cells are all text, so that no spreadsheet changes a number or runs a formula.

export interface SheetOfText {
  name: string;
  /** The first row is the header. */
  rows: string[][];
}

/** Bytes of a workbook with these sheets. */
export async function workbook(...sheets: SheetOfText[]): Promise<Buffer> {
  // Loaded when the first workbook is asked for: it takes as long as the whole database does.
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  return writeXlsxFile(
    sheets.map(({ name, rows }) => ({ sheet: name, data: rows.map(textCells), stickyRowsCount: 1 })),
  ).toBuffer();
}

function textCells(row: string[], index: number) {
  const bold = index === 0 ? { fontWeight: 'bold' as const } : {};
  return row.map((value) => ({ value, type: String, ...bold }));
}
