// npm run verify-audit: follows the hash chain of the audit log. It only reads, also beside a running server.
import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { AuditChain } from './audit/audit-chain.entity.js';
import { AuditEntry } from './audit/audit-entry.entity.js';
import { verify, type Break, type Verdict } from './audit/verify.js';
import { StartError } from './database/database.js';
import { engine, readerOptions, sqliteFile, writerOptions } from './database/options.js';
import { EnvironmentError } from './web/environment-error.js';

try {
  const verdict = await verdictOf();
  console.log(report(verdict));
  process.exitCode = verdict.broken ? 1 : 0;
} catch (error) {
  const expected = error instanceof EnvironmentError || error instanceof StartError;
  console.error(expected ? error.message : error);
  process.exitCode = 2;
}

async function verdictOf(): Promise<Verdict> {
  const sqlite = engine() === 'sqlite';
  if (sqlite && !existsSync(sqliteFile()))
    throw new StartError(`There is no database at ${sqliteFile()}: set DATA_DIR or DATABASE_URL`);
  const options = readerOptions(writerOptions());
  const database = await new DataSource({ ...options, entities: [AuditEntry, AuditChain] }).initialize();
  try {
    // One moment of the log, whatever is written meanwhile: SQLite's transactions see nothing else.
    return await database.transaction(sqlite ? 'SERIALIZABLE' : 'REPEATABLE READ', async (manager) => {
      if (!sqlite) await manager.query('SET TRANSACTION READ ONLY');
      return verify(manager);
    });
  } finally {
    await database.destroy();
  }
}

function report({ entries, waiting, end, broken }: Verdict): string {
  const lines = [`${entries} entries are in order, up to place ${end.position} with the hash ${end.hash}.`];
  if (waiting > 0) lines.push(`${waiting} entries are not sealed yet.`);
  lines.push(broken ? `THE LOG WAS CHANGED: ${sentence(broken)}` : 'The log was not changed.');
  return lines.join('\n');
}

function sentence({ what, position, entry }: Break): string {
  const named = entry
    ? `entry ${entry.id} (${entry.action} by “${entry.actorName}”, ${new Date(Number(entry.at)).toISOString()})`
    : 'the end of the log';
  if (what === 'removed') return `at place ${position} an entry was removed, before ${named}.`;
  if (what === 'inserted') return `at place ${position} ${named} was inserted.`;
  return `at place ${position} ${named} was changed.`;
}
