import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, createTable } from './columns.js';

/** The outbox of mail. */
export class Mail1795564802000 implements MigrationInterface {
  name = 'Mail1795564802000';

  async up(runner: QueryRunner): Promise<void> {
    const { id, text, key, long, integer, time } = columnsFor(runner);
    await createTable(runner, {
      name: 'mails',
      columns: [
        id(),
        key('reference', 40, { unique: true }),
        key('kind', 40),
        integer('user_id', { null: true }),
        text('recipient', 254),
        text('language', 10),
        long('sealed', { null: true }),
        key('state', 20),
        integer('attempts', { default: 0 }),
        time('next_at'),
        time('expires_at', { null: true }),
        time('lease_until', { default: 0 }),
        text('error', 255, { null: true }),
        time('created_at'),
        time('done_at', { null: true }),
      ],
      indices: [{ columnNames: ['state', 'next_at'] }, { columnNames: ['created_at'] }],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('mails');
  }
}
