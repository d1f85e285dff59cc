// The two doors to the database. `read` sees what is committed; `write` is one transaction, one at a time on SQLite.
// TypeORM shares ONE connection on SQLite, so two requests inside transactions would commit and roll back each other's work.
import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Mutex } from 'async-mutex';
import Sqlite from 'libsql';
import { DataSource, type EntityManager, QueryFailedError, type QueryRunner } from 'typeorm';
import { Memory } from './memory.js';
import { engine, readerOptions, sqliteFile, versionOf } from './options.js';

/** What may be asked outside a transaction: queries only. */
export type Reader = Omit<
  EntityManager,
  'transaction' | 'stream' | 'save' | 'insert' | 'update' | 'delete' | 'remove'
>;

export interface WriteOptions {
  /** Name of something that only one transaction of the whole installation may decide at a time, e.g. `extensions`. */
  alone?: string;
}

/** What a request knows of the state of the database. */
interface Moment {
  version?: Promise<string>;
}

@Injectable()
export class Database implements OnModuleInit, OnApplicationShutdown {
  private reader: DataSource;
  private readonly oneWriter = new Mutex();
  private readonly inside = new AsyncLocalStorage<true>();
  private readonly memory = new Memory();
  private readonly moments = new AsyncLocalStorage<Moment>();
  private version: () => Promise<string>;

  constructor(private readonly writer: DataSource) {}

  /** Claims the file, brings the schema up to date, opens the reading door. */
  async onModuleInit(): Promise<void> {
    await this.migrate();
    this.reader = this.writer;
    if (engine() === 'sqlite')
      this.reader = await new DataSource(readerOptions(this.writer.options)).initialize();
    this.version = versionOf(this.reader);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.reader !== this.writer) await this.reader.destroy();
  }

  /** Queries outside a transaction. Throws inside a `write`: use its manager there, this door would not see its changes. */
  get read(): Reader {
    if (this.inside.getStore()) throw new Error('read inside a write: use the manager of the transaction');
    return this.reader.manager;
  }

  /** Runs a request: the state of the database is asked for once, when it first remembers something. */
  inOneMoment(request: () => void): void {
    this.moments.run({}, request);
  }

  /** Starts work that outlives the request it comes from: it is no part of that one's moment. */
  apart(work: () => void): void {
    this.moments.exit(work);
  }

  /**
   * Something that nearly every page reads, kept until anything in the database changes; outside a request it is read.
   * Nobody may change what this answers.
   * @param name says what is read, its parameters included
   */
  async remember<T>(name: string, read: (reader: Reader) => Promise<T>): Promise<T> {
    const reader = this.read;
    const moment = this.moments.getStore();
    if (!moment) return read(reader);
    const version = await (moment.version ??= this.version());
    return this.memory.get(version, name, () => read(reader));
  }

  /**
   * Runs `work` in one transaction and returns its result; whatever it throws rolls everything back.
   * PostgreSQL may ask for a repetition (40001, 40P01), so `work` is repeatable: no network, mail or hashing inside.
   */
  async write<T>(work: (manager: EntityManager) => Promise<T>, options: WriteOptions = {}): Promise<T> {
    if (this.inside.getStore()) throw new Error('write inside a write: use the manager of the transaction');
    const written = await this.inside.run(true, () =>
      engine() === 'sqlite'
        ? this.oneWriter.runExclusive(() =>
            this.writer.transaction(work).catch((error: unknown) => {
              leaveTransaction(this.writer);
              throw error;
            }),
          )
        : this.repeated(() => this.writer.transaction((manager) => alone(manager, work, options.alone))),
    );
    // What the request remembers from here on holds its own change.
    const moment = this.moments.getStore();
    if (moment) moment.version = undefined;
    return written;
  }

  private async repeated<T>(transaction: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await transaction();
      } catch (error) {
        if (attempt === 5 || !isConflict(error)) throw error;
      }
    }
  }

  // A schema that a newer Rollcall made is left alone; two servers that start together migrate once.
  private async migrate(): Promise<void> {
    const runner = this.writer.createQueryRunner();
    try {
      if (engine() === 'postgres') await runner.query('SELECT pg_advisory_lock(727001)');
      await this.refuseNewerSchema();
      await this.writer.runMigrations({ transaction: 'each' });
    } finally {
      if (engine() === 'postgres') await runner.query('SELECT pg_advisory_unlock(727001)');
      await runner.release();
    }
  }

  private async refuseNewerSchema(): Promise<void> {
    const runner = this.writer.createQueryRunner();
    try {
      if (!(await runner.hasTable('migrations'))) return;
      const ran: { name: string }[] = await runner.query('SELECT name FROM migrations');
      const known = new Set(
        this.writer.migrations.map((migration) => migration.name ?? migration.constructor.name),
      );
      const newer = ran.find(({ name }) => !known.has(name));
      if (newer)
        throw new StartError(
          `The database was made by a newer Rollcall (${newer.name}): start that one, or restore a backup`,
        );
    } finally {
      await runner.release();
    }
  }
}

