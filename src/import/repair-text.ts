// Text that was read in a wrong encoding and saved again: "FranÃ§ois" was "François". Its letters still tell the bytes.
import { byteOfWindows1252 } from './windows-1252.js';

/** One way in which UTF-8 is misread: the characters that come of it, and the byte that each of them was. */
interface Misreading {
  pattern: RegExp;
  bytes: Map<string, number>;
  /** What the text must be when the damage is mended. */
  gives: RegExp;
}

/** The commonest first: a text that was misread in one way is seldom sense in another. */
const misreadings: Misreading[] = [
  misreading(byteOfWindows1252, `[${charactersOf(byteOfWindows1252, 0x80, 0xff)}]{2,}`, /./u),
  // "KovĂˇcs", "Ĺ‚": only before a letter that is not a capital, for "PLĂŞOIU" is a name.
  misreading(bytesOf('windows-1250'), pairs('windows-1250', 0xc3, 0xc5, '+(?!\\p{Lu})'), /^\p{L}+$/u),
  // "РђРЅРЅР°": two letters at least.
  misreading(bytesOf('windows-1251'), pairs('windows-1251', 0xd0, 0xd1, '{2,}'), /^\p{Script=Cyrillic}+$/u),
  // "J√ºrgen".
  misreading(bytesOf('macintosh'), pairs('macintosh', 0xc3, 0xc5, '+'), /^\p{L}+$/u),
];

const damaged = new RegExp(misreadings.map(({ pattern }) => pattern.source).join('|'), 'u');

/** False when none of the texts needs a closer look, as in nearly all rows of most files: all are looked at together. */
export function mayBeDamaged(texts: string[]): boolean {
  return texts.join('\n').search(damaged) !== -1;
}

/** The text as it was before the damage, also after two such accidents; any other text as it is. */
export function repaired(text: string): string {
  if (!/[^\0-\x7f]/.test(text)) return text;
  const once = repairedOnce(text);
  return once === text ? text : repairedOnce(once);
}

function repairedOnce(text: string): string {
  for (const { pattern, bytes, gives } of misreadings) {
    const mended = text.replace(pattern, (run) => {
      const meant = utf8([...run].map((character) => bytes.get(character)!));
      return meant !== undefined && gives.test(meant) ? meant : run;
    });
    if (mended !== text) return mended;
  }
  return text;
}

function utf8(bytes: number[]): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bytes));
  } catch {
    return undefined;
  }
}

function misreading(bytes: Map<string, number>, pattern: string, gives: RegExp): Misreading {
  return { bytes, pattern: new RegExp(pattern, 'gu'), gives };
}

/** Letters of two bytes in UTF-8 whose first byte lies between these. */
function pairs(encoding: string, from: number, to: number, often: string): string {
  const bytes = bytesOf(encoding);
  return `(?:[${charactersOf(bytes, from, to)}][${charactersOf(bytes, 0x80, 0xbf)}])${often}`;
}

function bytesOf(encoding: string): Map<string, number> {
  const decoder = new TextDecoder(encoding);
  return new Map(
    Array.from({ length: 128 }, (_, index) => [decoder.decode(Buffer.from([128 + index])), 128 + index]),
  );
}

function charactersOf(bytes: Map<string, number>, from: number, to: number): string {
  const characters = [...bytes].flatMap(([character, byte]) => (byte >= from && byte <= to ? character : []));
  return characters.join('').replace(/[\]\\^-]/g, '\\$&');
}
