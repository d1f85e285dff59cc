// Links by mail: a token of 192 bits that the database knows as a hash only, good once and for half an hour (SECURITY.md
// AU-12, MF-11); an invitation for as long as a temporary password.
import { randomBytes } from 'node:crypto';
import { In, LessThanOrEqual, MoreThan, type EntityManager } from 'typeorm';
import type { Reader } from '../database/database.js';
import { insertAll } from '../database/insert-all.js';
import { tokenHash } from '../database/sealed.js';
import { withdrawFrom } from '../mail/outbox.js';
import { minute, now } from '../web/clock.js';
import { publicUrl } from '../web/environment.js';
import { MailLink } from './mail-link.entity.js';

/** Milliseconds for which a link is good. */
export const linkLifetime = 30 * minute;

const paths = { password: '/reset', email: '/account/email', invitation: '/invitation' };

/** Makes a link instead of those of its kind that the user had; its address is built from PUBLIC_URL, never from a request. */
export async function newLink(
  manager: EntityManager,
  kind: MailLink['kind'],
  userId: number,
  email: string,
): Promise<string> {
  const [link] = await newLinks(manager, kind, [{ id: userId, email }], linkLifetime);
  return link;
}

/** The same for many users at once, in their order; `lifetime` in milliseconds. */
export async function newLinks(
  manager: EntityManager,
  kind: MailLink['kind'],
  users: { id: number; email: string }[],
  lifetime: number,
): Promise<string[]> {
  const tokens = users.map(() => randomBytes(24).toString('base64url'));
  await manager.delete(MailLink, { expiresAt: LessThanOrEqual(now()) });
  await manager.delete(MailLink, { userId: In(users.map(({ id }) => id)), kind });
  await insertAll(
    manager,
    MailLink,
    users.map(({ id, email }, index) => ({
      tokenHash: hash(tokens[index]),
      kind,
      userId: id,
      email,
      expiresAt: now() + lifetime,
    })),
  );
  return tokens.map((token) => `${publicUrl()}${paths[kind]}/${token}`);
}

/** The link of a token while it is good. */
export async function findLink(
  manager: Reader | EntityManager,
  kind: MailLink['kind'],
  token: string,
): Promise<MailLink | null> {
  return manager.findOneBy(MailLink, { tokenHash: hash(token), kind, expiresAt: MoreThan(now()) });
}

/** Uses a link up: false when somebody was faster, or it is over. */
export async function useLink(manager: EntityManager, { id }: MailLink): Promise<boolean> {
  return (await manager.delete(MailLink, { id, expiresAt: MoreThan(now()) })).affected === 1;
}

/** Makes the links useless by which these users could choose a password, and takes back mails that have not left yet. */
export async function forgetPasswordLinks(manager: EntityManager, userIds: number[]): Promise<void> {
  await forgetResetLinks(manager, userIds);
  await manager.delete(MailLink, { userId: In(userIds), kind: 'invitation' });
  await withdrawFrom(manager, userIds, 'invitation');
}

/** The same for the links that people ask for themselves. An invitation stays: whoever knows a name can ask. */
export async function forgetResetLinks(manager: EntityManager, userIds: number[]): Promise<void> {
  await manager.delete(MailLink, { userId: In(userIds), kind: 'password' });
  await withdrawFrom(manager, userIds, 'password_link');
}

function hash(token: string): string {
  return tokenHash(token).toString('hex');
}
