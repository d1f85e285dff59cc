// What became of the users of one import: the banner of a table that is filtered by it.
import { Injectable } from '@nestjs/common';
import { Database, type Reader } from '../database/database.js';
import type { SignedIn } from '../web/allow.js';
import { now } from '../web/clock.js';
import { mayActOnImport, reissuePasswords } from './import-actions.js';
import { limitOf, onlyMet } from './own-desks.js';
import { User } from './user.entity.js';

export interface ImportSummary {
  id: number;
  created: number;
  signedIn: number;
  /** Never signed in, and changed by somebody since, or with a password of their own. */
  edited: number;
  /** Never signed in, with an unused temporary password. */
  waiting: number;
  /** When the first of the unused passwords ends, of those that are good; null when there is none. */
  passwordsUntil: number | null;
  /** Unused passwords whose time is over. */
  ended: number;
  /** Undefined for who may not open the import. */
  fileName?: string;
  /** This person may give new passwords to who is waiting. */
  reissue: boolean;
}

/** An import that a person may see. */
export interface SeenImport {
  id: number;
  fileName: string;
  authorId: number;
}

const mostListed = 50;

// The room of imports lies above this one: its table is asked by name.
@Injectable()
export class ImportSummaries {
  constructor(private readonly database: Database) {}

  /** What became of the users of an import, as far as this person meets them. */
  async of(person: SignedIn, id: number): Promise<ImportSummary> {
    const desks = await limitOf(this.database.read, person);
    const query = this.database.read
      .createQueryBuilder(User, 'user')
      .select('COUNT(*)', 'created')
      .addSelect('COUNT(user.lastSignInAt)', 'signedIn')
      .addSelect(
        'MIN(CASE WHEN user.passwordTemporary AND user.passwordExpiresAt > :now THEN user.passwordExpiresAt END)',
        'until',
      )
      .addSelect(
        'SUM(CASE WHEN user.passwordTemporary AND user.passwordExpiresAt <= :now THEN 1 ELSE 0 END)',
        'ended',
      )
      .addSelect(
        'SUM(CASE WHEN user.lastSignInAt IS NULL AND (user.version > 1 OR NOT user.passwordTemporary) THEN 1 ELSE 0 END)',
        'edited',
      )
      .addSelect(
        'SUM(CASE WHEN user.lastSignInAt IS NULL AND user.passwordTemporary THEN 1 ELSE 0 END)',
        'waiting',
      )
      .where('user.importId = :id', { id, now: now() });
    const row = (await onlyMet(query, desks).getRawOne<{
      created: number;
      signedIn: number;
      edited: number | null;
      waiting: number | null;
      ended: number | null;
      until: number | null;
    }>())!;
    const [seen] = await this.seenBy(person, id);
    return {
      id,
      created: Number(row.created),
      signedIn: Number(row.signedIn),
      edited: Number(row.edited ?? 0),
      waiting: Number(row.waiting ?? 0),
      ended: Number(row.ended ?? 0),
      passwordsUntil: row.until === null ? null : Number(row.until),
      fileName: seen?.fileName,
      reissue: seen !== undefined && mayActOnImport(person, reissuePasswords, seen.authorId),
    };
  }

  /** The latest imports that made users, of those that this person may see; or the one with this ID. */
  async seenBy(person: SignedIn, id?: number): Promise<SeenImport[]> {
    const { permissions } = person;
    if (!permissions.has('users.import') && !permissions.has('imports.all')) return [];
    const name = `imports of ${permissions.has('imports.all') ? 'all' : person.id}, ${id ?? 'latest'}`;
    return this.database.remember(name, (read) => this.seen(read, person, id));
  }

  private seen(read: Reader, { permissions, id: author }: SignedIn, id?: number): Promise<SeenImport[]> {
    const query = read
      .createQueryBuilder()
      .select('file.id', 'id')
      .addSelect('file.file_name', 'fileName')
      .addSelect('file.author_id', 'authorId')
      .from('imports', 'file')
      .orderBy('file.id', 'DESC')
      .limit(mostListed);
    if (id === undefined) query.andWhere('file.created > 0');
    else query.andWhere('file.id = :id', { id });
    if (!permissions.has('imports.all')) query.andWhere('file.author_id = :author', { author });
    return query.getRawMany();
  }
}
