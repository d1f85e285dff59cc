// Encodings of two bytes a character. Their bytes prove them: all but a few characters of names and headings lie in one part
// of the table, where text of an 8-bit encoding only comes by chance, and one odd word in it breaks the pairs.

interface TwoBytes {
  encoding: EastAsian;
  isLead: (byte: number) => boolean;
  isTrail: (byte: number) => boolean;
  /** The characters that most text is made of. */
  isUsual: (lead: number, trail: number) => boolean;
  /** Their least share. */
  share: number;
}

export const eastAsian = ['shift_jis', 'euc-kr', 'gb18030', 'big5'] as const;
export type EastAsian = (typeof eastAsian)[number];

const within = (from: number, to: number) => (byte: number) => byte >= from && byte <= to;
const high = within(0xa1, 0xfe);
const ascii = within(0x40, 0x7e);

/** The surer one first: what is Korean could be Chinese too, but not the reverse. */
const encodings: TwoBytes[] = [
  {
    encoding: 'shift_jis',
    isLead: (byte) => within(0x81, 0x9f)(byte) || within(0xe0, 0xef)(byte),
    isTrail: (byte) => ascii(byte) || within(0x80, 0xfc)(byte),
    // Punctuation, kana, the commoner kanji.
    isUsual: (lead, trail) => within(0x81, 0x83)(lead) || within(0x889f, 0x9872)(lead * 256 + trail),
    share: 0.8,
  },
  // The syllables of Hangul.
  { encoding: 'euc-kr', isLead: high, isTrail: high, isUsual: within(0xb0, 0xc8), share: 0.95 },
  {
    encoding: 'gb18030',
    isLead: within(0x81, 0xfe),
    isTrail: (byte) => ascii(byte) || within(0x80, 0xfe)(byte),
    // The commoner characters of GB 2312, and its punctuation.
    isUsual: (lead, trail) => high(trail) && (within(0xb0, 0xd7)(lead) || within(0xa1, 0xa3)(lead)),
    share: 0.7,
  },
  {
    encoding: 'big5',
    isLead: within(0xa1, 0xf9),
    isTrail: (byte) => ascii(byte) || high(byte),
    isUsual: (lead) => within(0xa4, 0xc6)(lead) || lead === 0xa1,
    share: 0.8,
  },
];

/** Fewer characters could be chance. */
const leastCharacters = 6;

/** @param sample of a file, from a place where no character has begun */
export function eastAsianEncoding(sample: Buffer): EastAsian | undefined {
  return encodings.find((encoding) => fits(sample, encoding))?.encoding;
}

function fits(sample: Buffer, { isLead, isTrail, isUsual, share }: TwoBytes): boolean {
  let characters = 0;
  let usual = 0;
  let low = 0;
  for (let at = 0; at < sample.length; at++) {
    const lead = sample[at];
    if (lead < 0x80) continue;
    characters++;
    if (!isLead(lead)) continue;
    // The last character may be cut.
    if (at + 1 === sample.length) break;
    if (!isTrail(sample[at + 1])) return false;
    if (isUsual(lead, sample[at + 1])) usual++;
    if (Math.min(lead, sample[at + 1]) < 0xc0) low++;
    at++;
  }
  // In the 8-bit encodings of other scripts all letters lie above: "ИВАНОВ" would be Chinese.
  return characters >= leastCharacters && usual >= characters * share && low >= characters / 5;
}
