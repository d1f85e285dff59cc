import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { LetterKind } from './letters.js';

/** `withdrawn` = something newer took its place before it left. */
export type MailState = 'waiting' | 'sent' | 'failed' | 'withdrawn';

/** One mail of the outbox. */
@Entity('mails')
export class Mail {
  @PrimaryGeneratedColumn()
  id: number;

  /** Random; names the place of `sealed`, and the mail in its headers. */
  @Column('varchar')
  reference: string;

  @Column('varchar')
  kind: LetterKind;

  @Column('integer', { nullable: true })
  userId: number | null;

  /** One address. */
  @Column('varchar')
  recipient: string;

  /** Of the reader, BCP 47. */
  @Column('varchar')
  language: string;

  /** JSON of the letter's values, sealed; gone as soon as the mail has left or never will. */
  @Column('text', { nullable: true })
  sealed: string | null;

  @Column('varchar')
  state: MailState;

  @Column('integer', { default: 0 })
  attempts: number;

  @Column('bigint')
  nextAt: number;

  /** After this nobody needs it any more. */
  @Column('bigint', { nullable: true })
  expiresAt: number | null;

  /** A process is sending it until then. */
  @Column('bigint', { default: 0 })
  leaseUntil: number;

  /** Why the last try failed, in the words of the mail server. */
  @Column('varchar', { nullable: true })
  error: string | null;

  @Column('bigint')
  createdAt: number;

  @Column('bigint', { nullable: true })
  doneAt: number | null;
}
