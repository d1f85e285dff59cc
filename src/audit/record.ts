// Every change writes here in its own transaction: no change without an entry, no entry without a change.
import type { EntityManager } from 'typeorm';
import { insertAll } from '../database/insert-all.js';
import { now } from '../web/clock.js';
import { AuditEntry } from './audit-entry.entity.js';

/** Who did it and from where. A signed-in person fits; see also `theSystem`. */
export interface Actor {
  id: number | null;
  username: string;
  address?: string;
  requestId?: string;
}

/** Rollcall itself: jobs that clean up, or a person who is not known yet. */
export const theSystem: Actor = { id: null, username: 'Rollcall' };

export interface Event {
  /** What happened, in the past tense of the domain: `user.created`, `import.finished`. */
  action: string;
  subject?: { kind: string; id: number | null; name: string };
  /** What matters of the old and new state. Never a secret. */
  details?: Record<string, unknown>;
}

/** Writes entries within the transaction of the change that they tell of. */
export async function record(manager: EntityManager, actor: Actor, ...events: Event[]): Promise<void> {
  await insertAll(
    manager,
    AuditEntry,
    events.map((event) => entry(actor, event)),
  );
}

function entry(
  actor: Actor,
  { action, subject, details }: Event,
): Omit<AuditEntry, 'id' | 'chainPosition' | 'hash'> {
  return {
    at: now(),
    actorId: actor.id,
    actorName: actor.username,
    action,
    subjectKind: subject?.kind ?? null,
    subjectId: subject?.id ?? null,
    subjectName: subject?.name ?? null,
    details: details ? JSON.stringify(details) : null,
    address: actor.address ?? null,
    requestId: actor.requestId ?? null,
  };
}
