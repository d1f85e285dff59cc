// What a whole file comes to, gathered while its planned rows pass: what is kept does not grow with them.
import type { Problem } from '../web/problem.js';
import type { Answers } from './answers.js';
import { FileNames, type FileName } from './file-names.js';
import type { Directory, PlannedRow, StoredRow } from './plan.js';
import { RowWarnings, type RowWarning, type SameFailure, type WarningsPart } from './row-warnings.js';

export interface ReviewTotals {
  total: number;
  counts: Record<PlannedRow['state'], number>;
  /** Names of the file that the tenant does not know, each once. */
  unknown: FileName[];
  /** Those that were matched, now or for an earlier file. */
  matched: FileName[];
  /** What looks odd, and stops nobody. */
  warnings: RowWarning[];
  /** Most rows fail in this way. */
  sameFailure?: SameFailure;
  /** Rows that lack an extension and nothing else. */
  withoutExtension: number;
  /** Ready rows that will get a free extension. */
  needed: number;
}

/** What some rows in a row come to: the totals of a file are the sum of its parts, in their order. */
export interface ReviewPart {
  counts: Record<PlannedRow['state'], number>;
  names: FileName[];
  warnings: WarningsPart;
  withoutExtension: number;
  needed: number;
}

/** Gathers the totals of one file, or of a part of it. */
export class ReviewCount {
  private readonly counts = { ready: 0, duplicate: 0, error: 0, skipped: 0 };
  private readonly names: FileNames;
  private readonly warnings: RowWarnings;
  private withoutExtension = 0;
  private needed = 0;

  constructor(answers: Answers, { tenant, choices, isWorkbook }: Directory) {
    this.names = new FileNames(answers, tenant, choices);
    this.warnings = new RowWarnings(answers, isWorkbook);
  }

  /** Takes the next row in the order of the file. */
  look(stored: StoredRow, planned: PlannedRow): void {
    const { state, problems, values } = planned;
    this.counts[state]++;
    this.warnings.look(stored, planned);
    this.names.look(stored, values.sip);
    if (state === 'ready' && values.extension === null) this.needed++;
    if (problems.length > 0 && problems.every(lacksExtension)) this.withoutExtension++;
  }

  /** What the rows so far come to, to be kept. */
  part(): ReviewPart {
    const { counts, withoutExtension, needed } = this;
    return {
      counts,
      names: this.names.part(),
      warnings: this.warnings.part(),
      withoutExtension,
      needed,
    };
  }

  /** Takes what the next rows come to. */
  add({ counts, names, warnings, withoutExtension, needed }: ReviewPart): void {
    for (const state of Object.keys(counts) as PlannedRow['state'][]) this.counts[state] += counts[state];
    this.names.add(names);
    this.warnings.add(warnings);
    this.withoutExtension += withoutExtension;
    this.needed += needed;
  }

  totals(): ReviewTotals {
    const { ready, duplicate, error, skipped } = this.counts;
    return {
      total: ready + duplicate + error + skipped,
      counts: this.counts,
      unknown: this.names.unknown(),
      matched: this.names.matched(),
      warnings: this.warnings.warnings(),
      sameFailure: this.warnings.sameFailure(),
      withoutExtension: this.withoutExtension,
      needed: this.needed,
    };
  }
}

function lacksExtension({ field, code }: Problem): boolean {
  return field === 'extension' && code === 'missing';
}
