import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row: a known text, sealed with the key that this database needs. */
@Entity('key_checks')
export class KeyCheck {
  @PrimaryColumn('integer')
  id: number;

  @Column('text')
  sealed: string;
}
