import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { Problem } from '../web/problem.js';
import type { Answers } from './answers.js';
import type { Damage } from './letter-damage.js';
import type { ReadHow } from './read-file.js';
import type { ValueChoices } from './value-choices.js';

/** `unsettled`: its rows are being stored or removed, and nobody meets it meanwhile. */
export type ImportState = 'unsettled' | 'draft' | 'queued' | 'running' | 'finished' | 'cancelled' | 'failed';

/** How the file was read. */
export interface FileReading extends ReadHow {
  /** The file is an error file of ours: its added columns were left out. */
  fromErrorFile: boolean;
  /** A person said which row is the header, or that there is none. */
  headerChosen: boolean;
  /** Letters were mended that had been read in a wrong encoding before. */
  repaired: boolean;
  damage?: Damage;
  /** Name of the remembered choices that were filled in. */
  preset?: string;
  /** Rows with quotation marks that were taken as letters: the first of them. */
  strayRows: number[];
  /** Field name -> position of a column that may be meant, from 1. */
  perhaps: Record<string, number>;
}

/** One file on its way from upload to result. */
@Entity('imports')
export class Import {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('integer')
  authorId: number;

  @Column('varchar')
  state: ImportState;

  @Column('varchar')
  fileName: string;

  @Column('bigint')
  fileSize: number;

  @Column('varchar')
  fileSha256: string;

  @Column('simple-json')
  reading: FileReading;

  /** What was chosen in the wizard, under the names of its controls. */
  @Column('simple-json')
  answers: Answers;

  /** Unknown names of the file that were matched with things of the tenant. */
  @Column('simple-json')
  valueChoices: ValueChoices;

  @Column('integer', { default: 0 })
  rowCount: number;

  /** Counts the changes of the draft. */
  @Column('integer', { default: 0 })
  version: number;

  @Column('integer', { default: 0 })
  created: number;

  @Column('integer', { default: 0 })
  duplicates: number;

  @Column('integer', { default: 0 })
  errors: number;

  @Column('integer', { default: 0 })
  skipped: number;

  /** The import whose error file this is. */
  @Column('integer', { nullable: true })
  previousId: number | null;

  @Column('bigint')
  createdAt: number;

  @Column('bigint', { nullable: true })
  startedAt: number | null;

  @Column('bigint', { nullable: true })
  finishedAt: number | null;

  /** First complete download of the success details. */
  @Column('bigint', { nullable: true })
  downloadedAt: number | null;

  @Column('bigint', { nullable: true })
  continuedAt: number | null;

  /** How many users the review said would be created, when somebody pressed Import Users there. */
  @Column('integer', { nullable: true })
  promised: number | null;

  /** When its rows were deleted: their time was over. */
  @Column('bigint', { nullable: true })
  rowsDeletedAt: number | null;

  /** When the temporary passwords were wiped. */
  @Column('bigint', { nullable: true })
  secretsWipedAt: number | null;
}

/** What was chosen for files with the same columns. */
@Entity('import_presets')
export class ImportPreset {
  @PrimaryGeneratedColumn()
  id: number;

  /** Of the names of the columns, in their order. */
  @Column('varchar')
  fingerprint: string;

  /** The first file of this kind. */
  @Column('varchar')
  name: string;

  @Column('simple-json')
  answers: Answers;

  @Column('simple-json')
  valueChoices: ValueChoices;

  @Column('bigint')
  savedAt: number;
}

/** True when its users are sent links by mail instead of being handed temporary passwords. */
export function isInvited({ answers }: Import): boolean {
  return [answers.invite].flat()[0] === 'on';
}

/** An import in the audit log. */
export function aboutImport({ id, fileName }: Import) {
  return { kind: 'import', id, name: fileName };
}

/** The uploaded file in pieces of 1 MB, until the import has ended. */
@Entity('import_pieces')
export class ImportPiece {
  @PrimaryColumn('integer')
  importId: number;

  @PrimaryColumn('integer')
  number: number;

  /** Base64: the engines have no type for bytes in common. */
  @Column('text')
  content: string;
}

export type RowState = 'pending' | 'created' | 'duplicate' | 'error' | 'skipped';

@Entity('import_rows')
export class ImportRow {
  @PrimaryColumn('integer')
  importId: number;

  /** As a spreadsheet shows it. */
  @PrimaryColumn('integer')
  number: number;

  @Column('integer')
  line: number;

  @Column('simple-json')
  cells: string[];

  /** Cells corrected on the review page: position from 0 -> text. */
  @Column('simple-json', { nullable: true })
  edits: Record<number, string> | null;

  @Column('boolean')
  badText: boolean;

  /** Ticked off on the review page. */
  @Column('boolean')
  skipped: boolean;

  @Column('varchar')
  state: RowState;

  /** Code of the first problem. */
  @Column('varchar', { nullable: true })
  code: string | null;

  @Column('simple-json', { nullable: true })
  problems: Problem[] | null;

  @Column('integer', { nullable: true })
  userId: number | null;

  /** Sealed temporary password, until it is wiped. */
  @Column('text', { nullable: true })
  secret: string | null;

  /** Sealed SIP password of a Built-in PBX user, until it is wiped; apart, because a reset of the one keeps the other. */
  @Column('text', { nullable: true })
  sipSecret: string | null;
}
