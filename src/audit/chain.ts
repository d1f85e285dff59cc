// The hash chain: each entry is sealed together with the hash of the one before it, so that nobody changes, removes or
// slips in an entry without breaking every later link.
import { createHash } from 'node:crypto';
import type { AuditEntry } from './audit-entry.entity.js';

/** An entry at its place in the chain. */
export interface Link {
  id: number;
  position: number;
  /** SHA-256, hex. */
  hash: string;
}

/** The end of the chain so far; position 0 and an empty hash before the first entry. */
export interface End {
  position: number;
  hash: string;
}

/** SHA-256 over the hash before and everything that the entry says, hex. */
export function linkHash(previous: string, entry: AuditEntry): string {
  const { id, at, actorId, actorName, action, subjectKind, subjectId, subjectName } = entry;
  const { details, address, requestId } = entry;
  const who = [actorId, actorName, address, requestId];
  const whom = [subjectKind, subjectId, subjectName];
  return createHash('sha256')
    .update(JSON.stringify([previous, id, at, action, who, whom, details]))
    .digest('hex');
}

/** Seals entries in the given order behind the end of the chain. */
export function link(end: End, entries: AuditEntry[]): Link[] {
  let { position, hash } = end;
  return entries.map((entry) => {
    position += 1;
    hash = linkHash(hash, entry);
    return { id: entry.id, position, hash };
  });
}
