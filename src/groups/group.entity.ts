import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

export type GroupKind = 'desk' | 'skill_group' | 'queue';

/** Desks, skill groups and queues: one table, so that an ID is never two things. */
@Entity('groups')
export class Group {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('varchar')
  kind: GroupKind;

  @Column('varchar')
  name: string;

  @Column('varchar')
  nameKey: string;

  @Column('integer', { default: 1 })
  version: number;

  @Column('bigint')
  createdAt: number;
}
