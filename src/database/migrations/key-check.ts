import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, createTable } from './columns.js';

/** A known text under the key of the database, so that a start with another key is noticed before anything is written. */
export class KeyCheck1795600000000 implements MigrationInterface {
  name = 'KeyCheck1795600000000';

  async up(runner: QueryRunner): Promise<void> {
    const { integer, long } = columnsFor(runner);
    await createTable(runner, {
      name: 'key_checks',
      columns: [{ ...integer('id'), isPrimary: true }, long('sealed')],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('key_checks');
  }
}
