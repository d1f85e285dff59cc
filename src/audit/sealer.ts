// Lays the hash chain behind the writers, so that they never queue for it. A place in the chain is given when an entry is
// sealed: one that commits late, or a gap in the IDs, breaks nothing.
import { randomUUID } from 'node:crypto';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { breathe, Database } from '../database/database.js';
import { minute, now } from '../web/clock.js';
import { AuditChain } from './audit-chain.entity.js';
import { AuditEntry } from './audit-entry.entity.js';
import { link, type Link } from './chain.js';
import { AuditRetention } from './retention.js';

const interval = 1_000;
const lease = 2_000;
/** So few that on SQLite, whose driver is synchronous, no request waits for them longer than some milliseconds. */
const sealedAtOnce = 250;

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
    while (more && !this.stopping) {
      more = await this.seal();
      await breathe();
    }
    if (!this.stopping) await this.retention.removeWhenDue();
  }

  /** Seals what waits, up to 250 entries; true when more may wait. */
  private async seal(): Promise<boolean> {
    const { read } = this.database;
    // Before the entries: whoever seals some of them in between moves the end, and this round comes to nothing.
    const end = await read.findOneByOrFail(AuditChain, { id: 1 });
    // A lease that ends later than any can was made before the clock was set back.
    const isLeased = end.leaseUntil > now() && end.leaseUntil < now() + minute;
    if (end.owner !== this.owner && isLeased) return false;
    const waiting = await read.find(AuditEntry, {
      where: { chainPosition: IsNull() },
      order: { id: 'ASC' },
      take: sealedAtOnce,
    });
    if (waiting.length === 0) return false;
    await this.lay(end, link(end, waiting));
    return waiting.length === sealedAtOnce;
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

// Numbers and hexadecimal digits of our own making only, so they can stand in the statement.
async function store(manager: EntityManager, links: Link[]): Promise<void> {
  const rows = links.map(({ id, position, hash }) => `(${id}, ${position}, '${hash}')`);
  await manager.query(
    `UPDATE audit_entries SET chain_position = link.column2, hash = link.column3
     FROM (VALUES ${rows.join(', ')}) AS link WHERE audit_entries.id = link.column1`,
  );
}
