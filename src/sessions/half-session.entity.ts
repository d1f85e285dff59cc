import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** Somebody typed the right password and has yet to type a code: good for that page and nothing else. */
@Entity('half_sessions')
export class HalfSession {
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

  /** What is asked. */
  @Column('varchar')
  factor: 'email' | 'google';

  /** Keyed hash of the newest code that was sent by mail. */
  @Column('varchar', { nullable: true })
  codeHash: string | null;

  @Column('bigint', { nullable: true })
  codeExpiresAt: number | null;

  /** The mail of that code. */
  @Column('integer', { nullable: true })
  mailId: number | null;

  @Column('integer', { default: 0 })
  tries: number;

  @Column('bigint')
  createdAt: number;

  @Column('bigint')
  expiresAt: number;
}
