// A look at delimited text while it still comes in: nobody waits for the rest of a file that is far too large, or no table.
// What it lets pass is read again once all of it is there and its encoding is known.
import { EncodingSurvey } from './decode-text.js';
import type { FileProblem } from './file-problem.js';
import { foreignFormat } from './foreign-format.js';
import { FileReader, type ReadOptions } from './read-file.js';

/** Read at once, as the whole file is: its first piece tells the delimiter. */
const pieceSize = 64 * 1024;

export class EarlyLook {
  private waiting: Buffer = Buffer.alloc(0);
  private reader: FileReader | undefined;
  private isOver = false;

  /** @param survey has seen all bytes that come here */
  constructor(
    private readonly survey: EncodingSurvey,
    private readonly options: ReadOptions,
  ) {}

  /** Why the file is refused, as soon as the bytes so far say it for certain. */
  push(bytes: Buffer): FileProblem | undefined {
    if (this.isOver) return undefined;
    this.waiting = Buffer.concat([this.waiting, bytes]);
    let problem: FileProblem | undefined;
    while (!problem && this.waiting.length >= pieceSize) {
      problem = this.look(this.waiting.subarray(0, pieceSize), false);
      this.waiting = this.waiting.subarray(pieceSize);
    }
    return problem;
  }

  /** The same once nothing comes any more. */
  end(): FileProblem | undefined {
    return this.survey.isUtf8SoFar ? this.look(this.waiting, true) : undefined;
  }

  private look(piece: Buffer, last: boolean): FileProblem | undefined {
    if (!this.reader && !this.isOver) this.begin(piece);
    if (!this.reader || this.isOver) return undefined;
    const rows = this.reader.push(piece, last);
    if (!('problem' in rows)) return undefined;
    this.isOver = true;
    // In another encoding the same bytes may be fewer characters or columns; lines end where they end.
    const isCertain = this.survey.isUtf8SoFar || rows.problem.code === 'too_many_rows';
    return isCertain ? rows.problem : undefined;
  }

  // Workbooks, and what is told by more than its first bytes, are left to who reads the whole file. In all encodings
  // that are guessed rows end where they end in UTF-8.
  private begin(start: Buffer): void {
    this.isOver = foreignFormat(start) !== undefined;
    if (this.isOver) return;
    const survey = new EncodingSurvey();
    survey.push(start);
    const { encoding, guesses } = survey.result();
    this.reader = new FileReader(survey, {
      ...this.options,
      encoding: guesses.length > 0 ? 'utf-8' : encoding,
    });
  }
}
