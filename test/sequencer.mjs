// In which order jest takes test files: those with servers first, the largest of them at the very first. A long one that
// is begun last would keep a single core busy while the others wait.
import { statSync } from 'node:fs';

export default class Sequencer {
  /**
   * @template {{ path: string }} T
   * @param {T[]} tests
   * @returns {T[]}
   */
  sort(tests) {
    const pure = (/** @type {T} */ { path }) => Number(!path.endsWith('.pages.test.ts'));
    const size = (/** @type {T} */ { path }) => statSync(path).size;
    return tests.toSorted((a, b) => pure(a) - pure(b) || size(b) - size(a));
  }

  /** Jest tells how long each took; sizes are enough. */
  cacheResults() {}
}
