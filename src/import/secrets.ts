// The temporary passwords of an import: sealed on its rows until Continue, until 15 minutes after the first complete
// download, or until 24 hours after its end (PRODUCT.md section 5).
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { record, theSystem, type Actor } from '../audit/record.js';
import { Database } from '../database/database.js';
import { open } from '../database/sealed.js';
import { isKept, wipedAt } from '../handout/window.js';
import { User } from '../users/user.entity.js';
import { minute, now } from '../web/clock.js';
import { Import, ImportRow, aboutImport } from './import.entity.js';

/** One line of the success details. */
export interface Handout {
  row: number;
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

/** Where the secret of a row belongs: moved to another row it does not open. */
export function secretPlace(importId: number, row: number, userId: number): string {
  return `import ${importId} row ${row} user ${userId}`;
}

/** True while the success details can be downloaded. */
export function isOpen(ended: Import): boolean {
  return ended.created > 0 && isKept(ended);
}

@Injectable()
export class ImportSecrets implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('ImportSecrets');
  private timer?: NodeJS.Timeout;

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.wipeOverdue(), minute);
    void this.wipeOverdue();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Opens the passwords of an import, in the order of the file. Only for its author. */
  async handouts(ended: Import): Promise<Handout[]> {
    const rows: (Omit<Handout, 'password'> & { secret: string })[] = await this.database.read
      .createQueryBuilder(ImportRow, 'row')
      .innerJoin(User, 'user', 'user.id = row.userId')
      .select(['row.number AS row', 'row.secret AS secret', 'user.id AS id', 'user.username AS username'])
      .addSelect(['user.email AS email', 'user.firstName AS "firstName"', 'user.lastName AS "lastName"'])
      .addSelect(['user.extension AS extension', 'user.passwordExpiresAt AS "expiresAt"'])
      .where('row.importId = :id AND row.secret IS NOT NULL', { id: ended.id })
      .orderBy('row.number')
      .getRawMany();
    return rows.map(({ secret, ...row }) => ({
      ...row,
      password: open(secret, secretPlace(ended.id, row.row, row.id)),
    }));
  }

  /** Notes a complete download; the first one opens the window of 15 minutes. The answer is out: a failure is logged only. */
  async noteDownload(ended: Import, format: string, count: number, actor: Actor): Promise<void> {
    const event = {
      action: 'import.passwords_downloaded',
      subject: aboutImport(ended),
      details: { format, count },
    } as const;
    try {
      await this.database.write(async (manager) => {
        await manager.update(Import, { id: ended.id, downloadedAt: IsNull() }, { downloadedAt: now() });
        await record(manager, actor, event);
      });
    } catch (error) {
      this.logger.error(error);
    }
  }

  /** Continue: the passwords go, the users stay. */
  async finish(ended: Import, actor: Actor): Promise<void> {
    await this.database.write((manager) =>
      manager.update(Import, { id: ended.id, continuedAt: IsNull() }, { continuedAt: now() }),
    );
    await this.wipe(ended, actor);
  }

  private async wipeOverdue(): Promise<void> {
    try {
      const kept = await this.database.read.findBy(Import, {
        finishedAt: Not(IsNull()),
        secretsWipedAt: IsNull(),
      });
      for (const ended of kept.filter((one) => wipedAt(one) <= now())) await this.wipe(ended, theSystem);
    } catch (error) {
      this.logger.warn(error);
    }
  }

  private async wipe(ended: Import, actor: Actor): Promise<void> {
    await this.database.write(async (manager) => {
      const { affected } = await manager.update(
        Import,
        { id: ended.id, secretsWipedAt: IsNull() },
        { secretsWipedAt: now() },
      );
      if (affected !== 1) return;
      await manager.update(ImportRow, { importId: ended.id, secret: Not(IsNull()) }, { secret: null });
      await record(manager, actor, { action: 'import.passwords_wiped', subject: aboutImport(ended) });
    });
  }
}
