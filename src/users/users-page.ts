// The page of users as its views need it: table, filters, columns, and addresses that keep all of them.
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Group } from '../groups/group.entity.js';
import { Role } from '../roles/role.entity.js';
import { sipSettings } from '../sip/sip-settings.js';
import type { SignedIn } from '../web/allow.js';
import { mostCounted, type Place } from '../web/paging.js';
import { shownFileName } from '../web/file-names.js';
import type { Translate } from '../web/texts.js';
import { ImportSummaries } from './import-summary.js';
import { actionsFor } from './mass-actions.js';
import { columns, isSortable, orders, usualOrder, type ColumnName } from './table-columns.js';
import { filtersIn, states, twoFactors, type UsersQuery } from './user-filters.js';
import { UserTable, type TableRow } from './user-table.js';

@Injectable()
export class UsersPage {
  constructor(
    private readonly database: Database,
    private readonly users: UserTable,
    private readonly imports: ImportSummaries,
  ) {}

  /** The table with its pages: what a search replaces. */
  async table(query: UsersQuery, person: SignedIn, t: Translate) {
    const sort = query.sort ?? usualOrder;
    const page = await this.users.page(person, filtersIn(query), sort, query);
    const shown = shownColumns(query);
    const filters = new URLSearchParams(paramsOf(filtersIn(query)));
    return {
      rows: page.rows.map((row) => inWords(row, t)),
      ids: page.rows.map(({ id }) => id).join(','),
      labels: { ...Object.fromEntries(shown.map(({ name, label }) => [name, t(label)])), never: t('Never') },
      heads: shown.map(({ name, label }) => ({
        label,
        ...sorting(name, page.newestFirst ? '-id' : sort, query, page.newestFirst),
      })),
      total: Math.min(page.total, mostCounted),
      more: page.total > mostCounted,
      newestFirst: page.newestFirst,
      previous: page.previous && addressOf(query, page.previous),
      next: page.next && addressOf(query, page.next),
      address: addressOf(query),
      filters: filters.size > 0 ? `?${filters.toString()}` : '',
      filtered: filters.size > 0,
      actions: options(actionsFor(person), undefined, t),
      // What the form of the columns does not show itself goes with it.
      kept: pairsOf({ ...filtersIn(query), sort: query.sort }),
    };
  }

  /** What stands above the table: the filters with their choices, the columns, the banner of an import. */
  async around(query: UsersQuery, person: SignedIn, t: Translate) {
    const groups = await this.database.remember('groups', (read) =>
      read.find(Group, { order: { nameKey: 'ASC' } }),
    );
    const roles = await this.database.remember('roles', (read) =>
      read.find(Role, { order: { nameKey: 'ASC' } }),
    );
    const ofKind = (kind: Group['kind'], chosen?: number) =>
      things(
        groups.filter((group) => group.kind === kind),
        chosen,
      );
    const shown = shownColumns(query);
    return {
      filters: {
        q: query.q,
        desks: ofKind('desk', query.desk),
        skillGroups: ofKind('skill_group', query.skillGroup),
        roles: things(roles, query.role),
        statuses: options(states, query.status, t),
        sips: options(sipSettings, query.sip, t),
        twoFactors: options(twoFactors, query.twoFactor, t),
        imports: await this.importChoices(query, person, t),
        sorts: sortChoices(query.sort ?? usualOrder, t),
        used: Object.keys(filtersIn(query)).filter((name) => name !== 'q').length,
      },
      columns: columns.map(({ name, label }) => ({
        value: name,
        label: t(label),
        selected: shown.some((column) => column.name === name),
        disabled: name === 'username',
      })),
      // As the form of the filters does.
      keptWithFilters: query.column?.map((value) => ({ name: 'column', value })),
      ofImport: query.import && (await this.imports.of(person, query.import)),
    };
  }

  private async importChoices(query: UsersQuery, person: SignedIn, t: Translate) {
    const seen = await this.imports.seenBy(person);
    const choices = seen.map(({ id, fileName }) => ({ id, name: `#${id} ${shownFileName(fileName, t)}` }));
    const chosen = query.import;
    if (chosen !== undefined && !choices.some(({ id }) => id === chosen))
      choices.push({ id: chosen, name: t('Import #{{id}}', { id: chosen }) });
    return things(choices, chosen);
  }
}

/** The address of the table with all that the query says, at another place. */
function addressOf(query: UsersQuery, place: Place = {}): string {
  const params = new URLSearchParams(paramsOf({ ...filtersIn(query), sort: query.sort, ...place }));
  for (const name of query.column ?? []) params.append('column', name);
  return params.size > 0 ? `/users?${params.toString()}` : '/users';
}

function paramsOf(values: object): Record<string, string> {
  return Object.fromEntries(pairsOf(values).map(({ name, value }) => [name, value]));
}

function pairsOf(values: object): { name: string; value: string }[] {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.map(([name, value]) => ({ name, value: String(value) }));
}

function shownColumns({ column }: UsersQuery) {
  return columns.filter(({ name }) => column === undefined || name === 'username' || column.includes(name));
}

function inWords(user: TableRow, t: Translate) {
  return {
    id: user.id,
    username: user.username,
    name: user.name,
    email: user.email,
    extension: user.extension,
    roleNames: user.roles.join(', '),
    deskNames: user.allDesks ? t('All desks') : user.desks.join(', '),
    sipLabel: t(user.sip),
    state: user.active ? { kind: 'success', text: t('Active') } : { kind: 'neutral', text: t('Inactive') },
    lastSignInAt: user.lastSignInAt,
    createdAt: user.createdAt,
  };
}

// A second click on a heading turns the order round.
function sorting(name: ColumnName, sort: string, query: UsersQuery, fixed: boolean) {
  if (!isSortable(name)) return {};
  const falling = sort === `-${name}`;
  const sorted = sort === name ? 'ascending' : falling ? 'descending' : undefined;
  if (fixed) return { sorted };
  return { sorted, href: addressOf({ ...query, sort: sort === name ? `-${name}` : name }) };
}

function sortChoices(chosen: string, t: Translate) {
  return orders.map((order) => {
    const name = order.replace(/^-/, '');
    const label = t(columns.find((column) => column.name === name)!.label);
    const text = order === name ? t('{{label}}, rising', { label }) : t('{{label}}, falling', { label });
    return { value: order, label: text, selected: order === chosen };
  });
}

function things(list: { id: number; name: string }[], chosen: number | undefined) {
  return list.map(({ id, name }) => ({ value: id, label: name, selected: id === chosen }));
}

function options(
  list: readonly { value: string; label: string }[],
  chosen: string | undefined,
  t: Translate,
) {
  return list.map(({ value, label }) => ({ value, label: t(label), selected: value === chosen }));
}
