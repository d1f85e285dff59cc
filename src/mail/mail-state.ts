// Whether mail works, as the settings page says it.
import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import { Database } from '../database/database.js';
import { day, now } from '../web/clock.js';
import { environment } from '../web/environment.js';
import { Mail } from './mail.entity.js';
import { mailFolder, mailIsSetUp, mailRoute, senderAddress } from './route.js';

@Injectable()
export class MailStates {
  constructor(private readonly database: Database) {}

  /** As views/mail/_state.hbs shows it. */
  async now() {
    const { read } = this.database;
    const { smtp } = environment();
    const since = { createdAt: MoreThan(now() - 7 * day) };
    const [last] = await read.find(Mail, { where: { state: 'sent' }, order: { id: 'DESC' }, take: 1 });
    const [failed] = await read.find(Mail, {
      where: { state: 'failed', ...since },
      order: { id: 'DESC' },
      take: 1,
    });
    const [stuck] = await read.find(Mail, {
      where: { state: 'waiting', attempts: MoreThan(0) },
      order: { id: 'DESC' },
      take: 1,
    });
    return {
      route: mailRoute(),
      setUp: mailIsSetUp(),
      server: smtp && `${smtp.host}:${smtp.port}`,
      folder: mailFolder(),
      sender: senderAddress(),
      lastSentAt: last?.doneAt,
      waiting: await read.countBy(Mail, { state: 'waiting' }),
      failures: await read.countBy(Mail, { state: 'failed', ...since }),
      error: stuck?.error ?? failed?.error,
    };
  }
}
