import type { Problem } from './problem.js';

/**
 * What became of a change to a record: problems of what was typed; it is made; or somebody else changed the record since
 * it was opened, so that nothing was overwritten (`newer` is their version).
 */
export type Outcome<T> = Problem[] | { made: T } | { newer: T };
