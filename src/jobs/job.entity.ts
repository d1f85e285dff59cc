import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

export type JobState = 'queued' | 'running' | 'finished' | 'cancelled' | 'failed';

@Entity('jobs')
export class Job {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('varchar')
  kind: string;

  /** What the job works on, e.g. the import's ID. One job for each kind and subject. */
  @Column('integer')
  subjectId: number;

  @Column('varchar')
  state: JobState;

  @Column('integer')
  total: number;

  @Column('integer', { default: 0 })
  done: number;

  @Column('boolean', { default: false })
  cancelAsked: boolean;

  /** Who works on it, until `leaseUntil`: drawn anew whenever somebody takes it. */
  @Column('varchar', { nullable: true })
  owner: string | null;

  @Column('bigint', { default: 0 })
  leaseUntil: number;

  /** Failures in a row; a step that succeeds sets it back. */
  @Column('integer', { default: 0 })
  attempts: number;

  @Column('bigint')
  createdAt: number;

  @Column('bigint', { nullable: true })
  startedAt: number | null;

  @Column('bigint', { nullable: true })
  finishedAt: number | null;
}
