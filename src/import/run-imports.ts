// The worker: does what the plan says, a hundred rows in one transaction, so that a killed process leaves whole rows only.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LessThanOrEqual, MoreThan, type EntityManager } from 'typeorm';
import { record, theSystem, type Actor } from '../audit/record.js';
import { Database, breathe, isReferred } from '../database/database.js';
import { rowsAsQuery } from '../database/insert-all.js';
import { engine } from '../database/options.js';
import { seal } from '../database/sealed.js';
import type { Job } from '../jobs/job.entity.js';
import { Hopeless, JobsService, type Step, type Worker } from '../jobs/jobs.service.js';
import { SettingsService } from '../settings/settings.service.js';
import { authorOf, type Author } from '../users/author.js';
import { findTaken } from '../users/duplicates.js';
import { invite, unknownPassword } from '../users/invitations.js';
import { readTenant, type TenantDirectory } from '../users/tenant-directory.js';
import { UsersService, type Created, type NewUser } from '../users/users.service.js';
import { now } from '../web/clock.js';
import { nameKey } from '../web/names.js';
import type { Problem } from '../web/problem.js';
import { one } from './answers.js';
import { AskedExtensions } from './asked-extensions.js';
import { Import, ImportPiece, ImportRow, aboutImport, isInvited, type RowState } from './import.entity.js';
import { importJob } from './imports.service.js';
import { Passwords, type HashedPassword } from './passwords.js';
import { Claims, plan, readRows, type PlannedRow } from './plan.js';
import { directoryOf } from './review.js';
import { secretPlace, sipSecretPlace } from './secrets.js';

/**
 * Rows of one transaction: so few that others hardly wait for it, so many that a large file does not wait for the disk.
 * Passwords of digits take a while to hash: who watches sees them go on, and can cancel in between.
 */
function chunkSize(running: Import): number {
  if (running.rowCount > 2000) return 500;
  return isDigitsOnly(running) ? 100 : 250;
}
/** Rows that are planned without a pause: so few that a page beside a large import hardly waits. */
const plannedAtOnce = 50;
const skippedAtOnce = 1000;
/** Outcomes of one statement. */
const storedAtOnce = 100;

interface Prepared {
  planned: PlannedRow;
  stored: ImportRow;
  /** For ready rows, unless they are invited. */
  password?: string;
  user?: NewUser;
}

/** The next rows of an import, planned as of now for its author. */
interface Chunk {
  running: Import;
  author: Author;
  tenant: TenantDirectory;
  stored: ImportRow[];
  prepared: Prepared[];
  isLast: boolean;
}

/** What is known of an import from its rows before. Forgotten, it is found again. */
interface Known {
  /** Up to this row none is pending. */
  doneUpTo: number;
  /** Below this extension, nothing was free. */
  extensionsFrom: number;
  /** Undefined when no number is made for a row that lacks one while others bring theirs. */
  asked?: AskedExtensions;
  /** What was planned while the rows before it were written. */
  ahead?: Promise<Chunk | undefined>;
}

@Injectable()
export class ImportRunner implements Worker, OnModuleInit {
  readonly kind = importJob;
  private readonly known = new Map<number, Known>();
  private readonly passwords = new Passwords();

