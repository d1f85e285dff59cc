import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('settings')
export class Setting {
  @PrimaryColumn('varchar')
  name: string;

  /** JSON. */
  @Column('text')
  value: string;

  @Column('bigint')
  updatedAt: number;
}
