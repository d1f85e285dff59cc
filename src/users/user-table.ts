// The table of users: flat rows, one query for a page, two for what its users belong to, one for the total.
import { Injectable } from '@nestjs/common';
import { In, type SelectQueryBuilder } from 'typeorm';
import { Database } from '../database/database.js';
import { Group, type GroupKind } from '../groups/group.entity.js';
import { Role } from '../roles/role.entity.js';
import { SettingsService } from '../settings/settings.service.js';
import { sipSettings } from '../sip/sip-settings.js';
import type { SignedIn } from '../web/allow.js';
import { cutPage, mostCounted, pageSize, type Page, type Place } from '../web/paging.js';
import { limitOf, onlyMet } from './own-desks.js';
import { byId, edgeOf, orderOf, placeOf, type Edge, type Order } from './table-columns.js';
import type { TwoFactor } from './effective.js';
import { hasSecondFactor } from './second-factor-filter.js';
import { now } from '../web/clock.js';
import { filtered, type UserFilters } from './user-filters.js';
import { find, hitColumn, onlyFound, searchedWords } from './user-search.js';
import { User, UserGroup, UserRole } from './user.entity.js';

/** Who looks at users, as far as it decides whom they meet. */
export type Looker = Pick<SignedIn, 'id' | 'ownDesksOnly'>;

export interface TableRow {
  id: number;
  username: string;
  /** First and last name, may be empty. */
  name: string;
  firstName: string;
  lastName: string;
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
  /** Too many were found to be sorted: the newest come first, whatever was asked. */
  newestFirst: boolean;
}

/** A selection of users, ready to narrow any query whose alias is `user`. */
export interface Selection {
  narrow: (query: SelectQueryBuilder<User>) => SelectQueryBuilder<User>;
  /** The search found more than are sorted. */
  many: boolean;
  /** The column that holds the ID of what is selected: only by this one are many hits of a search already in order. */
  id: string;
}

