// The person on whose behalf work goes on after their request has ended, with the rights that they have now.
import type { EntityManager } from 'typeorm';
import type { Reader } from '../database/database.js';
import { Role } from '../roles/role.entity.js';
import { together, type Person } from '../roles/role-rules.js';
import { User, UserRole } from './user.entity.js';

export type Author = Person & { id: number; username: string };

/** Undefined for who is gone or deactivated. */
export async function authorOf(read: Reader | EntityManager, id: number): Promise<Author | undefined> {
  const rows: { username: string; permissions: string; ownDesksOnly: boolean | number }[] = await read
    .createQueryBuilder(User, 'user')
    .innerJoin(UserRole, 'held', 'held.userId = user.id')
    .innerJoin(Role, 'role', 'role.id = held.roleId')
    .select([
      'user.username AS username',
      'role.permissions AS permissions',
      'role.ownDesksOnly AS "ownDesksOnly"',
    ])
    .where('user.id = :id AND user.active = :active', { id, active: true })
    .getRawMany();
  if (rows.length === 0) return undefined;
  const roles = rows.map(({ permissions, ownDesksOnly }) => ({
    permissions: JSON.parse(permissions) as Role['permissions'],
    ownDesksOnly: Boolean(ownDesksOnly),
  }));
  return { id, username: rows[0].username, ...together(roles) };
}
