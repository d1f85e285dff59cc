// The check of a large draft: a job that plans its rows a thousand at a time, as the import would do it now, and keeps what is
// wrong with them and what they come to. Names that earlier rows have are asked of an index, never all kept in memory.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MoreThan, Not, type EntityManager } from 'typeorm';
import { Database, breathe } from '../database/database.js';
import { among, insertAll } from '../database/insert-all.js';
import type { Job } from '../jobs/job.entity.js';
import { JobsService, type Step, type Worker } from '../jobs/jobs.service.js';
import { SettingsService } from '../settings/settings.service.js';
import { authorOf } from '../users/author.js';
import { findTaken } from '../users/duplicates.js';
import { readTenant } from '../users/tenant-directory.js';
import { now } from '../web/clock.js';
import { ImportCheck, ImportClaim, ImportFinding, ImportPart, ImportRival } from './import-check.entity.js';
import { Import, ImportRow } from './import.entity.js';
import { Claims, claimsOf, plan, readRows, type Directory, type PlannedRow, type ReadRow } from './plan.js';
import { removeCheck } from './remove-import.js';
import { directoryOf } from './review.js';
import { ReviewCount, type ReviewTotals } from './review-totals.js';

const checkJob = 'import check';

/** Rows of one transaction, and of those that are planned without a pause. */
const rowsAtOnce = 1000;
const plannedAtOnce = 100;

/** A check in progress. A killed process forgets it, and the check begins anew. */
interface Progress {
  draft: Import;
  directory: Directory;
  count: ReviewCount;
  /** The last row that was looked at. */
  after: number;
  isComplete: boolean;
}

@Injectable()
export class ImportChecks implements Worker, OnModuleInit {
  readonly kind = checkJob;
  private readonly progress = new Map<number, Progress>();

