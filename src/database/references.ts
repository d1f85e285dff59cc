import type { EntityManager } from 'typeorm';
import type { Reader } from './database.js';

/**
 * How many rows of a table refer to each row of another one, by its ID; who nobody refers to is missing. So a room counts
 * its users by the join table, without knowing the room of users.
 * @param table such as `user_groups`
 * @param column such as `group_id`
 * @param id counts the references to this row only
 */
export async function countReferences(
  manager: Reader | EntityManager,
  table: string,
  column: string,
  id?: number,
): Promise<Map<number, number>> {
  const rows: { id: number; count: number }[] = await manager
    .createQueryBuilder()
    .select(`reference.${column}`, 'id')
    .addSelect('COUNT(*)', 'count')
    .from(table, 'reference')
    .where(id === undefined ? `reference.${column} IS NOT NULL` : `reference.${column} = :id`, { id })
    .groupBy(`reference.${column}`)
    .getRawMany();
  return new Map(rows.map((row) => [row.id, Number(row.count)]));
}
