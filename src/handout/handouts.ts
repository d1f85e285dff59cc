// Temporary passwords that wait, sealed, to be handed out (window.ts says how long): downloads are noted, and once a
// minute those are wiped whose time is over, also when nobody looks.
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
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
  /** The field that numbers the rows of one owner. */
  key: string;
}

/** One of a kind, as the audit log names it. */
export interface Owner {
  id: number;
  name: string;
}

const wipedAtOnce = 2000;

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

  /**
   * The passwords go, for ever; the users stay. Does nothing the second time. Those of many users go in portions: until the
   * last one is gone, the whole counts as not wiped, so that a killed process leaves none behind.
   */
  async wipe(kind: HandoutKind, { id, name }: Owner, actor: Actor): Promise<void> {
    for (
      let last = await this.lastOfPortion(kind, id);
      last !== null;
      last = await this.lastOfPortion(kind, id)
    )
      await this.database.write((manager) => wipeUpTo(manager, kind, id, last));
    await this.database.write(async (manager) => {
      const { affected } = await manager
        .createQueryBuilder()
        .update(kind.table)
        .set({ secretsWipedAt: now() })
        .where('id = :id AND secretsWipedAt IS NULL', { id })
        .execute();
      if (affected !== 1) return;
      await wipeUpTo(manager, kind, id);
      const subject = { kind: kind.subject, id, name };
      await record(manager, actor, { action: `${kind.subject}.passwords_wiped`, subject });
    });
  }

  // Null when those that are left are no more than one portion.
  private async lastOfPortion(
    { rows, owner, key, secrets }: HandoutKind,
    id: number,
  ): Promise<number | null> {
    const last = await this.database.read
      .createQueryBuilder()
      .select(`row.${key}`, 'last')
      .from(rows, 'row')
      .where(`row.${owner} = :id AND (${present(secrets, 'row.')})`, { id })
      .orderBy(`row.${key}`)
      .offset(wipedAtOnce - 1)
      .limit(1)
      .getRawOne<{ last: number }>();
    return last?.last ?? null;
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

function present(secrets: string[], prefix = ''): string {
  return secrets.map((secret) => `${prefix}${secret} IS NOT NULL`).join(' OR ');
}

async function wipeUpTo(
  manager: EntityManager,
  { rows, secrets, owner, key }: HandoutKind,
  id: number,
  last?: number,
): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(rows)
    .set(Object.fromEntries(secrets.map((secret) => [secret, null])))
    .where(`${owner} = :id AND (${present(secrets)})`, { id })
    .andWhere(last === undefined ? '1 = 1' : `${key} <= :last`, { last })
    .execute();
}
