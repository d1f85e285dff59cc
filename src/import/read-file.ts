// A file of users: from its bytes to a header and numbered rows, or one plain reason for refusing it.
// What the cells mean is decided later (match-columns, plan); nothing is trimmed or converted here.
import type { Delimiter } from './csv-record.js';
import { decoderOf, type Encoding, type EncodingSurvey } from './decode-text.js';
import * as problems from './file-problem.js';
import type { FileProblem } from './file-problem.js';
import { findDelimiter, separatorLine } from './find-delimiter.js';
import { foreignFormat, foreignText } from './foreign-format.js';
import type { Guess } from './guess-encoding.js';
import { LetterDamage, type Damage } from './letter-damage.js';
import { TableReader } from './read-table.js';
import type { TableHead } from './rows-below-header.js';

export type { Delimiter } from './csv-record.js';
export type { Encoding } from './decode-text.js';
export type { FileProblem } from './file-problem.js';

export interface FileRow {
  /** As a spreadsheet shows it: records counted from 1, blank ones too, so the header usually is row 1. */
  number: number;
  /** Line of the file on which the record starts, from 1; quoted line breaks make it differ from the number. */
  line: number;
  /** As written; there may be fewer or more than headers. */
  cells: string[];
  /** A cell holds U+FFFD: its bytes mean nothing in the file's encoding. */
  badText?: boolean;
  /** A quotation mark stands where none belongs and was taken as a letter. */
  stray?: boolean;
}

export interface ReadLimits {
  /** Rows that are not blank, without the header. */
  rows: number;
  bytes: number;
  columns: number;
  /** Of one record in UTF-8. */
  recordBytes: number;
  cellCharacters: number;
}

export interface ReadOptions {
  /** As chosen by a person; else found out. */
  delimiter?: Delimiter;
  encoding?: Encoding;
  /** Number of the row that holds the names of the columns, 0 = none does; rows before it are dropped. Else it is looked for. */
  headerRow?: number;
  /** Of a workbook: the name of its sheet. Else the first visible one with rows. */
  sheet?: string;
  /** Mend letters that were read in a wrong encoding before they came here. */
  repair?: boolean;
  /** Take the rows before a quotation mark that nothing closes, instead of refusing the file. */
  untilOpenQuote?: boolean;
  /** True for the name of a field, to tell the header from what stands above it. Without it the first row is the header. */
  namesField?: (header: string) => boolean;
  limits: ReadLimits;
}

/** How a file was read. */
export interface ReadHow extends TableHead {
  encoding: Encoding;
  /** Nothing in the file proves the encoding; how it would read in each of these. Empty when it is known. */
  guesses: Guess[];
  delimiter: Delimiter;
  /** Line of a quotation mark that nothing closes, when the rows before it were asked for: the rest was not read. */
  openQuote?: number;
  /** Of a workbook: the visible sheets, and the one that was read. */
  sheets: string[];
  sheet: string;
  /** Rows with values that the spreadsheet does not show. */
  hiddenRows: number[];
}

/** Characters of the start of a file by which its kind and delimiter are told. */
const startLength = 65_536;

/**
 * Reads the pieces of delimited text, after a survey of all of them (RFC 4180 and what people send instead; PRODUCT.md
 * section 5). Its content decides, not its name. A header without rows is no problem here. Never throws, whatever the
 * bytes are.
 */
export class FileReader {
  private readonly found: ReturnType<EncodingSurvey['result']>;
  private readonly decode: (piece: Buffer, last: boolean) => string;
  private readonly letters: LetterDamage;
  private table: TableReader | undefined;
  private delimiter: Delimiter = ',';
  private isFirst = true;

  constructor(
    survey: EncodingSurvey,
    private readonly options: ReadOptions,
  ) {
    this.found = survey.result(options.encoding);
    this.decode = decoderOf(this.found.encoding);
    this.letters = new LetterDamage(options.repair ?? false);
  }

  /** The rows that the next piece completes, or why the file is refused. The first piece holds the first 64 KB, if there are so many. */
  push(piece: Buffer, last: boolean): FileRow[] | { problem: FileProblem } {
    const foreign = this.isFirst ? foreignFormat(piece) : undefined;
    if (foreign) return { problem: foreign };
    let text = this.decode(this.isFirst ? piece.subarray(this.found.mark) : piece, last);
    // The end mark of old programs.
    if (last && text.endsWith('\x1A')) text = text.slice(0, -1);
    this.isFirst = false;
    if (!this.table) {
      const begun = this.begin(text.replace(/^\uFEFF+/, ''), last);
      if (typeof begun !== 'string') return begun;
      text = begun;
    }
    const rows = this.table!.push(text, last);
    return 'problem' in rows ? rows : this.letters.look(rows);
  }

  /** Names of the columns, known once rows came back. */
  headers(): string[] {
    return this.letters.mended(this.table!.head!.headers);
  }

  /** Known once the last piece was pushed. */
  how(): ReadHow {
    const { encoding, guesses } = this.found;
    const head = this.table!.head!;
    const none = { sheets: [], sheet: '', hiddenRows: [] };
    return {
      encoding,
      guesses,
      delimiter: this.delimiter,
      openQuote: this.table!.openQuote,
      ...none,
      ...head,
      headers: this.headers(),
    };
  }

  damage(): Damage | undefined {
    return this.letters.found(this.table!.head!);
  }

  // The text behind a line `sep=;`, or why nobody should read on.
  private begin(text: string, last: boolean): string | { problem: FileProblem } {
    const start = text.slice(0, startLength);
    const isEmpty = !/[^\s,;|]/.test(last ? text : start);
    if (isEmpty && last) return { problem: problems.emptyFile };
    const unreadable = foreignText(start);
    if (unreadable) return { problem: unreadable };
    const separator = separatorLine(start);
    const body = separator ? text.slice(separator.end) : text;
    this.delimiter = this.options.delimiter ?? separator?.delimiter ?? findDelimiter(body);
    this.table = new TableReader({ ...this.options, delimiter: this.delimiter, firstRow: separator ? 2 : 1 });
    return body;
  }
}
