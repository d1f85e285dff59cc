import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Guesses at one secret since the last right one. */
@Entity('tries')
export class Tries {
  /** Keyed hash of what is guessed at: no names. */
  @PrimaryColumn('varchar')
  keyHash: string;

  /** In a row, without a right one between them. */
  @Column('integer')
  failures: number;

  /** No guess is taken before. */
  @Column('bigint')
  freeAt: number;

  /** From here on the row may be forgotten; null = never. */
  @Column('bigint', { nullable: true })
  keptUntil: number | null;
}