  constructor(
    private readonly database: Database,
    private readonly jobs: JobsService,
    private readonly settings: SettingsService,
    private readonly users: UsersService,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this);
  }

  /** Does the next rows that are still pending. */
  async step({ subjectId: importId }: Job, step: Step): Promise<boolean> {
    const before = this.known.get(importId);
    const chunk = (await before?.ahead) ?? (await this.next(importId, before?.doneUpTo ?? 0));
    if (!chunk) return false;
    const { stored, prepared, isLast } = chunk;
    const last = stored[stored.length - 1].number;
    const known = before ?? (await this.learn(chunk));
    // On SQLite, whose driver works in this process, it would only hold the one writer up.
    const mayPlan = engine() === 'postgres' && !isLast;
    const ahead = mayPlan ? this.next(importId, last, prepared).catch(() => undefined) : undefined;
    known.ahead = undefined;
    let written = { done: 0, created: 0, extensionsFrom: 0 };
    const work = async (manager: EntityManager) => {
      written = await this.write(manager, chunk, known);
      return written.done;
    };
    try {
      await step(work, { alone: 'extensions' });
    } catch (error) {
      // A role or desk was deleted this very moment: the next plan knows it.
      if (isReferred(error)) return true;
      throw error;
    }
    known.extensionsFrom = written.extensionsFrom;
    const isDone = written.done === stored.length;
    if (isDone) known.doneUpTo = last;
    // It was planned as if all of these were created.
    if (isDone && written.created === usersOf(prepared).length) known.ahead = ahead;
    return !isDone || !isLast;
  }

  /** Counts what is left as skipped, deletes the file, tells the audit log. */
  async end(manager: EntityManager, job: Job, how: 'finished' | 'cancelled' | 'failed'): Promise<void> {
    const ended = await manager.findOneByOrFail(Import, { id: job.subjectId });
    this.known.delete(ended.id);
    this.passwords.forget(ended.id);
    const skipped = ended.skipped + (how === 'finished' ? 0 : await skipRest(manager, ended.id, how));
    await manager.update(Import, { id: ended.id }, { state: how, finishedAt: now(), skipped });
    await manager.delete(ImportPiece, { importId: ended.id });
    const { rowCount: read, created, duplicates, errors } = ended;
    const counts = { read, created, duplicates, errors, skipped };
    await record(manager, theSystem, {
      action: `import.${how}`,
      subject: aboutImport(ended),
      details: counts,
    });
  }

  /** @param before rows before these that are being written meanwhile */
  private async next(importId: number, after: number, before: Prepared[] = []): Promise<Chunk | undefined> {
    const running = await this.database.read.findOneByOrFail(Import, { id: importId });
    // One more than a chunk tells whether there is another one.
    const pending = await this.pending(importId, chunkSize(running) + 1, after);
    if (pending.length === 0) return undefined;
    const stored = pending.slice(0, chunkSize(running));
    // Most rows are good: their passwords are hashed while the rows are planned.
    if (!isInvited(running)) this.passwords.prepare(importId, stored.length, isDigitsOnly(running));
    const author = await authorOf(this.database.read, running.authorId);
    // Rights are asked again for every chunk: whoever lost them stops here (SECURITY.md AZ-8).
    if (!author?.permissions.has('users.import'))
      throw new Hopeless('the author of the import may not import any more');
    const tenant = await readTenant(this.database.read, await this.settings.current(), author);
    await breathe();
    const prepared = await this.prepare(running, stored, tenant, before);
    await breathe();
    return { running, author, tenant, stored, prepared, isLast: stored.length === pending.length };
  }

  private async pending(importId: number, take: number, after: number): Promise<ImportRow[]> {
    return this.database.read.find(ImportRow, {
      select: { importId: true, number: true, cells: true, edits: true, badText: true, skipped: true },
      where: { importId, state: 'pending', number: MoreThan(after) },
      order: { number: 'ASC' },
      take,
    });
  }

  // Plans the rows anew, as of now, and makes the passwords of those that are ready: hashing never happens in a transaction.
  private async prepare(
    running: Import,
    stored: ImportRow[],
    tenant: TenantDirectory,
    before: Prepared[],
  ): Promise<Prepared[]> {
    const planned = await this.plan(running, stored, tenant, before);
    if (isInvited(running)) return invited(planned, stored);
    const digitsOnly = isDigitsOnly(running);
    const ready = planned.filter(({ state }) => state === 'ready').length;
    const passwords = await this.passwords.take(running.id, ready, digitsOnly);
    const { rowCount, created, duplicates, errors, skipped } = running;
    const left = rowCount - created - duplicates - errors - skipped - before.length - stored.length;
    this.passwords.prepare(running.id, Math.min(left, chunkSize(running)), digitsOnly);
    return planned.map((row, index) =>
      row.state === 'ready'
        ? withPassword(row, stored[index], passwords.pop()!)
        : { planned: row, stored: stored[index] },
    );
  }

  private async plan(
    running: Import,
    stored: ImportRow[],
    tenant: TenantDirectory,
    before: Prepared[],
  ): Promise<PlannedRow[]> {
    const directory = directoryOf(running, tenant);
    const claims = new Claims(running.id);
    for (const { planned, user } of before) if (user) claims.claim(planned.values, planned.number);
    const planned: PlannedRow[] = [];
    for (let from = 0; from < stored.length; from += plannedAtOnce) {
      if (from > 0) await breathe();
      const read = readRows(stored.slice(from, from + plannedAtOnce), running.answers, directory);
      const taken = await findTaken(
        this.database.read,
        read.map(({ values }) => values),
      );
      planned.push(...plan(read, taken, claims));
    }
    return planned;
  }

  // Numbers that rows of this file ask for are not generated for other rows of it. A started file changes no more: it is
  // read once.
  private async learn({ running, tenant }: Chunk): Promise<Known> {
    const known: Known = { doneUpTo: 0, extensionsFrom: 0 };
    if (one(running.answers['extension.generateMissing'])) {
      known.asked = new AskedExtensions();
      let rows = await this.pending(running.id, plannedAtOnce, 0);
      while (rows.length > 0) {
        known.asked.note(readRows(rows, running.answers, directoryOf(running, tenant)));
        await breathe();
        rows = await this.pending(running.id, plannedAtOnce, rows[rows.length - 1].number);
      }
    }
    this.known.set(running.id, known);
    return known;
  }

  private async write(
    manager: EntityManager,
    { running, prepared, tenant, author }: Chunk,
    known: Known,
  ): Promise<{ done: number; created: number; extensionsFrom: number }> {
    const users = usersOf(prepared);
    const isReserved = (extension: number) =>
      known.asked?.isAsked(extension, prepared[0].stored.number) ?? false;
    const created = await this.users.create(manager, users, tenant.settings, author, {
      importId: running.id,
      isReserved,
      extensionsFrom: known.extensionsFrom,
    });
    await breathe();
    if (isInvited(running)) await invite(manager, activeOf(users, created), tenant.settings);
    const numberless = users.filter(({ values }) => values.extension === null);
    const given = numberless.map(({ values }) => created.get(nameKey(values.username))?.extension);
    const noneFree = given.includes(undefined) && (await this.isUsedUp(manager, tenant, isReserved));
    const rows = prepared.flatMap((row) => outcome(running.id, row, created, noneFree) ?? []);
    await storeOutcomes(manager, running.id, rows);
    await recordRefused(manager, running, prepared, author);
    await breathe();
    const count = (state: RowState) => rows.filter((row) => row.state === state).length;
    await manager.update(Import, running.id, {
      state: 'running',
      created: () => `created + ${count('created')}`,
      duplicates: () => `duplicates + ${count('duplicate')}`,
      errors: () => `errors + ${count('error')}`,
      skipped: () => `skipped + ${count('skipped')}`,
    });
    // After a row without a number they are looked for from the beginning: one may have become free there.
    const extensionsFrom = given.includes(undefined)
      ? 0
      : Math.max(known.extensionsFrom, ...(given as number[]));
    return { done: rows.length, created: created.size, extensionsFrom };
  }

  private async isUsedUp(
    manager: EntityManager,
    { settings }: TenantDirectory,
    isReserved: (extension: number) => boolean,
  ): Promise<boolean> {
    return (await this.users.freeExtensions(manager, settings, 1, { isReserved })).length === 0;
  }
}

