import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { AuditEntry } from '../../src/audit/audit-entry.entity.js';
import { addRole } from '../support/newcomers.js';
import { eventually } from '../support/eventually.js';
import { countOf, rowsOf } from '../support/peek.js';
import { setUp } from '../support/people.js';
import { Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';
import { allSealed, asOwner, verifyAudit, withoutTriggers, writeEntries } from './owner.js';

const dayMs = 86_400_000;

let rollcall: Rollcall;
let chief: Visitor;

async function begin(): Promise<void> {
  rollcall = await startRollcall();
  chief = await setUp(rollcall);
  for (const name of ['Trainer', 'Auditor', 'Planner']) await addRole(chief, name, ['See users']);
  await allSealed(rollcall);
}

async function idOf(role: string): Promise<number> {
  const [{ id }] = await rowsOf<{ id: number }>(
    rollcall,
    `SELECT id FROM audit_entries WHERE action = 'role.created' AND subject_name = '${role}'`,
  );
  return id;
}

describe('the database', () => {
  beforeAll(begin);

  test.each([
    ['changes no entry', `UPDATE audit_entries SET actor_name = 'nobody' WHERE action = 'role.created'`],
    ['changes no time', 'UPDATE audit_entries SET at = at - 1'],
    ['changes no hash', `UPDATE audit_entries SET hash = 'x'`],
    ['takes no seal off', 'UPDATE audit_entries SET hash = NULL, chain_position = NULL'],
    ['deletes no young entry', 'DELETE FROM audit_entries'],
    [
      'takes no entry that is sealed elsewhere',
      `INSERT INTO audit_entries (at, actor_name, action, chain_position, hash) VALUES (1, 'x', 'x', 9999, 'x')`,
    ],
  ])('%s', async (_what, statement) => {
    const before = await rowsOf(rollcall, 'SELECT * FROM audit_entries ORDER BY id');
    await expect(asOwner(rollcall, statement)).rejects.toThrow('the audit log is append-only');
    expect(await rowsOf(rollcall, 'SELECT * FROM audit_entries ORDER BY id')).toEqual(before);
  });

  test('LG-2: does not empty the log, nor replace an entry by another one', async () => {
    const statement = rollcall.databaseUrl
      ? 'TRUNCATE audit_entries'
      : `INSERT OR REPLACE INTO audit_entries (id, at, actor_name, action) VALUES (1, 1, 'x', 'x')`;
    await expect(asOwner(rollcall, statement)).rejects.toThrow('the audit log is append-only');
  });

  test('LG-2: refuses TypeORM too', async () => {
    // Rollcall's own options, of the environment of this very server.
    process.env.DATA_DIR = rollcall.dataDir;
    process.env.DATABASE_URL = rollcall.databaseUrl ?? '';
    const { writerOptions } = await import('../../src/database/options.js');
    const options = { ...writerOptions(), entities: [AuditEntry] };
    const source = await new DataSource(options).initialize();
    try {
      const { manager } = source;
      const remove = manager.delete(AuditEntry, { action: 'role.created' });
      await expect(remove).rejects.toThrow('the audit log is append-only');
      const change = manager.update(AuditEntry, { action: 'role.created' }, { actorName: 'nobody' });
      await expect(change).rejects.toThrow('the audit log is append-only');
    } finally {
      await source.destroy();
    }
  });

  test('LG-2: deletes no entry before 30 days, whatever the setting says', async () => {
    const days = (count: number) => new Date(Date.now() - count * dayMs).toISOString();
    await writeEntries(rollcall, [
      { at: days(29), action: 'test.younger' },
      { at: days(31), action: 'test.older' },
    ]);
    await allSealed(rollcall);
    const older = `DELETE FROM audit_entries WHERE action = 'test.older'`;
    await expect(asOwner(rollcall, older)).rejects.toThrow('the audit log is append-only');
    await asOwner(rollcall, `UPDATE settings SET value = '0' WHERE name = 'auditRetentionDays'`);
    const younger = `DELETE FROM audit_entries WHERE action = 'test.younger'`;
    await expect(asOwner(rollcall, younger)).rejects.toThrow('the audit log is append-only');
    await asOwner(rollcall, older);
    await asOwner(rollcall, `DELETE FROM settings WHERE name = 'auditRetentionDays'`);
    await expect(asOwner(rollcall, younger)).rejects.toThrow('the audit log is append-only');
  });
});

describe('verifying', () => {
  const tables = ['audit_entries', 'audit_chain'];

  beforeAll(async () => {
    await begin();
    await asOwner(rollcall, ...tables.map((name) => `CREATE TABLE kept_${name} AS SELECT * FROM ${name}`));
  });

  afterEach(async () => {
    const mend = (name: string) => [`DELETE FROM ${name}`, `INSERT INTO ${name} SELECT * FROM kept_${name}`];
    await withoutTriggers(rollcall, ...tables.flatMap(mend));
  });

  test('counts the entries of an untouched log, beside the running server', async () => {
    const entries = await countOf(rollcall, 'audit_entries');
    const { code, printed } = await verifyAudit(rollcall);
    expect(printed).toContain(`${entries} entries are in order, up to place ${entries} `);
    expect(printed).toContain('The log was not changed.');
    expect(code).toBe(0);
  });

  test('LG-2: names an entry that was changed', async () => {
    const id = await idOf('Auditor');
    await withoutTriggers(rollcall, `UPDATE audit_entries SET subject_name = 'Innocent' WHERE id = ${id}`);
    const { code, printed } = await verifyAudit(rollcall);
    expect(printed).toContain('THE LOG WAS CHANGED');
    expect(printed).toContain(`entry ${id} (role.created by “chief”`);
    expect(printed).toContain('was changed.');
    expect(code).toBe(1);
  });

  test('LG-2: names the place of an entry that was removed', async () => {
    const [removed, next] = [await idOf('Auditor'), await idOf('Planner')];
    const [{ place }] = await rowsOf<{ place: number }>(
      rollcall,
      `SELECT chain_position AS place FROM audit_entries WHERE id = ${removed}`,
    );
    await withoutTriggers(rollcall, `DELETE FROM audit_entries WHERE id = ${removed}`);
    const { code, printed } = await verifyAudit(rollcall);
    expect(printed).toContain(`at place ${place} an entry was removed, before entry ${next} `);
    expect(code).toBe(1);
  });

  test('notices that the newest entries were cut off', async () => {
    const last = await idOf('Planner');
    await withoutTriggers(rollcall, `DELETE FROM audit_entries WHERE id >= ${last}`);
    const { code, printed } = await verifyAudit(rollcall);
    expect(printed).toContain('an entry was removed, before the end of the log.');
    expect(code).toBe(1);
  });

  test.each([
    ['at the end', '(SELECT MAX(chain_position) + 1 FROM audit_entries)'],
    ['at a place that is taken', '2'],
  ])('names an entry that was slipped in %s', async (_where, place) => {
    await withoutTriggers(
      rollcall,
      'DROP INDEX IF EXISTS audit_entries_place',
      `INSERT INTO audit_entries (at, actor_name, action, chain_position, hash)
       VALUES (${Date.now()}, 'ghost', 'signed_in', ${place}, 'ab')`,
    );
    const { code, printed } = await verifyAudit(rollcall);
    expect(printed).toMatch(/entry \d+ \(signed_in by “ghost”, [^)]+\) was inserted\./);
    expect(code).toBe(1);
  });
});

