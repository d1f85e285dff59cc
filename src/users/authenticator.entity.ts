import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The app of a user that shows codes. It is here once a right code was typed, never before. */
@Entity('authenticators')
export class Authenticator {
  @PrimaryColumn('integer')
  userId: number;

  /** 160 bits in base32, sealed. */
  @Column('text')
  secret: string;

  /** Time step of the last code that was taken: no code of it, or of one before, is taken again (RFC 6238, 5.2). */
  @Column('integer')
  lastStep: number;

  @Column('bigint')
  setUpAt: number;
}

/** A code that serves once when the app is lost; a used one is gone. */
@Entity('recovery_codes')
export class RecoveryCode {
  @PrimaryColumn('integer')
  userId: number;

  /** SHA-256, hex. */
  @PrimaryColumn('varchar')
  codeHash: string;
}
