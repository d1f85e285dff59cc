// Follows the hash chain from its beginning to its end and stops at the first place where it does not hold.
import { IsNull, type EntityManager } from 'typeorm';
import { AuditChain } from './audit-chain.entity.js';
import { AuditEntry } from './audit-entry.entity.js';
import { linkHash, type End } from './chain.js';
import { removedOldEntries } from './retention.js';

export interface Verdict {
  /** Sealed entries that are in order. */
  entries: number;
  /** Entries that are not sealed yet. */
  waiting: number;
  /** Up to where the chain holds. */
  end: End;
  broken?: Break;
}

/** The first place where the chain does not hold. */
export interface Break {
  what: 'changed' | 'removed' | 'inserted';
  position: number;
  /** The entry at that place, or the next one after a removed one; undefined at the end of the log. */
  entry?: AuditEntry;
}

const readAtOnce = 1_000;

/** Verifies every sealed entry. The manager's transaction has to see one and the same moment all the time. */
export async function verify(manager: EntityManager): Promise<Verdict> {
  const told = await manager.findOneByOrFail(AuditChain, { id: 1 });
  const waiting = await manager.countBy(AuditEntry, { chainPosition: IsNull() });
  let end = await anchor(manager);
  let entries = 0;
  for await (const entry of sealed(manager)) {
    const broken = breakAt(entry, end, told);
    if (broken) return { entries, waiting, end, broken };
    end = { position: end.position + 1, hash: entry.hash! };
    entries += 1;
  }
  return { entries, waiting, end, broken: breakAtEnd(end, told) };
}

function breakAt(entry: AuditEntry, end: End, told: End): Break | undefined {
  const expected = end.position + 1;
  const position = entry.chainPosition!;
  if (position > expected) return { what: 'removed', position: expected, entry };
  if (position < expected || position > told.position) return { what: 'inserted', position, entry };
  return linkHash(end.hash, entry) === entry.hash ? undefined : { what: 'changed', position, entry };
}

// Whoever cuts off the newest entries leaves a chain that holds: the sealer's own note says where it ended.
function breakAtEnd(end: End, told: End): Break | undefined {
  if (told.position > end.position) return { what: 'removed', position: end.position + 1 };
  return told.hash === end.hash ? undefined : { what: 'changed', position: end.position };
}

// Old entries left by the retention job, which wrote down the hash of the last one; else the chain begins with nothing.
async function anchor(manager: EntityManager): Promise<End> {
  const [removal] = await manager.find(AuditEntry, {
    where: { action: removedOldEntries },
    order: { id: 'DESC' },
    take: 1,
  });
  if (!removal) return { position: 0, hash: '' };
  const { position, hash } = JSON.parse(removal.details ?? '{}') as Partial<End>;
  return { position: position ?? 0, hash: hash ?? '' };
}

// By place and ID: without the unique index two entries may claim one place.
async function* sealed(manager: EntityManager): AsyncGenerator<AuditEntry> {
  for (let place = 0, id = 0; ;) {
    const entries = await manager
      .createQueryBuilder(AuditEntry, 'entry')
      .where('entry.chainPosition >= :place AND (entry.chainPosition > :place OR entry.id > :id)', {
        place,
        id,
      })
      .orderBy('entry.chainPosition')
      .addOrderBy('entry.id')
      .limit(readAtOnce)
      .getMany();
    yield* entries;
    const last = entries.at(-1);
    if (!last) return;
    place = last.chainPosition!;
    id = last.id;
  }
}
