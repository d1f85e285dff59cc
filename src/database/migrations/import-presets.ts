import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, createTable } from './columns.js';

/** What was chosen for files with the same columns, for the next one of them. */
export class ImportPresets1795564850000 implements MigrationInterface {
  name = 'ImportPresets1795564850000';

  async up(runner: QueryRunner): Promise<void> {
    const { id, text, key, long, time } = columnsFor(runner);
    await createTable(runner, {
      name: 'import_presets',
      columns: [
        id(),
        key('fingerprint', 64, { unique: true }),
        text('name', 255),
        long('answers'),
        long('value_choices'),
        time('saved_at'),
      ],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('import_presets');
  }
}
