// Text of an 8-bit encoding does not say which one. Names do: in the right one their letters alternate as letters of names do.
import type { EastAsian } from './east-asian.js';
import { decodeWindows1252 } from './windows-1252.js';

/** The order is the one of a tie. */
const candidates = [
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'macintosh',
  'windows-1254',
  'windows-1253',
  'windows-1256',
  'windows-1255',
] as const;
type Candidate = (typeof candidates)[number] | EastAsian;

export interface Guess {
  encoding: Candidate;
  /** How some words of the file would read. */
  samples: string[];
}

const samplesShown = 3;
/** A person who looks at the names sees the right one among few. */
const guessesShown = 4;

/** Adds the words of a piece that hold bytes beyond ASCII, each once, until there are enough. */
export function highWords(piece: Buffer, words: Map<string, Buffer>, most: number): void {
  for (let at = 0; at < piece.length && words.size < most; at++) {
    if (!isLetter(piece[at])) continue;
    const start = at;
    let high = false;
    for (; at < piece.length && isLetter(piece[at]); at++) high ||= piece[at] > 0x7f;
    // A copy: else each word would keep its whole piece in memory.
    if (high) words.set(piece.toString('latin1', start, at), Buffer.from(piece.subarray(start, at)));
  }
}

/**
 * The candidates, the likeliest first.
 * @param onlyCr lines end as old Macs end them
 * @param twoBytes the encoding that the bytes look like already
 */
export function guessEncoding(words: Buffer[], onlyCr: boolean, twoBytes?: EastAsian): Guess[] {
  const texts = [...(twoBytes ? [twoBytes] : []), ...candidates].map((encoding) => ({
    encoding,
    texts: words.map((word) => decoded(word, encoding)),
  }));
  const ranked = texts
    .map((candidate) => ({
      ...candidate,
      score: candidate.encoding === twoBytes ? Infinity : scoreOf(candidate, onlyCr),
    }))
    .sort((a, b) => b.score - a.score)
    .slice(0, guessesShown);
  // Words that read differently say most; the first candidate should read all of each.
  const isWhole = (index: number) => (ranked[0].texts[index].includes('\ufffd') ? 0 : 1);
  const telling = [...words.keys()]
    .map((index) => ({ index, readings: new Set(ranked.map((candidate) => candidate.texts[index])).size }))
    .sort((a, b) => isWhole(b.index) - isWhole(a.index) || b.readings - a.readings)
    .slice(0, samplesShown)
    .map(({ index }) => index);
  return ranked.map((candidate) => ({
    encoding: candidate.encoding,
    samples: telling.map((index) => candidate.texts[index].slice(0, 40)),
  }));
}

function decoded(word: Buffer, encoding: Candidate): string {
  return encoding === 'windows-1252' ? decodeWindows1252(word) : new TextDecoder(encoding).decode(word);
}

function isLetter(byte: number): boolean {
  return byte > 0x7f || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x27;
}

function scoreOf({ encoding, texts }: { encoding: Candidate; texts: string[] }, onlyCr: boolean): number {
  const sum = texts.reduce((total, word) => total + scoreOfWord([...word]), 0);
  const turkish =
    encoding === 'windows-1254' ? texts.reduce((total, word) => total + turkishness(word), 0) : 0;
  return sum + turkish + (onlyCr && encoding === 'macintosh' ? 3 : 0);
}

// It shares all but six letters with windows-1252, and these are Icelandic there.
function turkishness(word: string): number {
  return notTurkish.test(word) ? -6 : (word.match(/[ğış]/gi) ?? []).length * 2;
}

const common = new Set('äöüßéñáíóúçåøèëêæžščřěůłąęśżćńőýьάέήίόύώ'.normalize('NFC'));
const rare = new Set('þðÿĺŕďťľňђћџљњєѓΰΐ');
const vowels = /[aeiouyıаеёиоуыэюяіїєøæœαεηιουω]/;
/** Letters of windows-1254 that Turkish does not write. */
const notTurkish = /[áàäãåæèêëíìïñóòôõøúùýÿ]/i;
/** Letters that end a word: Greek, Hebrew, Arabic. */
const lastLetters = /[ςםןץףךةى]/;
/** Spellings of Polish, Czech, Hungarian and their neighbours, and the letters that windows-1250 has for them. */
const central = /sz|cz|gy|cs|zs|rz|ski|ska|ov[aá]|escu|ányi/i;
const centralLetters = /[őűřěůłąęśżźćńčšž]/i;

/** Portuguese: windows-1250 would have "ăo" and "őe", which no language writes. */
const nasal = /ão|ãe|õe/i;
/** "Cãtãlin": Romanian, which has "ă" there. */
const notNasal = /ã[^oe\P{L}]/iu;

const scripts = [
  /\p{Script=Latin}/u,
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}]/u,
];

function scoreOfWord(letters: string[]): number {
  const text = letters.join('');
  // One letter of Latin among Cyrillic ones, or the reverse, is no word.
  let sum = scripts.filter((script) => script.test(text)).length > 1 ? -8 : 0;
  if (central.test(text) && centralLetters.test(text)) sum += 1;
  if (nasal.test(text)) sum += 1;
  if (notNasal.test(text)) sum -= 2;
  letters.forEach((letter, at) => {
    if (letter <= '\u007f') return;
    sum += scoreOfLetter(letter, letters[at - 1], letters[at + 1]);
  });
  return sum;
}

function scoreOfLetter(letter: string, before: string | undefined, after: string | undefined): number {
  if (/[\ufffd\u0080-\u009f]/.test(letter)) return -10;
  // "O’Brien": an apostrophe is as common as a letter with an accent.
  if (!/\p{L}/u.test(letter)) return letter === '’' && before && after ? 2 : -6;
  if (lastLetters.test(letter) && after && /\p{L}/u.test(after)) return -4;
  // Vowels are hardly written there.
  if (/[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(letter)) return 2;
  const small = letter.toLowerCase();
  const isCapital = small !== letter;
  let sum = common.has(small) ? 2 : rare.has(small) ? -1 : 1;
  // "MŸller": a capital between small letters.
  if (isCapital && before && isSmall(before)) sum -= 4;
  if (isCapital && before && after && isSmall(after)) sum -= 4;
  // "OíBrien": a small one before a capital.
  if (!isCapital && after && /[A-Z]/.test(after)) sum -= 4;
  return sum + alternation(small, before, after);
}

/** A vowel between consonants, or a consonant between vowels, reads like a word. */
function alternation(letter: string, before: string | undefined, after: string | undefined): number {
  const kind = isVowel(letter);
  const near = [before, after].filter((other) => other !== undefined && /\p{L}/u.test(other)) as string[];
  return near.reduce((sum, other) => sum + (isVowel(other) === kind ? -1 : 1), 0);
}

function isVowel(letter: string): boolean {
  return vowels.test(letter.toLowerCase().normalize('NFD')[0]);
}

function isSmall(letter: string): boolean {
  return letter !== letter.toUpperCase();
}
