// Columns that read alike on both engines. Times are milliseconds in bigint, JSON is text, key columns compare bytewise.
import {
  type QueryRunner,
  Table,
  type TableColumnOptions,
  type TableForeignKeyOptions,
  type TableIndexOptions,
} from 'typeorm';

interface More {
  unique?: boolean;
  default?: string | number;
  null?: boolean;
  length?: number;
}

/** Makes the columns of one engine. */
export function columnsFor(runner: QueryRunner) {
  const postgres = runner.dataSource.options.type === 'postgres';
  const column = (name: string, type: string, more: More = {}): TableColumnOptions => ({
    name,
    type,
    isNullable: more.null ?? false,
    isUnique: more.unique ?? false,
    default: more.default,
    length: more.length ? String(more.length) : undefined,
  });
  return {
    /** Primary key, never used again after a deletion (AUTOINCREMENT / sequence). */
    id: (): TableColumnOptions => ({
      name: 'id',
      type: 'integer',
      isPrimary: true,
      isGenerated: true,
      generationStrategy: 'increment',
    }),
    text: (name: string, length: number, more?: More) => column(name, 'varchar', { ...more, length }),
    long: (name: string, more?: More) => column(name, 'text', more),
    /** Compared and sorted bytewise on both engines. */
    key: (name: string, length: number, more?: More): TableColumnOptions => ({
      ...column(name, 'varchar', { ...more, length }),
      collation: postgres ? 'C' : undefined,
    }),
    integer: (name: string, more?: More) => column(name, 'integer', more),
    time: (name: string, more?: More) => column(name, 'bigint', more),
    flag: (name: string, on = false) =>
      column(name, 'boolean', { default: postgres ? String(on) : Number(on) }),
  };
}

export interface NewTable {
  name: string;
  columns: TableColumnOptions[];
  indices?: TableIndexOptions[];
  foreignKeys?: TableForeignKeyOptions[];
}

/** Creates a table with its indexes and foreign keys. */
export async function createTable(runner: QueryRunner, table: NewTable): Promise<void> {
  await runner.createTable(new Table(table));
}

/** A reference to `table(id)`; RESTRICT unless told otherwise, so that what is in use cannot be deleted. */
export function refersTo(
  column: string,
  table: string,
  onDelete: 'RESTRICT' | 'CASCADE' | 'SET NULL' = 'RESTRICT',
): TableForeignKeyOptions {
  return { columnNames: [column], referencedTableName: table, referencedColumnNames: ['id'], onDelete };
}
