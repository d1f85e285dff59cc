// Some things want it proven again who sits there, when the last proof is older than ten minutes (SECURITY.md MF-11, TP-6).

/** Thrown by the guard: the password is asked, and with it the request is sent once more as it was. */
export class ProofNeeded extends Error {
  constructor(
    /** Where the form goes. */
    readonly action: string,
    /** The fields of the request that waits. */
    readonly fields: { name: string; value: string }[],
    /** A code of the app is asked too. */
    readonly code: boolean,
    /** What was wrong with the proof that was given (English). */
    readonly wrong: string | undefined,
    /** The page that the request came from. */
    readonly back: string,
  ) {
    super('a proof is needed');
  }
}
