import { Controller, ForbiddenException, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { Database } from '../database/database.js';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { readerOf, rendered } from '../web/answers.js';
import { UserExport } from './user-export.js';
import { UserFilters, UsersQuery } from './user-filters.js';
import { UsersPage } from './users-page.js';

@Controller('users')
export class UsersController {
  constructor(
    private readonly database: Database,
    private readonly pages: UsersPage,
    private readonly exporting: UserExport,
  ) {}

  @Get()
  @Allow('users.view', 'users.create', 'users.import')
  async list(@Query() query: UsersQuery, @Signed() person: SignedIn, @Res() response: Response) {
    const page = { title: 'Users', ownHeading: true };
    if (!person.permissions.has('users.view')) return response.render('users/list', page);
    const { language, timezone } = person;
    const name = `users page of ${person.id} in ${language}, ${timezone}: ${JSON.stringify(query)}`;
    const body = await this.database.remember(name, async () => {
      const table = await this.pages.table(query, person, readerOf(response));
      const around = await this.pages.around(query, person, readerOf(response));
      return rendered(response, 'users/list', { ...page, table, ...around });
    });
    return response.render('layouts/main', { ...page, layout: false, body });
  }

  /** The table alone, as the search asks for it while somebody types. */
  @Get('table')
  @Allow('users.view')
  async fragment(@Query() query: UsersQuery, @Signed() person: SignedIn, @Res() response: Response) {
    const table = await this.pages.table(query, person, readerOf(response));
    response.set('HX-Replace-Url', table.address);
    response.render('users/_searched', { layout: false, table });
  }

  @Post('export.csv')
  @HttpCode(200)
  @Allow('users.export')
  async export(@Query() filters: UserFilters, @Signed() person: SignedIn, @Res() response: Response) {
    if (!person.permissions.has('users.view')) throw new ForbiddenException();
    const lines = await this.exporting.lines(filters, person, readerOf(response));
    response.attachment('rollcall-users.csv').type('text/csv');
    return pipeline(lines, response).catch(unlessGone);
  }
}

// Whoever closes the connection in the middle of a file has had enough of it.
function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}
