// An import from upload to start: the file and its rows are stored, then the answers of the wizard, step by step.
import { createHash } from 'node:crypto';
import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { In, IsNull, LessThan, Not, type EntityManager } from 'typeorm';
import { record } from '../audit/record.js';
import { Database, breathe } from '../database/database.js';
import { insertAll } from '../database/insert-all.js';
import { JobsService } from '../jobs/jobs.service.js';
import { mailIsSetUp } from '../mail/route.js';
import { SettingsService } from '../settings/settings.service.js';
import type { TenantSettings } from '../settings/tenant-settings.js';
import { readTenant, type TenantDirectory } from '../users/tenant-directory.js';
import { User } from '../users/user.entity.js';
import type { SignedIn } from '../web/allow.js';
import { now } from '../web/clock.js';
import { nameKey } from '../web/names.js';
import type { Problem } from '../web/problem.js';
import { controlsOf, one, openQuestions, type Answers, type Step } from './answers.js';
import {
  Import,
  ImportPiece,
  type ImportPreset,
  ImportRow,
  aboutImport,
  type FileReading,
} from './import.entity.js';
import { withoutOwnColumns, type OwnFile } from './error-file.js';
import { isPasswordHeader } from './column-names.js';
import { firstAnswers, type FirstAnswers } from './first-answers.js';
import { namesField } from './match-fields.js';
import { ownColumns } from './reports.js';
import { ImportPresets } from './presets.js';
import { readUpload } from './read-upload.js';
import { peopleInSuccessFile } from './success-file.js';
import { passwordsInFile, passwordsOfImport } from './file-problem.js';
import { type FileProblem, type ReadFile, type ReadLimits, type ReadOptions } from './read-file.js';

export interface Upload {
  name: string;
  bytes: Buffer;
}

export const importJob = 'import';

const rowsAtOnce = 100;
const pieceSize = 1024 * 1024;

