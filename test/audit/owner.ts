// The owner of the database, who can do behind Rollcall's back what no page and no part of Rollcall can.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import Sqlite from 'libsql';
import { Client } from 'pg';
import { countOf } from '../support/peek.js';
import type { Rollcall } from '../support/rollcall.js';

/** Runs statements that both engines understand, on a connection of its own. */
export async function asOwner(rollcall: Rollcall, ...statements: string[]): Promise<void> {
  if (rollcall.databaseUrl) return inPostgres(rollcall.databaseUrl, statements);
  const file = new Sqlite(join(rollcall.dataDir, 'rollcall.sqlite'), { timeout: 5000 });
  try {
    for (const statement of statements) file.exec(statement);
  } finally {
    file.close();
  }
}

/** Takes the triggers away that keep this from happening, then runs the statements. */
export async function withoutTriggers(rollcall: Rollcall, ...statements: string[]): Promise<void> {
  const table = rollcall.databaseUrl ? ' ON audit_entries' : '';
  const names = ['changed', 'deleted', 'sealed_elsewhere'];
  const drops = names.map((name) => `DROP TRIGGER IF EXISTS audit_entry_${name}${table}`);
  await asOwner(rollcall, ...drops, ...statements);
}

export interface RawEntry {
  /** ISO 8601. */
  at: string;
  actor?: string;
  action?: string;
  subject?: string;
}

/** Writes entries as if Rollcall had, each with its own time. */
export async function writeEntries(rollcall: Rollcall, entries: RawEntry[]): Promise<void> {
  const rows = entries.map(({ at, actor = 'anna', action = 'signed_in', subject }) => {
    const name = subject === undefined ? 'NULL, NULL' : `'user', '${subject}'`;
    return `(${Date.parse(at)}, '${actor}', '${action}', ${name})`;
  });
  const into = 'INSERT INTO audit_entries (at, actor_name, action, subject_kind, subject_name)';
  await asOwner(rollcall, `${into} VALUES ${rows.join(', ')}`);
}

/** Waits until every entry has its place in the chain, 20 s at the most. */
export async function allSealed(rollcall: Rollcall): Promise<void> {
  for (const begun = Date.now(); ;) {
    const waiting = await countOf(rollcall, 'audit_entries WHERE chain_position IS NULL');
    if (waiting === 0) return;
    if (Date.now() - begun > 20_000) throw new Error(`${waiting} entries are not sealed`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What `npm run verify-audit` prints, and its exit code. */
export async function verifyAudit(rollcall: Rollcall): Promise<{ code: number; printed: string }> {
  const env = {
    PATH: process.env.PATH,
    DATA_DIR: rollcall.dataDir,
    ...(rollcall.databaseUrl && { DATABASE_URL: rollcall.databaseUrl }),
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join('dist', 'server', 'verify-audit.js')],
      { env },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, printed: stdout + stderr });
      },
    );
  });
}

async function inPostgres(databaseUrl: string, statements: string[]): Promise<void> {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
