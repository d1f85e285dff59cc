import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A link that was mailed: it works once, for half an hour; an invitation as long as a temporary password. */
@Entity('mail_links')
export class MailLink {
  @PrimaryGeneratedColumn()
  id: number;

  /** SHA-256, hex. */
  @Column('varchar')
  tokenHash: string;

  @Column('varchar')
  kind: 'password' | 'email' | 'invitation';

  @Column('integer')
  userId: number;

  /** Where it was mailed. For `email` that is the new address. */
  @Column('varchar')
  email: string;

  @Column('bigint')
  expiresAt: number;
}
