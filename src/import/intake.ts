// A file on its way in: read through once, so that it is refused before anything is stored, then stored with its rows.
// Neither the file nor its rows are ever whole in memory, and the rows of a large one come in several transactions: until
// the last of them the import is `unsettled`, and nobody meets it.
import { Injectable } from '@nestjs/common';
import { In, IsNull, Not, type EntityManager } from 'typeorm';
import { record } from '../audit/record.js';
import { Database, type Reader } from '../database/database.js';
import { insertAll } from '../database/insert-all.js';
import { SettingsService } from '../settings/settings.service.js';
import type { TenantSettings } from '../settings/tenant-settings.js';
import { User } from '../users/user.entity.js';
import { readTenant, type TenantDirectory } from '../users/tenant-directory.js';
import type { SignedIn } from '../web/allow.js';
import { now } from '../web/clock.js';
import { nameKey } from '../web/names.js';
import { environment } from '../web/environment.js';
import { one, type Answers } from './answers.js';
import { passwordsInFile, passwordsOfImport } from './file-problem.js';
import { FileDigest } from './file-digest.js';
import { firstAnswers, type FirstAnswers } from './first-answers.js';
import {
  Import,
  ImportPiece,
  ImportRow,
  aboutImport,
  type FileReading,
  type ImportPreset,
} from './import.entity.js';
import { isExampleRow } from './example-row.js';
import { changeDraft } from './imports.service.js';
import { namesField } from './match-fields.js';
import { ImportPresets } from './presets.js';
import type { FileProblem, FileRow, ReadLimits, ReadOptions } from './read-file.js';
import { readUpload, type ReadWhole } from './read-upload.js';
import { removeRows } from './remove-import.js';
import { ownColumns } from './reports.js';
import { UploadedFile } from './uploaded-file.js';

/** Rows, and bytes of the file, of one transaction: others do not wait long for it. */
const rowsAtOnce = 2000;
const pieceSize = 1024 * 1024;
const smallFile = 4 * pieceSize;
const rowsNamed = 10;

/** A file that was read through, and is not stored yet. */
interface Taken {
  options: ReadOptions;
  read: ReadWhole;
  digest: FileDigest;
}

