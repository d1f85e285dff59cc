import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { PpqSorting } from '../settings/ppq.js';
import type { SipSetting } from '../sip/sip-settings.js';

/** A person who can sign in and be called. `null` in a setting means the default of the next level. */
@Entity('users')
export class User {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('varchar')
  username: string;

  @Column('varchar')
  usernameKey: string;

  @Column('varchar')
  email: string;

  @Column('varchar')
  emailKey: string;

  @Column('varchar')
  firstName: string;

  @Column('varchar')
  lastName: string;

  /** What the name sorts by: see `sortName`; kept by `keepSearchable`. */
  @Column('varchar', { default: '' })
  nameKey: string;

  @Column('varchar', { nullable: true })
  timezone: string | null;

  @Column('varchar', { nullable: true })
  language: string | null;

  /** A flag, not a copy: a desk made tomorrow counts. */
  @Column('boolean')
  allDesks: boolean;

  @Column('boolean')
  active: boolean;

  @Column('varchar')
  sip: SipSetting;

  @Column('integer', { nullable: true })
  pbxDomainId: number | null;

  @Column('varchar', { nullable: true })
  pbxDevice: string | null;

  @Column('varchar', { nullable: true })
  customUri: string | null;

  @Column('integer')
  extension: number;

  @Column('integer', { nullable: true })
  callerIdId: number | null;

  @Column('boolean')
  autoDial: boolean;

  @Column('varchar', { nullable: true })
  caldavTokenHash: string | null;

  @Column('varchar', { nullable: true })
  twoFactor: 'disabled' | 'email' | 'google' | null;

  /** Minutes from sign-in. */
  @Column('integer', { nullable: true })
  sessionTtl: number | null;

  /** 0 = unlimited. */
  @Column('integer', { nullable: true })
  maxSessions: number | null;

  @Column('boolean')
  extendedAcl: boolean;

  @Column('boolean')
  fullRecordingAccess: boolean;

  @Column('boolean')
  allSkillGroups: boolean;

  @Column('boolean')
  assignLeads: boolean;

  @Column('boolean')
  ppq: boolean;

  /** In tenths: 15 = 1.5. */
  @Column('integer', { nullable: true })
  ppqRatio: number | null;

  @Column('varchar', { nullable: true })
  ppqSorting: PpqSorting | null;

  /** Passwords made for this user hold digits only, at resets too. */
  @Column('boolean')
  digitsOnly: boolean;

  @Column('varchar')
  passwordHash: string;

  /** The password is good for choosing an own one and nothing else. */
  @Column('boolean')
  passwordTemporary: boolean;

  @Column('bigint', { nullable: true })
  passwordExpiresAt: number | null;

  @Column('bigint')
  passwordChangedAt: number;

  @Column('bigint', { nullable: true })
  lastSignInAt: number | null;

  /** The import that made this user, and the row of its file. */
  @Column('integer', { nullable: true })
  importId: number | null;

  @Column('integer', { nullable: true })
  importRow: number | null;

  @Column('integer', { default: 1 })
  version: number;

  @Column('bigint')
  createdAt: number;
}

@Entity('user_roles')
export class UserRole {
  @PrimaryColumn('integer')
  userId: number;

  @PrimaryColumn('integer')
  roleId: number;
}

/** Desks, skill groups and queues of a user. */
@Entity('user_groups')
export class UserGroup {
  @PrimaryColumn('integer')
  userId: number;

  @PrimaryColumn('integer')
  groupId: number;
}
