// The new passwords of a mass reset, under the rules of an import's: sealed until Continue, until 15 minutes after the first
// complete download, or until 24 hours after the end (PRODUCT.md section 5). Only for its author.
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { record, theSystem, type Actor } from '../audit/record.js';
import { Database } from '../database/database.js';
import { open } from '../database/sealed.js';
import { isKept, wipedAt } from '../handout/window.js';
import { minute, now } from '../web/clock.js';
import { makesPasswords } from './mass-actions.js';
import { MassActionRun, MassActionUser, aboutMassAction } from './mass-actions.entity.js';
import { massSecretPlace } from './mass-actions-runner.js';
import { User } from './user.entity.js';

/** One line of the passwords file. */
export interface NewPassword {
  id: number;
  username: string;
  email: string;
  firstName: string;
  lastName: string;
  extension: number;
  password: string;
  /** Milliseconds since 1970, UTC. */
  expiresAt: number;
}

/** True while the passwords can be downloaded. */
export function isOpen(run: MassActionRun): boolean {
  return makesPasswords(run) && isKept(run);
}

@Injectable()
export class MassActionSecrets implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('MassActionSecrets');
  private timer?: NodeJS.Timeout;

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.wipeOverdue(), minute);
    void this.wipeOverdue();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Opens the passwords of a reset, by user ID. */
  async passwords(run: MassActionRun): Promise<NewPassword[]> {
    const rows: (Omit<NewPassword, 'password'> & { secret: string })[] = await this.database.read
      .createQueryBuilder(MassActionUser, 'row')
      .innerJoin(User, 'user', 'user.id = row.userId')
      .select(['row.secret AS secret', 'user.id AS id', 'user.username AS username', 'user.email AS email'])
      .addSelect(['user.firstName AS "firstName"', 'user.lastName AS "lastName"'])
      .addSelect(['user.extension AS extension', 'user.passwordExpiresAt AS "expiresAt"'])
      .where('row.actionId = :id AND row.secret IS NOT NULL AND user.passwordTemporary = :unused', {
        id: run.id,
        unused: true,
      })
      .orderBy('user.id')
      .getRawMany();
    return rows.map(({ secret, ...row }) => ({
      ...row,
      password: open(secret, massSecretPlace(run.id, row.id)),
    }));
  }

  /** Notes a complete download; the first one opens the window of 15 minutes. */
  async noteDownload(run: MassActionRun, count: number, actor: Actor): Promise<void> {
    await this.database.write(async (manager) => {
      await manager.update(MassActionRun, { id: run.id, downloadedAt: IsNull() }, { downloadedAt: now() });
      await record(manager, actor, {
        action: 'mass_action.passwords_downloaded',
        subject: aboutMassAction(run),
        details: { count },
      });
    });
  }

  /** The passwords go. */
  async wipe(run: MassActionRun, actor: Actor): Promise<void> {
    await this.database.write(async (manager) => {
      const { affected } = await manager.update(
        MassActionRun,
        { id: run.id, secretsWipedAt: IsNull() },
        { secretsWipedAt: now() },
      );
      if (affected !== 1) return;
      await manager.update(MassActionUser, { actionId: run.id, secret: Not(IsNull()) }, { secret: null });
      await record(manager, actor, { action: 'mass_action.passwords_wiped', subject: aboutMassAction(run) });
    });
  }

  private async wipeOverdue(): Promise<void> {
    try {
      const kept = await this.database.read.findBy(MassActionRun, {
        finishedAt: Not(IsNull()),
        secretsWipedAt: IsNull(),
      });
      for (const run of kept.filter((one) => wipedAt(one) <= now())) await this.wipe(run, theSystem);
    } catch (error) {
      this.logger.warn(error);
    }
  }
}
