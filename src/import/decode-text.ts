// From bytes to text, piece by piece. The whole file decides its encoding, not its first line: the accents may begin in row 400.
import { isAscii } from 'node:buffer';
import { eastAsianEncoding } from './east-asian.js';
import { guessEncoding, highWords, type Guess } from './guess-encoding.js';
import { decodeWindows1252 } from './windows-1252.js';

/** What a file can be written in; the wizard offers these. */
export const encodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'macintosh',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'shift_jis',
  'gb18030',
  'big5',
  'euc-kr',
] as const;
export type Encoding = (typeof encodings)[number];

export interface FoundEncoding {
  encoding: Encoding;
  /** Bytes of the byte order mark. */
  mark: number;
  /** What the text would be in each 8-bit encoding, when nothing in the file proves one: a person should look at the names. */
  guesses: Guess[];
}

const byteOrderMarks: [Buffer, Encoding][] = [
  [Buffer.from([0xef, 0xbb, 0xbf]), 'utf-8'],
  [Buffer.from([0xff, 0xfe]), 'utf-16le'],
  [Buffer.from([0xfe, 0xff]), 'utf-16be'],
];

const mostWords = 3000;
const sampleSize = 64 * 1024;

/** Looks at all pieces of a file, then says its encoding: byte order mark, NUL pattern of UTF-16, UTF-8, at last a guess. */
export class EncodingSurvey {
  private start: Buffer | undefined;
  private wellFormed = 0;
  private broken = 0;
  /** U+FFFD that stands in the file itself: letters that an earlier program broke, in good UTF-8. */
  private replaced = 0;
  private lineFeeds = false;
  private carriageReturns = false;
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  private readonly words = new Map<string, Buffer>();
  /** The first pieces beyond ASCII. */
  private sample = Buffer.alloc(0);
  private guesses: Guess[] | undefined;

  /** The pieces in their order. */
  push(piece: Buffer): void {
    this.start ??= piece.subarray(0, 4096);
    this.lineFeeds ||= piece.includes(0x0a);
    this.carriageReturns ||= piece.includes(0x0d);
    if (isAscii(piece)) return;
    this.count(this.decoder.decode(piece, { stream: true }));
    this.replaced += countOf(replacement, piece);
    if (this.sample.length < sampleSize)
      this.sample = Buffer.concat([this.sample, piece.subarray(0, sampleSize - this.sample.length)]);
    if (this.words.size < mostWords) highWords(piece, this.words, mostWords);
  }

  /** True as long as nothing speaks against UTF-8. */
  get isUtf8SoFar(): boolean {
    return this.broken === 0;
  }

  /** @param chosen by a person: counts more than everything that was seen */
  result(chosen?: Encoding): FoundEncoding {
    const start = this.start ?? Buffer.alloc(0);
    this.count(this.decoder.decode());
    const mark = byteOrderMarks.find(([bytes]) => start.subarray(0, bytes.length).equals(bytes));
    const sure = chosen ?? mark?.[1] ?? utf16ByNuls(start) ?? (this.isUtf8() ? 'utf-8' : undefined);
    if (sure) return { encoding: sure, mark: mark?.[0].length ?? 0, guesses: [] };
    const guesses = (this.guesses ??= guessEncoding(
      [...this.words.values()],
      this.carriageReturns && !this.lineFeeds,
      eastAsianEncoding(this.sample),
    ));
    return { encoding: guesses[0].encoding, mark: 0, guesses };
  }

  private count(text: string): void {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 0xfffd) this.broken++;
      else if (code > 0x7f) this.wellFormed++;
    }
  }

  // A few broken bytes do not make a UTF-8 file something else. Text of an 8-bit encoding hardly ever holds well-formed
  // sequences, so it is UTF-8 when they are no fewer than the broken ones.
  private isUtf8(): boolean {
    return this.wellFormed + this.replaced >= this.broken - this.replaced;
  }
}

const replacement = Buffer.from('\uFFFD');

function countOf(bytes: Buffer, piece: Buffer): number {
  let count = 0;
  for (let at = piece.indexOf(bytes); at >= 0; at = piece.indexOf(bytes, at + bytes.length)) count++;
  return count;
}

/** In UTF-16 the ASCII characters of names, addresses and delimiters have a NUL as their high byte. */
function utf16ByNuls(bytes: Buffer): Encoding | undefined {
  const pairs = Math.min(bytes.length >> 1, 2048);
  let first = 0;
  let second = 0;
  for (let pair = 0; pair < pairs; pair++) {
    if (bytes[2 * pair] === 0) first++;
    if (bytes[2 * pair + 1] === 0) second++;
  }
  if (second > pairs / 5 && first * 10 < second) return 'utf-16le';
  if (first > pairs / 5 && second * 10 < first) return 'utf-16be';
  return undefined;
}

/** Decodes the pieces of one file in their order; U+FFFD stands where bytes mean nothing. */
export function decoderOf(encoding: Encoding): (piece: Buffer, last: boolean) => string {
  if (encoding === 'windows-1252') return (piece) => decodeWindows1252(piece);
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  return (piece, last) => decoder.decode(piece, { stream: !last });
}
