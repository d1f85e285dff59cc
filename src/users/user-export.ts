// The users of a filtered table as a CSV: streamed in pieces by ID, so that its length costs no memory.
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import { ppqSortings, ratioText } from '../settings/ppq.js';
import { SettingsService } from '../settings/settings.service.js';
import { CallerId } from '../sip/caller-id.entity.js';
import type { SignedIn } from '../web/allow.js';
import { csvLine, csvText } from '../web/csv.js';
import type { Translate } from '../web/texts.js';
import { dialingOf, type Dialing } from './effective.js';
import { filtersIn, type UserFilters } from './user-filters.js';
import { UserTable, type Selection, type TableRow } from './user-table.js';
import { User } from './user.entity.js';

const usersAtOnce = 500;

const header = [
  'ID',
  'Username',
  'First Name',
  'Last Name',
  'Email',
  'Virtual Extension',
  'Roles',
  'Desks',
  'SIP Settings',
  'Active',
  'Last Sign-in',
  'Created',
  'Outbound Caller ID',
  'PPQ Default Ratio',
  'PPQ Sorting',
];

@Injectable()
export class UserExport {
  constructor(
    private readonly database: Database,
    private readonly table: UserTable,
    private readonly settings: SettingsService,
  ) {}

  /** Records that somebody takes the list away, with how many users it holds, and returns the file in pieces. */
  async lines(query: UserFilters, person: SignedIn, t: Translate): Promise<AsyncGenerator<string>> {
    const filters = filtersIn(query);
    const selection = await this.table.select(person, filters);
    const count = await this.table.total(selection.narrow);
    const details = { count, ...filters };
    await this.database.write((manager) => record(manager, person, { action: 'users.exported', details }));
    return this.file(selection, t);
  }

  private async *file(selection: Selection, t: Translate): AsyncGenerator<string> {
    const { read } = this.database;
    const settings = await this.settings.current();
    const callerIds = new Map((await read.find(CallerId)).map((callerId) => [callerId.id, callerId]));
    yield csvText([header]);
    for await (const rows of this.table.pieces(selection, usersAtOnce)) {
      const given = await read.find(User, {
        select: { id: true, callerIdId: true, ppq: true, ppqRatio: true, ppqSorting: true },
        where: { id: In(rows.map(({ id }) => id)) },
      });
      const dialing = new Map(given.map((user) => [user.id, dialingOf(user, settings)]));
      const lines = rows.map((row) =>
        csvLine([...cells(row, t), ...dialingCells(dialing.get(row.id), callerIds, t)]),
      );
      yield lines.join('');
    }
  }
}

function cells(row: TableRow, t: Translate): (string | number)[] {
  const { id, username, firstName, lastName, email, extension } = row;
  return [
    ...[id, username, firstName, lastName, email, extension],
    row.roles.join('; '),
    row.allDesks ? t('All desks') : row.desks.join('; '),
    t(row.sip),
    row.active ? t('Active') : t('Inactive'),
    row.lastSignInAt === null ? '' : new Date(row.lastSignInAt).toISOString(),
    new Date(row.createdAt).toISOString(),
  ];
}

// What holds for the user, by their own setting or the tenant's. Who was deleted since has none.
function dialingCells(
  dialing: Dialing | undefined,
  callerIds: Map<number, CallerId>,
  t: Translate,
): string[] {
  const callerId = callerIds.get(dialing?.callerId ?? 0);
  const sorting = ppqSortings.find(({ value }) => value === dialing?.ppq?.sorting);
  return [
    callerId ? `${callerId.name} (${callerId.number})` : '',
    dialing?.ppq ? ratioText(dialing.ppq.ratio) : '',
    sorting ? t(sorting.label) : '',
  ];
}
