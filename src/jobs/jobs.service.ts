// Long work that survives its process. A job is a row with a lease; whoever holds the lease works on it, step by step,
// each step in one transaction that also renews the lease. A killed process leaves the rest to the next one.
import { randomUUID } from 'node:crypto';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { Database, breathe, isUnavailable } from '../database/database.js';
import { engine } from '../database/options.js';
import { now } from '../web/clock.js';
import { Job } from './job.entity.js';

/** One kind of long work. */
export interface Worker {
  kind: string;
  /** Does the next part of the job, writing through `step`; returns false when nothing is left. */
  step(job: Job, step: Step): Promise<boolean>;
  /** Ends the job: called once, in the transaction that marks it `finished`, `cancelled` or `failed`. */
  end(manager: EntityManager, job: Job, how: 'finished' | 'cancelled' | 'failed'): Promise<void>;
}

/**
 * Runs one transaction of a job; `work` says how many units it did. Throws, and leaves nothing of the work, when another
 * process took over or somebody cancelled meanwhile.
 */
export type Step = (
  work: (manager: EntityManager) => Promise<number>,
  options?: { alone?: string },
) => Promise<void>;

/** Thrown by a worker's step when trying again would not help: the job ends as failed. */
export class Hopeless extends Error {}

/** A job that this process works on. */
type Held = Job & { owner: string };

class LeaseLost extends Error {}

class Cancelled extends Error {}

const lease = 5_000;
/** Far more than the clocks of two servers differ. */
const longestLease = 60_000;
const atOnce = 3;
const mostAttempts = 5;
const pause = 2_000;

