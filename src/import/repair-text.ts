// Text that was read in a wrong encoding and saved again: "FranÃ§ois" was "François". Its letters still tell the bytes.
import { byteOfWindows1252 } from './windows-1252.js';

const characters = [...byteOfWindows1252].flatMap(([character, byte]) => (byte > 0x7f ? character : []));
const damaged = new RegExp(`[${characters.join('').replace(/[\]\\^-]/g, '\\$&')}]{2,}`, 'g');

/** False when none of the texts needs a closer look, as in nearly all rows of most files: all are looked at together. */
export function mayBeDamaged(texts: string[]): boolean {
  return texts.join('\n').search(damaged) !== -1;
}

/** The text as it was before the damage, also after two such accidents; any other text as it is. */
export function repaired(text: string): string {
  const once = repairedOnce(text);
  return once === text ? text : repairedOnce(once);
}

function repairedOnce(text: string): string {
  return text.replace(damaged, (run) => {
    const bytes = Buffer.from([...run].map((character) => byteOfWindows1252.get(character)!));
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      return run;
    }
  });
}
