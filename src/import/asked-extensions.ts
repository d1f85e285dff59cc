// The extensions that rows of a file ask for. There are fewer than a million numbers: four megabytes, however many rows.
import type { ReadRow } from './plan.js';

/** Extensions have six digits at the most. */
const numbers = 1_000_000;

export class AskedExtensions {
  /** By extension: the last row that asks for it. */
  private readonly lastRow = new Int32Array(numbers);

  /** Rows in the order of the file. */
  note(rows: ReadRow[]): void {
    for (const { number, values } of rows)
      if (values.extension !== null) this.lastRow[values.extension] = number;
  }

  /** True when this row or a later one asks for the extension. */
  isAsked(extension: number, fromRow: number): boolean {
    return this.lastRow[extension] >= fromRow;
  }
}
