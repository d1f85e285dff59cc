import type { EntityManager } from 'typeorm';
import type { Reader } from '../database/database.js';
import { nameKey } from '../web/names.js';
import { User } from './user.entity.js';

/** The user of a username or an email address as somebody typed it, also an inactive one. */
export async function userNamed(manager: Reader | EntityManager, name: string): Promise<User | null> {
  const key = nameKey(name.trim());
  return manager.findOne(User, { where: [{ usernameKey: key }, { emailKey: key }] });
}
