import type { EntityManager } from 'typeorm';
import { Role } from '../roles/role.entity.js';
import { User, UserRole } from './user.entity.js';

/** Active users, 20 at the most, who can help others by one role of theirs: they reset passwords and authenticators of everybody. */
export async function administrators(manager: EntityManager): Promise<User[]> {
  const roles = (await manager.find(Role)).filter(
    ({ permissions, ownDesksOnly }) => permissions.includes('users.reset') && !ownDesksOnly,
  );
  if (roles.length === 0) return [];
  return manager
    .createQueryBuilder(User, 'user')
    .where((query) => {
      const held = query.subQuery().select('held.userId').from(UserRole, 'held');
      return `user.id IN ${held.where('held.roleId IN (:...roles)').getQuery()}`;
    })
    .andWhere('user.active = :active')
    .setParameters({ roles: roles.map(({ id }) => id), active: true })
    .orderBy('user.id')
    .take(20)
    .getMany();
}