/**
 * Lets others have their turn between two statements of bulk work. SQLite's driver is synchronous: without a pause even a
 * transaction of many awaited statements would keep the whole server waiting.
 */
export async function breathe(): Promise<void> {
  await new Promise(setImmediate);
}

/** A reason not to start, in one line for the operator. */
export class StartError extends Error {}

/**
 * Makes sure that no other server works on the same SQLite file: two would block each other's event loop.
 * The lock is SQLite's own on a small file beside it, so that the system frees it whenever the process ends.
 */
export function claimSqliteFile(): void {
  const lock = new Sqlite(`${sqliteFile()}.lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    throw new StartError(
      `Another Rollcall is running on ${sqliteFile()}: stop it first, or set another DATA_DIR`,
    );
  }
  // Held, and kept from the garbage collector, for as long as the process lives.
  process.once('exit', () => lock.close());
}

/** True when a statement failed because something unique is there already. */
export function isTaken(error: unknown): boolean {
  return ['23505', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'].includes(errorCode(error));
}

/** True when a statement failed because something else refers to the row, or a row referred to is not there. */
export function isReferred(error: unknown): boolean {
  const code = errorCode(error);
  // ON DELETE RESTRICT: a trigger of SQLite's own there, a code of its own from PostgreSQL 18 on.
  if (code === 'SQLITE_CONSTRAINT_TRIGGER') return String(error).includes('FOREIGN KEY');
  return ['23503', '23001', 'SQLITE_CONSTRAINT_FOREIGNKEY'].includes(code);
}

/** True when the database cannot be reached or is shutting down, or the disk has no room left: nothing is wrong with the request. */
export function isUnavailable(error: unknown): boolean {
  const cause =
    error instanceof QueryFailedError
      ? (error.driverError as Error & { code?: string })
      : (error as Error & { code?: string });
  const code = String(cause?.code ?? '');
  return (
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|ENOSPC|EDQUOT|57P0[123]|08...|53...|SQLITE_(FULL|BUSY.*|IOERR.*))$/.test(
      code,
    ) || /Connection terminated|timeout exceeded when trying to connect/.test(String(cause?.message))
  );
}

function isConflict(error: unknown): boolean {
  return ['40001', '40P01'].includes(errorCode(error));
}

function errorCode(error: unknown): string {
  return error instanceof QueryFailedError ? String((error.driverError as { code?: string }).code) : '';
}

// When a COMMIT fails (the disk is full) SQLite leaves the transaction by itself, and TypeORM believes itself inside for
// ever: whatever is written from then on is committed by nobody. So both begin anew.
function leaveTransaction({ driver }: DataSource): void {
  const sqlite = driver as DataSource['driver'] & {
    databaseConnection: Sqlite.Database;
    queryRunner?: QueryRunner;
  };
  if (sqlite.databaseConnection.inTransaction) sqlite.databaseConnection.exec('ROLLBACK');
  sqlite.queryRunner = undefined;
}

async function alone<T>(
  manager: EntityManager,
  work: (manager: EntityManager) => Promise<T>,
  name?: string,
): Promise<T> {
  if (name) await manager.query('SELECT pg_advisory_xact_lock(hashtext($1))', [name]);
  return work(manager);
}
