// Looks for damaged letters in all cells of a file, and mends them when a person asks for it.
import type { FileRow } from './read-file.js';
import { mayBeDamaged, repaired } from './repair-text.js';
import type { TableHead } from './rows-below-header.js';

/** Cells whose letters were read in a wrong encoding once, with one of them. */
export interface Damage {
  cells: number;
  /** Row and column (from 0) of the example. */
  row: number;
  column: number;
  before: string;
  after: string;
}

export class LetterDamage {
  private damage: Damage | undefined;

  constructor(private readonly mends: boolean) {}

  /** Counts what is damaged in these rows; gives them back, mended if that was asked for. */
  look(rows: FileRow[]): FileRow[] {
    return rows.map((row) => {
      if (!mayBeDamaged(row.cells)) return row;
      const after = row.cells.map(repaired);
      if (after.every((cell, index) => cell === row.cells[index])) return row;
      if (this.mends) return { ...row, cells: after };
      this.note(row, after);
      return row;
    });
  }

  /** Texts, mended if that was asked for. */
  mended(texts: string[]): string[] {
    return this.mends ? texts.map(repaired) : texts;
  }

  /** What was found in all rows. @param head whose names are looked at last: they are no example where there is a better one */
  found({ headerRow, headers }: TableHead): Damage | undefined {
    if (!this.mends && headerRow > 0) this.look([{ number: headerRow, line: headerRow, cells: headers }]);
    return this.damage;
  }

  private note({ number, cells }: FileRow, after: string[]): void {
    const changed = [...cells.keys()].filter((index) => after[index] !== cells[index]);
    const [index] = changed;
    this.damage ??= {
      cells: 0,
      row: number,
      column: index,
      before: cells[index].slice(0, 80),
      after: after[index].slice(0, 80),
    };
    this.damage.cells += changed.length;
  }
}
