// Removes imports that nobody will meet again: those that were discarded, and those whose process died while it stored them.
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LessThan, LessThanOrEqual } from 'typeorm';
import { record, type Actor } from '../audit/record.js';
import { Database } from '../database/database.js';
import { hour, now } from '../web/clock.js';
import { ImportCheck } from './import-check.entity.js';
import { Import, ImportPiece, ImportRow, aboutImport } from './import.entity.js';

const rowsAtOnce = 2000;

/** Removes the rows of an import, so many at a time that nobody waits for it. */
export async function removeRows(database: Database, importId: number): Promise<void> {
  for (;;) {
    const [last] = await database.read
      .createQueryBuilder(ImportRow, 'row')
      .select('row.number', 'number')
      .where('row.importId = :importId', { importId })
      .orderBy('row.number')
      .offset(rowsAtOnce - 1)
      .limit(1)
      .getRawMany<{ number: number }>();
    const upTo = last ? { number: LessThanOrEqual(last.number) } : {};
    await database.write((manager) => manager.delete(ImportRow, { importId, ...upTo }));
    if (!last) return;
  }
}

/** Removes a check of a draft, or only what it found so far. */
export async function removeCheck(
  database: Database,
  id: number,
  { keepItself = false } = {},
): Promise<void> {
  for (const [table, key] of [
    ['import_parts', 'last'],
    ['import_rivals', 'key'],
    ['import_claims', 'key'],
    ['import_findings', 'number'],
  ])
    for (let left = true; left;) {
      left = await database.write(async (manager) => {
        const some = `SELECT ${key} FROM ${table} WHERE check_id = ${Number(id)} LIMIT ${rowsAtOnce}`;
        const found: unknown[] = await manager.query(some);
        if (found.length > 0)
          await manager.query(`DELETE FROM ${table} WHERE check_id = ${Number(id)} AND ${key} IN (${some})`);
        return found.length === rowsAtOnce;
      });
    }
  if (!keepItself) await database.write((manager) => manager.delete(ImportCheck, { id }));
}

/** Removes a draft; nothing happens when it was started or discarded meanwhile. Returns whether it was there. */
export async function discardDraft(database: Database, draft: Import, actor: Actor): Promise<boolean> {
  const discarded = await database.write(async (manager) => {
    const { affected } = await manager.update(
      Import,
      { id: draft.id, state: 'draft' },
      { state: 'unsettled', startedAt: now() },
    );
    if (affected !== 1) return false;
    await record(manager, actor, { action: 'import.discarded', subject: aboutImport(draft) });
    return true;
  });
  if (discarded) await removeImport(database, draft.id);
  return discarded;
}

/** Removes an unsettled import with everything of it. */
async function removeImport(database: Database, id: number): Promise<void> {
  for (const check of await database.read.findBy(ImportCheck, { importId: id }))
    await removeCheck(database, check.id);
  await removeRows(database, id);
  for (let affected: number | null | undefined = 1; affected;) {
    const piece = await database.read.findOne(ImportPiece, {
      select: { importId: true, number: true },
      where: { importId: id },
    });
    if (!piece) break;
    ({ affected } = await database.write((manager) =>
      manager.delete(ImportPiece, { importId: id, number: piece.number }),
    ));
  }
  await database.write((manager) => manager.delete(Import, { id, state: 'unsettled' }));
}

/** Storing the largest file takes minutes. */
const longest = hour;

@Injectable()
export class UnsettledImports implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('UnsettledImports');
  private timer?: NodeJS.Timeout;

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.remove(), longest);
    void this.remove();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async remove(): Promise<void> {
    try {
      const left = await this.database.read.findBy(Import, {
        state: 'unsettled',
        startedAt: LessThan(now() - longest),
      });
      for (const { id } of left) await removeImport(this.database, id);
      for (const { id } of await this.oldChecks()) await removeCheck(this.database, id);
    } catch (error) {
      this.logger.warn(error);
    }
  }

  // Of drafts that were started: their result is the only thing to look at.
  private async oldChecks(): Promise<ImportCheck[]> {
    return this.database.read
      .createQueryBuilder(ImportCheck, 'one')
      .innerJoin(Import, 'import', 'import.id = one.importId')
      .where("import.state NOT IN ('draft', 'unsettled')")
      .getMany();
  }
}
