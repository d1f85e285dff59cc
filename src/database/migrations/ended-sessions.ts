import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ended sessions stay for a while, so that their browsers can be told why. */
export class EndedSessions1795564812000 implements MigrationInterface {
  name = 'EndedSessions1795564812000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions ADD COLUMN ended_at bigint');
    await runner.query('ALTER TABLE sessions ADD COLUMN ended_why varchar(20)');
    await runner.query('CREATE INDEX sessions_ended ON sessions (ended_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX sessions_ended');
    await runner.query('ALTER TABLE sessions DROP COLUMN ended_why');
    await runner.query('ALTER TABLE sessions DROP COLUMN ended_at');
  }
}
