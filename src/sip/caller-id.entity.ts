import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('caller_ids')
export class CallerId {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('varchar')
  name: string;

  @Column('varchar')
  nameKey: string;

  /** E.164 with the plus sign. */
  @Column('varchar')
  number: string;

  @Column('integer', { default: 1 })
  version: number;

  @Column('bigint')
  createdAt: number;
}