@Injectable()
export class ImportsService {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly jobs: JobsService,
    private readonly presets: ImportPresets,
  ) {}

  /** Reads and stores a file with its rows; returns the new import's ID, or why the file was refused. */
  async create(upload: Upload, person: SignedIn): Promise<{ id: number } | { problem: FileProblem }> {
    const settings = await this.settings.current();
    const result = await readUpload(upload.bytes, { namesField: namesColumn, limits: limitsOf(settings) });
    if ('problem' in result) return result;
    const people = peopleInSuccessFile(result.file);
    if (people) return { problem: await this.refusePasswords(people, upload.name, person) };
    const file = withoutOwnColumns(result.file);
    const previous = file.fromErrorFile ? await this.importBefore(file, person) : undefined;
    const preset = previous ? undefined : await this.presets.find(file.headers, await this.tenant(person));
    const { answers, perhaps } = await this.firstAnswers(file, person);
    const id = await this.database.write(async (manager) => {
      const { identifiers } = await manager.insert(Import, {
        authorId: person.id,
        state: 'draft',
        fileName: upload.name,
        fileSize: upload.bytes.length,
        fileSha256: createHash('sha256').update(upload.bytes).digest('hex'),
        reading: { ...readingOf(file, perhaps, {}), preset: preset?.name },
        answers: previous?.answers ?? withPreset(answers, preset),
        valueChoices: previous?.valueChoices ?? preset?.valueChoices ?? {},
        rowCount: file.rows.length,
        previousId: previous?.id ?? null,
        createdAt: now(),
      });
      const importId = identifiers[0].id as number;
      await storePieces(manager, importId, upload.bytes);
      await storeRows(manager, importId, file);
      await record(manager, person, {
        action: 'import.uploaded',
        subject: { kind: 'import', id: importId, name: upload.name },
        details: {
          rows: file.rows.length,
          bytes: upload.bytes.length,
          sha256: createHash('sha256').update(upload.bytes).digest('hex'),
        },
      });
      return importId;
    });
    return { id };
  }

  /** The latest import of this very file that the person may see, before this one; those that ended come first. */
  async sameBefore(draft: Import, person: SignedIn): Promise<Import | undefined> {
    const own = person.permissions.has('imports.all') ? {} : { authorId: person.id };
    const same = await this.database.read.find(Import, {
      where: { ...own, fileSha256: draft.fileSha256, id: LessThan(draft.id) },
      order: { id: 'DESC' },
      take: 20,
    });
    return same.find(({ state }) => state !== 'draft') ?? same.find(({ authorId }) => authorId === person.id);
  }

  /** Reads the stored file again with another delimiter, encoding or header row; the answers start anew. */
  async readAgain(
    draft: Import,
    options: Omit<ReadOptions, 'limits'>,
    person: SignedIn,
  ): Promise<FileProblem | undefined> {
    const pieces = await this.database.read.find(ImportPiece, {
      where: { importId: draft.id },
      order: { number: 'ASC' },
    });
    const bytes = Buffer.concat(pieces.map(({ content }) => Buffer.from(content, 'base64')));
    const result = await readUpload(bytes, { ...options, limits: limitsOf(await this.settings.current()) });
    if ('problem' in result) return result.problem;
    const file = withoutOwnColumns(result.file);
    const { answers, perhaps } = await this.firstAnswers(file, person);
    await this.database.write(async (manager) => {
      await this.changeDraft(manager, draft.id, {
        reading: readingOf(file, perhaps, options),
        answers,
        valueChoices: {},
        rowCount: file.rows.length,
      });
      await manager.delete(ImportRow, { importId: draft.id });
      await storeRows(manager, draft.id, file);
    });
    return undefined;
  }

  /** An import that this person may see: an own one, or with `imports.all` anybody's. The same 404 for all others. */
  async find(id: number, person: SignedIn): Promise<Import> {
    const found = await this.database.read.findOneBy(Import, { id });
    if (found && (found.authorId === person.id || person.permissions.has('imports.all'))) return found;
    throw new NotFoundException('There is no such import, or it is not yours.');
  }

  /** An import of this person's own: nobody else works on it or gets its passwords. */
  async findOwn(id: number, person: SignedIn): Promise<Import> {
    const found = await this.database.read.findOneBy(Import, { id, authorId: person.id });
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
    await this.database.write((manager) => this.changeDraft(manager, draft.id, { answers }));
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
    await this.database.write((manager) => this.changeDraft(manager, draft.id, change));
  }

  /** Corrects cells of one row, or leaves it out, or takes it in again. */
  async changeRow(
    draft: Import,
    number: number,
    change: { edits?: Record<number, string>; skipped?: boolean },
  ): Promise<void> {
    await this.database.write(async (manager) => {
      await this.changeDraft(manager, draft.id, {});
      const row = await manager.findOneBy(ImportRow, { importId: draft.id, number });
      if (!row) throw new NotFoundException('There is no such row in this file.');
      const edits = { ...row.edits, ...change.edits };
      await manager.update(
        ImportRow,
        { importId: draft.id, number },
        { edits, skipped: change.skipped ?? row.skipped },
      );
    });
  }

  /**
   * Queues the import. A second click, a reload or another tab finds it started already.
   * @param promised how many users the review said would be created
   */
  async start(draft: Import, person: SignedIn, promised: number | null): Promise<void> {
    await this.database.write(async (manager) => {
      const started = await manager.update(
        Import,
        { id: draft.id, state: 'draft' },
        { state: 'queued', startedAt: now(), answers: possible(draft.answers), promised },
      );
      if (started.affected !== 1) return;
      await this.presets.save(manager, draft);
      await this.jobs.queue(manager, importJob, draft.id, draft.rowCount);
      await record(manager, person, {
        action: 'import.started',
        subject: aboutImport(draft),
        details: { rows: draft.rowCount },
      });
    });
    this.jobs.wake();
  }

  /** Asks the running import to stop after its present rows; what is done stays. */
  async cancel(running: Import, person: SignedIn): Promise<void> {
    await this.database.write(async (manager) => {
      if (!(await this.jobs.cancel(manager, importJob, running.id))) return;
      await record(manager, person, { action: 'import.cancelled', subject: aboutImport(running) });
    });
    this.jobs.wake();
  }

  /** Removes a draft with its file and rows. */
  async discard(draft: Import, person: SignedIn): Promise<void> {
    await this.database.write(async (manager) => {
      const { affected } = await manager.delete(Import, { id: draft.id, state: 'draft' });
      if (affected !== 1) throw startedMeanwhile();
      await record(manager, person, { action: 'import.discarded', subject: aboutImport(draft) });
    });
  }

  // Nothing of the file was written; the import is named to who may see it.
  private async refusePasswords(
    people: { id: number; username: string }[],
    name: string,
    person: SignedIn,
  ): Promise<FileProblem> {
    const users = await this.database.read.find(User, {
      select: { id: true, usernameKey: true, importId: true },
      where: { id: In(people.slice(0, rowsAtOnce).map(({ id }) => id)), importId: Not(IsNull()) },
    });
    const keys = new Map(people.map(({ id, username }) => [id, nameKey(username)]));
    const importId = users.find(({ id, usernameKey }) => keys.get(id) === usernameKey)?.importId;
    const found = importId ? await this.database.read.findOneBy(Import, { id: importId }) : null;
    const seen = found && (found.authorId === person.id || person.permissions.has('imports.all'));
    const subject = found ? aboutImport(found) : undefined;
    await this.database.write((manager) =>
      record(manager, person, { action: 'import.passwords_refused', subject, details: { name } }),
    );
    return seen ? passwordsOfImport(found.id) : passwordsInFile;
  }

  private async changeDraft(manager: EntityManager, id: number, change: Partial<Import>): Promise<void> {
    const { affected } = await manager.update(Import, { id, state: 'draft' }, { state: 'draft', ...change });
    if (affected !== 1) throw startedMeanwhile();
  }

  private async firstAnswers(file: ReadFile, person: SignedIn): Promise<FirstAnswers> {
    const tenant = await this.tenant(person);
    // All rows: the one user with a phone of another kind may stand at the end.
    const rows = file.rows.map(({ cells }) => cells);
    return firstAnswers(file.headers, rows, tenant, await this.lastRole(person, tenant));
  }

  // The role that this person chose last for a whole file, if it still exists and permits nothing administrative.
  private async lastRole(person: SignedIn, tenant: TenantDirectory): Promise<number | undefined> {
    const before = await this.database.read.find(Import, {
      select: { id: true, answers: true },
      where: { authorId: person.id, state: In(['queued', 'running', 'finished', 'cancelled']) },
      order: { id: 'DESC' },
      take: 10,
    });
    const chosen = before.find(({ answers }) => one(answers['role.source']) === 'dialer');
    const role = Number(one(chosen?.answers['role.value']));
    return tenant.grants.roles.get(role)?.permissions.length === 0 ? role : undefined;
  }

  // The error file of an import comes back: the newest of this person's with the same columns that left these rows.
  private async importBefore({ headers, leftRows }: OwnFile, person: SignedIn): Promise<Import | undefined> {
    const before = await this.database.read.find(Import, {
      where: { authorId: person.id, state: In(['finished', 'cancelled', 'failed']) },
      order: { id: 'DESC' },
      take: 50,
    });
    const columns = JSON.stringify(headers);
    const some = leftRows.slice(0, rowsAtOnce);
    for (const candidate of before.filter(({ reading }) => JSON.stringify(reading.headers) === columns)) {
      const left = await this.database.read.countBy(ImportRow, {
        importId: candidate.id,
        number: In(some),
        state: In(['error', 'duplicate', 'skipped']),
      });
      if (left === some.length) return candidate;
    }
    return undefined;
  }
}

