// What is known of imports after they were started: state, counts, history.
import { Injectable } from '@nestjs/common';
import { LessThan, MoreThan } from 'typeorm';
import { Database } from '../database/database.js';
import { wipedAt } from '../handout/window.js';
import { JobsService } from '../jobs/jobs.service.js';
import type { TenantDirectory } from '../users/tenant-directory.js';
import { User } from '../users/user.entity.js';
import type { SignedIn } from '../web/allow.js';
import { inFile, userFields } from '../users/user-fields.js';
import type { Translate } from '../web/texts.js';
import { Import, ImportRow } from './import.entity.js';
import { ImportLife } from './import-life.js';
import { importJob, settled } from './imports.service.js';
import { choices } from './review-view.js';
import { ImportSecrets, fitsWhole } from './secrets.js';

const historySize = 25;
const rowsLookedAt = 500;

@Injectable()
export class ImportResults {
  constructor(
    private readonly database: Database,
    private readonly jobs: JobsService,
    private readonly life: ImportLife,
    private readonly secrets: ImportSecrets,
  ) {}

  /** The answer for scripts (PRODUCT.md section 5). */
  state({ id, state, fileName, rowCount, created, duplicates, errors, skipped }: Import) {
    return {
      id,
      state,
      file: fileName,
      counts: { read: rowCount, created, duplicate: duplicates, error: errors, skipped },
    };
  }

  /** How far a running import is. */
  async progress(running: Import, person: SignedIn) {
    const job = await this.jobs.find(importJob, running.id);
    const finished = !['queued', 'running'].includes(running.state);
    const seconds = job?.startedAt
      ? Math.max(0.1, ((job.finishedAt ?? Date.now()) - job.startedAt) / 1000)
      : 0;
    return {
      running,
      finished,
      done: job?.done ?? 0,
      total: running.rowCount,
      rate: seconds > 0 ? Math.round((job?.done ?? 0) / seconds) : undefined,
      cancelAsked: job?.cancelAsked ?? false,
      own: running.authorId === person.id,
    };
  }

  /** The import's page. */
  async page(found: Import, person: SignedIn, tenant: TenantDirectory, t: Translate) {
    const progress = await this.progress(found, person);
    const own = found.authorId === person.id;
    const deleted = progress.finished ? await this.deletedOf(found) : 0;
    const passwords = own && deleted < found.created && (await this.secrets.hasAny(found));
    return {
      ...progress,
      title: progress.finished ? 'Result' : 'Importing Users',
      refresh: !progress.finished,
      found,
      own,
      author: own ? undefined : (await this.names([found.authorId])).get(found.authorId),
      deleted,
      kinds: progress.finished ? await this.kinds(found, t) : [],
      passwords,
      whole: fitsWhole(found),
      gone: own && found.created > 0 && !passwords,
      until: wipedAt(found),
      withErrors: found.errors + found.duplicates + found.skipped > 0,
      missed: progress.finished && found.promised !== null && found.created < found.promised,
      choices: choices(found, tenant, t),
      previous: found.previousId,
      corrected: await this.corrected(found, person),
      ...(progress.finished ? await this.life.links(found, person) : {}),
    };
  }

  /** Imports of this person, newest first; with `imports.all` everybody's. */
  async history(person: SignedIn, query: Record<string, unknown>, t: Translate) {
    const before = /^\d{1,9}$/.test(String(query.before)) ? Number(query.before) : undefined;
    const after = /^\d{1,9}$/.test(String(query.after)) ? Number(query.after) : undefined;
    const found = await this.database.read.find(Import, {
      where: {
        state: settled,
        ...(person.permissions.has('imports.all') ? {} : { authorId: person.id }),
        ...(before ? { id: LessThan(before) } : after ? { id: MoreThan(after) } : {}),
      },
      order: { id: after && !before ? 'ASC' : 'DESC' },
      take: historySize + 1,
    });
    const more = found.length > historySize;
    const rows = found.slice(0, historySize);
    if (after && !before) rows.reverse();
    const authors = await this.names(rows.map(({ authorId }) => authorId));
    const undone = await this.life.undoneOf(rows.map(({ id }) => id));
    const hasNewer = before !== undefined || (after !== undefined && more);
    const hasOlder = after !== undefined && !before ? true : more;
    return {
      imports: rows.map((row) => ({
        ...row,
        author: authors.get(row.authorId) ?? t('deleted user'),
        undone: undone.has(row.id),
      })),
      previous: hasNewer && rows.length > 0 ? `/imports?after=${rows[0].id}` : undefined,
      next: hasOlder && rows.length > 0 ? `/imports?before=${rows[rows.length - 1].id}` : undefined,
    };
  }

  // Imports of its error file that this person may see.
  private async corrected({ id }: Import, person: SignedIn): Promise<number[]> {
    const own = person.permissions.has('imports.all') ? {} : { authorId: person.id };
    const later = await this.database.read.find(Import, {
      select: { id: true },
      where: { ...own, previousId: id },
      order: { id: 'ASC' },
      take: 10,
    });
    return later.map((one) => one.id);
  }

  // Errors split by their first problem, with the fields that they concern.
  private async kinds({ id }: Import, t: Translate) {
    const { read } = this.database;
    const kinds: { code: string; count: number }[] = await read
      .createQueryBuilder(ImportRow, 'row')
      .select(['row.code AS code', 'COUNT(*) AS count'])
      .where("row.importId = :id AND row.state = 'error'", { id })
      .groupBy('row.code')
      .orderBy('MIN(row.number)')
      .getRawMany();
    const shown = kinds.map(async ({ code, count }) => {
      const text = t(kindNames[code] ?? 'Invalid values');
      return { text, count, fields: await this.fieldsOf(id, code, t) };
    });
    return Promise.all(shown);
  }

  // Of the first such rows: a large file repeats itself.
  private async fieldsOf(importId: number, code: string, t: Translate): Promise<string> {
    const rows = await this.database.read.find(ImportRow, {
      select: { importId: true, number: true, problems: true },
      where: { importId, state: 'error', code },
      order: { number: 'ASC' },
      take: rowsLookedAt,
    });
    const names = new Set(rows.map(({ problems }) => problems?.[0].field));
    const fields = userFields.filter(({ name }) => names.has(name));
    return fields.map((field) => t(inFile(field).label)).join(', ');
  }

  // Of the users that it created, so many are not there any more.
  private async deletedOf({ id, created }: Import): Promise<number> {
    return created - (await this.database.read.countBy(User, { importId: id }));
  }

  private async names(ids: number[]): Promise<Map<number, string>> {
    const users = await this.database.read
      .createQueryBuilder(User, 'user')
      .select(['user.id AS id', 'user.username AS username'])
      .where('user.id IN (:...ids)', { ids: [...new Set(ids), 0] })
      .getRawMany<{ id: number; username: string }>();
    return new Map(users.map(({ id, username }) => [id, username]));
  }
}

const kindNames: Record<string, string> = {
  missing: 'Missing values',
  invalid: 'Invalid values',
  too_long: 'Values that are too long',
  unknown: 'Unknown names or IDs',
  not_allowed: 'Not yours to give',
  taken: 'Numbers that are taken',
  none_free: 'No free extension',
  wrong_width: 'Rows with too many cells',
  bad_text: 'Unreadable characters',
};
