// What the tenant decides for everybody (PRODUCT.md section 6), with what holds on a fresh tenant.
import type { PpqSorting } from './ppq.js';

export interface TenantSettings {
  /** Stands on the sign-in page; empty = none. */
  name: string;
  timezone: string;
  language: string;
  /** Users that one file may hold. */
  importRowLimit: number;
  /** Days after which the rows of a file are deleted. */
  importRetentionDays: number;
  /** Days that a temporary password is good for, 1 to 30. */
  temporaryPasswordDays: number;
  /** Where Generate looks for free virtual extensions, both ends included. */
  extensionFrom: number;
  extensionTo: number;
  /** Of the tenant's own, beside those that hold everywhere. */
  emergencyNumbers: number[];
  /** Minutes from sign-in. */
  sessionTtl: number;
  /** Minutes without a request. */
  idleLimit: number;
  /** Sessions of one user at the same time, 0 = unlimited. */
  maxSessions: number;
  /** What gives way when a user signs in once more than that. */
  atSessionLimit: 'end_oldest' | 'refuse_new';
  /** Characters of a password, where no second factor is asked: 15 to 64. */
  passwordLength: number;
  /** Where one is: 8 to 64. */
  passwordLengthWithCode: number;
  /** What holds where neither user nor role says anything. */
  twoFactor: 'disabled' | 'email' | 'google';
  /** Nobody has less. */
  twoFactorFloor: 'disabled' | 'email' | 'google';
  /** Whoever has an administrative role has a second factor, after some days of grace. */
  administratorsTwoFactor: boolean;
  /** ID of the caller ID that clients see where a user has none of their own; null = none. */
  callerId: number | null;
  /** The address lists decide who may sign in from where. */
  addressListsOn: boolean;
  /** As typed, with comments: address-list.ts reads it. */
  baseAddresses: string;
  extendedAddresses: string;
  /** PPQ is switched on for the tenant. */
  ppq: boolean;
  /** In tenths, where a user has none of their own: 15 = 1.5. */
  ppqRatio: number;
  ppqSorting: PpqSorting;
  /** Days that entries of the audit log are kept, 30 to 3650. The triggers of the log look at it too. */
  auditRetentionDays: number;
}

export const freshTenant: TenantSettings = {
  name: '',
  timezone: 'UTC',
  language: 'en',
  importRowLimit: 500,
  importRetentionDays: 30,
  temporaryPasswordDays: 7,
  extensionFrom: 1000,
  extensionTo: 9999,
  emergencyNumbers: [],
  sessionTtl: 12 * 60,
  idleLimit: 60,
  maxSessions: 0,
  atSessionLimit: 'end_oldest',
  passwordLength: 15,
  passwordLengthWithCode: 8,
  twoFactor: 'disabled',
  twoFactorFloor: 'disabled',
  administratorsTwoFactor: true,
  callerId: null,
  addressListsOn: false,
  baseAddresses: '',
  extendedAddresses: '',
  ppq: false,
  ppqRatio: 10,
  ppqSorting: 'callback_asc',
  auditRetentionDays: 365,
};

/** Numbers that are never an extension: those that hold everywhere (000 cannot be one) and the tenant's own. */
export function neverExtensions({ emergencyNumbers }: TenantSettings): number[] {
  return [112, 911, 999, ...emergencyNumbers];
}
