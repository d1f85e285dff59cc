import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How often something was done in the present window. */
@Entity('limits')
export class Limit {
  /** Keyed hash of what is counted: no names, no addresses. */
  @PrimaryColumn('varchar')
  keyHash: string;

  @Column('integer')
  taken: number;

  /** End of the window, when all is free again. */
  @Column('bigint')
  freeAt: number;
}
