// Search over username, name, email and extension. `user_search` holds one line of words for each user, folded as keys are,
// two blanks before each word. Both engines find any three characters of it by their index (FTS5's trigrams, pg_trgm), so a
// word of one or two letters is looked for together with the blanks before it: as the beginning of a word.
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { In, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { Database, type Reader } from '../database/database.js';
import { engine } from '../database/options.js';
import { nameKey } from '../web/names.js';
import { User } from './user.entity.js';

/** Hits that are sorted as the person wishes; of more than these only the newest come first. */
export const mostSorted = 1000;

const mostWords = 6;

/** What a name sorts and is found by. */
export function sortName({ firstName, lastName }: Pick<User, 'firstName' | 'lastName'>): string {
  return nameKey(`${firstName} ${lastName}`.trim());
}

/** The words of a search: substrings from three characters on, beginnings of words below. Every one of them has to be there. */
export function searchedWords(text: string): string[] {
  const words = nameKey(text.replace(/\p{Cc}/gu, ' '))
    .split(/\s+/)
    .filter(Boolean);
  return words.slice(0, mostWords).map((word) => ([...word].length < 3 ? `  ${word}` : word));
}

/** Makes new users findable; belongs to the transaction that created them. */
export async function addToSearch(manager: EntityManager, userIds: number[]): Promise<void> {
  if (userIds.length === 0) return;
  const into =
    engine() === 'sqlite'
      ? 'INSERT OR REPLACE INTO user_search (rowid, words)'
      : 'INSERT INTO user_search (user_id, words)';
  const places = userIds.map((_, index) => manager.dataSource.driver.createParameter('id', index));
  const again = engine() === 'sqlite' ? '' : 'ON CONFLICT (user_id) DO UPDATE SET words = excluded.words';
  await manager.query(
    `${into} SELECT id, '  ' || username_key || '  ' || email_key || '  ' || extension || '  ' || replace(name_key, ' ', '  ')
     FROM users WHERE id IN (${places.join(', ')}) ORDER BY id ${again}`,
    userIds,
  );
}

/**
 * Keeps what is searched and sorted equal to the users. Whoever changes a username, name, email or extension, or deletes
 * users, calls it afterwards in the same transaction, with the IDs of these users.
 */
export async function keepSearchable(manager: EntityManager, userIds: number[]): Promise<void> {
  if (userIds.length === 0) return;
  const users = await manager.find(User, {
    select: { id: true, firstName: true, lastName: true, nameKey: true },
    where: { id: In(userIds) },
  });
  for (const user of users.filter((one) => one.nameKey !== sortName(one)))
    await manager.update(User, { id: user.id }, { nameKey: sortName(user) });
  const there = new Set(users.map(({ id }) => id));
  await addToSearch(manager, [...there]);
  const gone = userIds.filter((id) => !there.has(id));
  if (gone.length > 0) await manager.query(`DELETE FROM user_search WHERE ${hitId()} IN (${listed(gone)})`);
}

/** What a search comes to: who was found, or that it was too many to tell. */
export type Found = { ids: number[] } | { words: string[] };

/** Looks for words; more than `mostSorted` hits are not counted but joined, see `onlyFound`. */
export async function find(read: Reader, words: string[]): Promise<Found> {
  const query = read.createQueryBuilder().select(hitColumn(), 'id').from('user_search', 'hit');
  const hits: { id: number }[] = await matching(query, words)
    .orderBy(hitColumn(), 'DESC')
    .limit(mostSorted + 1)
    .getRawMany();
  return hits.length > mostSorted ? { words } : { ids: hits.map(({ id }) => id) };
}

/** Narrows a query over users, whose alias is `user`, to those who were found. */
export function onlyFound(query: SelectQueryBuilder<User>, found: Found): SelectQueryBuilder<User> {
  if ('words' in found) {
    query.innerJoin('user_search', 'hit', `${hitColumn()} = user.id`);
    return matching(query, found.words);
  }
  return query.andWhere(found.ids.length > 0 ? `user.id IN (${listed(found.ids)})` : '1 = 0');
}

/** The ID of a hit, in a query that `onlyFound` has joined many hits to. */
export function hitColumn(): string {
  return `hit.${hitId()}`;
}

/** PostgreSQL looks for parts of words by the extension pg_trgm, which it may have to be allowed to install. */
@Injectable()
export class SearchIndex implements OnApplicationBootstrap {
  private readonly logger = new Logger('Search');

  constructor(private readonly database: Database) {}

  async onApplicationBootstrap(): Promise<void> {
    if (engine() === 'sqlite' || (await this.isThere())) return;
    try {
      await this.database.write(
        async (manager) => {
          await manager.query('SET LOCAL statement_timeout = 0');
          await manager.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
          await manager.query(
            'CREATE INDEX IF NOT EXISTS user_search_words ON user_search USING gin (words gin_trgm_ops)',
          );
        },
        { alone: 'search index' },
      );
    } catch (error) {
      const reason = (error as Error).message;
      this.logger.warn(
        `Search works without an index, slowly for many users: CREATE EXTENSION pg_trgm was refused (${reason}). Run it in the database as its owner, or grant CREATE on the database to this role, then start again.`,
      );
    }
  }

  private async isThere(): Promise<boolean> {
    const found: unknown[] = await this.database.read.query(
      `SELECT 1 FROM pg_indexes WHERE schemaname = current_schema() AND indexname = 'user_search_words'`,
    );
    return found.length > 0;
  }
}

function matching<T extends object>(query: SelectQueryBuilder<T>, words: string[]): SelectQueryBuilder<T> {
  if (engine() === 'sqlite') {
    const match = words.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND ');
    return query.andWhere('hit.words MATCH :match', { match });
  }
  for (const [index, word] of words.entries()) {
    const pattern = `%${word.replace(/[\\%_]/g, String.raw`\$&`)}%`;
    query.andWhere(`hit.words LIKE :word${index}`, { [`word${index}`]: pattern });
  }
  return query;
}

function hitId(): string {
  return engine() === 'sqlite' ? 'rowid' : 'user_id';
}

// Numbers of the database itself: as parameters a thousand of them would be looked up one by one.
function listed(ids: number[]): string {
  return ids.map(Number).join(', ');
}
