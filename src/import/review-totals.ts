// What a whole file comes to, gathered while its planned rows pass: what is kept does not grow with them.
import { userField } from '../users/user-fields.js';
import type { Problem } from '../web/problem.js';
import type { Answers } from './answers.js';
import type { PlannedRow, StoredRow } from './plan.js';
import { RowWarnings, type RowWarning, type SameFailure } from './row-warnings.js';

export interface ReviewTotals {
  total: number;
  counts: Record<PlannedRow['state'], number>;
  /** Names of the file that the tenant does not know, each once. */
  unknown: UnknownValue[];
  /** What looks odd, and stops nobody. */
  warnings: RowWarning[];
  /** Most rows fail in this way. */
  sameFailure?: SameFailure;
  /** Rows that lack an extension and nothing else. */
  withoutExtension: number;
  /** Ready rows that will get a free extension. */
  needed: number;
}

export interface UnknownValue {
  field: string;
  value: string;
  /** Rows that hold it, and the numbers of the first of them. */
  count: number;
  rows: number[];
}

const rowsNamed = 11;
/** More different names than a person would match by hand. */
const mostUnknown = 200;

/** Gathers the totals of one file. */
export class ReviewCount {
  private readonly counts = { ready: 0, duplicate: 0, error: 0, skipped: 0 };
  private readonly unknown = new Map<string, UnknownValue>();
  private readonly warnings: RowWarnings;
  private withoutExtension = 0;
  private needed = 0;

  constructor(answers: Answers) {
    this.warnings = new RowWarnings(answers);
  }

  /** Takes the next row in the order of the file. */
  look(stored: StoredRow, planned: PlannedRow): void {
    const { state, problems, values } = planned;
    this.counts[state]++;
    this.warnings.look(stored, planned);
    if (state === 'ready' && values.extension === null) this.needed++;
    if (problems.length > 0 && problems.every(lacksExtension)) this.withoutExtension++;
    if (state !== 'skipped') for (const problem of problems) this.noteUnknown(planned.number, problem);
  }

  totals(): ReviewTotals {
    const { ready, duplicate, error, skipped } = this.counts;
    return {
      total: ready + duplicate + error + skipped,
      counts: this.counts,
      unknown: [...this.unknown.values()],
      warnings: this.warnings.warnings(),
      sameFailure: this.warnings.sameFailure(),
      withoutExtension: this.withoutExtension,
      needed: this.needed,
    };
  }

  private noteUnknown(row: number, { field, value, code }: Problem): void {
    if (code !== 'unknown' || !userField(field).kin) return;
    const key = `${field} ${value.toLowerCase()}`;
    const known = this.unknown.get(key);
    if (known) {
      known.count++;
      if (known.rows.length < rowsNamed) known.rows.push(row);
    } else if (this.unknown.size < mostUnknown) {
      this.unknown.set(key, { field, value, count: 1, rows: [row] });
    }
  }
}

function lacksExtension({ field, code }: Problem): boolean {
  return field === 'extension' && code === 'missing';
}