@Injectable()
export class JobsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private readonly workers = new Map<string, Worker>();
  private readonly running = new Map<number, Promise<void>>();
  private timer?: NodeJS.Timeout;
  private stopping = false;
  private looking = false;
  private asked = false;

  constructor(private readonly database: Database) {}

  /** Registers a kind of work; called by the module that knows how. */
  register(worker: Worker): void {
    this.workers.set(worker.kind, worker);
  }

  async onApplicationBootstrap(): Promise<void> {
    // One server owns the SQLite file: whatever was running belonged to a process that is gone.
    if (engine() === 'sqlite') {
      await this.database.write((manager) => manager.update(Job, { state: 'running' }, { leaseUntil: 0 }));
    }
    this.timer = setInterval(() => void this.look(), 1_000);
    void this.look();
  }

  /** Lets a running step end, starts no further one. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    await Promise.all(this.running.values());
  }

  /** Queues a job within the transaction of the request; false when this subject has its job already. */
  async queue(manager: EntityManager, kind: string, subjectId: number, total: number): Promise<boolean> {
    if (await manager.existsBy(Job, { kind, subjectId })) return false;
    await manager.insert(Job, { kind, subjectId, state: 'queued', total, createdAt: now() });
    return true;
  }

  /** Looks for work at once instead of at the next tick; call it after the transaction that queued the job. */
  wake(): void {
    // The request that queued it is answered first.
    this.database.apart(() => setImmediate(() => void this.look()));
  }

  /** The job of a subject, if it was ever queued. */
  async find(kind: string, subjectId: number): Promise<Job | null> {
    return this.database.read.findOneBy(Job, { kind, subjectId });
  }

  /** Asks a running or queued job to stop after its present step; false when it has ended, or was asked before. */
  async cancel(manager: EntityManager, kind: string, subjectId: number): Promise<boolean> {
    const unfinished = { kind, subjectId, state: In(['queued', 'running']), cancelAsked: false };
    const { affected } = await manager.update(Job, unfinished, { cancelAsked: true });
    return affected === 1;
  }

  // Several jobs run side by side, so that a long one does not keep the short ones waiting.
  private async look(): Promise<void> {
    this.asked = true;
    if (this.looking) return;
    this.looking = true;
    try {
      while (this.asked) {
        this.asked = false;
        for (let job = await this.claim(); job; job = await this.claim()) this.start(job);
      }
    } catch (error) {
      this.logger.error(error);
    } finally {
      this.looking = false;
    }
  }

  private start(job: Held): void {
    const work = this.work(job)
      .catch((error: unknown) => this.logger.error(error))
      .finally(() => {
        this.running.delete(job.id);
        void this.look();
      });
    this.running.set(job.id, work);
  }

  // A lease that ends later than any can was made before the clock was set back: it counts no more. What this process is
  // working on is no other's, however late its renewal comes.
  private async claim(): Promise<Held | undefined> {
    if (this.stopping || this.running.size >= atOnce) return undefined;
    const [ended, impossible] = [now(), now() + longestLease];
    const lapsed = "job.state = 'running' AND (job.leaseUntil < :ended OR job.leaseUntil > :impossible)";
    const due = await this.database.read
      .createQueryBuilder(Job, 'job')
      .where(`(job.state = 'queued' OR (${lapsed}))`, { ended, impossible })
      .andWhere('job.id NOT IN (:...running)', { running: [0, ...this.running.keys()] })
      .orderBy('job.id')
      .getOne();
    if (!due) return undefined;
    const mine = {
      state: 'running' as const,
      // Of this claim alone: whoever worked on the job before writes nothing more, this very process included.
      owner: randomUUID(),
      leaseUntil: now() + lease,
      startedAt: due.startedAt ?? now(),
    };
    const claimed = await this.database.write((manager) =>
      manager
        .createQueryBuilder()
        .update(Job)
        .set(mine)
        .where('id = :id AND state = :state AND lease_until = :lease', {
          id: due.id,
          state: due.state,
          lease: due.leaseUntil,
        })
        .execute(),
    );
    return claimed.affected === 1 ? { ...due, ...mine } : undefined;
  }

  private async work(job: Held): Promise<void> {
    const worker = this.workers.get(job.kind);
    if (!worker) return;
    const renewal = setInterval(() => void this.renew(job), lease / 5);
    try {
      if (job.cancelAsked) return await this.end(worker, job, 'cancelled');
      let more = true;
      while (more && !this.stopping) {
        more = await worker.step(job, (work, options) => this.step(job, work, options));
        await breathe();
      }
      if (!more) await this.end(worker, job, 'finished');
      else await this.release(job);
    } catch (error) {
      if (error instanceof LeaseLost) return;
      if (error instanceof Cancelled) return await this.end(worker, job, 'cancelled');
      this.logger.error(error);
      await this.tryLater(worker, job, error);
    } finally {
      clearInterval(renewal);
    }
  }

  private async step(
    job: Held,
    work: (manager: EntityManager) => Promise<number>,
    options?: { alone?: string },
  ): Promise<void> {
    await this.database.write(async (manager) => {
      const done = await work(manager);
      const mine = { id: job.id, owner: job.owner, state: 'running' as const };
      const kept = await manager.update(
        Job,
        { ...mine, cancelAsked: false },
        { leaseUntil: now() + lease, attempts: 0, done: () => `done + ${Number(done)}` },
      );
      if (kept.affected !== 1) throw (await manager.existsBy(Job, mine)) ? new Cancelled() : new LeaseLost();
    }, options);
  }

  private async end(worker: Worker, job: Held, how: 'finished' | 'cancelled' | 'failed'): Promise<void> {
    await this.database.write(async (manager) => {
      await this.keep(manager, job, { state: how, finishedAt: now(), leaseUntil: 0 });
      await worker.end(manager, job, how);
    });
  }

  // What failed may work in a moment; after some tries in a row the job has failed. A database that is away or has no room
  // left is waited for: nothing is wrong with the job.
  private async tryLater(worker: Worker, job: Held, error: unknown): Promise<void> {
    const { attempts } = await this.database.read.findOneByOrFail(Job, { id: job.id });
    const failures = isUnavailable(error) ? attempts : attempts + 1;
    if (error instanceof Hopeless || failures > mostAttempts) return this.end(worker, job, 'failed');
    await this.database.write((manager) =>
      this.keep(manager, job, { attempts: failures, leaseUntil: now() + pause }),
    );
  }

  private async release(job: Held): Promise<void> {
    await this.database.write((manager) => this.keep(manager, job, { leaseUntil: 0 }));
  }

  private async renew(job: Held): Promise<void> {
    try {
      await this.database.write((manager) =>
        manager.update(
          Job,
          { id: job.id, owner: job.owner, state: 'running' },
          { leaseUntil: now() + lease },
        ),
      );
    } catch (error) {
      this.logger.warn(error);
    }
  }

  // Whoever lost the lease in the meantime changes nothing.
  private async keep(
    manager: EntityManager,
    job: Held,
    change: Parameters<EntityManager['update']>[2],
  ): Promise<void> {
    const kept = await manager.update(Job, { id: job.id, owner: job.owner, state: 'running' }, change);
    if (kept.affected !== 1) throw new LeaseLost();
  }
}
