// What can be done about the users of an import afterwards: taken back for a day, or given new temporary passwords.
import { ForbiddenException, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { inviteAgain, reissuePasswords, undoImport, type ImportAction } from '../users/import-actions.js';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { flash, readerOf } from '../web/answers.js';
import { IdPipe } from '../web/id.pipe.js';
import { lastWord } from '../web/routes.js';
import { ImportLife } from './import-life.js';
import { ImportsService } from './imports.service.js';

@Controller('imports/:id')
@Allow('users.import', 'imports.all')
export class ImportLifeController {
  constructor(
    private readonly imports: ImportsService,
    private readonly life: ImportLife,
  ) {}

  @Get(['undo', 'reissue', 'invite'])
  async ask(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const { word, action, found } = await this.asked(request, id, person);
    response.render('import/question', {
      title: '{{action}}?',
      titleValues: { action: readerOf(response)(action.label) },
      found,
      action,
      word,
      ...(await this.life.outlook(action, found, person)),
    });
  }

  @Post(['undo', 'reissue', 'invite'])
  async start(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const { action, found } = await this.asked(request, id, person);
    const run = await this.life.start(action, found, person);
    if (run !== undefined) return response.redirect(303, `/mass-actions/${run}`);
    flash(request, 'info', 'Nobody of this import is left for that. Nothing was changed.');
    return response.redirect(303, `/imports/${id}`);
  }

  // What the last word of the address asks for. Throws unless this person may do that to this import now.
  private async asked(request: Request, id: number, person: SignedIn) {
    const word = lastWord(request) as keyof typeof actions;
    const action = actions[word];
    const found = await this.imports.find(id, person);
    if (!this.life.may(action, found, person)) throw notNow(action);
    return { word, action, found };
  }
}

const actions = { undo: undoImport, reissue: reissuePasswords, invite: inviteAgain };

function notNow({ value }: ImportAction): ForbiddenException {
  return new ForbiddenException(
    value === undoImport.value
      ? 'An import can be undone within 24 hours after its end, by the person who imported the file or by an administrator who may delete users.'
      : 'New passwords and invitations for the users of an import are for the person who imported the file, once it has ended, or for an administrator who may reset passwords. Invitations need mail.',
  );
}
