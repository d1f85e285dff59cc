import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, createTable, refersTo } from './columns.js';

/** What the review of a large file was found to be, and room for the size of one. */
export class ImportChecks1795600100000 implements MigrationInterface {
  name = 'ImportChecks1795600100000';

  async up(runner: QueryRunner): Promise<void> {
    const { id, integer, key, long, time } = columnsFor(runner);
    await runner.query('ALTER TABLE imports ADD COLUMN version integer NOT NULL DEFAULT 0');
    // SQLite's integers are as large as needed.
    if (runner.dataSource.options.type === 'postgres')
      await runner.query('ALTER TABLE imports ALTER COLUMN file_size TYPE bigint');
    await createTable(runner, {
      name: 'import_checks',
      columns: [
        id(),
        integer('import_id'),
        integer('version'),
        long('totals', { null: true }),
        time('finished_at', { null: true }),
      ],
      indices: [{ columnNames: ['import_id', 'version'], isUnique: true }],
      foreignKeys: [refersTo('import_id', 'imports', 'CASCADE')],
    });
    await createTable(runner, {
      name: 'import_findings',
      columns: [
        { ...integer('check_id'), isPrimary: true },
        { ...integer('number'), isPrimary: true },
        key('state', 20),
        long('problems'),
      ],
      indices: [{ columnNames: ['check_id', 'state', 'number'] }],
      foreignKeys: [refersTo('check_id', 'import_checks', 'CASCADE')],
    });
    await createTable(runner, {
      name: 'import_claims',
      columns: [
        { ...integer('check_id'), isPrimary: true },
        { ...key('key', 300), isPrimary: true },
        integer('row'),
      ],
      foreignKeys: [refersTo('check_id', 'import_checks', 'CASCADE')],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['import_claims', 'import_findings', 'import_checks']) await runner.dropTable(table);
    await runner.query('ALTER TABLE imports DROP COLUMN version');
  }
}
