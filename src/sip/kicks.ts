// Registrations that the SIP server is to forget: written down in the transaction of their reason, sent afterwards by
// KickSender. No change of a user waits for the SIP server or fails with it.
import { In, LessThanOrEqual, MoreThan, type EntityManager } from 'typeorm';
import type { Reader } from '../database/database.js';
import { insertAll } from '../database/insert-all.js';
import { now } from '../web/clock.js';
import { environment } from '../web/environment.js';
import { SipKick } from './sip-kick.entity.js';

/** The longest that a phone stays registered without renewing, in seconds: `max_expires` of the SIP server. */
export const maxExpires = 600;

export interface Kicked {
  extension: number;
  /** Only the contact of this softphone, EXTENSION.sN; without it every phone of the extension. */
  softphone?: string;
}

/** Puts these into the outbox; nothing while there is no SIP server. */
export async function kick(manager: EntityManager, kicked: Kicked[]): Promise<void> {
  const { configured, realm } = environment().sip;
  if (!configured) return;
  const at = now();
  const rows = kicked.map(({ extension, softphone }) => ({
    extension,
    realm,
    softphone: softphone ?? null,
    nextAt: at,
    expiresAt: at + maxExpires * 1000,
  }));
  await insertAll(manager, SipKick, rows);
}

/**
 * Extensions that nobody else may get yet: calls could ring on the phone of who had them.
 * @param extensions only these; without it all
 * @returns until when at the longest, in milliseconds since 1970
 */
export async function heldExtensions(
  reader: Reader | EntityManager,
  extensions?: number[],
): Promise<Map<number, number>> {
  if (!environment().sip.configured || extensions?.length === 0) return new Map();
  const these = extensions ? { extension: In(extensions) } : {};
  const kicks = await reader.find(SipKick, {
    where: { ...these, expiresAt: MoreThan(now()) },
    order: { expiresAt: 'ASC' },
  });
  return new Map(kicks.map(({ extension, expiresAt }) => [extension, expiresAt]));
}

/** Forgets what has expired by itself in the meantime. */
export async function sweepKicks(manager: EntityManager): Promise<void> {
  await manager.delete(SipKick, { expiresAt: LessThanOrEqual(now()) });
}
