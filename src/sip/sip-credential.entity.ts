import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DigestColumn } from './digest-column.js';
import type { Digests } from './sip-secret.js';

/** The SIP account of a Built-in PBX user. */
@Entity('sip_credentials')
export class SipCredential implements Digests {
  @PrimaryColumn('integer')
  userId: number;

  /** The authorisation name: the virtual extension. */
  @Column('varchar')
  username: string;

  @Column('varchar')
  realm: string;

  @DigestColumn()
  ha1: string;

  @DigestColumn()
  ha1b: string;

  @DigestColumn()
  ha1Sha256: string;

  @Column('bigint')
  setAt: number;
}