/** What a file may hold (SECURITY.md UP-1). */
export function limitsOf({ importRowLimit }: TenantSettings): ReadLimits {
  const bytes = Math.max(2 * 1024 * 1024, 4 * 1024 * importRowLimit);
  return { rows: importRowLimit, bytes, columns: 100, recordBytes: 64 * 1024, cellCharacters: 8 * 1024 };
}

function startedMeanwhile(): ConflictException {
  return new ConflictException(
    'This import was started or discarded meanwhile. Open it from the list of imports to see where it stands.',
  );
}

// Nobody is invited by a mail that cannot leave: then there are temporary passwords.
function possible({ invite, ...answers }: Answers): Answers {
  return invite && mailIsSetUp() ? { ...answers, invite } : answers;
}

// A box that was not ticked then is not ticked now.
function withPreset(told: Answers, preset: ImportPreset | undefined): Answers {
  return preset ? { 'role.value': told['role.value'], ...preset.answers } : told;
}

/** Our own columns, when an error file comes back, belong to the header as well. */
function namesColumn(header: string): boolean {
  return namesField(header) || ownColumns.some((name) => name === header.trim());
}

const rowsNamed = 10;

function readingOf(
  file: OwnFile,
  perhaps: FileReading['perhaps'],
  { repair = false, headerRow }: Omit<ReadOptions, 'limits'>,
): FileReading {
  const {
    rows,
    encoding,
    guesses,
    delimiter,
    headerRow: row,
    headers,
    above,
    damage,
    fromErrorFile,
    sheets,
    sheet,
    hiddenRows,
  } = file;
  const strayRows = rows.flatMap(({ number, stray }) => (stray ? number : [])).slice(0, rowsNamed);
  const secret = headers.map(isPasswordHeader);
  const secrets = rows.flatMap(({ cells }) => cells.filter((_cell, index) => secret[index]));
  return {
    encoding,
    guesses: withoutSecrets(guesses, secrets),
    delimiter,
    headerRow: row,
    headers,
    fromErrorFile,
    sheets,
    sheet,
    hiddenRows: hiddenRows.filter((number) => number > row).slice(0, rowsNamed),
    damage: damage && secret[damage.column] ? undefined : damage,
    perhaps,
    repaired: repair,
    headerChosen: headerRow !== undefined,
    strayRows,
    above: above.slice(0, 3).map((line) => line.slice(0, 100)),
  };
}

