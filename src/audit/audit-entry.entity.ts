import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** Written once and never changed: triggers of the database see to it. */
@Entity('audit_entries')
export class AuditEntry {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('bigint')
  at: number;

  /** Null when nobody is signed in, or the system acts by itself. */
  @Column('integer', { nullable: true })
  actorId: number | null;

  /** The name at the time: people may be renamed or deleted. */
  @Column('varchar')
  actorName: string;

  @Column('varchar')
  action: string;

  @Column('varchar', { nullable: true })
  subjectKind: string | null;

  @Column('integer', { nullable: true })
  subjectId: number | null;

  @Column('varchar', { nullable: true })
  subjectName: string | null;

  /** JSON: what changed; never a secret. */
  @Column('text', { nullable: true })
  details: string | null;

  @Column('varchar', { nullable: true })
  address: string | null;

  @Column('varchar', { nullable: true })
  requestId: string | null;

  /** Place in the hash chain, from 1; null until the sealer has come by. */
  @Column({ type: 'integer', nullable: true, insert: false, update: false })
  chainPosition: number | null;

  /** See chain.ts. */
  @Column({ type: 'varchar', nullable: true, insert: false, update: false })
  hash: string | null;
}
