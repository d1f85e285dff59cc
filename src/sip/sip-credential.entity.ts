import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The SIP account of a Built-in PBX user. Its hashes are as good as the secret: they are never selected by the way. */
@Entity('sip_credentials')
export class SipCredential {
  @PrimaryColumn('integer')
  userId: number;

  /** The authorisation name: the virtual extension. */
  @Column('varchar')
  username: string;

  @Column('varchar')
  realm: string;

  @Column('varchar', { select: false })
  ha1: string;

  @Column('varchar', { select: false })
  ha1b: string;

  @Column('varchar', { select: false })
  ha1Sha256: string;

  @Column('bigint')
  setAt: number;
}
