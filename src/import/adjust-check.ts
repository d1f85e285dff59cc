// The check of a large draft, adjusted to the correction of one row: only the rows that this may change are planned again, and
// only the parts of the file that they stand in are counted again. All others stay as they were found.
import { And, In, LessThanOrEqual, MoreThan, type EntityManager } from 'typeorm';
import { breathe, type Reader } from '../database/database.js';
import { insertAll } from '../database/insert-all.js';
import { findTaken } from '../users/duplicates.js';
import { findingOf } from './check-rows.js';
import { ImportCheck, ImportClaim, ImportFinding, ImportPart, ImportRival } from './import-check.entity.js';
import { ImportRow, type Import } from './import.entity.js';
import { readRows, type Directory, type PlannedRow, type ReadRow } from './plan.js';
import { replan, type Claimed, type Replanned, type Surroundings } from './replan.js';
import { ReviewCount, type ReviewPart, type ReviewTotals } from './review-totals.js';

/** Rows that one correction may touch: of more, a whole check is hardly slower. */
const mostTouched = 50;
const readAtOnce = 100;

/** What a check comes to after a correction. */
export interface Adjusted extends Replanned {
  parts: ImportPart[];
  totals: ReviewTotals;
}

/** One correction of a draft that was checked as it is stored. */
export class Adjustment implements Surroundings {
  /** @param directory what the plan must know of the tenant, as of now */
  constructor(
    private readonly reader: Reader,
    private readonly draft: Import,
    private readonly checkId: number,
    private readonly directory: Directory,
    private readonly corrected: ImportRow,
  ) {}

  /** Undefined when so many rows are concerned that the whole file should be checked. @param row as it is stored */
  async adjusted(row: ImportRow): Promise<Adjusted | undefined> {
    const [before] = this.read([row]);
    const replanned = await replan(this.draft.id, before, this, mostTouched);
    return replanned && { ...replanned, ...(await this.counted(replanned)) };
  }

  async rows(numbers: number[]) {
    const read = this.read(await this.stored({ number: In(numbers) }));
    const values = read.map((row) => row.values);
    return { read, taken: await findTaken(this.reader, values) };
  }

  async claimed(keys: string[], most: number): Promise<Claimed[]> {
    const asked = { where: { checkId: this.checkId, key: In(keys) }, take: most };
    const ready = await this.reader.find(ImportClaim, asked);
    const rivals = await this.reader.find(ImportRival, asked);
    return [
      ...ready.map(({ key, row }) => ({ key, row, holds: true })),
      ...rivals.map(({ key, row }) => ({ key, row, holds: false })),
    ];
  }

  private async counted({ rows }: Replanned): Promise<Pick<Adjusted, 'parts' | 'totals'>> {
    const { checkId } = this;
    const all = await this.reader.find(ImportPart, { where: { checkId }, order: { last: 'ASC' } });
    const whole = this.count();
    const parts: ImportPart[] = [];
    let after = 0;
    for (const { last, part } of all) {
      const changed = rows.filter(({ number }) => number > after && number <= last);
      const now = changed.length > 0 ? await this.part(after, last, changed) : part;
      if (changed.length > 0) parts.push({ checkId, last, part: now });
      whole.add(now);
      after = last;
    }
    return { parts, totals: whole.totals() };
  }

  // What rows that have changed are now, and what the check found of the others.
  private async part(after: number, last: number, changed: PlannedRow[]): Promise<ReviewPart> {
    const number = And(MoreThan(after), LessThanOrEqual(last));
    const stored = await this.stored({ number });
    const findings = await this.reader.findBy(ImportFinding, { checkId: this.checkId, number });
    const found = new Map(findings.map((finding) => [finding.number, finding]));
    const planned = new Map(changed.map((row) => [row.number, row]));
    const count = this.count();
    for (let from = 0; from < stored.length; from += readAtOnce) {
      const some = stored.slice(from, from + readAtOnce);
      this.read(some).forEach((row, index) => {
        const { state = 'ready', problems = [] } = found.get(row.number) ?? {};
        const { values } = row;
        count.look(some[index], planned.get(row.number) ?? { number: row.number, state, values, problems });
      });
      await breathe();
    }
    return count.part();
  }

  private async stored(where: object): Promise<ImportRow[]> {
    const rows = await this.reader.find(ImportRow, {
      where: { importId: this.draft.id, ...where },
      order: { number: 'ASC' },
    });
    return rows.map((row) => (row.number === this.corrected.number ? this.corrected : row));
  }

  private read(rows: ImportRow[]): ReadRow[] {
    return readRows(rows, this.draft.answers, this.directory);
  }

  private count(): ReviewCount {
    return new ReviewCount(this.draft.answers, this.directory);
  }
}

/** Keeps what the check of a draft comes to now. @param version of the draft with the correction */
export async function keepAdjusted(
  manager: EntityManager,
  checkId: number,
  { rows, dropped, added, parts, totals }: Adjusted,
  version: number,
): Promise<void> {
  await manager.delete(ImportFinding, { checkId, number: In(rows.map(({ number }) => number)) });
  await insertAll(
    manager,
    ImportFinding,
    rows.flatMap((row) => findingOf(checkId, row) ?? []),
  );
  for (const { key, row, holds } of dropped)
    await manager.delete(holds ? ImportClaim : ImportRival, { checkId, key, row });
  for (const entity of [ImportClaim, ImportRival]) {
    const some = added.filter(({ holds }) => holds === (entity === ImportClaim));
    await insertAll(
      manager,
      entity,
      some.map(({ key, row }) => ({ checkId, key, row })),
    );
  }
  for (const { last, part } of parts) await manager.update(ImportPart, { checkId, last }, { part });
  await manager.update(ImportCheck, { id: checkId }, { version, totals });
}
