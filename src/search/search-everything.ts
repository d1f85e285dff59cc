// One search over all that a person may see, by name or ID. Each kind of thing is looked for only where its pages are open.
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { GroupKind } from '../groups/group.entity.js';
import { groupPages } from '../groups/group-kinds.js';
import { mayChange } from '../roles/role-rules.js';
import { Role } from '../roles/role.entity.js';
import { UserTable } from '../users/user-table.js';
import type { SignedIn } from '../web/allow.js';
import { largestId } from '../web/id.pipe.js';
import { nameKey } from '../web/names.js';

/** So many of each kind. */
const most = 10;

/** Something that was found. */
export interface Hit {
  id: number;
  name: string;
  /** What tells it from others of its name. */
  more?: string;
  href: string;
}

export interface HitsOfKind {
  /** English. */
  label: string;
  hits: Hit[];
  /** Where all of them are, when there may be more. */
  all?: string;
}

interface Row {
  id: number;
  name: string;
  more?: string;
}

interface Question {
  table: string;
  /** Column that is shown. */
  name: string;
  /** Expressions that are compared with the folded text. */
  keys: string[];
  more?: string;
  only?: { condition: string; values: Record<string, unknown> };
}

@Injectable()
export class SearchEverything {
  constructor(
    private readonly database: Database,
    private readonly users: UserTable,
  ) {}

  /** What has the text in its name, or as its ID; kinds without a hit are missing. */
  async find(text: string, person: SignedIn): Promise<HitsOfKind[]> {
    const users = await this.usersNamed(text, person);
    const all = users.length === most ? `/users?q=${encodeURIComponent(text)}` : undefined;
    const kinds: HitsOfKind[] = [
      { label: 'Users', hits: users, all },
      ...(await this.groupsNamed(text, person)),
      { label: 'Roles', hits: await this.rolesNamed(text, person) },
      { label: 'PBX Domains', hits: await this.domainsNamed(text, person) },
      { label: 'Caller IDs', hits: await this.callerIdsNamed(text, person) },
      { label: 'Imports', hits: await this.importsNamed(text, person) },
    ];
    return kinds.filter(({ hits }) => hits.length > 0);
  }

  private async usersNamed(text: string, person: SignedIn): Promise<Hit[]> {
    if (!person.permissions.has('users.view')) return [];
    const byId = idIn(text);
    const first = byId === undefined ? [] : await this.users.first(person, { q: '' }, 1, byId);
    const named = await this.users.first(person, { q: text }, most);
    const found = [...first, ...named.filter(({ id }) => id !== byId)].slice(0, most);
    return found.map(({ id, username, name, extension }) => {
      const more = [name, extension].filter(Boolean).join(' · ');
      return { id, name: username, more, href: `/users/${id}` };
    });
  }

  private async groupsNamed(text: string, { permissions }: SignedIn): Promise<HitsOfKind[]> {
    const manages = permissions.has('groups.manage');
    if (!manages && !permissions.has('users.view')) return [];
    const found: HitsOfKind[] = [];
    for (const { kind, path, title } of groupPages) {
      const only = { condition: 'thing.kind = :kind', values: { kind } };
      const rows = await this.ask(text, { table: 'groups', name: 'name', keys: ['thing.name_key'], only });
      const href = (id: number) => (manages ? `${path}/${id}` : usersOf(kind, id, path));
      found.push({ label: title, hits: rows.map((row) => ({ ...row, href: href(row.id) })) });
    }
    return found;
  }

  private async rolesNamed(text: string, person: SignedIn): Promise<Hit[]> {
    const { permissions } = person;
    const manages = permissions.has('roles.manage');
    if (!manages && !permissions.has('users.view')) return [];
    const rows = await this.ask(text, { table: 'roles', name: 'name', keys: ['thing.name_key'] });
    const roles = await this.database.read.find(Role);
    const opens = (id: number) =>
      manages &&
      mayChange(
        person,
        roles.find((role) => role.id === id)!,
      );
    return rows.map((row) => ({
      ...row,
      href: opens(row.id) ? `/roles/${row.id}` : roleHref(row.id, person),
    }));
  }

  private async domainsNamed(text: string, { permissions }: SignedIn): Promise<Hit[]> {
    if (!permissions.has('pbx.manage')) return [];
    const keys = ['thing.name_key', 'LOWER(thing.host)'];
    const rows = await this.ask(text, { table: 'pbx_domains', name: 'name', keys, more: 'host' });
    return rows.map((row) => ({ ...row, href: `/pbx-domains/${row.id}` }));
  }

  private async callerIdsNamed(text: string, { permissions }: SignedIn): Promise<Hit[]> {
    if (!permissions.has('callerids.manage')) return [];
    const keys = ['thing.name_key', 'thing.number'];
    const rows = await this.ask(text, { table: 'caller_ids', name: 'name', keys, more: 'number' });
    return rows.map((row) => ({ ...row, href: `/caller-ids/${row.id}` }));
  }

  // The room of imports is a stranger to this one: its table is asked by name.
  private async importsNamed(text: string, { id, permissions }: SignedIn): Promise<Hit[]> {
    if (!permissions.has('users.import') && !permissions.has('imports.all')) return [];
    const only = permissions.has('imports.all')
      ? undefined
      : { condition: 'thing.author_id = :author', values: { author: id } };
    const rows = await this.ask(text, {
      table: 'imports',
      name: 'file_name',
      keys: ['LOWER(thing.file_name)'],
      only,
    });
    return rows.map((row) => ({ ...row, href: `/imports/${row.id}` }));
  }

  private async ask(text: string, { table, name, keys, more, only }: Question): Promise<Row[]> {
    const pattern = `%${nameKey(text).replace(/[\\%_]/g, String.raw`\$&`)}%`;
    const named = keys.map((key) => String.raw`${key} LIKE :pattern ESCAPE '\'`).join(' OR ');
    const query = this.database.read
      .createQueryBuilder()
      .select('thing.id', 'id')
      .addSelect(`thing.${name}`, 'name')
      .from(table, 'thing')
      .where(`(${named} OR thing.id = :id)`, { pattern, id: idIn(text) ?? 0 })
      .orderBy('thing.id', 'DESC')
      .limit(most);
    if (more) query.addSelect(`thing.${more}`, 'more');
    if (only) query.andWhere(only.condition, only.values);
    return query.getRawMany();
  }
}

function idIn(text: string): number | undefined {
  const digits = /^#?(\d{1,10})$/.exec(text)?.[1];
  return digits === undefined || Number(digits) > largestId ? undefined : Number(digits);
}

// Who sees users and manages no groups is shown the users of the group.
function usersOf(kind: GroupKind, id: number, path: string): string {
  if (kind === 'queue') return path;
  return `/users?${kind === 'desk' ? 'desk' : 'skillGroup'}=${id}`;
}

function roleHref(id: number, { permissions }: SignedIn): string {
  return permissions.has('users.view') ? `/users?role=${id}` : '/roles';
}
