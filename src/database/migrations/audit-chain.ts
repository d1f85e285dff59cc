import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, createTable } from './columns.js';

/**
 * The audit log becomes append-only: triggers refuse every change but the laying of the hash chain, and every deletion
 * before an entry's time (the tenant's `auditRetentionDays`, 30 at the least).
 */
export class AuditChain1795392000000 implements MigrationInterface {
  name = 'AuditChain1795392000000';

  async up(runner: QueryRunner): Promise<void> {
    await chain(runner);
    // The triggers look it up: without this row nothing can be deleted.
    await runner.query(
      `INSERT INTO settings (name, value, updated_at) VALUES ('auditRetentionDays', '365', 0)`,
    );
    for (const statement of isPostgres(runner) ? postgresTriggers : sqliteTriggers)
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const triggers = ['changed', 'deleted', isPostgres(runner) ? 'emptied' : 'replaced', 'sealed_elsewhere'];
    const table = isPostgres(runner) ? ' ON audit_entries' : '';
    for (const name of triggers) await runner.query(`DROP TRIGGER audit_entry_${name}${table}`);
    if (isPostgres(runner)) {
      await runner.query('DROP FUNCTION refuse_audit_change()');
      await runner.query('DROP FUNCTION audit_entry_may_leave(bigint)');
    }
    for (const index of ['place', 'unsealed', 'action', 'actor_name'])
      await runner.query(`DROP INDEX audit_entries_${index}`);
    for (const column of ['chain_position', 'hash'])
      await runner.query(`ALTER TABLE audit_entries DROP COLUMN ${column}`);
    await runner.dropTable('audit_chain');
    await runner.query(`DELETE FROM settings WHERE name = 'auditRetentionDays'`);
  }
}

// Plain SQL, alike on both engines: the Table API would copy the table on SQLite, and lose the triggers of later days.
async function chain(runner: QueryRunner): Promise<void> {
  for (const statement of [
    'ALTER TABLE audit_entries ADD COLUMN chain_position integer',
    'ALTER TABLE audit_entries ADD COLUMN hash varchar(64)',
    'CREATE UNIQUE INDEX audit_entries_place ON audit_entries (chain_position) WHERE chain_position IS NOT NULL',
    'CREATE INDEX audit_entries_unsealed ON audit_entries (id) WHERE chain_position IS NULL',
    'CREATE INDEX audit_entries_action ON audit_entries (action)',
    'CREATE INDEX audit_entries_actor_name ON audit_entries (LOWER(actor_name))',
  ])
    await runner.query(statement);
  const { integer, key, text, time } = columnsFor(runner);
  await createTable(runner, {
    name: 'audit_chain',
    columns: [
      { ...integer('id'), isPrimary: true },
      integer('position'),
      key('hash', 64),
      text('owner', 40, { null: true }),
      time('lease_until', { default: 0 }),
      time('cleaned_at', { default: 0 }),
    ],
  });
  await runner.query(`INSERT INTO audit_chain (id, position, hash) VALUES (1, 0, '')`);
}

function isPostgres(runner: QueryRunner): boolean {
  return runner.dataSource.options.type === 'postgres';
}

const told = `id at actor_id actor_name action subject_kind subject_id subject_name details address request_id`;

const isBeingSealed = [
  'OLD.chain_position IS NULL AND OLD.hash IS NULL AND NEW.chain_position IS NOT NULL AND NEW.hash IS NOT NULL',
  ...told.split(' ').map((column) => `NEW.${column} IS NOT DISTINCT FROM OLD.${column}`),
].join(' AND ');

// Without a row of the setting: a hundred years.
const retention = `COALESCE((SELECT CAST(value AS integer) FROM settings WHERE name = 'auditRetentionDays'), 36500)`;
const dayInMilliseconds = 'CAST(86400000 AS bigint)';

const refuse = `SELECT RAISE(ABORT, 'the audit log is append-only');`;

const sqliteTriggers = [
  // UPDATE OR REPLACE would delete the entry that has the place already, without asking the trigger below.
  `CREATE TRIGGER audit_entry_changed BEFORE UPDATE ON audit_entries
   WHEN NOT (${isBeingSealed})
     OR EXISTS (SELECT 1 FROM audit_entries WHERE chain_position = NEW.chain_position)
   BEGIN ${refuse} END`,
  `CREATE TRIGGER audit_entry_deleted BEFORE DELETE ON audit_entries
   WHEN OLD.hash IS NULL
     OR OLD.at >= strftime('%s', 'now') * 1000 - ${dayInMilliseconds} * MAX(30, ${retention})
   BEGIN ${refuse} END`,
  // So would INSERT OR REPLACE with the entry that has the ID.
  `CREATE TRIGGER audit_entry_replaced BEFORE INSERT ON audit_entries
   WHEN EXISTS (SELECT 1 FROM audit_entries WHERE id = NEW.id)
   BEGIN ${refuse} END`,
  `CREATE TRIGGER audit_entry_sealed_elsewhere BEFORE INSERT ON audit_entries
   WHEN NEW.chain_position IS NOT NULL OR NEW.hash IS NOT NULL
   BEGIN ${refuse} END`,
];

const postgresTriggers = [
  `CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
   $$ BEGIN RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege'; END $$`,
  `CREATE FUNCTION audit_entry_may_leave(at bigint) RETURNS boolean LANGUAGE sql STABLE AS
   $$ SELECT $1 < EXTRACT(EPOCH FROM now()) * 1000 - ${dayInMilliseconds} * GREATEST(30, ${retention}) $$`,
  `CREATE TRIGGER audit_entry_changed BEFORE UPDATE ON audit_entries FOR EACH ROW
   WHEN (NOT (${isBeingSealed})) EXECUTE FUNCTION refuse_audit_change()`,
  `CREATE TRIGGER audit_entry_deleted BEFORE DELETE ON audit_entries FOR EACH ROW
   WHEN (OLD.hash IS NULL OR NOT audit_entry_may_leave(OLD.at)) EXECUTE FUNCTION refuse_audit_change()`,
  `CREATE TRIGGER audit_entry_emptied BEFORE TRUNCATE ON audit_entries FOR EACH STATEMENT
   EXECUTE FUNCTION refuse_audit_change()`,
  `CREATE TRIGGER audit_entry_sealed_elsewhere BEFORE INSERT ON audit_entries FOR EACH ROW
   WHEN (NEW.chain_position IS NOT NULL OR NEW.hash IS NOT NULL) EXECUTE FUNCTION refuse_audit_change()`,
];
