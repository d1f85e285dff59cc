// An .xlsx whose cells are all text, so that no spreadsheet changes a number or runs a formula.

/** Bytes of a workbook with one sheet; the first row is the header. */
export async function workbook(rows: string[][]): Promise<Buffer> {
  const cells = rows.map((row, index) =>
    row.map((value) => ({ value, type: String, ...(index === 0 ? { fontWeight: 'bold' as const } : {}) })),
  );
  // Loaded when the first workbook is asked for: it takes as long as the whole database does.
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  return writeXlsxFile(cells).toBuffer();
}
