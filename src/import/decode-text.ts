// From bytes to text. The whole file decides, not its first line: the accents may begin in row 400.
import { isUtf8 } from 'node:buffer';

/** What a file can be written in; the wizard offers these. */
export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof encodings)[number];

export interface DecodedText {
  /** Without byte order mark; U+FFFD stands where bytes mean nothing in this encoding. */
  text: string;
  encoding: Encoding;
  /** Nothing in the file proves the encoding: a person should look at the names. */
  guessed: boolean;
}

const byteOrderMarks: [Buffer, Encoding][] = [
  [Buffer.from([0xef, 0xbb, 0xbf]), 'utf-8'],
  [Buffer.from([0xff, 0xfe]), 'utf-16le'],
  [Buffer.from([0xfe, 0xff]), 'utf-16be'],
];

/**
 * Decodes a whole file: as chosen, else by byte order mark, by the NUL pattern of UTF-16, as UTF-8, and at last
 * as windows-1252, which is a guess.
 */
export function decodeText(bytes: Buffer, chosen?: Encoding): DecodedText {
  const mark = byteOrderMarks.find(([start]) => bytes.subarray(0, start.length).equals(start));
  const body = mark ? bytes.subarray(mark[0].length) : bytes;
  const sure = chosen ?? mark?.[1] ?? recognise(body);
  const encoding = sure ?? 'windows-1252';
  return { text: decode(body, encoding).replace(/^\uFEFF+/, ''), encoding, guessed: sure === undefined };
}

function recognise(bytes: Buffer): Encoding | undefined {
  return utf16ByNuls(bytes) ?? (isUtf8(bytes) || isNearlyUtf8(bytes) ? 'utf-8' : undefined);
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

/**
 * A few broken bytes do not make a UTF-8 file something else. Text of an 8-bit encoding hardly ever holds
 * well-formed sequences, so it is UTF-8 when they are no fewer than the broken ones.
 */
function isNearlyUtf8(bytes: Buffer): boolean {
  const text = decode(bytes, 'utf-8');
  let wellFormed = 0;
  let broken = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd) broken++;
    else if (code > 0x7f) wellFormed++;
  }
  return wellFormed >= broken;
}

function decode(bytes: Buffer, encoding: Encoding): string {
  if (encoding === 'windows-1252') return decodeWindows1252(bytes);
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
}

/** 0x80 to 0x9F; all else is as in Latin-1. The five bytes without a meaning become U+FFFD. */
const windows1252 = '€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFDŽ\uFFFD\uFFFD‘’“”•–—˜™š›œ\uFFFDžŸ';
const windows1252Units = Uint16Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x80 && byte <= 0x9f ? windows1252.charCodeAt(byte - 0x80) : byte,
);

/** By hand: TextDecoder of Node 20, 22 and 24 takes windows-1252 for Latin-1 (nodejs/node#60888). */
function decodeWindows1252(bytes: Buffer): string {
  const units = new Uint16Array(bytes.length);
  for (let at = 0; at < bytes.length; at++) units[at] = windows1252Units[bytes[at]];
  return Buffer.from(units.buffer).toString('utf16le');
}
