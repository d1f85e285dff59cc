// The users of a filtered table as a CSV: streamed in pieces by ID, so that its length costs no memory.
import { Injectable } from '@nestjs/common';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import type { SignedIn } from '../web/allow.js';
import { csvLine, csvText } from '../web/csv.js';
import type { Translate } from '../web/texts.js';
import { filtersIn, type UserFilters } from './user-filters.js';
import { UserTable, type TableRow } from './user-table.js';

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
];

@Injectable()
export class UserExport {
  constructor(
    private readonly database: Database,
    private readonly table: UserTable,
  ) {}

  /** Records that somebody takes the list away, with how many users it holds, and returns the file in pieces. */
  async lines(query: UserFilters, person: SignedIn, t: Translate): Promise<AsyncGenerator<string>> {
    const filters = filtersIn(query);
    const { narrow } = await this.table.select(person, filters);
    const count = await this.table.total(narrow);
    const details = { count, ...filters };
    await this.database.write((manager) => record(manager, person, { action: 'users.exported', details }));
    return file(this.table.pieces(narrow, usersAtOnce), t);
  }
}

async function* file(pieces: AsyncGenerator<TableRow[]>, t: Translate): AsyncGenerator<string> {
  yield csvText([header]);
  for await (const rows of pieces) yield rows.map((row) => csvLine(cells(row, t))).join('');
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
