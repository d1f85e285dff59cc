// Entries leave the log when their time is over: a setting of the tenant, once a day, from the beginning of the chain. What
// is left can still be verified, because the entry that tells of it keeps the hash of the last one that left.
import { Injectable } from '@nestjs/common';
import { Between, MoreThan, type EntityManager } from 'typeorm';
import { breathe, Database } from '../database/database.js';
import { day, hour, now } from '../web/clock.js';
import { AuditChain } from './audit-chain.entity.js';
import { AuditEntry } from './audit-entry.entity.js';
import { record, theSystem } from './record.js';

/** Action of the entry whose details are the anchor of the chain: `{ count, until, position, hash }`. */
export const removedOldEntries = 'audit.expired';

const removedAtOnce = 5_000;
const rowsOfStatement = 500;
/** The triggers go by the database's clock, which may be behind ours. */
const apart = hour;

@Injectable()
export class AuditRetention {
  constructor(private readonly database: Database) {}

  /** Removes what is older than the tenant keeps it, when nobody did so for a day. */
  async removeWhenDue(): Promise<void> {
    const { cleanedAt } = await this.database.read.findOneByOrFail(AuditChain, { id: 1 });
    if (cleanedAt + day > now()) return;
    const { affected } = await this.database.write((manager) =>
      manager.update(AuditChain, { id: 1, cleanedAt }, { cleanedAt: now() }),
    );
    if (affected !== 1) return;
    let more = true;
    while (more) more = await this.database.write(removeOldest);
  }
}

// Each piece is a transaction with an entry of its own, so that the chain can be verified at any moment.
async function removeOldest(manager: EntityManager): Promise<boolean> {
  const before = now() - (await daysKept(manager)) * day - apart;
  const oldest = await manager.find(AuditEntry, {
    select: { id: true, at: true, chainPosition: true, hash: true },
    where: { chainPosition: MoreThan(0) },
    order: { chainPosition: 'ASC' },
    take: removedAtOnce,
  });
  const firstKept = oldest.findIndex(({ at }) => at >= before);
  const leaving = firstKept === -1 ? oldest : oldest.slice(0, firstKept);
  const last = leaving.at(-1);
  if (!last) return false;
  for (let from = 0; from < leaving.length; from += rowsOfStatement) {
    const piece = leaving.slice(from, from + rowsOfStatement);
    const places = Between(piece[0].chainPosition!, piece.at(-1)!.chainPosition!);
    await manager.delete(AuditEntry, { chainPosition: places });
    await breathe();
  }
  const { chainPosition: position, hash } = last;
  const details = { count: leaving.length, until: new Date(last.at).toISOString(), position, hash };
  await record(manager, theSystem, { action: removedOldEntries, details });
  return leaving.length === removedAtOnce;
}

// The room of settings knows this one: its table is asked by name.
async function daysKept(manager: EntityManager): Promise<number> {
  const row = await manager
    .createQueryBuilder()
    .select('setting.value', 'value')
    .from('settings', 'setting')
    .where('setting.name = :name', { name: 'auditRetentionDays' })
    .getRawOne<{ value: string }>();
  return row ? Number(row.value) : Infinity;
}
