// What a change of a user means for their phone (the SIP server reads the directory at each registration and call).
import type { EntityManager } from 'typeorm';
import { forgetSipAccounts, giveSipAccounts, kickPhones, type SipAccount } from '../sip/sip-accounts.js';
import { forgetSipSecrets } from './forget-secrets.js';
import type { User } from './user.entity.js';
import type { UserValues } from './user-fields.js';

type Phone = Pick<UserValues, 'sip' | 'extension' | 'active' | 'digitsOnly'>;

/**
 * Keeps the phone in step with a changed user: another extension or SIP setting takes the old secret away, a Built-in PBX user
 * then gets a new one; who is deactivated keeps it for the day they come back.
 * @returns the new account, to be shown once; undefined when the old one goes on
 */
export async function keepPhone(
  manager: EntityManager,
  user: Pick<User, 'id' | 'importId' | 'importRow'>,
  before: Phone,
  after: Phone,
): Promise<SipAccount | undefined> {
  const { id } = user;
  const moved = before.sip !== after.sip || before.extension !== after.extension;
  if (!after.active || moved) await kickPhones(manager, [id]);
  if (!moved) return undefined;
  await forgetSipAccounts(manager, [id]);
  await forgetSipSecrets(manager, [user]);
  return after.sip === 'builtin_pbx'
    ? giveSipAccount(manager, id, after.extension!, after.digitsOnly)
    : undefined;
}

/** Takes the phones of users down who are about to be deleted; their extensions stay unused until that is done. */
export async function removePhones(manager: EntityManager, userIds: number[]): Promise<void> {
  await kickPhones(manager, userIds);
  await forgetSipAccounts(manager, userIds);
}

async function giveSipAccount(manager: EntityManager, id: number, extension: number, digitsOnly: boolean) {
  return (await giveSipAccounts(manager, [{ id, extension, digitsOnly }])).get(id)!;
}
