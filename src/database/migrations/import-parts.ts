import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, createTable, refersTo } from './columns.js';

/** What a correction of one row of a large file has to know of the others. */
export class ImportParts1795600200000 implements MigrationInterface {
  name = 'ImportParts1795600200000';

  async up(runner: QueryRunner): Promise<void> {
    const { integer, key, long } = columnsFor(runner);
    const ofCheck = [refersTo('check_id', 'import_checks', 'CASCADE')];
    const checkId = { ...integer('check_id'), isPrimary: true };
    await createTable(runner, {
      name: 'import_rivals',
      columns: [checkId, { ...key('key', 300), isPrimary: true }, { ...integer('row'), isPrimary: true }],
      foreignKeys: ofCheck,
    });
    await createTable(runner, {
      name: 'import_parts',
      columns: [checkId, { ...integer('last'), isPrimary: true }, long('part')],
      foreignKeys: ofCheck,
    });
    // They have none of these; a draft is checked again when somebody opens its review.
    for (const table of ['import_claims', 'import_findings', 'import_checks'])
      await runner.query(`DELETE FROM ${table}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['import_parts', 'import_rivals']) await runner.dropTable(table);
  }
}
