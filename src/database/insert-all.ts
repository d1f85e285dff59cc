// Many rows, or many values, in few statements. TypeORM's own builder gives each value a name and looks every one of them up again: for a
// hundred users that takes ten times as long as the database needs. Here values go by their position.
import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import { breathe } from './database.js';
import { engine } from './options.js';

/** As many as keep SQLite's driver, which is synchronous, busy for some milliseconds; PostgreSQL works elsewhere. */
const rowsAtOnce = { sqlite: 100, postgres: 200 };
/** Of rows that are two numbers each. */
const pairsAtOnce = 500;

/**
 * Inserts rows, some hundreds in one statement; between two statements others have their turn.
 * @param rows all with the same properties; a column that they do not mention gets its default
 * @param ending SQL behind the values, e.g. `ON CONFLICT DO NOTHING RETURNING id`
 * @returns the rows that RETURNING asks for; without it nothing of use
 */
export async function insertAll<Row extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  rows: Partial<Row>[],
  ending = '',
): Promise<unknown[]> {
  const answers: unknown[] = [];
  const arePairs = rows.length > 0 && Object.keys(rows[0]).length === 2;
  const atOnce = arePairs ? pairsAtOnce : rowsAtOnce[engine()];
  for (let from = 0; from < rows.length; from += atOnce) {
    if (from > 0) await breathe();
    const answer: unknown = await insert(manager, entity, rows.slice(from, from + atOnce), ending);
    if (Array.isArray(answer)) answers.push(...(answer as unknown[]));
  }
  return answers;
}

async function insert<Row extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  rows: Partial<Row>[],
  ending: string,
): Promise<unknown> {
  const { driver } = manager.dataSource;
  const { columns, tableName } = manager.dataSource.getMetadata(entity);
  const given = columns.filter(({ propertyName }) => propertyName in rows[0]);
  const names = given.map(({ databaseName }) => driver.escape(databaseName)).join(', ');
  const { query, values } = rowsAsQuery(
    given.map((column) => driver.normalizeType(column)),
    rows.map((row) => given.map((column) => driver.preparePersistentValue(row[column.propertyName], column))),
  );
  return manager.query(`INSERT INTO ${driver.escape(tableName)} (${names}) ${query} ${ending}`, values);
}

/**
 * The end of a condition that asks for one of many values, such as `username_key ${among(values, names)}`.
 * @param values of the statement so far; the wanted ones are added
 */
export function among(values: unknown[], wanted: (string | number)[]): string {
  if (engine() === 'postgres') return `= ANY($${values.push(wanted)})`;
  return `IN (${wanted.map((value) => `?${values.push(value)}`).join(', ')})`;
}

/**
 * Rows as something to insert, or to read from: `FROM (query) AS told (column1, column2 …)`.
 * @param types of the columns, as PostgreSQL calls them
 * @returns the query with its places, and the values for these
 */
export function rowsAsQuery(types: string[], rows: unknown[][]): { query: string; values: unknown[] } {
  return engine() === 'postgres' ? columnByColumn(types, rows) : rowByRow(types, rows);
}

// PostgreSQL plans a statement by its places: one for a column is far less work than one for each value.
function columnByColumn(types: string[], rows: unknown[][]): { query: string; values: unknown[] } {
  const places = types.map((type, index) => `$${index + 1}::${type}[]`);
  const values = types.map((_, index) => rows.map((row) => row[index] ?? null));
  return { query: `SELECT * FROM unnest(${places.join(', ')})`, values };
}

// SQLite's driver takes a while for each value: what all rows have in common is handed over once.
function rowByRow(types: string[], rows: unknown[][]): { query: string; values: unknown[] } {
  const values: unknown[] = [];
  const place = (value: unknown) => `?${values.push(value ?? null)}`;
  const shared = types.map((_, index) => {
    const [{ [index]: first }] = rows;
    return rows.every((row) => row[index] === first) ? place(first) : undefined;
  });
  const tuples = rows.map(
    (row) => `(${row.map((value, index) => shared[index] ?? place(value)).join(', ')})`,
  );
  return { query: `VALUES ${tuples.join(', ')}`, values };
}
