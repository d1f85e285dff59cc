// A look at delimited text while it still comes in: nobody waits for the rest of a file that is far too large, or no table.
// What it lets pass is read again once all of it is there and its encoding is known.
import { EncodingSurvey } from './decode-text.js';
import type { FileProblem } from './file-problem.js';
import { foreignFormat } from './foreign-format.js';
import { FileReader, type ReadOptions } from './read-file.js';
import type { UploadedFile } from './uploaded-file.js';

/** Read at once, as the whole file is: its first piece tells the delimiter. */
const pieceSize = 64 * 1024;
/** Bytes: hardly any row of users is longer. */
const longLine = 16 * 1024;

export class EarlyLook {
  private lines = 0;
  private lineLength = 0;
  private waiting: Buffer = Buffer.alloc(0);
  private isLooking = false;
  private reader: FileReader | undefined;
  private isOver = false;

  constructor(
    private readonly file: UploadedFile,
    private readonly options: ReadOptions,
  ) {}

  /** Why the file is refused, as soon as the bytes so far say it for certain. @param bytes that were added to the file */
  async push(bytes: Buffer): Promise<FileProblem | undefined> {
    if (this.isLooking) return this.take(bytes);
    this.isLooking = this.isSuspect(bytes);
    if (!this.isLooking) return undefined;
    for await (const { piece } of this.file.pieces()) {
      const problem = this.take(piece);
      if (problem) return problem;
    }
    return undefined;
  }

  /** The same once nothing comes any more. */
  end(): FileProblem | undefined {
    return this.isLooking && this.file.survey.isUtf8SoFar ? this.look(this.waiting, true) : undefined;
  }

  // Nobody has to wait for the look at a file that holds neither so many lines nor such long ones.
  private isSuspect(bytes: Buffer): boolean {
    let at = 0;
    for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', at)) {
      this.lines++;
      this.lineLength = 0;
      at = end + 1;
    }
    this.lineLength += bytes.length - at;
    return this.lines > this.options.limits.rows || this.lineLength > longLine;
  }

  private take(bytes: Buffer): FileProblem | undefined {
    this.waiting = Buffer.concat([this.waiting, bytes]);
    let problem: FileProblem | undefined;
    while (!problem && this.waiting.length >= pieceSize) {
      problem = this.look(this.waiting.subarray(0, pieceSize), false);
      this.waiting = this.waiting.subarray(pieceSize);
    }
    return problem;
  }

  private look(piece: Buffer, last: boolean): FileProblem | undefined {
    if (!this.reader && !this.isOver) this.begin(piece);
    if (!this.reader || this.isOver) return undefined;
    const rows = this.reader.push(piece, last);
    if (!('problem' in rows)) return undefined;
    this.isOver = true;
    // In another encoding the same bytes may be fewer characters or columns; lines end where they end.
    const isCertain = this.file.survey.isUtf8SoFar || rows.problem.code === 'too_many_rows';
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
