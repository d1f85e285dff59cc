// Corrections of single rows on the review page. What a large file was found to be is adjusted with them, where that is
// possible, so that nobody waits for another look at all of it.
import { Injectable, NotFoundException } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { TenantDirectory } from '../users/tenant-directory.js';
import { Adjustment, keepAdjusted } from './adjust-check.js';
import { ImportCheck } from './import-check.entity.js';
import { Import, ImportRow } from './import.entity.js';
import { startedMeanwhile } from './imports.service.js';
import { directoryOf } from './review.js';

/** Texts of cells by their position, from 0; or whether the row is left out. */
export interface Correction {
  edits?: Record<number, string>;
  skipped?: boolean;
}

@Injectable()
export class ImportCorrections {
  constructor(private readonly database: Database) {}

  /**
   * Corrects cells of one row, or leaves it out, or takes it in again.
   * @throws NotFoundException when the file has no such row
   * @throws ConflictException when the import was started or discarded meanwhile
   */
  async change({ id }: Import, number: number, change: Correction, tenant: TenantDirectory): Promise<void> {
    // Again, when somebody changed the draft at the same moment.
    for (let isKept = false; !isKept;) isKept = await this.tryToChange(id, number, change, tenant);
  }

  private async tryToChange(
    id: number,
    number: number,
    change: Correction,
    tenant: TenantDirectory,
  ): Promise<boolean> {
    const { read } = this.database;
    const draft = await read.findOneBy(Import, { id, state: 'draft' });
    if (!draft) throw startedMeanwhile();
    const row = await read.findOneBy(ImportRow, { importId: id, number });
    if (!row) throw new NotFoundException('There is no such row in this file.');
    const { version } = draft;
    const edits = { ...row.edits, ...change.edits };
    const skipped = change.skipped ?? row.skipped;
    // Small files have none: they are planned for each look at them.
    const check = await read.findOneBy(ImportCheck, { importId: id, version });
    const corrected = { ...row, edits, skipped };
    const adjusted = check?.totals
      ? await new Adjustment(read, draft, check.id, directoryOf(draft, tenant), corrected).adjusted(row)
      : undefined;
    return this.database.write(async (manager) => {
      const next = version + 1;
      const { affected } = await manager.update(Import, { id, state: 'draft', version }, { version: next });
      if (affected !== 1) return false;
      await manager.update(ImportRow, { importId: id, number }, { edits, skipped });
      if (check && adjusted) await keepAdjusted(manager, check.id, adjusted, next);
      return true;
    });
  }
}
