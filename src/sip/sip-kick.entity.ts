import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/**
 * A registration that the SIP server is to forget: waits here until it did, or until it has expired by itself. As long as it
 * waits nobody else gets the extension: their calls would ring on the phone of who had it.
 */
@Entity('sip_kicks')
export class SipKick {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('integer')
  extension: number;

  @Column('varchar')
  realm: string;

  /** Only the contact of this softphone (EXTENSION.sN); null = every phone of the extension. */
  @Column('varchar', { nullable: true })
  softphone: string | null;

  @Column('integer', { default: 0 })
  attempts: number;

  @Column('bigint')
  nextAt: number;

  /** Until then a process is at it. */
  @Column('bigint', { default: 0 })
  leaseUntil: number;

  /** The registration is over by then in any case. */
  @Column('bigint')
  expiresAt: number;
}
