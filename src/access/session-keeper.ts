// Ends sessions that nobody asks for any more, and those beyond a limit that was lowered, once a minute. The guard refuses
// them at their next request in any case; this keeps the lists of live sessions true.
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { IsNull } from 'typeorm';
import { Database } from '../database/database.js';
import { Session } from '../sessions/session.entity.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SettingsService } from '../settings/settings.service.js';
import { rolesOf } from '../users/met-user.js';
import { User } from '../users/user.entity.js';
import { minute } from '../web/clock.js';
import { sessionLimits } from './session-limits.js';

@Injectable()
export class SessionKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('SessionKeeper');
  private timer?: NodeJS.Timeout;
  private round = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsService,
    private readonly settings: SettingsService,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.round = this.round.then(() => this.tidy()).catch((error: unknown) => this.logger.error(error));
    }, minute);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.round;
  }

  private async tidy(): Promise<void> {
    await this.sessions.sweep();
    const tenant = await this.settings.current();
    for (const userId of await this.usersWithSeveral()) {
      await this.database.write(async (manager) => {
        const user = await manager.findOneBy(User, { id: userId });
        if (!user) return;
        const { most } = sessionLimits(user, await rolesOf(manager, userId), tenant);
        if (most > 0) await this.sessions.endSurplus(manager, userId, most);
      });
    }
  }

  private async usersWithSeveral(): Promise<number[]> {
    const rows: { userId: number }[] = await this.database.read
      .createQueryBuilder(Session, 'session')
      .select('session.userId', 'userId')
      .where({ endedAt: IsNull() })
      .groupBy('session.userId')
      .having('COUNT(*) > 1')
      .getRawMany();
    return rows.map(({ userId }) => userId);
  }
}
