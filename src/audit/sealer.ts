// Lays the hash chain behind the writers, so that they never queue for it. A place in the chain is given when an entry is
// sealed: one that commits late, or a gap in the IDs, breaks nothing.
import { randomUUID } from 'node:crypto';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { IsNull, MoreThan, type EntityManager } from 'typeorm';
import { breathe, Database } from '../database/database.js';
import { rowsAsQuery } from '../database/insert-all.js';
import { minute, now } from '../web/clock.js';
import { AuditChain } from './audit-chain.entity.js';
import { AuditEntry } from './audit-entry.entity.js';
import { link, type Link } from './chain.js';
import { AuditRetention } from './retention.js';

const interval = 1_000;
const lease = 2_000;
/** Entries of one transaction: so many that a large import does not wait for the disk twice. */
const sealedAtOnce = 1000;
/** Transactions of one look: entries of a large import follow over the next minute and do not make it twice as long. */
const mostRounds = 2;
/** Of one statement: so few that on SQLite, whose driver is synchronous, no request waits longer than some milliseconds. */
const entriesAtOnce = 250;

@Injectable()
export class AuditSealer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('AuditSealer');
  private readonly owner = randomUUID();
  private timer?: NodeJS.Timeout;
  private round = Promise.resolve();
  private busy = false;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly retention: AuditRetention,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), interval);
    this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    await this.round;
  }

  private look(): void {
    if (this.busy) return;
    this.busy = true;
    this.round = this.work()
      .catch((error: unknown) => this.logger.error(error))
      .finally(() => (this.busy = false));
  }

  private async work(): Promise<void> {
    let more = true;
    for (let round = 0; more && round < mostRounds && !this.stopping; round++) {
      more = await this.seal();
      await breathe();
    }
    if (!this.stopping) await this.retention.removeWhenDue();
  }

  /** Seals what waits, up to a thousand entries; true when more may wait. */
  private async seal(): Promise<boolean> {
    const { read } = this.database;
    // Before the entries: whoever seals some of them in between moves the end, and this round comes to nothing.
    const end = await read.findOneByOrFail(AuditChain, { id: 1 });
    // A lease that ends later than any can was made before the clock was set back.
    const isLeased = end.leaseUntil > now() && end.leaseUntil < now() + minute;
    if (end.owner !== this.owner && isLeased) return false;
    const links: Link[] = [];
    for (let more = true; more && links.length < sealedAtOnce; await breathe()) {
      const waiting = await read.find(AuditEntry, {
        where: { chainPosition: IsNull(), id: MoreThan(links.at(-1)?.id ?? 0) },
        order: { id: 'ASC' },
        take: entriesAtOnce,
      });
      links.push(...link(links.at(-1) ?? end, waiting));
      more = waiting.length === entriesAtOnce;
    }
    if (links.length === 0) return false;
    await this.lay(end, links);
    return links.length === sealedAtOnce;
  }

  // The lease spares several processes the same work; that the end has not moved since is what keeps the chain one chain.
  private async lay(end: AuditChain, links: Link[]): Promise<void> {
    const { position, hash } = links.at(-1)!;
    await this.database.write(async (manager) => {
      const { affected } = await manager.update(
        AuditChain,
        { id: 1, position: end.position, hash: end.hash },
        { position, hash, owner: this.owner, leaseUntil: now() + lease },
      );
      if (affected === 1) await store(manager, links);
    });
  }
}

async function store(manager: EntityManager, links: Link[]): Promise<void> {
  for (let from = 0; from < links.length; from += entriesAtOnce) {
    if (from > 0) await breathe();
    const some = links.slice(from, from + entriesAtOnce);
    const { query, values } = rowsAsQuery(
      ['integer', 'integer', 'text'],
      some.map(({ id, position, hash }) => [id, position, hash]),
    );
    await manager.query(
      `WITH link (id, chain_position, hash) AS (${query})
       UPDATE audit_entries SET chain_position = link.chain_position, hash = link.hash
       FROM link WHERE audit_entries.id = link.id`,
      values,
    );
  }
}
