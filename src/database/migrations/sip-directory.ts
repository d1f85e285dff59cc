import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, createTable, refersTo } from './columns.js';

/**
 * The directory of the SIP server: what digest authentication needs of phones and softphones, calls that are to be taken from
 * it, and the two views that it may read. A later migration that copies `users`, `sessions` or `pbx_domains` (the Table API
 * does on SQLite) has to drop the views before and make them again after.
 */
export class SipDirectory1795564860000 implements MigrationInterface {
  name = 'SipDirectory1795564860000';

  async up(runner: QueryRunner): Promise<void> {
    const { id, text, key, integer, time } = columnsFor(runner);
    const digest = [text('realm', 255), key('ha1', 32), key('ha1b', 32), key('ha1_sha256', 64)];
    await createTable(runner, {
      name: 'sip_credentials',
      columns: [
        { ...integer('user_id'), isPrimary: true },
        key('username', 16, { unique: true }),
        ...digest,
        time('set_at'),
      ],
      foreignKeys: [refersTo('user_id', 'users', 'CASCADE')],
    });
    // No foreign keys: a row outlives its session and its user until the SIP server has forgotten the phone.
    await createTable(runner, {
      name: 'softphone_sessions',
      columns: [
        id(),
        integer('session_id'),
        integer('user_id'),
        integer('extension'),
        key('username', 32, { unique: true }),
        ...digest,
        time('opened_at'),
      ],
      indices: [{ columnNames: ['session_id'] }, { columnNames: ['user_id'] }],
    });
    await createTable(runner, {
      name: 'sip_kicks',
      columns: [
        id(),
        integer('extension'),
        text('realm', 255),
        key('softphone', 32, { null: true }),
        integer('attempts', { default: 0 }),
        time('next_at'),
        time('lease_until', { default: 0 }),
        time('expires_at'),
      ],
      indices: [{ columnNames: ['next_at'] }, { columnNames: ['extension'] }],
    });
    for (const statement of [
      'ALTER TABLE import_rows ADD COLUMN sip_secret text',
      `CREATE VIEW subscriber AS ${subscriber}`,
      `CREATE VIEW sip_route AS ${sipRoute(isPostgres(runner) ? ' COLLATE "C"' : '')}`,
    ])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW sip_route');
    await runner.query('DROP VIEW subscriber');
    await runner.query('ALTER TABLE import_rows DROP COLUMN sip_secret');
    for (const table of ['sip_kicks', 'softphone_sessions', 'sip_credentials']) await runner.dropTable(table);
  }
}

// Who may register, and as which address: no row = refused. Both arms are found by a unique index on `username`.
const subscriber = `
  SELECT c.username, c.realm AS domain, c.ha1, c.ha1b, c.ha1_sha256, u.sip AS sip_mode, c.username AS aor
  FROM sip_credentials c JOIN users u ON u.id = c.user_id
  WHERE u.active AND u.sip = 'builtin_pbx'
  UNION ALL
  SELECT p.username, p.realm, p.ha1, p.ha1b, p.ha1_sha256, u.sip, CAST(p.extension AS varchar(16))
  FROM softphone_sessions p
  JOIN sessions s ON s.id = p.session_id AND s.ended_at IS NULL
  JOIN users u ON u.id = p.user_id AND u.extension = p.extension
  WHERE u.active AND u.sip = 'webrtc'`;

// An IPv6 address stands in brackets in a URI.
const hop = 'COALESCE(d.next_hop, d.host)';
const inBrackets = (host: string) =>
  `CASE WHEN ${host} LIKE '%:%:%' AND ${host} NOT LIKE '[%' THEN '[' || ${host} || ']' ELSE ${host} END`;

// Where a call to an extension goes. PostgreSQL wants to be told how texts made of columns of two collations compare.
const sipRoute = (collate: string) => `
  SELECT u.extension,
    CASE WHEN u.sip IN ('webrtc', 'builtin_pbx') THEN 'local' ELSE 'uri' END AS kind,
    (CASE u.sip WHEN 'classic_pbx' THEN 'sip:' || u.pbx_device || '@' || ${inBrackets('d.host')}
                WHEN 'custom_uri' THEN u.custom_uri END)${collate} AS target_uri,
    (CASE u.sip WHEN 'classic_pbx' THEN 'sip:' || ${inBrackets(hop)} || ';transport=' || d.transport END)${collate} AS next_hop
  FROM users u LEFT JOIN pbx_domains d ON d.id = u.pbx_domain_id
  WHERE u.active`;

function isPostgres(runner: QueryRunner): boolean {
  return runner.dataSource.options.type === 'postgres';
}