@Injectable()
export class UserTable {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
  ) {}

  /** Whom the filters leave of those that this person may meet. */
  async select(person: Looker, filters: UserFilters): Promise<Selection> {
    const { read } = this.database;
    const desks = await limitOf(read, person);
    const words = searchedWords(filters.q ?? '');
    const found = words.length > 0 ? await find(read, words) : undefined;
    const hasFactor = filters.twoFactor && (await this.hasFactor(filters.twoFactor));
    return {
      narrow: (query) =>
        filtered(onlyMet(found ? onlyFound(query, found) : query, desks), filters, hasFactor),
      many: found !== undefined && 'words' in found,
      id: found !== undefined && 'words' in found ? hitColumn() : 'user.id',
    };
  }

  /**
   * A page of the users that this person may meet.
   * @param sort one of `orders`
   */
  async page(person: Looker, filters: UserFilters, sort: string, place: Place): Promise<UserPage> {
    const { narrow, many, id } = await this.select(person, filters);
    const order = many ? byId(id, true) : orderOf(sort);
    const edge = edgeOf(place, order);
    let page = cutPage(await this.rows(narrow, order, edge), place, placeOf);
    // Whoever stood there was deleted, or too few stand before: the first page is a whole one.
    if (!page.previous && edge) page = cutPage(await this.rows(narrow, order, undefined), {}, placeOf);
    return {
      ...page,
      rows: await this.withGroups(page.rows),
      total: await this.total(narrow, mostCounted + 1),
      newestFirst: many,
    };
  }

  /** How many users a selection holds; `most` at the most, where that is given. */
  async total(narrow: Narrow, most?: number): Promise<number> {
    const row = await this.database.read
      .createQueryBuilder()
      .select('COUNT(*)', 'total')
      .from((query) => narrow(query.select('user.id', 'id').from(User, 'user')).limit(most), 'counted')
      .getRawOne<{ total: number }>();
    return Number(row?.total ?? 0);
  }

  /** The newest users that are found, up to `most`; only the one of this ID where it is given. */
  async first(person: Looker, filters: UserFilters, most: number, only?: number): Promise<TableRow[]> {
    const { narrow, id } = await this.select(person, filters);
    const narrowed: Narrow = (query) =>
      only === undefined ? narrow(query) : narrow(query).andWhere('user.id = :only', { only });
    return this.withGroups(await this.rows(narrowed, byId(id, true), undefined, most));
  }

  /** A selection by rising IDs, in pieces of `size` users. */
  async *pieces({ narrow, id: column }: Selection, size: number): AsyncGenerator<TableRow[]> {
    const order = byId(column, false);
    for (let edge: Edge | undefined; ;) {
      const rows = await this.rows(narrow, order, edge, size);
      if (rows.length > 0) yield await this.withGroups(rows);
      if (rows.length < size) return;
      const { id } = rows[rows.length - 1];
      edge = { id, key: id, before: false };
    }
  }

  // The key alone leads into its index. Where several users share one, those behind the edge with its very key come first.
  private async rows(
    narrow: Narrow,
    order: Order,
    edge: Edge | undefined,
    most = pageSize + 1,
  ): Promise<FlatUser[]> {
    const backwards = order.falling !== (edge?.before ?? false);
    const behind = backwards ? '<' : '>';
    const find = (condition: string | undefined, limit: number): Promise<FlatUser[]> => {
      const query = this.database.read.createQueryBuilder(User, 'user').select('user.id', 'id');
      for (const column of columns) query.addSelect(`user.${column}`, column);
      query.addSelect(order.key, 'sortKey');
      narrow(query);
      if (condition) query.andWhere(condition, { key: edge?.key, edge: edge?.id });
      const direction = backwards ? 'DESC' : 'ASC';
      query.orderBy(order.key, direction).limit(limit);
      if (order.shared) query.addOrderBy('user.id', direction);
      return query.getRawMany();
    };
    if (!edge) return find(undefined, most);
    const same = order.shared ? await find(`${order.key} = :key AND user.id ${behind} :edge`, most) : [];
    if (same.length === most) return same;
    return [...same, ...(await find(`${order.key} ${behind} :key`, most - same.length))];
  }

  private async hasFactor(wanted: TwoFactor): Promise<string> {
    const roles = await this.database.read.find(Role);
    const says = roles.map(({ id, twoFactor, permissions }) => {
      return { id, twoFactor, administrative: permissions.length > 0 };
    });
    return hasSecondFactor(wanted, await this.settings.current(), says, now());
  }

  private async withGroups(users: FlatUser[]): Promise<TableRow[]> {
    const ids = users.map(({ id }) => id);
    const roles = byUser(ids.length > 0 ? await this.rolesOf(ids) : []);
    const desks = byUser(ids.length > 0 ? await this.groupsOf(ids, 'desk') : []);
    return users.map((user) => ({
      id: user.id,
      username: user.username,
      name: `${user.firstName} ${user.lastName}`.trim(),
      firstName: user.firstName,
      lastName: user.lastName,
      email: user.email,
      extension: user.extension,
      sip: sipLabels.get(user.sip)!,
      active: Boolean(user.active),
      allDesks: Boolean(user.allDesks),
      roles: roles.get(user.id) ?? [],
      desks: desks.get(user.id) ?? [],
      lastSignInAt: user.lastSignInAt,
      createdAt: user.createdAt,
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

  private groupsOf(ids: number[], kind: GroupKind): Promise<Belonging[]> {
    return this.database.read
      .createQueryBuilder(UserGroup, 'member')
      .innerJoin(Group, 'joined', 'joined.id = member.groupId AND joined.kind = :kind', { kind })
      .select('member.userId', 'userId')
      .addSelect('joined.name', 'name')
      .where({ userId: In(ids) })
      .orderBy('joined.nameKey')
      .getRawMany();
  }
}

type Narrow = Selection['narrow'];

const sipLabels = new Map<string, string>(sipSettings.map(({ value, label }) => [value, label]));

const columns = [
  'username',
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

type FlatUser = Pick<User, 'id' | (typeof columns)[number]> & { sortKey: string | number };

interface Belonging {
  userId: number;
  name: string;
}

function byUser(belongings: Belonging[]): Map<number, string[]> {
  const names = new Map<number, string[]>();
  for (const { userId, name } of belongings) names.set(userId, [...(names.get(userId) ?? []), name]);
  return names;
}
