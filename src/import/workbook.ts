// An .xlsx whose cells are all text, so that no spreadsheet changes a number or runs a formula.
import writeXlsxFile from 'write-excel-file/node';

/** Bytes of a workbook with one sheet; the first row is the header. */
export async function workbook(rows: string[][]): Promise<Buffer> {
  const cells = rows.map((row, index) =>
    row.map((value) => ({ value, type: String, ...(index === 0 ? { fontWeight: 'bold' as const } : {}) })),
  );
  return writeXlsxFile(cells).toBuffer();
}
