// Sends what waits in the outbox. Not a job of src/jobs: a slow mail server must not take the places of imports
// (SECURITY.md R-19). A mail that was claimed by a process that died is claimed again when its lease is over.
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { In, LessThan } from 'typeorm';
import { record, theSystem } from '../audit/record.js';
import { Database } from '../database/database.js';
import { day, minute, now } from '../web/clock.js';
import { write } from './letters.js';
import { Mail } from './mail.entity.js';
import { valuesOf } from './outbox.js';
import { mailRoute } from './route.js';
import { NotSent, send } from './transport.js';

const lanes = 5;
const lease = minute;
const mostAttempts = 5;
/** Milliseconds after the first, second, … failure. */
const pauses = [5_000, 30_000, 2 * minute, 10 * minute];
/** How long the outbox remembers what has left. */
const kept = 30 * day;

@Injectable()
export class MailSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Mail');
  private readonly sending = new Set<Promise<void>>();
  private timer?: NodeJS.Timeout;
  private looking = false;
  private stopping = false;
  private sweptAt = 0;

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    if (mailRoute() === 'none') return;
    this.timer = setInterval(() => void this.look(), 1_000);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    await Promise.all(this.sending);
  }

  /**
   * Sends at once what was just posted, and waits a while for the outcome; call it after the transaction.
   * @returns the mail, `waiting` with its error when a try failed, `waiting` without one when it still goes on
   */
  async deliver(id: number, patience = 5_000): Promise<Mail> {
    await this.database.write((manager) =>
      manager.update(Mail, { id, state: 'waiting', leaseUntil: LessThan(now()) }, { nextAt: now() }),
    );
    const before = await this.find(id);
    void this.look();
    for (const begun = performance.now(); ;) {
      const mail = await this.find(id);
      const tried = mail.state !== 'waiting' || mail.attempts > before.attempts;
      if (tried || performance.now() - begun > patience) return mail;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  private async find(id: number): Promise<Mail> {
    return this.database.read.findOneByOrFail(Mail, { id });
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      for (let mail = await this.claim(); mail; mail = await this.claim()) this.start(mail);
      await this.sweep();
    } catch (error) {
      this.logger.error(error);
    } finally {
      this.looking = false;
    }
  }

  private start(mail: Mail): void {
    const work = this.try(mail)
      .catch((error: unknown) => this.logger.error(error))
      .finally(() => {
        this.sending.delete(work);
        void this.look();
      });
    this.sending.add(work);
  }

  private async claim(): Promise<Mail | undefined> {
    if (this.stopping || this.sending.size >= lanes) return undefined;
    const due = await this.database.read
      .createQueryBuilder(Mail, 'mail')
      .where("mail.state = 'waiting' AND mail.nextAt <= :now AND mail.leaseUntil < :now", { now: now() })
      .orderBy('mail.id')
      .getOne();
    if (!due) return undefined;
    const mine = { leaseUntil: now() + lease };
    const claimed = await this.database.write((manager) =>
      manager.update(Mail, { id: due.id, state: 'waiting', leaseUntil: due.leaseUntil }, mine),
    );
    return claimed.affected === 1 ? { ...due, ...mine } : this.claim();
  }

  private async try(mail: Mail): Promise<void> {
    try {
      if (mail.expiresAt !== null && mail.expiresAt <= now())
        throw new NotSent('it could not be sent as long as it was of use', true);
      await send({ ...mail, ...write(mail.kind, valuesOf(mail), mail.language) });
    } catch (error) {
      if (!(error instanceof NotSent)) this.logger.error(error);
      return this.failed(
        mail,
        error instanceof NotSent ? error : new NotSent('it could not be written', true),
      );
    }
    await this.database.write((manager) =>
      manager.update(Mail, { id: mail.id }, { state: 'sent', sealed: null, error: null, doneAt: now() }),
    );
  }

  private async failed(mail: Mail, { message, forGood }: NotSent): Promise<void> {
    const attempts = mail.attempts + 1;
    this.logger.warn(`Mail ${mail.id} was not sent, try ${attempts} of ${mostAttempts}: ${message}`);
    const last = forGood || attempts >= mostAttempts;
    const change = last
      ? { state: 'failed' as const, sealed: null, doneAt: now() }
      : { nextAt: now() + pauses[attempts - 1], leaseUntil: 0 };
    await this.database.write(async (manager) => {
      const { affected } = await manager.update(
        Mail,
        { id: mail.id, state: 'waiting' },
        { ...change, attempts, error: message },
      );
      if (!last || affected !== 1) return;
      const { userId, recipient, kind } = mail;
      const subject = userId === null ? undefined : { kind: 'user', id: userId, name: recipient };
      const details = { letter: kind, reason: message };
      await record(manager, theSystem, { action: 'mail.failed', subject, details });
    });
  }

  private async sweep(): Promise<void> {
    if (now() - this.sweptAt < 60 * minute) return;
    this.sweptAt = now();
    const gone = { state: In(['sent', 'failed', 'withdrawn']), createdAt: LessThan(now() - kept) };
    await this.database.write((manager) => manager.delete(Mail, gone));
  }
}