const stoppedByHand: Problem = {
  field: '',
  value: '',
  code: 'not_run',
  text: 'The import was cancelled before it came to this row.',
};
const stoppedByFailure: Problem = {
  field: '',
  value: '',
  code: 'not_run',
  text: 'The import stopped before it came to this row.',
};

function isDigitsOnly({ answers }: Import): boolean {
  return one(answers.digitsOnly) !== '';
}

// What is left of an ended import; returns how many rows.
async function skipRest(
  manager: EntityManager,
  importId: number,
  how: 'cancelled' | 'failed',
): Promise<number> {
  const problems = [how === 'failed' ? stoppedByFailure : stoppedByHand];
  const skipped = { state: 'skipped', code: 'not_run', problems } as const;
  for (let count = 0; ; await breathe()) {
    const rows = await manager.find(ImportRow, {
      select: { importId: true, number: true },
      where: { importId, state: 'pending' },
      order: { number: 'ASC' },
      take: skippedAtOnce,
    });
    const last = rows.at(-1)?.number;
    if (last === undefined) return count;
    await manager.update(ImportRow, { importId, state: 'pending', number: LessThanOrEqual(last) }, skipped);
    count += rows.length;
  }
}

// Nobody is told these passwords: each user chooses one by the link that they are mailed.
async function invited(planned: PlannedRow[], stored: ImportRow[]): Promise<Prepared[]> {
  return Promise.all(
    planned.map(async (row, index) => {
      if (row.state !== 'ready') return { planned: row, stored: stored[index] };
      const passwordHash = await unknownPassword();
      const user = { values: row.values, passwordHash, temporary: true, importRow: row.number };
      return { planned: row, stored: stored[index], user };
    }),
  );
}

