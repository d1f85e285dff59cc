// What is told of a file while its rows pass. However many they are, what is kept of them does not grow.
import { isPasswordHeader } from './column-names.js';
import { OwnColumns } from './error-file.js';
import type { Guess } from './guess-encoding.js';
import type { FileRow } from './read-file.js';
import { SuccessFile } from './success-file.js';

const rowsNamed = 10;
const sampleSize = 1000;
/** So many rows are kept to be stored at once. */
const fewRows = 2000;

export class FileDigest {
  /** Without ours, if it is an error file of ours. Known with the first row. */
  own = new OwnColumns([]);
  success = new SuccessFile([]);
  rowCount = 0;
  /** Rows with quotation marks that were taken as letters: the first of them. */
  readonly strayRows: number[] = [];
  /** All rows, while they are few. */
  rows: FileRow[] | undefined = [];
  /** Every row, later every second one, every fourth one and so on. */
  private spread: string[][] = [];
  private every = 1;
  /** The first row that fills a column: the one user with a phone of another kind may stand at the end. */
  private readonly first: (string[] | undefined)[] = [];
  private isBegun = false;
  private secret: boolean[] = [];
  private readonly secretWords = new Set<string>();

  /** @param words that will be shown, unless they are a part of a password */
  constructor(private readonly words: string[] = []) {}

  /** Takes the next rows as they stand in the file; gives them back as they are stored: without our columns and passwords. */
  take(read: FileRow[], headers: string[]): FileRow[] {
    this.begin(headers);
    this.success.look(read);
    const rows = this.own.without(read).map((row) => this.withoutPasswords(row));
    for (const row of rows) this.look(row);
    this.rows = this.rows && this.rows.length + rows.length <= fewRows ? [...this.rows, ...rows] : undefined;
    return rows;
  }

  /** Names the columns of a file that may have no rows. */
  begin(headers: string[]): void {
    if (this.isBegun) return;
    this.isBegun = true;
    this.own = new OwnColumns(headers);
    this.success = new SuccessFile(headers);
    this.secret = this.own.headers.map(isPasswordHeader);
  }

  /** True for a column of passwords, from 0. */
  isSecret(column: number): boolean {
    return this.secret[column] ?? false;
  }

  /** Cells of rows from all of the file, of each column with a value if it has any; of a small file of all its rows. */
  sample(): string[][] {
    return this.every === 1
      ? this.spread
      : [...this.spread, ...this.first.flatMap((cells) => (cells ? [cells] : []))];
  }

  /** The guesses without the words that are a part of a password. */
  withoutSecrets(guesses: Guess[]): Guess[] {
    const isSecret = (word: number) => guesses.some(({ samples }) => this.secretWords.has(samples[word]));
    return guesses.map((guess) => ({
      ...guess,
      samples: guess.samples.filter((_sample, word) => !isSecret(word)),
    }));
  }

  private withoutPasswords(row: FileRow): FileRow {
    if (!this.secret.includes(true)) return row;
    for (const word of this.words)
      if (row.cells.some((cell, index) => this.secret[index] && cell.includes(word)))
        this.secretWords.add(word);
    return { ...row, cells: row.cells.map((cell, index) => (this.secret[index] ? '' : cell)) };
  }

  private look({ number, cells, stray }: FileRow): void {
    if (stray && this.strayRows.length < rowsNamed) this.strayRows.push(number);
    if (this.rowCount % this.every === 0) this.spread.push(copied(cells));
    if (this.spread.length > sampleSize) {
      this.spread = this.spread.filter((_, index) => index % 2 === 0);
      this.every *= 2;
    }
    cells.forEach((cell, index) => {
      if (!this.first[index] && cell.trim() !== '') this.first[index] = copied(cells);
    });
    this.rowCount++;
  }
}

// A cell is a part of the text that it was read from, and would keep all of that in memory.
function copied(cells: string[]): string[] {
  return structuredClone(cells);
}
