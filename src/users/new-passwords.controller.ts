// The passwords that a mass action made. Only by POST, only to who started it, only while they are kept.
import { Controller, ForbiddenException, GoneException, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { csvText } from '../web/csv.js';
import { publicUrl } from '../web/environment.js';
import { IdPipe } from '../web/id.pipe.js';
import { workbook } from '../web/workbook.js';
import { MassActionSecrets, isOpen, type NewPassword } from './mass-actions-secrets.js';
import { MassActions } from './mass-actions.service.js';

@Controller('mass-actions/:id')
@Allow('users.reset', 'users.import', 'imports.all')
export class NewPasswordsController {
  constructor(
    private readonly actions: MassActions,
    private readonly secrets: MassActionSecrets,
  ) {}

  @Post('passwords.csv')
  @HttpCode(200)
  async csv(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const rows = await this.open(id, 'csv', person, response);
    response
      .attachment('rollcall-passwords.csv')
      .type('text/csv')
      .send(csvText(table(rows)));
  }

  @Post('passwords.xlsx')
  @HttpCode(200)
  async xlsx(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const rows = await this.open(id, 'xlsx', person, response);
    const bytes = await workbook({ name: 'Users', rows: table(rows) });
    response.attachment('rollcall-passwords.xlsx').send(bytes);
  }

  /** Slips to print and cut: one for each person. */
  @Post('passwords.html')
  @HttpCode(200)
  async slips(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const handouts = await this.open(id, 'slips', person, response);
    response.render('handout/slips', { layout: false, handouts, signInAddress: signInAddress() });
  }

  @Post('continue')
  async continue(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    const run = await this.actions.find(id, person);
    if (run.finishedAt !== null) await this.secrets.wipe(run, person);
    response.redirect(303, '/users');
  }

  // A download that breaks off does not count: it can be repeated.
  private async open(
    id: number,
    format: string,
    person: SignedIn,
    response: Response,
  ): Promise<NewPassword[]> {
    const run = await this.actions.find(id, person);
    if (!(await this.secrets.mayOpen(run, person))) throw new ForbiddenException();
    if (!isOpen(run)) throw new GoneException('The new passwords are no longer kept. Reset them once more.');
    await response.req.prove();
    const rows = await this.secrets.passwords(run);
    response.once('finish', () => void this.secrets.noteDownload(run, format, rows.length, person));
    return rows;
  }
}

const header = [
  ...['ID', 'Username', 'Email', 'First Name', 'Last Name', 'Virtual Extension'],
  ...['Temporary Password', 'Expires', 'Sign-in Address'],
];

function table(rows: NewPassword[]): string[][] {
  const lines = rows.map(({ password, expiresAt, ...user }) => [
    ...[String(user.id), user.username, user.email, user.firstName, user.lastName, String(user.extension)],
    ...[password, new Date(expiresAt).toISOString(), signInAddress()],
  ]);
  return [header, ...lines];
}

function signInAddress(): string {
  return `${publicUrl()}/sign-in`;
}
