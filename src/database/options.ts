// How TypeORM opens the database: one set of options for each engine, both doors are made from them.
import { join } from 'node:path';
import { chmodSync, mkdirSync } from 'node:fs';
import Sqlite from 'libsql';
import pg from 'pg';
import { DefaultNamingStrategy, type DataSource, type DataSourceOptions } from 'typeorm';
import { environment } from '../web/environment.js';
import { PositionalSqlite } from './sqlite-driver.js';
import { migrations } from './migrations/index.js';

export type Engine = 'sqlite' | 'postgres';

/** The engine of this process: PostgreSQL when DATABASE_URL is set. */
export function engine(): Engine {
  return environment().databaseUrl ? 'postgres' : 'sqlite';
}

/** The embedded database file. */
export function sqliteFile(): string {
  return join(environment().dataDir, 'rollcall.sqlite');
}

/** Options of the writing data source; entities are added by the modules that own them. */
export function writerOptions(): DataSourceOptions {
  const common = { migrations, namingStrategy: new SnakeNames(), logging: false };
  const { databaseUrl } = environment();
  if (databaseUrl) {
    // Times and counts are bigint columns; they stay far below 2^53.
    pg.types.setTypeParser(pg.types.builtins.INT8, Number);
    const limits = [
      '-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000',
      // What is asked for lies in memory or on a fast disk: else many names are found by reading all users.
      '-c random_page_cost=1.1',
    ].join(' ');
    return {
      ...common,
      type: 'postgres',
      url: databaseUrl,
      poolSize: 10,
      connectTimeoutMS: 5000,
      extra: { options: limits },
    };
  }
  mkdirSync(environment().dataDir, { recursive: true });
  return {
    ...common,
    type: 'better-sqlite3',
    driver: PositionalSqlite,
    database: sqliteFile(),
    timeout: 5000,
    enableWAL: true,
    prepareDatabase: (connection: Sqlite.Database) => {
      // The SIP server reads the same file and must be able to open its -shm: group-writable, never for others.
      chmodSync(sqliteFile(), 0o660);
      connection.pragma('journal_mode = WAL');
      connection.pragma('synchronous = FULL');
      // Bulk work changes the same pages again and again: they go from the log to the file every 16 MB, not every 4.
      connection.pragma('wal_autocheckpoint = 4000');
    },
  };
}

/** Options of the reading data source on SQLite: the same file, unable to write. */
export function readerOptions(writer: DataSourceOptions): DataSourceOptions {
  return Object.assign({}, writer, {
    migrations: [],
    enableWAL: false,
    prepareDatabase: (connection: Sqlite.Database) => void connection.pragma('query_only = 1'),
  });
}

/**
 * Tells in which state the committed data is: another one after any change, whoever made it.
 * SQLite counts the changes of other connections, PostgreSQL names the transactions that are visible.
 */
export function versionOf(reader: DataSource): () => Promise<string> {
  if (engine() === 'postgres')
    return async () => {
      const [row] = await reader.query<{ snapshot: string }[]>(
        'SELECT pg_current_snapshot()::text AS snapshot',
      );
      return row.snapshot;
    };
  const { databaseConnection } = reader.driver as DataSource['driver'] & {
    databaseConnection: Sqlite.Database;
  };
  const statement = databaseConnection.prepare('PRAGMA data_version');
  return () => Promise.resolve(String((statement.get() as { data_version: number }).data_version));
}

// Columns are called `first_name`, properties `firstName`.
class SnakeNames extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined, prefixes: string[]): string {
    return customName ?? snake([...prefixes, propertyName].join('_'));
  }
}

function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}
