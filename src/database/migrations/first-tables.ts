import type { MigrationInterface, QueryRunner } from 'typeorm';
import { allPermissions } from '../../web/permissions.js';
import { columnsFor, createTable, refersTo } from './columns.js';

/** Users, what they belong to, how they come in, imports, jobs and the audit log. */
export class FirstTables1795305600000 implements MigrationInterface {
  name = 'FirstTables1795305600000';

  async up(runner: QueryRunner): Promise<void> {
    await settings(runner);
    await rolesAndGroups(runner);
    await telephony(runner);
    await jobs(runner);
    await importsAndUsers(runner);
    await sessions(runner);
    await audit(runner);
    await firstRoles(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = `audit_entries sessions set_up_links import_rows user_groups user_roles users import_pieces imports
      jobs caller_ids pbx_domains groups roles settings`;
    for (const table of tables.split(/\s+/)) await runner.dropTable(table);
  }
}

async function settings(runner: QueryRunner): Promise<void> {
  const { key, long, time } = columnsFor(runner);
  await createTable(runner, {
    name: 'settings',
    columns: [{ ...key('name', 60), isPrimary: true }, long('value'), time('updated_at')],
  });
}

async function rolesAndGroups(runner: QueryRunner): Promise<void> {
  const { id, text, key, long, integer, time, flag } = columnsFor(runner);
  await createTable(runner, {
    name: 'roles',
    columns: [
      id(),
      text('name', 100),
      key('name_key', 200, { unique: true }),
      long('permissions'),
      flag('own_desks_only'),
      text('two_factor', 20, { null: true }),
      integer('session_ttl', { null: true }),
      integer('max_sessions', { null: true }),
      integer('version', { default: 1 }),
      time('created_at'),
    ],
  });
  await createTable(runner, {
    name: 'groups',
    columns: [
      id(),
      key('kind', 20),
      text('name', 100),
      key('name_key', 200),
      integer('version', { default: 1 }),
      time('created_at'),
    ],
    indices: [{ columnNames: ['kind', 'name_key'], isUnique: true }],
  });
}

async function telephony(runner: QueryRunner): Promise<void> {
  const { id, text, key, integer, time } = columnsFor(runner);
  await createTable(runner, {
    name: 'pbx_domains',
    columns: [
      id(),
      text('name', 100),
      key('name_key', 200, { unique: true }),
      text('host', 255),
      text('next_hop', 255, { null: true }),
      text('transport', 10, { default: "'udp'" }),
      integer('version', { default: 1 }),
      time('created_at'),
    ],
  });
  await createTable(runner, {
    name: 'caller_ids',
    columns: [
      id(),
      text('name', 100),
      key('name_key', 200, { unique: true }),
      key('number', 16, { unique: true }),
      integer('version', { default: 1 }),
      time('created_at'),
    ],
  });
}

async function jobs(runner: QueryRunner): Promise<void> {
  const { id, text, key, integer, time, flag } = columnsFor(runner);
  await createTable(runner, {
    name: 'jobs',
    columns: [
      id(),
      key('kind', 40),
      integer('subject_id'),
      key('state', 20),
      integer('total'),
      integer('done', { default: 0 }),
      flag('cancel_asked'),
      text('owner', 40, { null: true }),
      time('lease_until', { default: 0 }),
      integer('attempts', { default: 0 }),
      time('created_at'),
      time('started_at', { null: true }),
      time('finished_at', { null: true }),
    ],
    indices: [
      { columnNames: ['state', 'lease_until'] },
      // A second click finds the job that is there.
      { columnNames: ['kind', 'subject_id'], isUnique: true },
    ],
  });
}

async function importsAndUsers(runner: QueryRunner): Promise<void> {
  const { id, text, key, long, integer, time, flag } = columnsFor(runner);
  await createTable(runner, {
    name: 'imports',
    columns: [
      id(),
      integer('author_id'),
      key('state', 20),
      text('file_name', 255),
      integer('file_size'),
      key('file_sha256', 64),
      long('reading'),
      long('answers'),
      long('value_choices'),
      integer('row_count', { default: 0 }),
      integer('created', { default: 0 }),
      integer('duplicates', { default: 0 }),
      integer('errors', { default: 0 }),
      integer('skipped', { default: 0 }),
      integer('previous_id', { null: true }),
      time('created_at'),
      time('started_at', { null: true }),
      time('finished_at', { null: true }),
      time('downloaded_at', { null: true }),
      time('continued_at', { null: true }),
      time('secrets_wiped_at', { null: true }),
    ],
    indices: [
      { columnNames: ['author_id'] },
      { columnNames: ['state', 'finished_at'] },
      { columnNames: ['file_sha256'] },
    ],
  });
  await createTable(runner, {
    name: 'import_pieces',
    columns: [
      { ...integer('import_id'), isPrimary: true },
      { ...integer('number'), isPrimary: true },
      long('content'),
    ],
    foreignKeys: [refersTo('import_id', 'imports', 'CASCADE')],
  });
  await createTable(runner, {
    name: 'users',
    columns: [
      id(),
      text('username', 64),
      key('username_key', 64, { unique: true }),
      text('email', 254),
      key('email_key', 254, { unique: true }),
      text('first_name', 100, { default: "''" }),
      text('last_name', 100, { default: "''" }),
      text('timezone', 60, { null: true }),
      text('language', 10, { null: true }),
      flag('all_desks'),
      flag('active', true),
      key('sip', 20),
      integer('pbx_domain_id', { null: true }),
      key('pbx_device', 10, { null: true }),
      text('custom_uri', 255, { null: true }),
      integer('extension', { unique: true }),
      integer('caller_id_id', { null: true }),
      flag('auto_dial'),
      key('caldav_token_hash', 64, { null: true, unique: true }),
      text('two_factor', 20, { null: true }),
      integer('session_ttl', { null: true }),
      integer('max_sessions', { null: true }),
      flag('extended_acl'),
      flag('full_recording_access'),
      flag('all_skill_groups'),
      flag('assign_leads'),
      flag('ppq'),
      integer('ppq_ratio', { null: true }),
      text('ppq_sorting', 20, { null: true }),
      flag('digits_only'),
      text('password_hash', 255),
      flag('password_temporary'),
      time('password_expires_at', { null: true }),
      time('password_changed_at'),
      time('last_sign_in_at', { null: true }),
      integer('import_id', { null: true }),
      integer('import_row', { null: true }),
      integer('version', { default: 1 }),
      time('created_at'),
    ],
    indices: [
      { columnNames: ['pbx_domain_id', 'pbx_device'], isUnique: true },
      { columnNames: ['import_id', 'import_row'], isUnique: true },
      { columnNames: ['caller_id_id'] },
    ],
    foreignKeys: [
      refersTo('pbx_domain_id', 'pbx_domains'),
      refersTo('caller_id_id', 'caller_ids'),
      refersTo('import_id', 'imports', 'SET NULL'),
    ],
  });
  for (const [table, column, target] of [
    ['user_roles', 'role_id', 'roles'],
    ['user_groups', 'group_id', 'groups'],
  ]) {
    await createTable(runner, {
      name: table,
      columns: [
        { ...integer('user_id'), isPrimary: true },
        { ...integer(column), isPrimary: true },
      ],
      indices: [{ columnNames: [column] }],
      foreignKeys: [refersTo('user_id', 'users', 'CASCADE'), refersTo(column, target)],
    });
  }
  await createTable(runner, {
    name: 'import_rows',
    columns: [
      { ...integer('import_id'), isPrimary: true },
      { ...integer('number'), isPrimary: true },
      integer('line'),
      long('cells'),
      long('edits', { null: true }),
      flag('bad_text'),
      flag('skipped'),
      key('state', 20),
      key('code', 20, { null: true }),
      long('problems', { null: true }),
      integer('user_id', { null: true }),
      long('secret', { null: true }),
    ],
    indices: [{ columnNames: ['import_id', 'state', 'number'] }],
    foreignKeys: [refersTo('import_id', 'imports', 'CASCADE')],
  });
}

async function sessions(runner: QueryRunner): Promise<void> {
  const { id, text, key, long, integer, time } = columnsFor(runner);
  await createTable(runner, {
    name: 'set_up_links',
    columns: [
      id(),
      key('token_hash', 64, { unique: true }),
      time('created_at'),
      time('used_at', { null: true }),
    ],
  });
  await createTable(runner, {
    name: 'sessions',
    columns: [
      id(),
      key('id_hash', 64, { unique: true }),
      integer('user_id'),
      long('data'),
      text('address', 45),
      text('agent', 255),
      time('created_at'),
      time('seen_at'),
      time('expires_at'),
    ],
    indices: [{ columnNames: ['user_id'] }, { columnNames: ['expires_at'] }],
    foreignKeys: [refersTo('user_id', 'users', 'CASCADE')],
  });
}

async function audit(runner: QueryRunner): Promise<void> {
  const { id, text, key, long, integer, time } = columnsFor(runner);
  await createTable(runner, {
    name: 'audit_entries',
    columns: [
      id(),
      time('at'),
      integer('actor_id', { null: true }),
      text('actor_name', 64),
      key('action', 60),
      key('subject_kind', 30, { null: true }),
      integer('subject_id', { null: true }),
      text('subject_name', 255, { null: true }),
      long('details', { null: true }),
      text('address', 45, { null: true }),
      text('request_id', 40, { null: true }),
    ],
    indices: [
      { columnNames: ['subject_kind', 'subject_id'] },
      { columnNames: ['actor_id'] },
      { columnNames: ['at'] },
    ],
  });
}

// A fresh tenant has these three and nothing else (PRODUCT.md section 10).
async function firstRoles(runner: QueryRunner): Promise<void> {
  const supervisor = ['users.view', 'users.reset', 'users.sessions'];
  for (const [name, permissions, ownDesksOnly] of [
    ['Administrator', allPermissions, false],
    ['Supervisor', supervisor, true],
    ['Agent', [], false],
  ] as const) {
    const { on, off } =
      runner.dataSource.options.type === 'postgres' ? { on: 'TRUE', off: 'FALSE' } : { on: '1', off: '0' };
    await runner.query(
      `INSERT INTO roles (name, name_key, permissions, own_desks_only, created_at)
       VALUES ('${name}', '${name.toLowerCase()}', '${JSON.stringify(permissions)}', ${ownDesksOnly ? on : off}, ${Date.now()})`,
    );
  }
}
