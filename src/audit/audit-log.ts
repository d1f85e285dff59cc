// The log as it is read: newest first, by ID, page by page.
import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { Database } from '../database/database.js';
import { cutPage, pageSize, type Page, type Place } from '../web/paging.js';
import { AuditEntry } from './audit-entry.entity.js';
import type { AuditFilters } from './filters.js';
import { record, type Actor } from './record.js';

const exportedAtOnce = 500;

@Injectable()
export class AuditLog {
  constructor(private readonly database: Database) {}

  /** A page of the entries that the filters leave. */
  async page(filters: AuditFilters, place: Place): Promise<Page<AuditEntry>> {
    const page = await this.cut(filters, place);
    // Newer entries came since, or fewer are left before: the first page is a whole one.
    const begins = place.after === undefined && place.before === undefined;
    return page.previous || begins ? page : this.cut(filters, {});
  }

  /**
   * Records that somebody takes the entries away, and returns them in pieces.
   * @param details the filters as the person gave them
   */
  async export(
    filters: AuditFilters,
    details: Record<string, unknown>,
    actor: Actor,
  ): Promise<AsyncGenerator<AuditEntry[]>> {
    await this.database.write((manager) => record(manager, actor, { action: 'audit.exported', details }));
    return this.pieces(filters);
  }

  private async *pieces(filters: AuditFilters): AsyncGenerator<AuditEntry[]> {
    for (let after: string | undefined; ;) {
      const entries = await this.query(filters, { after }).limit(exportedAtOnce).getMany();
      if (entries.length > 0) yield entries;
      if (entries.length < exportedAtOnce) return;
      after = String(entries.at(-1)!.id);
    }
  }

  private async cut(filters: AuditFilters, place: Place): Promise<Page<AuditEntry>> {
    const found = await this.query(filters, place)
      .limit(pageSize + 1)
      .getMany();
    return cutPage(found, place, ({ id }) => String(id));
  }

  private query(filters: AuditFilters, { after, before }: Place): SelectQueryBuilder<AuditEntry> {
    const { person, action } = filters;
    const query = this.database.read.createQueryBuilder(AuditEntry, 'entry');
    if (person !== undefined) query.andWhere('LOWER(entry.actorName) = :person', { person });
    if (action !== undefined) query.andWhere('entry.action = :action', { action });
    if (filters.from !== undefined) query.andWhere('entry.at >= :from', { from: filters.from });
    if (filters.before !== undefined) query.andWhere('entry.at < :end', { end: filters.before });
    if (before !== undefined) query.andWhere('entry.id > :before', { before: Number(before) });
    else if (after !== undefined) query.andWhere('entry.id < :after', { after: Number(after) });
    return query.orderBy('entry.id', before === undefined ? 'DESC' : 'ASC');
  }
}
