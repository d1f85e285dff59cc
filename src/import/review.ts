// The plan of a whole file: what the review page shows. Nothing is written.
import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import { Database } from '../database/database.js';
import { findTaken } from '../users/duplicates.js';
import type { TenantDirectory } from '../users/tenant-directory.js';
import { User } from '../users/user.entity.js';
import { countFree } from '../sip/extensions.js';
import { userField } from '../users/user-fields.js';
import type { Problem } from '../web/problem.js';
import type { Import } from './import.entity.js';
import { ImportRow } from './import.entity.js';
import { RowWarnings, type RowWarning, type SameFailure } from './row-warnings.js';
import { Claims, plan, readRows, type Directory, type PlannedRow } from './plan.js';

const chunkSize = 100;

export interface Review {
  rows: (PlannedRow & { stored: ImportRow })[];
  counts: Record<PlannedRow['state'], number>;
  /** Names of the file that the tenant does not know, each once. */
  unknown: UnknownValue[];
  /** What looks odd, and stops nobody. */
  warnings: RowWarning[];
  /** Most rows fail in this way. */
  sameFailure?: SameFailure;
  /** Rows that lack an extension and nothing else. */
  withoutExtension: number;
  /** Free extensions of the tenant's range, and how many the ready rows need. */
  extensions: { free: number; needed: number };
}

export interface UnknownValue {
  field: string;
  value: string;
  /** Numbers of the rows that hold it. */
  rows: number[];
}

@Injectable()
export class Reviewer {
  constructor(private readonly database: Database) {}

  /** Plans every row of a draft as the import would do it now. */
  async review(draft: Import, tenant: TenantDirectory): Promise<Review> {
    const directory = directoryOf(draft, tenant);
    const claims = new Claims(draft.id);
    const rows: Review['rows'] = [];
    const warnings = new RowWarnings(draft.answers);
    for (
      let chunk = await this.chunkAfter(draft, 0);
      chunk.length > 0;
      chunk = await this.chunkAfter(draft, chunk.at(-1)!.number)
    ) {
      const read = readRows(chunk, draft.answers, directory);
      const taken = await findTaken(
        this.database.read,
        read.map(({ values }) => values),
      );
      plan(read, taken, claims).forEach((planned, index) => {
        rows.push({ ...planned, stored: chunk[index] });
        warnings.look(chunk[index], planned);
      });
      await new Promise(setImmediate);
    }
    const count = (state: PlannedRow['state']) => rows.filter((row) => row.state === state).length;
    const counts = {
      ready: count('ready'),
      duplicate: count('duplicate'),
      error: count('error'),
      skipped: count('skipped'),
    };
    return {
      rows,
      counts,
      unknown: unknownValues(rows),
      warnings: warnings.warnings(),
      sameFailure: warnings.sameFailure(),
      withoutExtension: rows.filter(({ problems }) => problems.length > 0 && problems.every(lacksExtension))
        .length,
      extensions: await this.extensions(rows, tenant),
    };
  }

  private async chunkAfter(draft: Import, number: number): Promise<ImportRow[]> {
    return this.database.read.find(ImportRow, {
      where: { importId: draft.id, number: MoreThan(number) },
      order: { number: 'ASC' },
      take: chunkSize,
    });
  }

  private async extensions(
    rows: PlannedRow[],
    { settings, emergencyNumbers }: TenantDirectory,
  ): Promise<Review['extensions']> {
    const needed = rows.filter(({ state, values }) => state === 'ready' && values.extension === null).length;
    const range = { from: settings.extensionFrom, to: settings.extensionTo };
    const taken = await this.database.read
      .createQueryBuilder(User, 'user')
      .where('user.extension BETWEEN :from AND :to', range)
      .getCount();
    return { free: countFree(range, taken, emergencyNumbers), needed };
  }
}

/** What the plan must know for this import. */
export function directoryOf({ reading, valueChoices }: Import, tenant: TenantDirectory): Directory {
  return { tenant, grants: tenant.grants, headers: reading.headers, valueChoices };
}

function lacksExtension({ field, code }: Problem): boolean {
  return field === 'extension' && code === 'missing';
}

function unknownValues(rows: PlannedRow[]): UnknownValue[] {
  const found = new Map<string, UnknownValue>();
  for (const { number, state, problems } of rows) {
    if (state === 'skipped') continue;
    for (const { field, value, code } of problems) {
      if (code !== 'unknown' || !userField(field).kin) continue;
      const key = `${field} ${value.toLowerCase()}`;
      const entry = found.get(key) ?? { field, value, rows: [] };
      entry.rows.push(number);
      found.set(key, entry);
    }
  }
  return [...found.values()];
}