// The words by which an encoding is judged are kept: none of them may be a part of a password.
function withoutSecrets(guesses: FileReading['guesses'], secrets: string[]): FileReading['guesses'] {
  const isSecret = (word: number) =>
    guesses.some(({ samples }) => secrets.some((secret) => secret.includes(samples[word])));
  return guesses.map((guess) => ({
    ...guess,
    samples: guess.samples.filter((_sample, word) => !isSecret(word)),
  }));
}

async function storePieces(manager: EntityManager, importId: number, bytes: Buffer): Promise<void> {
  for (let number = 0; number * pieceSize < bytes.length; number++) {
    const content = bytes.subarray(number * pieceSize, (number + 1) * pieceSize).toString('base64');
    await manager.insert(ImportPiece, { importId, number, content });
  }
}

// Passwords in a file are never stored: the column stays, its cells are empty.
async function storeRows(
  manager: EntityManager,
  importId: number,
  { rows, headers }: ReadFile,
): Promise<void> {
  const secret = headers.map(isPasswordHeader);
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const chunk = rows.slice(from, from + rowsAtOnce).map(({ number, line, cells, badText }) => ({
      importId,
      number,
      line,
      cells: cells.map((cell, index) => (secret[index] ? '' : cell)),
      badText: badText ?? false,
      skipped: false,
      state: 'pending' as const,
    }));
    await insertAll(manager, ImportRow, chunk);
    await breathe();
  }
}
