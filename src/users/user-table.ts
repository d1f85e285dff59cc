// The table of users: flat rows, one query for a page, two for what its users belong to, one for the total.
import { Injectable } from '@nestjs/common';
import { In, type SelectQueryBuilder } from 'typeorm';
import { Database } from '../database/database.js';
import { Group } from '../groups/group.entity.js';
import { Role } from '../roles/role.entity.js';
import { sipSettings } from '../sip/sip-settings.js';
import type { SignedIn } from '../web/allow.js';
import { cutPage, mostCounted, pageSize, type Page, type Place } from '../web/paging.js';
import { limitOf, onlyMet } from './own-desks.js';
import { User, UserGroup, UserRole } from './user.entity.js';

/** What the table is narrowed to. */
export interface UserFilters {
  /** ID of the import that made the users. */
  import?: number;
}

export interface TableRow {
  id: number;
  username: string;
  usernameKey: string;
  /** First and last name, may be empty. */
  name: string;
  email: string;
  extension: number;
  /** English label of the choice. */
  sip: string;
  active: boolean;
  allDesks: boolean;
  roles: string[];
  desks: string[];
  lastSignInAt: number | null;
  createdAt: number;
}

export interface UserPage extends Page<TableRow> {
  /** Up to `mostCounted`; one more stands for "and more". */
  total: number;
}

/** What became of the users of one import. */
export interface ImportSummary {
  id: number;
  created: number;
  signedIn: number;
  /** When the first of the unused passwords ends; null when all were used. */
  passwordsUntil: number | null;
  /** Undefined for who may not open the import. */
  fileName?: string;
}

@Injectable()
export class UserTable {
  constructor(private readonly database: Database) {}

  /** A page of the users that this person may meet, by username. */
  async page(person: SignedIn, filters: UserFilters, place: Place): Promise<UserPage> {
    const desks = await limitOf(this.database.read, person);
    const narrow = (query: SelectQueryBuilder<User>) => onlyMet(filtered(query, filters), desks);
    let page = await this.cut(narrow, place);
    // Whoever stood there was deleted, or too few stand before: the first page is a whole one.
    const begins = place.after === undefined && place.before === undefined;
    if (!page.previous && !begins) page = await this.cut(narrow, {});
    return { ...page, rows: await this.withGroups(page.rows), total: await this.total(narrow) };
  }

  /** What the banner of a table filtered by an import says. */
  async importSummary(person: SignedIn, id: number): Promise<ImportSummary> {
    const desks = await limitOf(this.database.read, person);
    const query = this.database.read
      .createQueryBuilder(User, 'user')
      .select('COUNT(*)', 'created')
      .addSelect('COUNT(user.lastSignInAt)', 'signedIn')
      .addSelect('MIN(CASE WHEN user.passwordTemporary = :unused THEN user.passwordExpiresAt END)', 'until')
      .where('user.importId = :id', { id, unused: true });
    const row = (await onlyMet(query, desks).getRawOne<{
      created: number;
      signedIn: number;
      until: number | null;
    }>())!;
    return {
      id,
      created: Number(row.created),
      signedIn: Number(row.signedIn),
      passwordsUntil: row.until === null ? null : Number(row.until),
      fileName: await this.fileName(person, id),
    };
  }

  // The room of imports lies above this one: its table is asked by name.
  private async fileName(person: SignedIn, id: number): Promise<string | undefined> {
    const query = this.database.read
      .createQueryBuilder()
      .select('file.file_name', 'name')
      .from('imports', 'file')
      .where('file.id = :id', { id });
    if (!person.permissions.has('imports.all'))
      query.andWhere('file.author_id = :author', { author: person.id });
    return (await query.getRawOne<{ name: string }>())?.name;
  }

  private async cut(narrow: Narrow, place: Place): Promise<Page<FlatUser>> {
    return cutPage(await this.rows(narrow, place), place, ({ usernameKey }) => usernameKey);
  }

  private async rows(narrow: Narrow, { after, before }: Place): Promise<FlatUser[]> {
    const query = this.database.read.createQueryBuilder(User, 'user').select('user.id', 'id');
    for (const column of columns) query.addSelect(`user.${column}`, column);
    narrow(query);
    if (before !== undefined) query.andWhere('user.usernameKey < :before', { before });
    else if (after !== undefined) query.andWhere('user.usernameKey > :after', { after });
    return query
      .orderBy('user.usernameKey', before === undefined ? 'ASC' : 'DESC')
      .limit(pageSize + 1)
      .getRawMany();
  }

  private async total(narrow: Narrow): Promise<number> {
    const row = await this.database.read
      .createQueryBuilder()
      .select('COUNT(*)', 'total')
      .from(
        (query) => narrow(query.select('user.id', 'id').from(User, 'user')).limit(mostCounted + 1),
        'counted',
      )
      .getRawOne<{ total: number }>();
    return Number(row?.total ?? 0);
  }

  private async withGroups(users: FlatUser[]): Promise<TableRow[]> {
    const ids = users.map(({ id }) => id);
    const roles = ids.length > 0 ? await this.rolesOf(ids) : [];
    const desks = ids.length > 0 ? await this.desksOf(ids) : [];
    return users.map(({ firstName, lastName, sip, active, allDesks, ...user }) => ({
      ...user,
      name: `${firstName} ${lastName}`.trim(),
      sip: sipSettings.find(({ value }) => value === sip)!.label,
      active: Boolean(active),
      allDesks: Boolean(allDesks),
      roles: roles.filter(({ userId }) => userId === user.id).map(({ name }) => name),
      desks: desks.filter(({ userId }) => userId === user.id).map(({ name }) => name),
    }));
  }

  private rolesOf(ids: number[]): Promise<Belonging[]> {
    return this.database.read
      .createQueryBuilder(UserRole, 'held')
      .innerJoin(Role, 'role', 'role.id = held.roleId')
      .select('held.userId', 'userId')
      .addSelect('role.name', 'name')
      .where({ userId: In(ids) })
      .orderBy('role.nameKey')
      .getRawMany();
  }

  private desksOf(ids: number[]): Promise<Belonging[]> {
    return this.database.read
      .createQueryBuilder(UserGroup, 'member')
      .innerJoin(Group, 'desk', 'desk.id = member.groupId AND desk.kind = :kind', { kind: 'desk' })
      .select('member.userId', 'userId')
      .addSelect('desk.name', 'name')
      .where({ userId: In(ids) })
      .orderBy('desk.nameKey')
      .getRawMany();
  }
}

type Narrow = (query: SelectQueryBuilder<User>) => SelectQueryBuilder<User>;

const columns = [
  'username',
  'usernameKey',
  'firstName',
  'lastName',
  'email',
  'extension',
  'sip',
  'active',
  'allDesks',
  'lastSignInAt',
  'createdAt',
] as const;

type FlatUser = Pick<User, 'id' | (typeof columns)[number]>;

interface Belonging {
  userId: number;
  name: string;
}

function filtered(query: SelectQueryBuilder<User>, filters: UserFilters): SelectQueryBuilder<User> {
  if (filters.import !== undefined) query.andWhere('user.importId = :importId', { importId: filters.import });
  return query;
}
