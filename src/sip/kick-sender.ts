// Sends what waits in the outbox of kicks, again and again until the SIP server did it or the registration has expired; and
// takes softphones down whose sign-in session is over.
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { In, LessThanOrEqual } from 'typeorm';
import { Database } from '../database/database.js';
import { Session } from '../sessions/session.entity.js';
import { minute, now } from '../web/clock.js';
import { environment } from '../web/environment.js';
import { kick, sweepKicks } from './kicks.js';
import { SipKick } from './sip-kick.entity.js';
import { forgetPhones, forgetSoftphone, NoSipServer } from './sip-server.js';
import { SoftphoneSession } from './softphone-session.entity.js';

const atOnce = 50;
const lease = minute;
/** Milliseconds after the first, second, … failure; then the last one. */
const pauses = [1_000, 2_000, 5_000, 15_000];

@Injectable()
export class KickSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('SIP');
  private timer?: NodeJS.Timeout;
  private looking?: Promise<void>;
  private silent = false;

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    if (environment().sip.configured) this.timer = setInterval(() => void this.look(), 1_000);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** Sends at once what is due, instead of at the next tick; call it after the transaction. */
  async look(): Promise<void> {
    this.looking ??= this.work()
      .catch((error: unknown) => this.logger.error(error))
      .finally(() => (this.looking = undefined));
    await this.looking;
  }

  private async work(): Promise<void> {
    await this.closeSoftphones();
    const due = await this.database.read.find(SipKick, {
      where: { nextAt: LessThanOrEqual(now()), leaseUntil: LessThanOrEqual(now()) },
      order: { id: 'ASC' },
      take: atOnce,
    });
    if (due.length === 0) return;
    await this.database.write((manager) => sweepKicks(manager));
    if (!environment().sip.rpc) return this.postpone(due);
    // One that fails may have waited for an answer for seconds: the others have their turn at the next tick.
    for (const one of due) if ((await this.claim(one)) && !(await this.send(one))) return;
  }

  private async claim({ id, leaseUntil }: SipKick): Promise<boolean> {
    const claimed = await this.database.write((manager) =>
      manager.update(SipKick, { id, leaseUntil }, { leaseUntil: now() + lease }),
    );
    return claimed.affected === 1;
  }

  // False when the SIP server did not do it.
  private async send(one: SipKick): Promise<boolean> {
    try {
      if (one.softphone) await forgetSoftphone(one.softphone, one.extension, one.realm);
      else await forgetPhones(one.extension, one.realm);
    } catch (error) {
      if (!(error instanceof NoSipServer)) throw error;
      if (!this.silent)
        this.logger.warn(`The SIP server could not be told to forget a phone: ${error.message}`);
      this.silent = true;
      await this.postpone([one]);
      return false;
    }
    this.silent = false;
    await this.database.write((manager) => manager.delete(SipKick, { id: one.id }));
    return true;
  }

  private async postpone(kicks: SipKick[]): Promise<void> {
    await this.database.write(async (manager) => {
      for (const { id, attempts } of kicks) {
        const pause = pauses[Math.min(attempts, pauses.length - 1)];
        const later = { attempts: attempts + 1, nextAt: now() + pause, leaseUntil: 0 };
        await manager.update(SipKick, { id }, later);
      }
    });
  }

  // The directory names them no more from the moment that the session ended; here their contact goes too.
  private async closeSoftphones(): Promise<void> {
    const over = await this.database.read
      .createQueryBuilder(SoftphoneSession, 'phone')
      .leftJoin(Session, 'session', 'session.id = phone.sessionId')
      .where('session.id IS NULL OR session.endedAt IS NOT NULL')
      .take(atOnce)
      .getMany();
    if (over.length === 0) return;
    await this.database.write(async (manager) => {
      await manager.delete(SoftphoneSession, { id: In(over.map(({ id }) => id)) });
      await kick(
        manager,
        over.map(({ extension, username }) => ({ extension, softphone: username })),
      );
    });
  }
}
