// What the correction of one row changes: the row itself, and rows that share a name or number with what it was or is. Whoever
// held one may give it up to the next row of the file, or lose it to an earlier one, and so on down the file.
import type { Taken } from '../users/taken.js';
import { Claims, claimsOf, plan, type PlannedRow, type ReadRow } from './plan.js';

/** A row that would have a name or number; it holds it when it is ready. */
export interface Claimed {
  key: string;
  row: number;
  holds: boolean;
}

/** What is known of the rows; of the corrected one, as it is now. */
export interface Surroundings {
  /** Rows of these numbers, with the users who have their names and numbers. */
  rows(numbers: number[]): Promise<{ read: ReadRow[]; taken: Taken }>;
  /** The rows that would have any of these, as they were planned last; of very many only `most`. */
  claimed(keys: string[], most: number): Promise<Claimed[]>;
}

/** What became of rows, and of the names and numbers that they would have. */
export interface Replanned {
  rows: PlannedRow[];
  dropped: Claimed[];
  added: Claimed[];
}

/**
 * Plans the corrected row anew and all others that this may change, each of them once and in the order of the file: they come
 * to what a look at the whole file would find.
 * @param before the row as it was when it was planned last
 * @param most so many rows are looked at; beyond them undefined comes back, and the whole file should be looked at
 */
export async function replan(
  importId: number,
  before: ReadRow,
  surroundings: Surroundings,
  most: number,
): Promise<Replanned | undefined> {
  const shared = new SharedKeys(surroundings, most);
  const known = new Map<number, { row: ReadRow; taken: Taken }>();
  const waiting = new Set<number>();
  const done: Replanned = { rows: [], dropped: [], added: [] };
  await shared.learn(claimsOf(before.values));
  let met = [before.number];
  do {
    if (known.size + met.length > most || shared.areTooMany) return undefined;
    const { read, taken } = await surroundings.rows(met);
    for (const row of read) known.set(row.number, { row, taken });
    for (const number of met) waiting.add(number);
    await shared.learn(read.flatMap(({ values }) => claimsOf(values)));
    met = [];
    while (waiting.size > 0 && met.length === 0) {
      const number = Math.min(...waiting);
      waiting.delete(number);
      const { row, taken } = known.get(number)!;
      const [planned] = plan([row], taken, shared.heldBefore(row, importId));
      const { dropped, added } = shared.change(row.number === before.number ? [before, row] : [row], planned);
      done.rows.push(planned);
      done.dropped.push(...dropped);
      done.added.push(...added);
      const moved = [...dropped, ...added].filter(({ holds }) => holds).map(({ key }) => key);
      met = shared.rowsAfter(number, moved).filter((other) => !known.has(other));
    }
  } while (met.length > 0);
  return done;
}

/** Of one row: username, email, extension, device. */
const mostKeys = 4;

/** Names and numbers that several rows would have. */
class SharedKeys {
  areTooMany = false;
  private readonly rowsOf = new Map<string, Map<number, boolean>>();

  constructor(
    private readonly surroundings: Surroundings,
    private readonly most: number,
  ) {}

  async learn(keys: string[]): Promise<void> {
    const asked = [...new Set(keys)].filter((key) => !this.rowsOf.has(key));
    for (const key of asked) this.rowsOf.set(key, new Map());
    const most = this.most * mostKeys;
    const claimed = asked.length > 0 ? await this.surroundings.claimed(asked, most + 1) : [];
    for (const { key, row, holds } of claimed) this.rowsOf.get(key)!.set(row, holds);
    this.areTooMany ||= claimed.length > most;
  }

  /** What ready rows above this one hold of its names and numbers. */
  heldBefore({ number, values }: ReadRow, importId: number): Claims {
    const claims = new Claims(importId);
    for (const key of claimsOf(values))
      for (const [row, holds] of this.rowsOf.get(key)!) if (holds && row < number) claims.know(key, row);
    return claims;
  }

  /** Notes what has become of a row. @param readings as it was, if that was something else, and as it is */
  change(readings: ReadRow[], { number, state }: PlannedRow): Pick<Replanned, 'dropped' | 'added'> {
    const keys = new Set(readings.flatMap(({ values }) => claimsOf(values)));
    const wanted = state === 'skipped' ? [] : claimsOf(readings.at(-1)!.values);
    const dropped: Claimed[] = [];
    const added: Claimed[] = [];
    for (const key of keys) {
      const rows = this.rowsOf.get(key)!;
      const before = rows.get(number);
      const after = wanted.includes(key) ? state === 'ready' : undefined;
      if (before === after) continue;
      if (before !== undefined) dropped.push({ key, row: number, holds: before });
      rows.delete(number);
      if (after === undefined) continue;
      added.push({ key, row: number, holds: after });
      rows.set(number, after);
    }
    return { dropped, added };
  }

  /** Rows below this one that would have any of these names and numbers. */
  rowsAfter(number: number, keys: string[]): number[] {
    const rows = keys.flatMap((key) => [...this.rowsOf.get(key)!.keys()]);
    return [...new Set(rows)].filter((row) => row > number);
  }
}
