import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The end of the hash chain, who lays it at present, and when old entries were last removed: one row. */
@Entity('audit_chain')
export class AuditChain {
  @PrimaryColumn('integer')
  id: number;

  /** Place of the last sealed entry; the first one has 1. */
  @Column('integer')
  position: number;

  /** Of the last sealed entry; empty before the first one. */
  @Column('varchar')
  hash: string;

  /** The process that lays the chain, until `leaseUntil`. */
  @Column('varchar', { nullable: true })
  owner: string | null;

  @Column('bigint')
  leaseUntil: number;

  @Column('bigint')
  cleanedAt: number;
}