  constructor(
    private readonly database: Database,
    private readonly jobs: JobsService,
    private readonly settings: SettingsService,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this);
  }

  /** The check of the draft as it is now; the first question for it begins it. */
  async of(draft: Import): Promise<ImportCheck> {
    const { id: importId, version, rowCount } = draft;
    const known = await this.database.read.findOneBy(ImportCheck, { importId, version });
    if (known) return known;
    await this.database.write(async (manager) => {
      const check = { importId, version, totals: null, finishedAt: null };
      await insertAll(manager, ImportCheck, [check], 'ON CONFLICT DO NOTHING');
      const { id } = await manager.findOneByOrFail(ImportCheck, { importId, version });
      await this.jobs.queue(manager, checkJob, id, rowCount);
    });
    this.jobs.wake();
    return this.database.read.findOneByOrFail(ImportCheck, { importId, version });
  }

  /** How many rows were looked at. */
  async done({ id }: ImportCheck): Promise<number> {
    return (await this.jobs.find(checkJob, id))?.done ?? 0;
  }

  /** Looks at the next thousand rows. */
  async step({ subjectId: checkId }: Job, step: Step): Promise<boolean> {
    const progress = this.progress.get(checkId) ?? (await this.begin(checkId));
    if (!progress || !(await this.isWanted(progress))) return false;
    const { draft, count } = progress;
    const stored = await this.database.read.find(ImportRow, {
      where: { importId: draft.id, number: MoreThan(progress.after) },
      order: { number: 'ASC' },
      take: rowsAtOnce,
    });
    const claims = new Claims(draft.id);
    const planned = await this.plan(checkId, progress, stored, claims);
    const last = stored.at(-1)?.number ?? progress.after;
    const of = new ReviewCount(draft.answers, progress.directory);
    planned.forEach((row, index) => of.look(stored[index], row));
    const part = of.part();
    await step(async (manager) => {
      await insertAll(
        manager,
        ImportFinding,
        planned.flatMap((row) => findingOf(checkId, row) ?? []),
      );
      await insertAll(
        manager,
        ImportClaim,
        claims.made().map(([key, row]) => ({ checkId, key, row })),
      );
      await insertAll(
        manager,
        ImportRival,
        planned
          .filter(isRival)
          .flatMap(({ number, values }) => claimsOf(values).map((key) => ({ checkId, key, row: number }))),
      );
      if (stored.length > 0) await manager.insert(ImportPart, { checkId, last, part });
      return stored.length;
    });
    count.add(part);
    progress.after = last;
    progress.isComplete = stored.length < rowsAtOnce;
    return !progress.isComplete;
  }

  /** Keeps what the file comes to; a check that nobody wants any more is forgotten. */
  async end(manager: EntityManager, { subjectId: checkId }: Job): Promise<void> {
    const progress = this.progress.get(checkId);
    this.progress.delete(checkId);
    if (progress?.isComplete) {
      const totals: ReviewTotals = progress.count.totals();
      await manager.update(ImportCheck, { id: checkId }, { totals, finishedAt: now() });
    } else await manager.delete(ImportCheck, { id: checkId });
  }

  // Undefined when the draft was changed or started since.
  private async begin(checkId: number): Promise<Progress | undefined> {
    const { read } = this.database;
    const check = await read.findOneBy(ImportCheck, { id: checkId });
    const draft = check && (await read.findOneBy(Import, { id: check.importId }));
    const author = draft && (await authorOf(read, draft.authorId));
    if (!author || draft.version !== check.version) return undefined;
    await this.removeOthers(check);
    const tenant = await readTenant(read, await this.settings.current(), author);
    const directory = directoryOf(draft, tenant);
    const count = new ReviewCount(draft.answers, directory);
    const progress = { draft, directory, count, after: 0, isComplete: false };
    this.progress.set(checkId, progress);
    return progress;
  }

  private async removeOthers({ id, importId }: ImportCheck): Promise<void> {
    const others = await this.database.read.findBy(ImportCheck, { importId, id: Not(id) });
    for (const other of others) await removeCheck(this.database, other.id);
    // What a process left that was killed in the middle of this very check.
    await removeCheck(this.database, id, { keepItself: true });
  }

  private async isWanted({ draft: { id, version } }: Progress): Promise<boolean> {
    return this.database.read.existsBy(Import, { id, version, state: 'draft' });
  }

  private async plan(
    checkId: number,
    { draft, directory }: Progress,
    stored: ImportRow[],
    claims: Claims,
  ): Promise<PlannedRow[]> {
    const chunks: ReadRow[][] = [];
    for (let from = 0; from < stored.length; from += plannedAtOnce) {
      chunks.push(readRows(stored.slice(from, from + plannedAtOnce), draft.answers, directory));
      await breathe();
    }
    await this.learnClaims(checkId, chunks.flat(), claims);
    const planned: PlannedRow[] = [];
    for (const read of chunks) {
      const values = read.map((row) => row.values);
      planned.push(...plan(read, await findTaken(this.database.read, values), claims));
      await breathe();
    }
    return planned;
  }

  // By position, see insert-all.ts.
  private async learnClaims(checkId: number, rows: ReadRow[], claims: Claims): Promise<void> {
    const keys = [...new Set(rows.flatMap(({ values }) => claimsOf(values)))];
    if (keys.length === 0) return;
    const values: unknown[] = [];
    const before: Pick<ImportClaim, 'key' | 'row'>[] = await this.database.read.query(
      `SELECT key, row FROM import_claims WHERE check_id = ${checkId} AND key ${among(values, keys)}`,
      values,
    );
    for (const { key, row } of before) claims.know(key, row);
  }
}

/** What is kept of a row that would not be created. */
export function findingOf(checkId: number, { number, state, problems }: PlannedRow) {
  return state === 'ready' ? undefined : { checkId, number, state, problems };
}

function isRival({ state }: PlannedRow): boolean {
  return state === 'duplicate' || state === 'error';
}
