// What a password of one's own must be (SECURITY.md AU-8): long, not made of one's own name; no other rule.
import type { Problem } from '../web/problem.js';

/** Without a second factor; 8 with one. */
export const leastCharacters = 15;
const mostCharacters = 1000;

/**
 * Problems of a password that a person chose.
 * @param own words that it must not be: username and email
 */
export function passwordProblems(password: string, repeated: string, own: string[]): Problem[] {
  const problem = (field: string, text: string, values = {}): Problem => ({
    field,
    value: '',
    code: 'invalid',
    text,
    values,
  });
  const characters = [...password.normalize('NFC')].length;
  if (characters < leastCharacters) {
    return [
      problem('newPassword', 'Use at least {{count}} characters: a few words are easy to remember.', {
        count: leastCharacters,
      }),
    ];
  }
  if (characters > mostCharacters) {
    return [problem('newPassword', 'Use {{count}} characters at the most.', { count: mostCharacters })];
  }
  if (own.some((word) => isMadeOf(password.toLowerCase(), word.toLowerCase()))) {
    return [problem('newPassword', 'Do not use your username or email as the password.')];
  }
  if (password !== repeated)
    return [problem('repeatPassword', 'The two passwords differ. Type the same one twice.')];
  return [];
}

function isMadeOf(password: string, word: string): boolean {
  return (
    word !== '' &&
    password
      .split(word)
      .join('')
      .replace(/[\d\s._-]/g, '') === ''
  );
}
