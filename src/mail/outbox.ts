// Mail is written down in the transaction of what it tells, and leaves afterwards: no change waits for a mail server, and
// no mail tells of something that did not happen.
import { randomUUID } from 'node:crypto';
import { In, type EntityManager } from 'typeorm';
import { open, seal } from '../database/sealed.js';
import { now } from '../web/clock.js';
import { mailRoute } from './route.js';
import type { LetterKind, LetterValues } from './letters.js';
import { Mail } from './mail.entity.js';

/** Who reads a letter. */
export interface Recipient {
  userId: number | null;
  address: string;
  name: string;
  language: string;
}

/**
 * Puts a letter into the outbox.
 * @param values codes and links too: they are sealed, and wiped once the mail has left
 * @param lifetime milliseconds after which nobody needs the letter any more
 * @returns the ID of the mail; undefined while no mail leaves this server at all
 */
export async function post(
  manager: EntityManager,
  kind: LetterKind,
  { userId, address, name, language }: Recipient,
  values: Record<string, string | number> = {},
  lifetime?: number,
): Promise<number | undefined> {
  if (mailRoute() === 'none') return undefined;
  const reference = randomUUID();
  const at = now();
  const { identifiers } = await manager.insert(Mail, {
    reference,
    kind,
    userId,
    recipient: address,
    language,
    sealed: seal(JSON.stringify({ ...values, name } satisfies LetterValues), placeOfMail(reference)),
    state: 'waiting',
    nextAt: at,
    expiresAt: lifetime === undefined ? null : at + lifetime,
    createdAt: at,
  });
  return (identifiers[0] as { id: number }).id;
}

/** Takes a letter back that has not left yet. */
export async function withdraw(manager: EntityManager, id: number): Promise<void> {
  await manager.update(Mail, { id, state: 'waiting' }, { state: 'withdrawn', sealed: null, doneAt: now() });
}

/** Takes back what has not left yet of one kind of letter to these users. */
export async function withdrawFrom(
  manager: EntityManager,
  userIds: number[],
  kind: LetterKind,
): Promise<void> {
  const waiting = { userId: In(userIds), kind, state: 'waiting' as const };
  await manager.update(Mail, waiting, { state: 'withdrawn', sealed: null, doneAt: now() });
}

/** What a waiting mail says. */
export function valuesOf({ sealed, reference }: Mail): LetterValues {
  return JSON.parse(open(sealed!, placeOfMail(reference))) as LetterValues;
}

/** Where the values of a mail are stored: sealed, they open for no other one. */
export function placeOfMail(reference: string): string {
  return `mail ${reference}`;
}
