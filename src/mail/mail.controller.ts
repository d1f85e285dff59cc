import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { flash } from '../web/answers.js';
import { post } from './outbox.js';
import { MailSender } from './sender.js';

@Controller('settings/mail')
@Allow('settings.manage')
export class MailController {
  constructor(
    private readonly database: Database,
    private readonly sender: MailSender,
  ) {}

  /** Sends a mail to whoever asks, and says what became of it. */
  @Post()
  async test(@Signed() person: SignedIn, @Req() request: Request, @Res() response: Response) {
    const id = await this.database.write(async (manager) => {
      const { email: address, name, language } = person;
      const mail = await post(manager, 'test', { userId: person.id, address, name, language });
      if (mail !== undefined) await record(manager, person, { action: 'mail.tested' });
      return mail;
    });
    const mail = id === undefined ? undefined : await this.sender.deliver(id, 10_000);
    if (!mail) flash(request, 'warning', 'Mail is not set up.');
    else if (mail.state === 'sent')
      flash(request, 'success', 'The test mail was handed over for {{address}}.', {
        address: mail.recipient,
      });
    else if (mail.error)
      flash(request, 'danger', 'The test mail was not sent: {{reason}}', { reason: mail.error });
    else flash(request, 'warning', 'The mail server has not answered yet. Look here again in a minute.');
    response.redirect(303, '/settings');
  }
}
