import type { Problem } from './problem.js';

/**
 * What became of a change to a record: problems of what was typed; it is made; or somebody else changed the record since
 * it was opened, so that nothing was overwritten (`newer` is their version).
 */
export type Outcome<T> = Problem[] | { made: T } | { newer: T };

/** One field of a record in two versions, in words that can be shown. */
export interface Difference {
  /** English. */
  label: string;
  yours: string;
  theirs: string;
}

/** What to show of two versions: the fields that differ, or the first one when both people typed the same. */
export function differences(fields: Difference[]): Difference[] {
  const different = fields.filter(({ yours, theirs }) => yours !== theirs);
  return different.length > 0 ? different : fields.slice(0, 1);
}
