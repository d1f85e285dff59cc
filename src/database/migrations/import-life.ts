import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the review promised, and when the rows of an import were deleted. */
export class ImportLife1795600010000 implements MigrationInterface {
  name = 'ImportLife1795600010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE imports ADD COLUMN promised integer');
    await runner.query('ALTER TABLE imports ADD COLUMN rows_deleted_at bigint');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE imports DROP COLUMN rows_deleted_at');
    await runner.query('ALTER TABLE imports DROP COLUMN promised');
  }
}
