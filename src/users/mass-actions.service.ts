// Mass actions from question to report. The users are noted when it starts: who matches later is not touched.
import { Injectable, NotFoundException } from '@nestjs/common';
import { In, MoreThan, type EntityManager } from 'typeorm';
import { record } from '../audit/record.js';
import { Database, breathe } from '../database/database.js';
import { insertAll } from '../database/insert-all.js';
import { Group } from '../groups/group.entity.js';
import { JobsService } from '../jobs/jobs.service.js';
import { mayChange } from '../roles/role-rules.js';
import { Role } from '../roles/role.entity.js';
import { SettingsService } from '../settings/settings.service.js';
import type { SignedIn } from '../web/allow.js';
import { now } from '../web/clock.js';
import type { Problem } from '../web/problem.js';
import type { ImportAction } from './import-actions.js';
import type { MassAction } from './mass-actions.js';
import { MassActionRun, MassActionUser, aboutMassAction } from './mass-actions.entity.js';
import { MassActionRunner, massAlone, massJob } from './mass-actions-runner.js';
import type { UserFilters } from './user-filters.js';
import { UserTable, type Selection } from './user-table.js';
import { User } from './user.entity.js';

/** Up to so many users are done within the request. */
const atOnce = 200;
const notedAtOnce = 500;
const listed = 25;

/** Which users: ticked ones, or all that the filters leave. */
export type Chosen = { ids: number[] } | { filters: UserFilters };

/** What was confirmed. */
export interface Confirmed {
  action: MassAction;
  chosen: Chosen;
  /** The number of users that the confirmation named. */
  count: number;
  thingId?: number;
}

interface Thing {
  id: number;
  name: string;
}

@Injectable()
export class MassActions {
  constructor(
    private readonly database: Database,
    private readonly table: UserTable,
    private readonly runner: MassActionRunner,
    private readonly jobs: JobsService,
    private readonly settings: SettingsService,
  ) {}

  /** How many users it would be, all of whom this person meets. */
  async count(chosen: Chosen, person: SignedIn): Promise<number> {
    return this.table.total(await this.narrow(chosen, person));
  }

  /** What an action can add or take away, as far as this person may. */
  async things({ thing }: MassAction, person: SignedIn): Promise<Thing[]> {
    if (!thing) return [];
    const order = { nameKey: 'ASC' as const };
    if (thing.kind !== 'role') return this.database.read.find(Group, { where: { kind: thing.kind }, order });
    const roles = await this.database.read.find(Role, { order });
    return roles.filter((role) => mayChange(person, role));
  }

  /**
   * Starts it: a few users are done when this returns, many are left to a job.
   * @returns its ID, or problems: nothing chosen, or other users than the confirmation named
   */
  async start(confirmed: Confirmed, person: SignedIn): Promise<number | Problem[]> {
    const { action, chosen, count } = confirmed;
    const things = await this.things(action, person);
    const thing = things.find(({ id }) => id === confirmed.thingId);
    if (action.thing && !thing) return [missing(action.thing.label)];
    const narrow = await this.narrow(chosen, person);
    const found = await this.table.total(narrow);
    if (found !== count || found === 0) return [changed(found)];
    return this.begin(action, thing, narrow, person);
  }

  /**
   * Starts it on the users of an import; who may is asked by the caller.
   * @param thing the import
   * @returns its ID, or undefined when there is nobody
   */
  async startOnImport(action: ImportAction, thing: Thing, person: SignedIn): Promise<number | undefined> {
    const filters: UserFilters = { import: thing.id, ...(action.onlyNew && { status: 'never' }) };
    const { narrow } = await this.table.select(person, filters);
    if ((await this.table.total(narrow, 1)) === 0) return undefined;
    return this.begin(action, thing, narrow, person);
  }

  private async begin(
    action: MassAction,
    thing: Thing | undefined,
    narrow: Selection['narrow'],
    person: SignedIn,
  ): Promise<number> {
    const few = (await this.table.total(narrow, atOnce + 1)) <= atOnce ? await this.idsOf(narrow) : [];
    const passwords = await this.runner.passwordsFor({ kind: action.value }, few);
    const tenant = await this.settings.current();
    const id = await this.database.write(async (manager) => {
      const run = await this.note(manager, action, thing, narrow, person);
      if (run.total > atOnce) {
        await this.jobs.queue(manager, massJob, run.id, run.total);
        return run.id;
      }
      const rows = await manager.find(MassActionUser, {
        where: { actionId: run.id },
        order: { userId: 'ASC' },
      });
      for (let from = 0; from < rows.length; from += 100)
        await this.runner.chunk(manager, run, rows.slice(from, from + 100), passwords, tenant);
      await this.runner.end(manager, { subjectId: run.id }, 'finished');
      return run.id;
    }, massAlone);
    this.jobs.wake();
    return id;
  }

