// Temporary passwords that wait, sealed, to be handed out (window.ts says how long): downloads are noted, and once a
// minute those are wiped whose time is over, also when nobody looks.
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { record, theSystem, type Actor } from '../audit/record.js';
import { Database } from '../database/database.js';
import { minute, now } from '../web/clock.js';
import { wipedAt } from './window.js';

/** Something whose rows keep sealed passwords. The rooms of these lie above this one: their tables are asked by name. */
export interface HandoutKind {
  /** As the audit log calls it; its actions begin with it. */
  subject: string;
  /** The table with the times of `HandoutTimes`, and its column of the name. */
  table: string;
  name: string;
  /** The table with the sealed texts, these themselves, and its field of the owner's ID. */
  rows: string;
  secrets: string[];
  owner: string;
}

/** One of a kind, as the audit log names it. */
export interface Owner {
  id: number;
  name: string;
}

@Injectable()
export class Handouts implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Handouts');
  private readonly kinds: HandoutKind[] = [];
  private timer?: NodeJS.Timeout;

  constructor(private readonly database: Database) {}

  /** Registers a kind; called by the module that makes such passwords. */
  register(kind: HandoutKind): void {
    this.kinds.push(kind);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.wipeOverdue(), minute);
    void this.wipeOverdue();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Notes a complete download; the first one opens the window of 15 minutes. The answer is out: a failure is logged only. */
  async noteDownload(
    kind: HandoutKind,
    { id, name }: Owner,
    details: { count: number; format: string },
    actor: Actor,
  ): Promise<void> {
    const subject = { kind: kind.subject, id, name };
    try {
      await this.database.write(async (manager) => {
        await manager
          .createQueryBuilder()
          .update(kind.table)
          .set({ downloadedAt: now() })
          .where('id = :id AND downloadedAt IS NULL', { id })
          .execute();
        await record(manager, actor, { action: `${kind.subject}.passwords_downloaded`, subject, details });
      });
    } catch (error) {
      this.logger.error(error);
    }
  }

  /** The passwords go, for ever; the users stay. Does nothing the second time. */
  async wipe(kind: HandoutKind, { id, name }: Owner, actor: Actor): Promise<void> {
    await this.database.write(async (manager) => {
      const { affected } = await manager
        .createQueryBuilder()
        .update(kind.table)
        .set({ secretsWipedAt: now() })
        .where('id = :id AND secretsWipedAt IS NULL', { id })
        .execute();
      if (affected !== 1) return;
      await manager
        .createQueryBuilder()
        .update(kind.rows)
        .set(Object.fromEntries(kind.secrets.map((secret) => [secret, null])))
        .where(`${kind.owner} = :id`, { id })
        .andWhere(`(${kind.secrets.map((secret) => `${secret} IS NOT NULL`).join(' OR ')})`)
        .execute();
      const subject = { kind: kind.subject, id, name };
      await record(manager, actor, { action: `${kind.subject}.passwords_wiped`, subject });
    });
  }

  private async wipeOverdue(): Promise<void> {
    try {
      for (const kind of this.kinds)
        for (const handout of await this.overdue(kind)) await this.wipe(kind, handout, theSystem);
    } catch (error) {
      this.logger.warn(error);
    }
  }

  private async overdue({ table, name }: HandoutKind): Promise<Owner[]> {
    const kept = await this.database.read
      .createQueryBuilder()
      .select(['owner.id AS id', `owner.${name} AS name`])
      .addSelect(['owner.finished_at AS "finishedAt"', 'owner.downloaded_at AS "downloadedAt"'])
      .from(table, 'owner')
      .where('owner.finished_at IS NOT NULL AND owner.secrets_wiped_at IS NULL')
      .getRawMany<Owner & { finishedAt: number | string; downloadedAt: number | string | null }>();
    return kept.filter(({ finishedAt, downloadedAt }) => {
      const times = {
        finishedAt: Number(finishedAt),
        downloadedAt: downloadedAt === null ? null : Number(downloadedAt),
        secretsWipedAt: null,
      };
      return wipedAt(times) <= now();
    });
  }
}
