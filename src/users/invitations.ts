// An invitation instead of a temporary password: a link by mail with which a new user chooses a password. It is good once,
// and for as long as a temporary password is.
import type { EntityManager } from 'typeorm';
import { breathe } from '../database/database.js';
import { hashTemporaryPassword, makeTemporaryPassword } from '../handout/temporary-password.js';
import { post } from '../mail/outbox.js';
import type { TenantSettings } from '../settings/tenant-settings.js';
import { day, hour } from '../web/clock.js';
import { newLinks } from './mail-links.js';
import { recipientOf } from './recipient.js';
import type { User } from './user.entity.js';

type Invited = Pick<User, 'id' | 'email' | 'username' | 'firstName' | 'lastName' | 'language'>;

/** Mails each of these users a new link, in the caller's transaction; their earlier invitations are no longer good. */
export async function invite(
  manager: EntityManager,
  users: Invited[],
  { temporaryPasswordDays, language }: Pick<TenantSettings, 'temporaryPasswordDays' | 'language'>,
): Promise<void> {
  if (users.length === 0) return;
  const lifetime = temporaryPasswordDays * day;
  const links = await newLinks(manager, 'invitation', users, lifetime);
  for (const [index, user] of users.entries()) {
    const values = { username: user.username, link: links[index], hours: lifetime / hour };
    await post(manager, 'invitation', recipientOf(user, { language }), values, lifetime);
    if (index % 20 === 19) await breathe();
  }
}

/** The hash of a password that nobody is told: what an invited user has until they choose one. */
export async function unknownPassword(): Promise<string> {
  return hashTemporaryPassword(makeTemporaryPassword(false), false);
}
