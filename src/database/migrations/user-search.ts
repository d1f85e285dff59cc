import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nameKey } from '../../web/names.js';
import { columnsFor, createTable, refersTo } from './columns.js';

/** What the table of users asks: the words that a search looks through, the keys that it sorts by, and mass actions. */
export class UserSearch1795478400000 implements MigrationInterface {
  name = 'UserSearch1795478400000';

  async up(runner: QueryRunner): Promise<void> {
    await sortKeys(runner);
    await words(runner);
    await massActions(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['mass_action_users', 'mass_actions', 'user_search'])
      await runner.query(`DROP TABLE ${table}`);
    for (const index of ['name', 'last_sign_in', 'created']) await runner.query(`DROP INDEX users_${index}`);
    await runner.query('ALTER TABLE users DROP COLUMN name_key');
  }
}

async function sortKeys(runner: QueryRunner): Promise<void> {
  const bytewise = isPostgres(runner) ? 'COLLATE "C"' : '';
  for (const statement of [
    `ALTER TABLE users ADD COLUMN name_key varchar(250) ${bytewise} NOT NULL DEFAULT ''`,
    'CREATE INDEX users_name ON users (name_key, id)',
    'CREATE INDEX users_last_sign_in ON users (COALESCE(last_sign_in_at, 0), id)',
    'CREATE INDEX users_created ON users (created_at, id)',
  ])
    await runner.query(statement);
  const named: { id: number; first_name: string; last_name: string }[] = await runner.query(
    `SELECT id, first_name, last_name FROM users WHERE first_name <> '' OR last_name <> ''`,
  );
  for (const { id, first_name, last_name } of named) {
    const key = nameKey(`${first_name} ${last_name}`.trim());
    await runner.manager.createQueryBuilder().update('users').set({ name_key: key }).where({ id }).execute();
  }
}

// FTS5 of SQLite finds three characters in a row by its index; PostgreSQL's pg_trgm does too, see SearchIndex.
async function words(runner: QueryRunner): Promise<void> {
  const { integer, key } = columnsFor(runner);
  if (isPostgres(runner)) {
    await createTable(runner, {
      name: 'user_search',
      columns: [{ ...integer('user_id'), isPrimary: true }, key('words', 700)],
    });
  } else {
    await runner.query(
      `CREATE VIRTUAL TABLE user_search USING fts5(words, tokenize = 'trigram case_sensitive 1')`,
    );
  }
  await runner.query(
    `INSERT INTO user_search (${isPostgres(runner) ? 'user_id' : 'rowid'}, words)
     SELECT id, '  ' || username_key || '  ' || email_key || '  ' || extension || '  ' || replace(name_key, ' ', '  ')
     FROM users`,
  );
}

async function massActions(runner: QueryRunner): Promise<void> {
  const { id, integer, key, text, long, time } = columnsFor(runner);
  await createTable(runner, {
    name: 'mass_actions',
    columns: [
      id(),
      integer('author_id'),
      key('kind', 40),
      integer('thing_id', { null: true }),
      text('thing_name', 100, { null: true }),
      key('state', 20),
      integer('total'),
      integer('done', { default: 0 }),
      integer('left_out', { default: 0 }),
      time('created_at'),
      time('finished_at', { null: true }),
      time('downloaded_at', { null: true }),
      time('secrets_wiped_at', { null: true }),
    ],
    indices: [{ columnNames: ['author_id'] }, { columnNames: ['secrets_wiped_at', 'finished_at'] }],
  });
  // Users are named here and not referred to: the report speaks of those who were deleted, too.
  await createTable(runner, {
    name: 'mass_action_users',
    columns: [
      { ...integer('action_id'), isPrimary: true },
      { ...integer('user_id'), isPrimary: true },
      text('username', 64),
      key('state', 20),
      text('reason', 200, { null: true }),
      long('secret', { null: true }),
    ],
    indices: [{ columnNames: ['action_id', 'state', 'user_id'] }],
    foreignKeys: [refersTo('action_id', 'mass_actions', 'CASCADE')],
  });
}

function isPostgres(runner: QueryRunner): boolean {
  return runner.dataSource.options.type === 'postgres';
}
