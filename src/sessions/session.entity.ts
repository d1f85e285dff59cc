import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/**
 * Why a session is over: somebody signed in elsewhere and took its place, a person ended it, the password is another one, it
 * moved to an address that is not listed, no request for too long, or its time was up.
 */
export type EndedWhy = 'elsewhere' | 'by_hand' | 'password' | 'address' | 'idle' | 'time';

@Entity('sessions')
export class Session {
  @PrimaryGeneratedColumn()
  id: number;

  /** SHA-256 of the cookie's session ID, hex. */
  @Column('varchar')
  idHash: string;

  @Column('integer')
  userId: number;

  /** JSON of what express-session keeps. */
  @Column('text')
  data: string;

  @Column('varchar')
  address: string;

  @Column('varchar')
  agent: string;

  @Column('bigint')
  createdAt: number;

  @Column('bigint')
  seenAt: number;

  /** When the person last proved who they are: at sign-in, or later again. */
  @Column('bigint')
  provenAt: number;

  @Column('bigint')
  expiresAt: number;

  /** null while the session goes on. An ended one is kept for a day, so that its browser can be told why. */
  @Column('bigint', { nullable: true })
  endedAt: number | null;

  @Column('varchar', { nullable: true })
  endedWhy: EndedWhy | null;
}
