// All that lies in the database, as whoever steals it reads it.
import { rowsOf } from './peek.js';
import type { Rollcall } from './rollcall.js';

/** Every row of every table, one a line: the table's name and the row as JSON. */
export async function everythingStored(rollcall: Rollcall): Promise<string[]> {
  const tables = await rowsOf<{ name: string }>(
    rollcall,
    rollcall.databaseUrl
      ? `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`
      : `SELECT name FROM sqlite_master WHERE type = 'table'`,
  );
  const lines: string[] = [];
  for (const { name } of tables) {
    const rows = await rowsOf(rollcall, `SELECT * FROM ${name}`);
    lines.push(...rows.map((row) => `${name} ${JSON.stringify(row)}`));
  }
  return lines;
}
