import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

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

  @Column('bigint')
  expiresAt: number;
}
