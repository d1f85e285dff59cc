// A look into the database from outside, for what no page shows: hashes, leftovers, the state of the file itself.
import { join } from 'node:path';
import Sqlite from 'libsql';
import { Client } from 'pg';
import type { Rollcall } from './rollcall.js';

/** The rows of a query that both engines understand. Counts of PostgreSQL come as text, its flags as booleans. */
export async function rowsOf<T>(rollcall: Rollcall, query: string): Promise<T[]> {
  if (rollcall.databaseUrl) return fromPostgres(rollcall.databaseUrl, query);
  const file = new Sqlite(join(rollcall.dataDir, 'rollcall.sqlite'), { readonly: true });
  try {
    return file.prepare(query).all() as T[];
  } finally {
    file.close();
  }
}

/** Changes the data of a server that is stopped. */
export async function change(rollcall: Rollcall, statement: string): Promise<void> {
  if (rollcall.databaseUrl) return void (await fromPostgres(rollcall.databaseUrl, statement));
  const file = new Sqlite(join(rollcall.dataDir, 'rollcall.sqlite'));
  file.exec(statement);
  file.close();
}

/** The number that a query counts. */
export async function countOf(rollcall: Rollcall, from: string): Promise<number> {
  const [{ count }] = await rowsOf<{ count: number | string }>(
    rollcall,
    `SELECT COUNT(*) AS count FROM ${from}`,
  );
  return Number(count);
}

async function fromPostgres<T>(databaseUrl: string, query: string): Promise<T[]> {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    return (await client.query(query)).rows as T[];
  } finally {
    await client.end();
  }
}
