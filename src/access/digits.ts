/** A code as people type it: with blanks or dashes, in the digits of their keyboard. */
export function digitsOf(typed: string): string {
  return typed
    .replace(/[\s\p{Pd}]/gu, '')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15));
}
