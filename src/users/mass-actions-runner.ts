// The worker of mass actions: a hundred users in one transaction. A few users go the same way within the request.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { record, theSystem } from '../audit/record.js';
import { Database, breathe } from '../database/database.js';
import { insertAll } from '../database/insert-all.js';
import { seal } from '../database/sealed.js';
import { Group } from '../groups/group.entity.js';
import { hashTemporaryPassword, makeTemporaryPassword } from '../handout/temporary-password.js';
import type { Job } from '../jobs/job.entity.js';
import { Hopeless, JobsService, type Step, type Worker } from '../jobs/jobs.service.js';
import { mayChange } from '../roles/role-rules.js';
import { lastAdministrator } from '../roles/roles.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SettingsService } from '../settings/settings.service.js';
import type { TenantSettings } from '../settings/tenant-settings.js';
import { day, now } from '../web/clock.js';
import { authorOf } from './author.js';
import { actionOf } from './import-actions.js';
import { makesPasswords } from './mass-actions.js';
import { carryOut, type FreshPassword } from './mass-actions-effects.js';
import { MassActionRun, MassActionUser, aboutMassAction } from './mass-actions.entity.js';
import {
  mayStillDo,
  surroundings,
  targetsOf,
  whyLeftOut,
  type Surroundings,
} from './mass-actions-targets.js';
import { User } from './user.entity.js';

export const massJob = 'mass';

/** Every transaction of a mass action is alone with others that take permissions away. */
export const massAlone = { alone: lastAdministrator };

const chunkSize = 100;

/** Where the new password of a user belongs: moved to another row it does not open. */
export function massSecretPlace(actionId: number, userId: number): string {
  return `mass action ${actionId} user ${userId}`;
}

@Injectable()
export class MassActionRunner implements Worker, OnModuleInit {
  readonly kind = massJob;

  constructor(
    private readonly database: Database,
    private readonly jobs: JobsService,
    private readonly settings: SettingsService,
    private readonly sessions: SessionsService,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this);
  }

  /** Does the next hundred users that are still pending. */
  async step(job: Job, step: Step): Promise<boolean> {
    const run = await this.database.read.findOneByOrFail(MassActionRun, { id: job.subjectId });
    const rows = await this.database.read.find(MassActionUser, {
      where: { actionId: run.id, state: 'pending' },
      order: { userId: 'ASC' },
      take: chunkSize,
    });
    if (rows.length === 0) return false;
    const passwords = await this.passwordsFor(
      run,
      rows.map(({ userId }) => userId),
    );
    const tenant = await this.settings.current();
    await step((manager) => this.chunk(manager, run, rows, passwords, tenant), massAlone);
    return true;
  }

  /** Marks what is left as not done, and tells the audit log. */
  async end(
    manager: EntityManager,
    job: Pick<Job, 'subjectId'>,
    how: 'finished' | 'cancelled' | 'failed',
  ): Promise<void> {
    const run = await manager.findOneByOrFail(MassActionRun, { id: job.subjectId });
    await manager.update(
      MassActionUser,
      { actionId: run.id, state: 'pending' },
      { state: 'not_run', reason: notRun },
    );
    const keepsSecrets = makesPasswords(run) && run.done > 0;
    await manager.update(
      MassActionRun,
      { id: run.id },
      { state: how, finishedAt: now(), secretsWipedAt: keepsSecrets ? null : now() },
    );
    const details = { count: run.total, done: run.done, leftOut: run.leftOut };
    await record(manager, theSystem, {
      action: `mass_action.${how}`,
      subject: aboutMassAction(run),
      details,
    });
  }

  /** New passwords for an action that resets them; made outside of any transaction. */
  async passwordsFor(run: { kind: string }, userIds: number[]): Promise<Map<number, FreshPassword>> {
    if (!makesPasswords(run) || userIds.length === 0) return new Map();
    const users = await this.database.read.find(User, {
      select: { id: true, digitsOnly: true },
      where: { id: In(userIds) },
    });
    const made = await Promise.all(
      users.map(async ({ id, digitsOnly }): Promise<[number, FreshPassword]> => {
        const password = makeTemporaryPassword(digitsOnly);
        return [id, { password, hash: await hashTemporaryPassword(password, digitsOnly) }];
      }),
    );
    return new Map(made);
  }

  /** Does a chunk within a transaction; returns how many rows it settled. */
  async chunk(
    manager: EntityManager,
    run: MassActionRun,
    rows: MassActionUser[],
    passwords: ReadonlyMap<number, FreshPassword>,
    tenant: TenantSettings,
  ): Promise<number> {
    const action = actionOf(run);
    const author = await authorOf(manager, run.authorId);
    // Rights are asked again for every chunk: whoever lost them stops here (SECURITY.md AZ-8).
    if (!author || !(await mayStillDo(manager, run, author)))
      throw new Hopeless('its author may not do this any more');
    const around = await surroundings(manager, author);
    await this.checkThing(manager, run, around);
    const targets = await targetsOf(
      manager,
      rows.map(({ userId }) => userId),
      action,
      author,
    );
    const settled = rows.map((row) => {
      const target = targets.get(row.userId);
      const missing = makesPasswords(run) && target && !passwords.has(target.id);
      const reason = whyLeftOut(missing ? undefined : target, action, run.thingId, around);
      return { row, target, reason };
    });
    await breathe();
    const chosen = settled.flatMap(({ target, reason }) => (target && !reason ? target : []));
    const events = await carryOut({
      manager,
      action,
      thingId: run.thingId,
      targets: chosen,
      passwords,
      expiresAt: now() + tenant.temporaryPasswordDays * day,
      sessions: this.sessions,
      by: author.username,
      tenant,
    });
    await record(manager, author, ...events);
    await breathe();
    const outcomes = settled.map(({ row, reason }) => ({
      ...row,
      state: reason ? ('left_out' as const) : ('done' as const),
      reason: reason ?? null,
      secret: reason ? null : sealed(run.id, row.userId, passwords),
    }));
    const changed = ['state', 'reason', 'secret'].map((name) => `${name} = excluded.${name}`).join(', ');
    await insertAll(
      manager,
      MassActionUser,
      outcomes,
      `ON CONFLICT (action_id, user_id) DO UPDATE SET ${changed}`,
    );
    await manager.update(MassActionRun, run.id, {
      state: 'running',
      done: () => `done + ${chosen.length}`,
      leftOut: () => `left_out + ${rows.length - chosen.length}`,
    });
    return rows.length;
  }

  private async checkThing(
    manager: EntityManager,
    run: MassActionRun,
    { author, roles }: Surroundings,
  ): Promise<void> {
    const { thing } = actionOf(run);
    const { thingId } = run;
    if (!thing) return;
    if (thing.kind === 'role') {
      const role = roles.get(thingId!);
      if (!role || !mayChange(author, role))
        throw new Hopeless('the role is gone, or not to be given by its author');
    } else if (!(await manager.existsBy(Group, { id: thingId!, kind: thing.kind }))) {
      throw new Hopeless('the group is gone');
    }
  }
}

const notRun = 'The action stopped before it came to this user.';

function sealed(
  actionId: number,
  userId: number,
  passwords: ReadonlyMap<number, FreshPassword>,
): string | null {
  const made = passwords.get(userId);
  return made ? seal(made.password, massSecretPlace(actionId, userId)) : null;
}
