// The plan of a whole file: what the review page shows. A small file is planned for each look at it, as of now; of a large
// one the last check is shown (see check-rows.ts).
import { Injectable } from '@nestjs/common';
import { In, MoreThan } from 'typeorm';
import { Database, breathe } from '../database/database.js';
import { countFree } from '../sip/extensions.js';
import { findTaken } from '../users/duplicates.js';
import type { TenantDirectory } from '../users/tenant-directory.js';
import { User } from '../users/user.entity.js';
import { ImportCheck, ImportFinding } from './import-check.entity.js';
import { ImportRow, type Import } from './import.entity.js';
import { Claims, plan, readRows, type Directory, type PlannedRow } from './plan.js';
import { ReviewCount, type ReviewTotals } from './review-totals.js';
import { Choices } from './value-choices.js';

const chunkSize = 100;
/** Files of more rows are checked in the background. */
const mostAtOnce = 2000;

/** A row with what would become of it. */
export type ReviewedRow = PlannedRow & { stored: ImportRow };

/** Problem rows first. */
export const kinds = ['error', 'duplicate', 'skipped', 'ready'] as const;
export type Kind = (typeof kinds)[number];

/** What a file comes to, and its rows as the page asks for them. */
export interface Review {
  totals: ReviewTotals;
  /** When a large file was checked, in milliseconds; a small one is planned as of now. */
  checkedAt?: number;
  /** Rows of one kind or of all, problem rows first, then in the order of the file. */
  rows(kind: Kind | undefined, from: number, count: number): Promise<ReviewedRow[]>;
  row(number: number): Promise<ReviewedRow | undefined>;
}

/** True when a file is too large to be planned while somebody waits for the page. */
export function isLarge({ rowCount }: Import): boolean {
  return rowCount > mostAtOnce;
}

@Injectable()
export class Reviewer {
  constructor(private readonly database: Database) {}

  /** Plans every row of a small draft as the import would do it now. */
  async review(draft: Import, tenant: TenantDirectory): Promise<Review> {
    const directory = directoryOf(draft, tenant);
    const claims = new Claims(draft.id);
    const count = new ReviewCount(draft.answers, directory);
    const rows: ReviewedRow[] = [];
    for (let chunk = await this.chunkAfter(draft, 0); chunk.length > 0;) {
      const read = readRows(chunk, draft.answers, directory);
      const taken = await findTaken(
        this.database.read,
        read.map(({ values }) => values),
      );
      plan(read, taken, claims).forEach((planned, index) => {
        rows.push({ ...planned, stored: chunk[index] });
        count.look(chunk[index], planned);
      });
      await breathe();
      chunk = await this.chunkAfter(draft, chunk[chunk.length - 1].number);
    }
    const inOrder = (kind?: Kind) =>
      kinds.flatMap((one) => (kind && one !== kind ? [] : rows.filter(({ state }) => state === one)));
    return {
      totals: count.totals(),
      rows: (kind, from, most) => Promise.resolve(inOrder(kind).slice(from, from + most)),
      row: (number) => Promise.resolve(rows.find((row) => row.number === number)),
    };
  }

  /** The review of a large draft by its last check. */
  checked(
    draft: Import,
    { id, finishedAt, totals }: ImportCheck & { totals: ReviewTotals },
    tenant: TenantDirectory,
  ): Review {
    const read = (numbers: number[]) => this.reviewed(draft, id, tenant, numbers);
    return {
      totals,
      checkedAt: finishedAt!,
      rows: async (kind, from, most) => read(await this.numbers(draft.id, id, totals, kind, from, most)),
      row: async (number) => (await read([number]))[0],
    };
  }

  /** Free extensions of the tenant's range. */
  async freeExtensions({ settings, emergencyNumbers }: TenantDirectory): Promise<number> {
    const range = { from: settings.extensionFrom, to: settings.extensionTo };
    const taken = await this.database.read
      .createQueryBuilder(User, 'user')
      .where('user.extension BETWEEN :from AND :to', range)
      .getCount();
    return countFree(range, taken, emergencyNumbers);
  }

  private async chunkAfter(draft: Import, number: number): Promise<ImportRow[]> {
    return this.database.read.find(ImportRow, {
      where: { importId: draft.id, number: MoreThan(number) },
      order: { number: 'ASC' },
      take: chunkSize,
    });
  }

  private async numbers(
    importId: number,
    checkId: number,
    { counts }: ReviewTotals,
    wanted: Kind | undefined,
    from: number,
    most: number,
  ): Promise<number[]> {
    const numbers: number[] = [];
    let before = from;
    for (const kind of wanted ? [wanted] : kinds) {
      const missing = most - numbers.length;
      if (missing > 0 && before < counts[kind])
        numbers.push(...(await this.numbersOf(kind, importId, checkId, before, missing)));
      before = Math.max(0, before - counts[kind]);
    }
    return numbers;
  }

  private async numbersOf(
    kind: Kind,
    importId: number,
    checkId: number,
    offset: number,
    limit: number,
  ): Promise<number[]> {
    const { read } = this.database;
    const query =
      kind === 'ready'
        ? read
            .createQueryBuilder(ImportRow, 'row')
            .where('row.importId = :importId', { importId })
            .andWhere(
              'NOT EXISTS (SELECT 1 FROM import_findings found WHERE found.check_id = :checkId AND found.number = row.number)',
              { checkId },
            )
        : read
            .createQueryBuilder(ImportFinding, 'row')
            .where('row.checkId = :checkId AND row.state = :kind', { checkId, kind });
    const rows = await query
      .select('row.number', 'number')
      .orderBy('row.number')
      .offset(offset)
      .limit(limit)
      .getRawMany<{ number: number }>();
    return rows.map(({ number }) => number);
  }

  private async reviewed(
    draft: Import,
    checkId: number,
    tenant: TenantDirectory,
    numbers: number[],
  ): Promise<ReviewedRow[]> {
    const { read } = this.database;
    const rows = await read.findBy(ImportRow, { importId: draft.id, number: In(numbers) });
    const findings = await read.findBy(ImportFinding, { checkId, number: In(numbers) });
    const byNumber = new Map(rows.map((row) => [row.number, row]));
    const found = new Map(findings.map((finding) => [finding.number, finding]));
    const there = numbers.flatMap((number) => byNumber.get(number) ?? []);
    return readRows(there, draft.answers, directoryOf(draft, tenant)).map(({ number, values }) => {
      const { state = 'ready', problems = [] } = found.get(number) ?? {};
      return { number, state, values, problems, stored: byNumber.get(number)! };
    });
  }
}

/** What the plan must know for this import. */
export function directoryOf({ reading, valueChoices }: Import, tenant: TenantDirectory): Directory {
  const { headers, sheet } = reading;
  return {
    tenant,
    grants: tenant.grants,
    headers,
    isWorkbook: sheet !== '',
    choices: new Choices(valueChoices),
  };
}
