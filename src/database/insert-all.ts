// Many rows in few statements. TypeORM's own builder gives each value a name and looks every one of them up again: for a
// hundred users that takes ten times as long as the database needs. Here values go by their position.
import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import { breathe } from './database.js';

/** About as many as keep SQLite's driver, which is synchronous, busy for some milliseconds. */
const rowsAtOnce = 100;
/** Of rows that are two numbers each. */
const pairsAtOnce = 500;

/**
 * Inserts rows, a hundred in one statement, of pairs five hundred; between two statements others have their turn.
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
  const atOnce = rows.length > 0 && Object.keys(rows[0]).length === 2 ? pairsAtOnce : rowsAtOnce;
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
  const values: unknown[] = [];
  const tuples = rows.map((row) => {
    const places = given.map((column) => {
      values.push(driver.preparePersistentValue(row[column.propertyName], column) ?? null);
      return driver.createParameter(column.propertyName, values.length - 1);
    });
    return `(${places.join(', ')})`;
  });
  const into = `INSERT INTO ${driver.escape(tableName)} (${names})`;
  return manager.query(`${into} VALUES ${tuples.join(', ')} ${ending}`, values);
}

/**
 * Rows for a statement that changes many others: `FROM (VALUES list) AS told`, with the columns column1, column2 ...
 * PostgreSQL takes each for a text: cast what is none.
 * @returns the list with its places, and the values for these
 */
export function listOfValues(manager: EntityManager, rows: unknown[][]): { list: string; values: unknown[] } {
  const { driver } = manager.dataSource;
  const values: unknown[] = [];
  const tuples = rows.map((row) => {
    const places = row.map((value) => {
      values.push(value ?? null);
      return driver.createParameter('value', values.length - 1);
    });
    return `(${places.join(', ')})`;
  });
  return { list: tuples.join(', '), values };
}
