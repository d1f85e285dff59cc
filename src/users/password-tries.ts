/** Name of the count of wrong guesses at the password of a user: one for all ways and spellings in which it is tried. */
export function guessesAtPasswordOf(userId: number): string {
  return `password of user ${userId}`;
}
