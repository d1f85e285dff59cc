import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { DigestColumn } from './digest-column.js';
import type { Digests } from './sip-secret.js';

/** One open softphone page: its credential lives and dies with the sign-in session. */
@Entity('softphone_sessions')
export class SoftphoneSession implements Digests {
  /** The N of EXTENSION.sN, never used again. */
  @PrimaryGeneratedColumn()
  id: number;

  /** The sign-in session. */
  @Column('integer')
  sessionId: number;

  @Column('integer')
  userId: number;

  /** As it was when the page was opened; the only address that it may register. */
  @Column('integer')
  extension: number;

  /** The authorisation name: EXTENSION.sN. */
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
  openedAt: number;
}