describe('the chain', () => {
  beforeAll(begin);

  test('takes an entry that commits late with a smaller ID', async () => {
    const [{ id }] = await rowsOf<{ id: number }>(rollcall, 'SELECT MAX(id) AS id FROM audit_entries');
    const late = `INSERT INTO audit_entries (id, at, actor_name, action) VALUES`;
    await asOwner(rollcall, `${late} (${id + 50_000}, ${Date.now()}, 'early', 'signed_in')`);
    await allSealed(rollcall);
    await asOwner(rollcall, `${late} (${id + 20_000}, ${Date.now()}, 'late', 'signed_in')`);
    await allSealed(rollcall);
    expect((await verifyAudit(rollcall)).printed).toContain('The log was not changed.');
  });

  test('takes more entries at once than one round seals', async () => {
    const at = new Date().toISOString();
    for (let round = 0; round < 3; round++)
      await writeEntries(
        rollcall,
        Array.from({ length: 800 }, () => ({ at })),
      );
    await allSealed(rollcall);
    expect((await verifyAudit(rollcall)).code).toBe(0);
  });

  test('goes on after a crash', async () => {
    await addRole(chief, 'Before the crash', ['See users']);
    await rollcall.kill();
    await rollcall.start();
    await allSealed(rollcall);
    const { code, printed } = await verifyAudit(rollcall);
    expect(printed).not.toContain('not sealed yet');
    expect(code).toBe(0);
  });

  test('is one chain although several servers lay it', async () => {
    // One SQLite file has one server.
    if (!rollcall.databaseUrl) return;
    const others = [1, 2].map(() => new Rollcall({}, rollcall.dataDir, rollcall.databaseUrl));
    for (const other of others) await other.start();
    try {
      // So many that all of them have something to seal at the same time.
      const entries = Array.from({ length: 1000 }, () => ({ at: new Date().toISOString() }));
      for (let round = 0; round < 10; round++) await writeEntries(rollcall, entries);
      await allSealed(rollcall);
    } finally {
      for (const other of others) await other.stop();
    }
    expect((await verifyAudit(rollcall)).printed).toContain('The log was not changed.');
    for (const server of [rollcall, ...others]) expect(server.log()).not.toContain('AuditSealer');
  });
});

