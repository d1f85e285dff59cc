// The encoding of western Excels, and of most damaged text.

/** 0x80 to 0x9F; all else is as in Latin-1. The five bytes without a meaning become U+FFFD. */
const windows1252 = '€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFDŽ\uFFFD\uFFFD‘’“”•–—˜™š›œ\uFFFDžŸ';
const windows1252Units = Uint16Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x80 && byte <= 0x9f ? windows1252.charCodeAt(byte - 0x80) : byte,
);

/** By hand: TextDecoder of Node 20, 22 and 24 takes windows-1252 for Latin-1 (nodejs/node#60888). */
export function decodeWindows1252(bytes: Buffer): string {
  const units = new Uint16Array(bytes.length);
  for (let at = 0; at < bytes.length; at++) units[at] = windows1252Units[bytes[at]];
  return Buffer.from(units.buffer).toString('utf16le');
}

/** The byte of a character of windows-1252, also of the control characters that stand for its five gaps. */
export const byteOfWindows1252 = new Map<string, number>(
  [...windows1252Units].flatMap((unit, byte) =>
    unit === 0xfffd
      ? [[String.fromCharCode(byte), byte] as const]
      : [[String.fromCharCode(unit), byte] as const],
  ),
);