  /** The person's own mass action; those of others are not found. */
  async find(id: number, person: SignedIn): Promise<MassActionRun> {
    const run = await this.database.read.findOneBy(MassActionRun, { id, authorId: person.id });
    if (!run) throw new NotFoundException();
    return run;
  }

  /** The person's own latest mass actions. */
  async list(person: SignedIn): Promise<MassActionRun[]> {
    return this.database.read.find(MassActionRun, {
      where: { authorId: person.id },
      order: { id: 'DESC' },
      take: listed,
    });
  }

  /** The job of an action that was left to one. */
  async progress(run: MassActionRun) {
    const job = await this.jobs.find(massJob, run.id);
    const finished = !['queued', 'running'].includes(run.state);
    return { run, finished, settled: run.done + run.leftOut, cancelAsked: job?.cancelAsked ?? false };
  }

  /** Stops it after its present users. */
  async cancel(run: MassActionRun, person: SignedIn): Promise<void> {
    await this.database.write(async (manager) => {
      if (!(await this.jobs.cancel(manager, massJob, run.id))) return;
      await record(manager, person, { action: 'mass_action.cancel_asked', subject: aboutMassAction(run) });
    });
    this.jobs.wake();
  }

  /** Who was left out and why, up to `most` of them. */
  async leftOut(run: MassActionRun, most: number): Promise<MassActionUser[]> {
    return this.database.read.find(MassActionUser, {
      where: { actionId: run.id, state: In(['left_out', 'not_run']) },
      order: { userId: 'ASC' },
      take: most,
    });
  }

  /** What became of each user, in pieces. */
  async *report(run: MassActionRun): AsyncGenerator<MassActionUser[]> {
    for (let last = 0; ;) {
      const rows = await this.database.read.find(MassActionUser, {
        where: { actionId: run.id, userId: MoreThan(last) },
        order: { userId: 'ASC' },
        take: notedAtOnce,
      });
      if (rows.length > 0) yield rows;
      if (rows.length < notedAtOnce) return;
      last = rows[rows.length - 1].userId;
    }
  }

  private async narrow(chosen: Chosen, person: SignedIn): Promise<Selection['narrow']> {
    if ('filters' in chosen) return (await this.table.select(person, chosen.filters)).narrow;
    const { narrow } = await this.table.select(person, {});
    const ids = chosen.ids.length > 0 ? chosen.ids : [0];
    return (query) => narrow(query).andWhere('user.id IN (:...chosen)', { chosen: ids });
  }

  private async idsOf(narrow: Selection['narrow']): Promise<number[]> {
    const query = this.database.read.createQueryBuilder(User, 'user').select('user.id', 'id');
    return (await narrow(query).getRawMany<{ id: number }>()).map(({ id }) => id);
  }

  private async note(
    manager: EntityManager,
    action: MassAction,
    thing: Thing | undefined,
    narrow: Selection['narrow'],
    person: SignedIn,
  ): Promise<MassActionRun> {
    const run = {
      authorId: person.id,
      kind: action.value,
      thingId: thing?.id ?? null,
      thingName: thing?.name ?? null,
      state: 'queued' as const,
      total: 0,
      createdAt: now(),
    };
    const { identifiers } = await manager.insert(MassActionRun, run);
    const actionId = identifiers[0].id as number;
    const total = await noteUsers(manager, actionId, narrow);
    await manager.update(MassActionRun, actionId, { total });
    const details = { count: total, ...(thing && { name: thing.name }) };
    const subject = aboutMassAction({ id: actionId, kind: action.value });
    await record(manager, person, { action: 'mass_action.started', subject, details });
    return manager.findOneByOrFail(MassActionRun, { id: actionId });
  }
}

async function noteUsers(
  manager: EntityManager,
  actionId: number,
  narrow: Selection['narrow'],
): Promise<number> {
  for (let last = 0, total = 0; ;) {
    const query = manager
      .createQueryBuilder(User, 'user')
      .select(['user.id AS "userId"', 'user.username AS username'])
      .andWhere('user.id > :last', { last })
      .orderBy('user.id')
      .limit(notedAtOnce);
    const users: { userId: number; username: string }[] = await narrow(query).getRawMany();
    await insertAll(
      manager,
      MassActionUser,
      users.map((user) => ({ actionId, ...user, state: 'pending' as const })),
    );
    total += users.length;
    if (users.length < notedAtOnce) return total;
    last = users[users.length - 1].userId;
    await breathe();
  }
}

function missing(label: string): Problem {
  return { field: 'thing', value: '', code: 'missing', text: 'Choose one of the list.', values: { label } };
}

function changed(count: number): Problem {
  const text =
    count === 0
      ? 'No users are chosen: go back and tick some, or take filters away.'
      : 'Other users match now than a moment ago: it would be {{number}}. Look again, then confirm.';
  return { field: '', value: '', code: 'invalid', text, values: { number: count } };
}
