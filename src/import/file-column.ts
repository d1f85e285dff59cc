// A column of a file as the matcher sees it: what its header can be read as, and what its cells hold.
import { isPasswordHeader } from './column-names.js';
import {
  coreKeys,
  cutWords,
  headerKeys,
  headerWords,
  identifyingWords,
  isOfOthers,
  languageKeys,
  wishKeys,
  withoutBeginning,
} from './header-words.js';

export class Column {
  readonly keys: string[];
  readonly cores: string[];
  readonly words: string[];
  readonly isOfOthers: boolean;
  readonly isPassword: boolean;
  /** The same in several languages: "Vorname / First name"; none for a plain header. */
  readonly languages: string[][];
  /** What is asked for: "Desired Username". */
  readonly wished: string[];
  /** Those of the words that are cut short: "Ext." */
  readonly cut: string[];
  /** Those of the words that make another thing of the rest: "Interno ID". */
  readonly identifying: string[];
  /** Not empty ones of the sample, trimmed, with the rows that they stand in. */
  readonly cells: { value: string; row: number }[];

  constructor(
    header: string,
    readonly index: number,
    rows: string[][],
    beginnings: string[][] = [],
  ) {
    const bare = withoutBeginning(header, beginnings);
    this.words = headerWords(header);
    this.cut = cutWords(header);
    this.identifying = identifyingWords(this.words);
    this.isPassword = isPasswordHeader(header);
    // "Agent or Supervisor?" names what the column may hold, not whose it is.
    const values = new Set(rows.map((cells) => (cells[index] ?? '').trim().toLowerCase()));
    this.isOfOthers = isOfOthers(this.words.filter((word) => !values.has(word)));
    // "Block sign in [accountEnabled]" is not about what is enabled.
    this.keys = this.isOfOthers ? headerKeys(header).slice(0, 1) : headerKeys(header);
    this.cores = this.isOfOthers
      ? []
      : [
          ...new Set([
            ...coreKeys(header),
            ...(bare === header ? [] : [...headerKeys(bare), ...coreKeys(bare)]),
          ]),
        ];
    this.languages = this.isOfOthers ? [] : languageKeys(header);
    this.wished = wishKeys(bare);
    this.cells = rows.flatMap((cells, row) => {
      const value = (cells[index] ?? '').trim();
      return value === '' ? [] : { value, row };
    });
  }
}

/** Nearly all values pass the test, or the share that is asked for. */
export function holds(
  { cells }: Column,
  test: ((value: string) => boolean) | undefined,
  share = 0.9,
): boolean {
  return (
    test !== undefined &&
    cells.length > 0 &&
    cells.filter(({ value }) => test(value)).length >= cells.length * share
  );
}

/** Its different values. */
export function valuesOf({ cells }: Column): Set<string> {
  return new Set(cells.map(({ value }) => value));
}