function usersOf(prepared: Prepared[]): NewUser[] {
  return prepared.flatMap(({ user }) => user ?? []);
}

function activeOf(users: NewUser[], created: Map<string, Created>) {
  return users.flatMap(({ values }) => {
    const made = created.get(nameKey(values.username));
    return made && values.active ? { ...values, id: made.id } : [];
  });
}

function withPassword(
  planned: PlannedRow,
  stored: ImportRow,
  { password, passwordHash }: HashedPassword,
): Prepared {
  const user = { values: planned.values, passwordHash, temporary: true, importRow: planned.number };
  return { planned, stored, password, user };
}

// Nothing for a ready row that lost a race: it stays pending, and the next plan says who was faster.
function outcome(
  importId: number,
  { planned, stored, password }: Prepared,
  created: Map<string, Created>,
  noneFree: boolean,
): Outcome | undefined {
  const { number } = stored;
  if (planned.state !== 'ready') {
    return { number, state: planned.state, code: planned.problems[0].code, problems: planned.problems };
  }
  const user = created.get(nameKey(planned.values.username));
  if (user) {
    const secret = password ? seal(password, secretPlace(importId, number, user.id)) : null;
    const sipSecret = user.sip ? seal(user.sip.password, sipSecretPlace(importId, number, user.id)) : null;
    return { number, state: 'created', userId: user.id, secret, sipSecret };
  }
  if (planned.values.extension !== null || !noneFree) return undefined;
  return { number, state: 'error', code: 'none_free', problems: [noFreeExtension] };
}

// Somebody asked for more than they may give (SECURITY.md AZ-3): one entry for the rows of a chunk that did.
async function recordRefused(
  manager: EntityManager,
  running: Import,
  prepared: Prepared[],
  author: Actor,
): Promise<void> {
  const refused = prepared.filter(({ planned }) =>
    planned.problems.some(({ code }) => code === 'not_allowed'),
  );
  if (refused.length === 0) return;
  const rows = refused.map(({ planned }) => planned.number);
  await record(manager, author, {
    action: 'import.rows_refused',
    subject: aboutImport(running),
    details: { rows },
  });
}

const noFreeExtension: Problem = {
  field: 'extension',
  value: '',
  code: 'none_free',
  text: 'No virtual extension is free in the tenant’s range. Widen the range in Settings, or give a number.',
};

/** What became of a row. */
type Outcome = Pick<ImportRow, 'number' | 'state'> & Partial<Pick<ImportRow, Told>>;
type Told = 'code' | 'problems' | 'userId' | 'secret' | 'sipSecret';

// One statement for a hundred rows, always the same one: SQLite's driver keeps what it prepared until the garbage of all
// generations is collected. PostgreSQL, which knows nothing yet of a new file's rows, needs their range: else it reads all.
async function storeOutcomes(manager: EntityManager, importId: number, rows: Outcome[]): Promise<void> {
  for (let from = 0; from < rows.length; from += storedAtOnce) {
    if (from > 0) await breathe();
    const some = rows.slice(from, from + storedAtOnce);
    const range = `BETWEEN ${some[0].number} AND ${some[some.length - 1].number}`;
    const { query, values } = rowsAsQuery(
      ['integer', 'text', 'text', 'text', 'integer', 'text', 'text'],
      some.map(({ problems, ...row }) => {
        const said = problems ? JSON.stringify(problems) : null;
        return [row.number, row.state, row.code, said, row.userId, row.secret, row.sipSecret];
      }),
    );
    await manager.query(
      `WITH told (number, state, code, problems, user_id, secret, sip_secret) AS (${query})
       UPDATE import_rows SET state = told.state, code = told.code, problems = told.problems,
         user_id = told.user_id, secret = told.secret, sip_secret = told.sip_secret
       FROM told WHERE import_rows.import_id = ${importId} AND import_rows.number = told.number
         ${engine() === 'postgres' ? `AND import_rows.number ${range}` : ''}`,
      values,
    );
  }
}
