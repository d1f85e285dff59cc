import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

export type MassState = 'queued' | 'running' | 'finished' | 'cancelled' | 'failed';

/** Something that is done, or was done, to many users. */
@Entity('mass_actions')
export class MassActionRun {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('integer')
  authorId: number;

  /** Value of one of `massActions`. */
  @Column('varchar')
  kind: string;

  /** The role or group that is added or taken away, and its name at the time. */
  @Column('integer', { nullable: true })
  thingId: number | null;

  @Column('varchar', { nullable: true })
  thingName: string | null;

  @Column('varchar')
  state: MassState;

  @Column('integer')
  total: number;

  @Column('integer', { default: 0 })
  done: number;

  @Column('integer', { default: 0 })
  leftOut: number;

  @Column('bigint')
  createdAt: number;

  @Column('bigint', { nullable: true })
  finishedAt: number | null;

  /** First complete download of the new passwords. */
  @Column('bigint', { nullable: true })
  downloadedAt: number | null;

  /** When the new passwords were wiped, or the end of an action that made none. */
  @Column('bigint', { nullable: true })
  secretsWipedAt: number | null;
}

/** A mass action in the audit log. */
export function aboutMassAction({ id, kind }: Pick<MassActionRun, 'id' | 'kind'>) {
  return { kind: 'mass_action', id, name: kind };
}

/** One user of a mass action, also when the user is deleted. */
@Entity('mass_action_users')
export class MassActionUser {
  @PrimaryColumn('integer')
  actionId: number;

  @PrimaryColumn('integer')
  userId: number;

  @Column('varchar')
  username: string;

  @Column('varchar')
  state: 'pending' | 'done' | 'left_out' | 'not_run';

  /** English: why the user was left out. */
  @Column('varchar', { nullable: true })
  reason: string | null;

  /** Sealed temporary password, until it is wiped. */
  @Column('text', { nullable: true })
  secret: string | null;
}