@Injectable()
export class ImportIntake {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly presets: ImportPresets,
  ) {}

  /**
   * Reads and stores a file with its rows; returns the new import's ID, or why the file was refused. The very file that
   * waits in a draft of this person already makes no second one: then that draft is `known`.
   * @param asked how to read it, as far as the person said so
   */
  async create(
    name: string,
    file: UploadedFile,
    person: SignedIn,
    asked: Pick<ReadOptions, 'untilOpenQuote'>,
  ): Promise<Begun | { problem: FileProblem }> {
    const sha256 = file.sha256();
    const waiting = await draftOf(this.database.read, sha256, person);
    if (waiting) return { id: waiting, known: true };
    const taken = await this.take(file, { ...asked, namesField: namesColumn });
    if ('problem' in taken) return taken;
    const { people } = taken.digest.success;
    if (people) return { problem: await this.refusePasswords(people, name, person) };
    const { headers, fromErrorFile } = taken.digest.own;
    const tenant = await this.tenant(person);
    const previous = fromErrorFile ? await this.importBefore(taken.digest, person) : undefined;
    const preset = previous ? undefined : await this.presets.find(headers, tenant);
    const { answers, perhaps } = await this.firstAnswers(taken.digest, tenant, person);
    const draft: Partial<Import> = {
      authorId: person.id,
      fileName: name,
      fileSize: file.size,
      fileSha256: sha256,
      reading: { ...readingOf(taken, perhaps), preset: preset?.name },
      answers: previous?.answers ?? withPreset(answers, preset),
      valueChoices: previous?.valueChoices ?? preset?.valueChoices ?? {},
      rowCount: taken.digest.rowCount,
      previousId: previous?.id ?? null,
      createdAt: now(),
    };
    return this.store(taken, file, async (manager, change) => {
      // A second click on Upload came at the same moment.
      const twin = await draftOf(manager, sha256, person);
      if (twin) return { id: twin, known: true };
      const { identifiers } = await manager.insert(Import, { ...draft, ...change });
      const importId = identifiers[0].id as number;
      await record(manager, person, {
        action: 'import.uploaded',
        subject: { kind: 'import', id: importId, name },
        details: { rows: taken.digest.rowCount, bytes: file.size, sha256 },
      });
      return { id: importId };
    });
  }

  /** Reads the stored file again with another delimiter, encoding or header row; the answers start anew. */
  async readAgain(
    draft: Import,
    options: Omit<ReadOptions, 'limits'>,
    person: SignedIn,
  ): Promise<FileProblem | undefined> {
    const file = await this.fileOf(draft);
    try {
      const taken = await this.take(file, options);
      if ('problem' in taken) return taken.problem;
      const { answers, perhaps } = await this.firstAnswers(taken.digest, await this.tenant(person), person);
      const reading = readingOf(taken, perhaps);
      const read = { reading, answers, valueChoices: {}, rowCount: taken.digest.rowCount };
      const begin: Begin = async (manager, change) => {
        await changeDraft(manager, draft.id, { ...read, ...change });
        return { id: draft.id };
      };
      await this.store(taken, file, begin, draft);
      return undefined;
    } finally {
      await file.close();
    }
  }

  // The file is known by what passes; who refuses it has stored nothing.
  private async take(
    file: UploadedFile,
    asked: Omit<ReadOptions, 'limits'>,
  ): Promise<Taken | { problem: FileProblem }> {
    const options = { ...asked, limits: limitsOf(await this.settings.current()) };
    const { guesses } = file.survey.result(options.encoding);
    const digest = new FileDigest(guesses.flatMap(({ samples }) => samples));
    const read = await readUpload(file, options, (rows, headers) => void digest.take(rows, headers));
    if ('problem' in read) return read;
    digest.begin(read.headers);
    return { options, read, digest };
  }

  // `begin` makes the import, or changes the draft. Pieces are stored of a new file only.
  private async store(taken: Taken, file: UploadedFile, begin: Begin, again?: Import): Promise<Begun> {
    const { rows } = taken.digest;
    const mostRows = Math.max(taken.digest.rowCount, again?.rowCount ?? 0);
    if (rows && mostRows <= rowsAtOnce && file.size <= smallFile)
      return this.database.write(
        async (manager) => {
          const begun = await begin(manager, { state: 'draft' });
          if (begun.known) return begun;
          if (again) await manager.delete(ImportRow, { importId: begun.id });
          else await storePieces(manager, begun.id, file);
          await storeRows(manager, begun.id, rows);
          return begun;
        },
        { alone: 'uploads' },
      );
    const unsettled = { state: 'unsettled', startedAt: now() } as const;
    const begun = await this.database.write((manager) => begin(manager, unsettled));
    const { id } = begun;
    if (begun.known) return begun;
    if (again) await removeRows(this.database, id);
    else await this.storeLargeFile(id, file);
    await this.storeManyRows(id, taken, file);
    await this.database.write((manager) =>
      manager.update(Import, { id, state: 'unsettled' }, { state: 'draft', startedAt: null }),
    );
    return begun;
  }

  private async storeLargeFile(importId: number, file: UploadedFile): Promise<void> {
    for await (const piece of base64Pieces(file))
      await this.database.write((manager) => storePiece(manager, importId, piece));
  }

  private async storeManyRows(importId: number, { options }: Taken, file: UploadedFile): Promise<void> {
    const digest = new FileDigest();
    let waiting: FileRow[] = [];
    const store = async () => {
      const rows = waiting;
      waiting = [];
      await this.database.write((manager) => storeRows(manager, importId, rows));
    };
    const read = await readUpload(file, options, async (rows, headers) => {
      waiting.push(...digest.take(rows, headers));
      if (waiting.length >= rowsAtOnce) await store();
    });
    if ('problem' in read)
      throw new Error(`the file was read once, and is refused now: ${read.problem.code}`);
    await store();
  }

  private async fileOf(draft: Import): Promise<UploadedFile> {
    const file = await UploadedFile.make(environment().dataDir);
    for (let number = 0; file.size < draft.fileSize; number++) {
      const piece = await this.database.read.findOneByOrFail(ImportPiece, { importId: draft.id, number });
      await file.add(Buffer.from(piece.content, 'base64'));
    }
    return file;
  }

  // Nothing of the file was written; the import is named to who may see it.
  private async refusePasswords(
    people: { id: number; username: string }[],
    name: string,
    person: SignedIn,
  ): Promise<FileProblem> {
    const users = await this.database.read.find(User, {
      select: { id: true, usernameKey: true, importId: true },
      where: { id: In(people.map(({ id }) => id)), importId: Not(IsNull()) },
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

  private async tenant(person: SignedIn): Promise<TenantDirectory> {
    return readTenant(this.database.read, await this.settings.current(), person);
  }

  private async firstAnswers(
    digest: FileDigest,
    tenant: TenantDirectory,
    person: SignedIn,
  ): Promise<FirstAnswers> {
    return firstAnswers(digest.own.headers, digest.sample(), tenant, await this.lastRole(person, tenant));
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
  private async importBefore({ own }: FileDigest, person: SignedIn): Promise<Import | undefined> {
    const before = await this.database.read.find(Import, {
      where: { authorId: person.id, state: In(['finished', 'cancelled', 'failed']) },
      order: { id: 'DESC' },
      take: 50,
    });
    const columns = JSON.stringify(own.headers);
    for (const candidate of before.filter(({ reading }) => JSON.stringify(reading.headers) === columns)) {
      const left = await this.database.read.countBy(ImportRow, {
        importId: candidate.id,
        number: In(own.leftRows),
        state: In(['error', 'duplicate', 'skipped']),
      });
      if (left === own.leftRows.length) return candidate;
    }
    return undefined;
  }
}

/** What a file may hold (SECURITY.md UP-1). */
export function limitsOf({ importRowLimit }: TenantSettings): ReadLimits {
  const bytes = Math.max(2 * 1024 * 1024, 4 * 1024 * importRowLimit);
  return { rows: importRowLimit, bytes, columns: 100, recordBytes: 64 * 1024, cellCharacters: 8 * 1024 };
}

/** The import that a file is stored for; `known` when it has that file already. */
interface Begun {
  id: number;
  known?: boolean;
}

/** Makes the import or changes the draft, with these changes. */
type Begin = (manager: EntityManager, change: Partial<Import>) => Promise<Begun>;

async function draftOf(
  reader: Reader,
  fileSha256: string,
  { id: authorId }: SignedIn,
): Promise<number | undefined> {
  const found = await reader.findOne(Import, {
    select: { id: true },
    where: { fileSha256, authorId, state: 'draft' },
  });
  return found?.id;
}

// A box that was not ticked then is not ticked now.
function withPreset(told: Answers, preset: ImportPreset | undefined): Answers {
  return preset ? { 'role.value': told['role.value'], ...preset.answers } : told;
}

/** Our own columns, when an error file comes back, belong to the header as well. */
export function namesColumn(header: string): boolean {
  return namesField(header) || ownColumns.some((name) => name === header.trim());
}

function readingOf({ options, read, digest }: Taken, perhaps: FileReading['perhaps']): FileReading {
  const { encoding, guesses, delimiter, openQuote, headerRow, above, damage, sheets, sheet, hiddenRows } =
    read;
  const { headers, fromErrorFile } = digest.own;
  return {
    encoding,
    guesses: digest.withoutSecrets(guesses),
    delimiter,
    openQuote,
    headerRow,
    headers,
    fromErrorFile,
    sheets,
    sheet,
    hiddenRows: hiddenRows.filter((number) => number > headerRow).slice(0, rowsNamed),
    damage: damage && digest.isSecret(damage.column) ? undefined : damage,
    perhaps,
    repaired: options.repair ?? false,
    headerChosen: options.headerRow !== undefined,
    strayRows: digest.strayRows,
    above: above.slice(0, 3).map((line) => line.slice(0, 100)),
  };
}

async function storePieces(manager: EntityManager, importId: number, file: UploadedFile): Promise<void> {
  for await (const piece of base64Pieces(file)) await storePiece(manager, importId, piece);
}

// By one statement for all of them: SQLite's driver keeps what a statement was given last.
async function storePiece(
  manager: EntityManager,
  importId: number,
  piece: Pick<ImportPiece, 'number' | 'content'>,
): Promise<void> {
  await insertAll(manager, ImportPiece, [{ importId, ...piece }]);
}

async function* base64Pieces(file: UploadedFile): AsyncGenerator<{ number: number; content: string }> {
  let number = 0;
  for await (const { piece } of file.pieces(pieceSize))
    yield { number: number++, content: piece.toString('base64') };
}

async function storeRows(manager: EntityManager, importId: number, rows: FileRow[]): Promise<void> {
  const stored = rows.map(({ number, line, cells, badText }) => ({
    importId,
    number,
    line,
    cells,
    badText: badText ?? false,
    skipped: isExampleRow(cells),
    state: 'pending' as const,
  }));
  await insertAll(manager, ImportRow, stored);
}
