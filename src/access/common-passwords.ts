// Is this a password that many people use? The list holds what was found most often; repeating such a word or filling it up
// with digits makes it longer, but not better (SECURITY.md AU-9; NIST SP 800-63B 3.1.1.2).
import { readFileSync } from 'node:fs';

const list = readFileSync(new URL('../../passwords/common.txt', import.meta.url), 'utf8');
const common = new Set(list.split('\n').filter((line) => line !== '' && !line.startsWith('#')));

// As the fingers walk, and as one counts.
const walks = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnmqwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnmqwertzuiopasdfghjklyxcvbnm',
  '1234567890qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1q2w3e4r5t6y7u8i9o0p',
].flatMap((walk) => [walk, [...walk].toReversed().join('')]);

const looksLike: Record<string, string> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
};

/** True for a password of the list, for one that is made of one word of it, and for a walk over the keyboard. */
export function isCommon(password: string): boolean {
  const typed = password.normalize('NFKC').toLowerCase();
  const letters = typed.replace(/^\P{L}+|\P{L}+$/gu, '');
  const forms = [typed, letters, unmasked(typed), unmasked(letters)].filter((form) => form !== '');
  return (
    walks.some((walk) => walk.includes(typed)) || forms.some((form) => common.has(form) || isRepeated(form))
  );
}

// One short or common unit several times over, perhaps with marks between.
function isRepeated(text: string): boolean {
  const plain = text.replace(/[\s._-]/g, '');
  for (let length = 1; length <= plain.length / 2; length++) {
    const unit = plain.slice(0, length);
    if (plain.length % length !== 0 || unit.repeat(plain.length / length) !== plain) continue;
    if (length < 4 || isCommon(unit)) return true;
  }
  return false;
}

function unmasked(text: string): string {
  return [...text].map((character) => looksLike[character] ?? character).join('');
}
