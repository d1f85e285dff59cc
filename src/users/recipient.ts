import type { Recipient } from '../mail/outbox.js';
import type { TenantSettings } from '../settings/tenant-settings.js';
import type { User } from './user.entity.js';

type Reader = Pick<User, 'id' | 'email' | 'username' | 'firstName' | 'lastName' | 'language'>;

/** A user as the reader of a letter. */
export function recipientOf(user: Reader, tenant: Pick<TenantSettings, 'language'>): Recipient {
  return {
    userId: user.id,
    address: user.email,
    name: `${user.firstName} ${user.lastName}`.trim() || user.username,
    language: user.language ?? tenant.language,
  };
}