describe('when their time is over', () => {
  beforeAll(begin);

  // A tenant that was set up long ago: the same log, told and sealed so many days earlier.
  async function agedBy(days: number): Promise<void> {
    await rollcall.kill();
    const triggers = await rowsOf<{ sql: string }>(rollcall, triggersQuery(rollcall));
    await withoutTriggers(
      rollcall,
      `UPDATE audit_entries SET at = at - ${days * dayMs}, chain_position = NULL, hash = NULL`,
      `UPDATE audit_chain SET position = 0, hash = '', cleaned_at = 0`,
      ...triggers.map(({ sql }) => sql),
    );
    await rollcall.start();
    await allSealed(rollcall);
  }

  test('LG-2: entries leave, the log tells how many, and what is left can be verified', async () => {
    const old = await countOf(rollcall, 'audit_entries');
    await agedBy(364);
    await addRole(chief, 'Recent', ['See users']);
    await allSealed(rollcall);
    expect(await countOf(rollcall, `audit_entries WHERE action = 'audit.expired'`)).toBe(0);

    await chief.open('/settings');
    const form = chief.form('Save Settings').fill('Days that the audit log is kept', '300');
    await form.press('Save Settings');
    expect(chief.page.flash).toBe('The settings were saved.');
    await asOwner(rollcall, 'UPDATE audit_chain SET cleaned_at = 0');
    await eventually(async () => {
      await chief.open('/audit?action=audit.expired');
      expect(chief.page.table()).toHaveLength(2);
    });
    expect(chief.page.table()[1].join(' | ')).toContain(`Removed old entries of the audit log`);
    expect(chief.page.table()[1].join(' | ')).toContain(`Count: ${old}`);
    expect(await countOf(rollcall, `audit_entries WHERE subject_name = 'Trainer'`)).toBe(0);
    expect(await countOf(rollcall, `audit_entries WHERE subject_name = 'Recent'`)).toBe(1);
    await allSealed(rollcall);
    const { code, printed } = await verifyAudit(rollcall);
    expect(printed).toContain('The log was not changed.');
    expect(code).toBe(0);

    const anchor = `UPDATE audit_entries SET details = '{}' WHERE action = 'audit.expired'`;
    await withoutTriggers(rollcall, anchor);
    expect((await verifyAudit(rollcall)).code).toBe(1);
  });
});

test('there is nothing to verify where no Rollcall ever was', async () => {
  const nowhere = join(rollcall.dataDir, randomUUID());
  const { code, printed } = await verifyAudit(new Rollcall({}, nowhere, undefined));
  expect(printed).toContain('There is no database at');
  expect(code).toBe(2);
  expect(existsSync(nowhere)).toBe(false);
});

function triggersQuery({ databaseUrl }: Rollcall): string {
  return databaseUrl
    ? `SELECT pg_get_triggerdef(oid) AS sql FROM pg_trigger
       WHERE tgname IN ('audit_entry_changed', 'audit_entry_deleted', 'audit_entry_sealed_elsewhere')`
    : `SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name <> 'audit_entry_replaced'
       AND tbl_name = 'audit_entries'`;
}
