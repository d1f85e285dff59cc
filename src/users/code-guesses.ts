// Wrong codes in a row, over all sign-ins of a user: after a hundred only a reset helps (SECURITY.md MF-5, NIST SP 800-63B).
import { day } from '../web/clock.js';

/** A window without an end: the count goes on until a right code, or until somebody in charge forgets it. */
export const codeGuesses = { most: 100, length: 36_500 * day };

/** The counter of a user. */
export function guessesAtCodes(userId: number): string {
  return `codes of ${userId}`;
}
