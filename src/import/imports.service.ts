// An import from the wizard to its start: the answers of its steps, one after the other.
import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { In, LessThan, Not, type EntityManager } from 'typeorm';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import { JobsService } from '../jobs/jobs.service.js';
import { mailIsSetUp } from '../mail/route.js';
import { SettingsService } from '../settings/settings.service.js';
import { readTenant, type TenantDirectory } from '../users/tenant-directory.js';
import type { SignedIn } from '../web/allow.js';
import { minute, now } from '../web/clock.js';
import type { Problem } from '../web/problem.js';
import { TooMany } from '../web/too-many.js';
import { controlsOf, openQuestions, type Answers, type Step } from './answers.js';
import { Import, ImportRow, aboutImport } from './import.entity.js';
import { ImportPresets } from './presets.js';
import { discardDraft } from './remove-import.js';

export const importJob = 'import';

/** Imports of one person that wait or run. */
const mostAtWork = 5;

/** An import that somebody may meet. */
export const settled = Not('unsettled' as const);

@Injectable()
export class ImportsService {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly jobs: JobsService,
    private readonly presets: ImportPresets,
  ) {}

  /** The latest import of this very file that was started before this one, and that the person may see. */
  async sameBefore(draft: Import, person: SignedIn): Promise<Import | undefined> {
    const own = person.permissions.has('imports.all') ? {} : { authorId: person.id };
    const [same] = await this.database.read.find(Import, {
      where: {
        ...own,
        fileSha256: draft.fileSha256,
        id: LessThan(draft.id),
        state: Not(In(['unsettled', 'draft'])),
      },
      order: { id: 'DESC' },
      take: 1,
    });
    return same;
  }

  /** An import that this person may see: an own one, or with `imports.all` anybody's. The same 404 for all others. */
  async find(id: number, person: SignedIn): Promise<Import> {
    const found = await this.database.read.findOneBy(Import, { id, state: settled });
    if (found && (found.authorId === person.id || person.permissions.has('imports.all'))) return found;
    throw new NotFoundException('There is no such import, or it is not yours.');
  }

  /** An import of this person's own: nobody else works on it or gets its passwords. */
  async findOwn(id: number, person: SignedIn): Promise<Import> {
    const found = await this.database.read.findOneBy(Import, { id, authorId: person.id, state: settled });
    if (found) return found;
    throw new NotFoundException('There is no such import, or it is not yours.');
  }

  /** The import of this ID while its wizard is open. Once it is started, its result is the only page. */
  async findDraft(id: number, person: SignedIn): Promise<Import | 'started'> {
    const own = await this.findOwn(id, person);
    return own.state === 'draft' ? own : 'started';
  }

  /** Roles, desks and the rest, and what this person may give. */
  async tenant(person: SignedIn): Promise<TenantDirectory> {
    return readTenant(this.database.read, await this.settings.current(), person);
  }

  /** The first rows of the file, with the corrections made since. */
  async sample(draft: Import, count = 5): Promise<string[][]> {
    const rows = await this.database.read.find(ImportRow, {
      where: { importId: draft.id },
      order: { number: 'ASC' },
      take: count,
    });
    return rows.map(({ cells, edits }) => cells.map((cell, index) => edits?.[index] ?? cell));
  }

  /** Keeps the answers of one step; everything else that was sent is left out. Returns what is still open in that step. */
  async answer(
    draft: Import,
    step: Step,
    body: Answers,
    person: SignedIn,
  ): Promise<{ answers: Answers; problems: Problem[] }> {
    const controls = controlsOf(step);
    const kept = Object.fromEntries(
      Object.entries(draft.answers).filter(([name]) => !controls.includes(name)),
    );
    const given = Object.fromEntries(
      controls.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])),
    );
    const answers: Answers = { ...kept, ...given };
    await this.database.write((manager) => changeDraft(manager, draft.id, { answers }));
    const problems = await this.open({ ...draft, answers }, person);
    return { answers, problems: problems.filter(({ field }) => controls.includes(field)) };
  }

  /** Everything that still has to be settled before the review. */
  async open(draft: Import, person: SignedIn): Promise<Problem[]> {
    const tenant = await this.tenant(person);
    return openQuestions(draft.answers, draft.reading.headers, tenant, tenant.grants);
  }

  /** Changes the answers outside a step, e.g. "Generate for these N rows". */
  async change(
    draft: Import,
    change: { answers?: Answers; valueChoices?: Import['valueChoices'] },
  ): Promise<void> {
    await this.database.write((manager) => changeDraft(manager, draft.id, change));
  }

  /** Has everything checked anew: what the tenant holds may have changed since. */
  async checkAgain(draft: Import): Promise<void> {
    await this.change(draft, {});
  }

  /**
   * Queues the import. A second click, a reload or another tab finds it started already.
   * @param promised how many users the review said would be created
   * @throws TooMany when five imports of this person have not ended yet (SECURITY.md UP-7)
   */
  async start(draft: Import, person: SignedIn, promised: number | null): Promise<void> {
    const work = async (manager: EntityManager) => {
      const started = await manager.update(
        Import,
        { id: draft.id, state: 'draft' },
        { state: 'queued', startedAt: now(), answers: possible(draft.answers), promised },
      );
      if (started.affected !== 1) return;
      await leaveRoom(manager, person);
      await this.presets.save(manager, draft);
      await this.jobs.queue(manager, importJob, draft.id, draft.rowCount);
      await record(manager, person, {
        action: 'import.started',
        subject: aboutImport(draft),
        details: { rows: draft.rowCount },
      });
    };
    await this.database.write(work, { alone: `imports of user ${person.id}` });
    this.jobs.wake();
  }

  /** Asks the running import to stop after its present rows; what is done stays. */
  async cancel(running: Import, person: SignedIn): Promise<void> {
    await this.database.write(async (manager) => {
      if (!(await this.jobs.cancel(manager, importJob, running.id))) return;
      await record(manager, person, { action: 'import.cancel_asked', subject: aboutImport(running) });
    });
    this.jobs.wake();
  }

  /** Removes a draft with its file and rows. */
  async discard(draft: Import, person: SignedIn): Promise<void> {
    if (!(await discardDraft(this.database, draft, person))) throw startedMeanwhile();
  }
}

// The one that is just queued is among them; a throw takes it back.
async function leaveRoom(manager: EntityManager, { id }: SignedIn): Promise<void> {
  const working = await manager.countBy(Import, { authorId: id, state: In(['queued', 'running']) });
  if (working <= mostAtWork) return;
  throw new TooMany(
    now() + minute,
    '{{most}} imports of yours have not ended yet, and that is the limit. This file waits under Imports: start it when one of them has ended.',
    { most: mostAtWork },
  );
}

/** Changes an import whose wizard is open. Throws when it was started or discarded meanwhile. */
export async function changeDraft(
  manager: EntityManager,
  id: number,
  change: Partial<Import>,
): Promise<void> {
  const version = () => 'version + 1';
  const { affected } = await manager.update(Import, { id, state: 'draft' }, { ...change, version });
  if (affected !== 1) throw startedMeanwhile();
}

/** What to say to who changes such an import. */
export function startedMeanwhile(): ConflictException {
  return new ConflictException(
    'This import was started or discarded meanwhile. Open it from the list of imports to see where it stands.',
  );
}

// Nobody is invited by a mail that cannot leave: then there are temporary passwords.
function possible({ invite, ...answers }: Answers): Answers {
  return invite && mailIsSetUp() ? { ...answers, invite } : answers;
}
