import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, createTable, refersTo } from './columns.js';

/** Authenticators, recovery codes, sessions that wait for a code, links by mail, and when somebody last proved who they are. */
export class SecondFactor1795564821000 implements MigrationInterface {
  name = 'SecondFactor1795564821000';

  async up(runner: QueryRunner): Promise<void> {
    const { id, key, long, text, integer, time } = columnsFor(runner);
    const ofUser = [refersTo('user_id', 'users', 'CASCADE')];
    await createTable(runner, {
      name: 'authenticators',
      columns: [
        { ...integer('user_id'), isPrimary: true },
        long('secret'),
        integer('last_step'),
        time('set_up_at'),
      ],
      foreignKeys: ofUser,
    });
    await createTable(runner, {
      name: 'recovery_codes',
      columns: [
        { ...integer('user_id'), isPrimary: true },
        { ...key('code_hash', 64), isPrimary: true },
      ],
      foreignKeys: ofUser,
    });
    await createTable(runner, {
      name: 'half_sessions',
      columns: [
        id(),
        key('id_hash', 64, { unique: true }),
        integer('user_id'),
        long('data'),
        key('factor', 20),
        text('code_hash', 255, { null: true }),
        time('code_expires_at', { null: true }),
        integer('mail_id', { null: true }),
        integer('tries', { default: 0 }),
        time('created_at'),
        time('expires_at'),
      ],
      indices: [{ columnNames: ['user_id'] }, { columnNames: ['expires_at'] }],
      foreignKeys: ofUser,
    });
    await createTable(runner, {
      name: 'mail_links',
      columns: [
        id(),
        key('token_hash', 64, { unique: true }),
        key('kind', 20),
        integer('user_id'),
        text('email', 254),
        time('expires_at'),
      ],
      indices: [{ columnNames: ['user_id'] }, { columnNames: ['expires_at'] }],
      foreignKeys: ofUser,
    });
    await runner.query('ALTER TABLE sessions ADD COLUMN proven_at bigint NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN proven_at');
    for (const table of ['mail_links', 'half_sessions', 'recovery_codes', 'authenticators'])
      await runner.dropTable(table);
  }
}
