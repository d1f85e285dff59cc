// The phones of users in the SIP server's directory. Everything here runs in the transaction of the change that it belongs
// to, so that a user and their phone never disagree (the events are those of PRODUCT.md sections 4 and 8).
import { In, type EntityManager } from 'typeorm';
import type { Reader } from '../database/database.js';
import { insertAll } from '../database/insert-all.js';
import { now } from '../web/clock.js';
import { environment } from '../web/environment.js';
import { kick } from './kicks.js';
import { SipCredential } from './sip-credential.entity.js';
import { digestsOf, makeSipSecret } from './sip-secret.js';
import { SoftphoneSession } from './softphone-session.entity.js';

/** What a person types into a phone. The password is in clear text: shown in one answer and kept nowhere. */
export interface SipAccount {
  username: string;
  domain: string;
  password: string;
}

/** The account of an extension, with a password that somebody kept for it. */
export function sipAccount(extension: number, password: string): SipAccount {
  return { username: String(extension), domain: environment().sip.realm, password };
}

export interface PhoneOwner {
  id: number;
  extension: number;
  /** The secret holds digits only. */
  digitsOnly: boolean;
}

/**
 * Gives these Built-in PBX users a new SIP secret each; an older one stops working. One statement, whatever their number.
 * Whoever had an older one is to be given to `kickPhones` too.
 * @returns the accounts by user ID
 */
export async function giveSipAccounts(
  manager: EntityManager,
  owners: PhoneOwner[],
): Promise<Map<number, SipAccount>> {
  const { realm } = environment().sip;
  const accounts = new Map<number, SipAccount>();
  const rows = owners.map(({ id, extension, digitsOnly }) => {
    const account = sipAccount(extension, makeSipSecret(digitsOnly));
    accounts.set(id, account);
    const { username, password } = account;
    return { userId: id, username, ...digestsOf(username, realm, password), setAt: now() };
  });
  const changed = ['username', 'realm', 'ha1', 'ha1b', 'ha1_sha256', 'set_at'];
  const update = changed.map((name) => `${name} = excluded.${name}`).join(', ');
  await insertAll(manager, SipCredential, rows, `ON CONFLICT (user_id) DO UPDATE SET ${update}`);
  return accounts;
}

/** Gives a Built-in PBX user a new SIP secret, and has the phone with the old one taken off. */
export async function newSipAccount(manager: EntityManager, owner: PhoneOwner): Promise<SipAccount> {
  await kickPhones(manager, [owner.id]);
  return (await giveSipAccounts(manager, [owner])).get(owner.id)!;
}

/** Forgets the SIP secrets and open softphones of these users. `kickPhones` comes before it. */
export async function forgetSipAccounts(manager: EntityManager, userIds: number[]): Promise<void> {
  await manager.delete(SipCredential, { userId: In(userIds) });
  await manager.delete(SoftphoneSession, { userId: In(userIds) });
}

/**
 * Asks the SIP server to forget every phone of these users, once the transaction is committed. To be called while they still
 * have their extension and secret; users who never had a phone cost nothing.
 */
export async function kickPhones(manager: EntityManager, userIds: number[]): Promise<void> {
  if (userIds.length === 0 || !environment().sip.configured) return;
  const [credentials, softphones] = [
    await manager.findBy(SipCredential, { userId: In(userIds) }),
    await manager.findBy(SoftphoneSession, { userId: In(userIds) }),
  ];
  const extensions = [
    ...credentials.map(({ username }) => Number(username)),
    ...softphones.map(({ extension }) => extension),
  ];
  await kick(
    manager,
    [...new Set(extensions)].map((extension) => ({ extension })),
  );
}

/** When this user's SIP secret was made, in milliseconds since 1970; undefined without one. */
export async function sipSecretSetAt(
  reader: Reader | EntityManager,
  userId: number,
): Promise<number | undefined> {
  return (await reader.findOneBy(SipCredential, { userId }))?.setAt;
}
