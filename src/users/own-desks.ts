// A role with "Own desks only" lets a person meet the users who share a desk with them, and nobody else. Who is in all
// desks by the flag shares every desk (PRODUCT.md section 1).
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { Reader } from '../database/database.js';
import { Group } from '../groups/group.entity.js';
import type { SignedIn } from '../web/allow.js';
import { User, UserGroup } from './user.entity.js';

/** IDs of the desks to which this person is limited; undefined = no limit. */
export async function limitOf(
  manager: Reader | EntityManager,
  person: Pick<SignedIn, 'id' | 'ownDesksOnly'>,
): Promise<number[] | undefined> {
  if (!person.ownDesksOnly) return undefined;
  const inAll = await manager.existsBy(User, { id: person.id, allDesks: true });
  const query = manager
    .createQueryBuilder(Group, 'desk')
    .select('desk.id', 'id')
    .where('desk.kind = :kind', { kind: 'desk' });
  if (!inAll)
    query.innerJoin(UserGroup, 'own', 'own.groupId = desk.id AND own.userId = :id', { id: person.id });
  const desks: { id: number }[] = await query.getRawMany();
  return desks.map(({ id }) => id);
}

/** Narrows a query over users, whose alias is `user`, to those that somebody with this limit may meet. */
export function onlyMet(
  query: SelectQueryBuilder<User>,
  desks: number[] | undefined,
): SelectQueryBuilder<User> {
  if (!desks) return query;
  if (desks.length === 0) return query.andWhere('1 = 0');
  const shared = query
    .subQuery()
    .select('1')
    .from(UserGroup, 'shared')
    .where('shared.userId = user.id AND shared.groupId IN (:...desks)');
  return query.andWhere(`(user.allDesks = :inAll OR EXISTS ${shared.getQuery()})`, { desks, inAll: true });
}
