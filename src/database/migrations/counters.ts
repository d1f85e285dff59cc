import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, createTable } from './columns.js';

/** How often something was done or guessed, by keyed hashes of what it was. */
export class Counters1795564801000 implements MigrationInterface {
  name = 'Counters1795564801000';

  async up(runner: QueryRunner): Promise<void> {
    const { key, integer, time } = columnsFor(runner);
    await createTable(runner, {
      name: 'limits',
      columns: [{ ...key('key_hash', 64), isPrimary: true }, integer('taken'), time('free_at')],
      indices: [{ columnNames: ['free_at'] }],
    });
    await createTable(runner, {
      name: 'tries',
      columns: [
        { ...key('key_hash', 64), isPrimary: true },
        integer('failures'),
        time('free_at'),
        time('kept_until', { null: true }),
      ],
      indices: [{ columnNames: ['kept_until'] }],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('tries');
    await runner.dropTable('limits');
  }
}
