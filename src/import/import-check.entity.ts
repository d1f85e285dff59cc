import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { Problem } from '../web/problem.js';
import type { PlannedRow } from './plan.js';
import type { ReviewPart, ReviewTotals } from './review-totals.js';

/** One look at all rows of a large draft, good as long as the draft has this version. */
@Entity('import_checks')
export class ImportCheck {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('integer')
  importId: number;

  @Column('integer')
  version: number;

  /** Undefined until all rows were looked at. */
  @Column('simple-json', { nullable: true })
  totals: ReviewTotals | null;

  @Column('bigint', { nullable: true })
  finishedAt: number | null;
}

/** A row that would not be created. */
@Entity('import_findings')
export class ImportFinding {
  @PrimaryColumn('integer')
  checkId: number;

  @PrimaryColumn('integer')
  number: number;

  @Column('varchar')
  state: Exclude<PlannedRow['state'], 'ready'>;

  @Column('simple-json')
  problems: Problem[];
}

/** A name or number that a ready row would have, see `claimsOf`. */
@Entity('import_claims')
export class ImportClaim {
  @PrimaryColumn('integer')
  checkId: number;

  @PrimaryColumn('varchar')
  key: string;

  @Column('integer')
  row: number;
}

/** A name or number that a row would have which is not ready: perhaps it is when the ready row gives it up. */
@Entity('import_rivals')
export class ImportRival {
  @PrimaryColumn('integer')
  checkId: number;

  @PrimaryColumn('varchar')
  key: string;

  @PrimaryColumn('integer')
  row: number;
}

/** What a thousand rows come to: whoever corrects one of them has only these counted again. */
@Entity('import_parts')
export class ImportPart {
  @PrimaryColumn('integer')
  checkId: number;

  /** Number of its last row. */
  @PrimaryColumn('integer')
  last: number;

  @Column('simple-json')
  part: ReviewPart;
}
