// What can be done about the users of an import afterwards: taken back for a day, or given new temporary passwords.
import { ForbiddenException, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { inviteAgain, reissuePasswords, undoImport, type ImportAction } from '../users/import-actions.js';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { flash, readerOf } from '../web/answers.js';
import { IdPipe } from '../web/id.pipe.js';
import { ImportLife } from './import-life.js';
import { ImportsService } from './imports.service.js';

@Controller('imports/:id')
@Allow('users.import', 'imports.all')
export class ImportLifeController {
  constructor(
    private readonly imports: ImportsService,
    private readonly life: ImportLife,
  ) {}

  @Get('undo')
  async askUndo(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    await this.ask(undoImport, id, person, response);
  }

  @Post('undo')
  async undo(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    await this.start(undoImport, id, person, request, response);
  }

  @Get('reissue')
  async askReissue(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    await this.ask(reissuePasswords, id, person, response);
  }

  @Post('reissue')
  async reissue(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    await this.start(reissuePasswords, id, person, request, response);
  }

  @Get('invite')
  async askInvite(@Param('id', IdPipe) id: number, @Signed() person: SignedIn, @Res() response: Response) {
    await this.ask(inviteAgain, id, person, response);
  }

  @Post('invite')
  async invite(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    await this.start(inviteAgain, id, person, request, response);
  }

  private async ask(action: ImportAction, id: number, person: SignedIn, response: Response) {
    const found = await this.imports.find(id, person);
    if (!this.life.may(action, found, person)) throw notNow(action);
    response.render('import/question', {
      title: '{{action}}?',
      titleValues: { action: readerOf(response)(action.label) },
      found,
      action,
      path: paths[action.value],
      ...(await this.life.outlook(action, found, person)),
    });
  }

  private async start(
    action: ImportAction,
    id: number,
    person: SignedIn,
    request: Request,
    response: Response,
  ) {
    const found = await this.imports.find(id, person);
    if (!this.life.may(action, found, person)) throw notNow(action);
    const run = await this.life.start(action, found, person);
    if (run !== undefined) return response.redirect(303, `/mass-actions/${run}`);
    flash(request, 'info', 'Nobody of this import is left for that. Nothing was changed.');
    return response.redirect(303, `/imports/${id}`);
  }
}

const paths = {
  [undoImport.value]: 'undo',
  [reissuePasswords.value]: 'reissue',
  [inviteAgain.value]: 'invite',
};

function notNow({ value }: ImportAction): ForbiddenException {
  return new ForbiddenException(
    value === undoImport.value
      ? 'An import can be undone within 24 hours after its end, by the person who imported the file or by an administrator who may delete users.'
      : 'New passwords and invitations for the users of an import are for the person who imported the file, once it has ended, or for an administrator who may reset passwords. Invitations need mail.',
  );
}
