import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Permission } from '../web/permissions.js';

@Entity('roles')
export class Role {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('varchar')
  name: string;

  @Column('varchar')
  nameKey: string;

  @Column('simple-json')
  permissions: Permission[];

  /** With `users.view`: sees only users of own desks. */
  @Column('boolean')
  ownDesksOnly: boolean;

  @Column('varchar', { nullable: true })
  twoFactor: 'disabled' | 'email' | 'google' | null;

  /** Minutes; null = the tenant's. */
  @Column('integer', { nullable: true })
  sessionTtl: number | null;

  @Column('integer', { nullable: true })
  maxSessions: number | null;

  @Column('integer', { default: 1 })
  version: number;

  @Column('bigint')
  createdAt: number;
}
