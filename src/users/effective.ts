// What a setting really comes to, and who decides it: the user's own, else the strictest of the roles', else the tenant's
// (PRODUCT.md section 3).
import type { PpqSorting } from '../settings/ppq.js';
import type { TenantSettings } from '../settings/tenant-settings.js';
import { day } from '../web/clock.js';

export type TwoFactor = 'disabled' | 'email' | 'google';

/** A value and whose it is. */
export interface Decided<T> {
  value: T;
  by: 'user' | 'role' | 'tenant';
  /** Name of the role that decides. */
  role?: string;
}

/** What one of the user's roles says; null = nothing. */
export interface RoleSays<T> {
  role: string;
  value: T | null;
}

/**
 * Who decides a setting.
 * @param own the user's own value, null = default
 * @param strictness of two values of roles the one with the larger number counts; of equal ones the first role's
 */
export function decide<T>(
  own: T | null,
  roles: RoleSays<T>[],
  tenant: T,
  strictness: (value: T) => number,
): Decided<T> {
  if (own !== null) return { value: own, by: 'user' };
  let strictest: Decided<T> | undefined;
  for (const { role, value } of roles) {
    if (value === null || (strictest && strictness(value) <= strictness(strictest.value))) continue;
    strictest = { value, by: 'role', role };
  }
  return strictest ?? { value: tenant, by: 'tenant' };
}

const rising: TwoFactor[] = ['disabled', 'email', 'google'];

/** Disabled < Email < Google. */
export function strictTwoFactor(value: TwoFactor): number {
  return rising.indexOf(value);
}

/** The fewer minutes, the stricter. */
export function strictTime(minutes: number): number {
  return -minutes;
}

/** The fewer sessions, the stricter; 0 = unlimited. */
export function strictCount(sessions: number): number {
  return sessions === 0 ? -Infinity : -sessions;
}

/** Days after an account was made in which an administrator may do without a second factor (PRODUCT.md section 3). */
export const graceDays = 7;

/** A second factor and whose decision it is. */
export interface DecidedFactor {
  value: TwoFactor;
  /** `floor` = the tenant's lowest; `administrators` = the tenant's rule for administrative roles. */
  by: 'user' | 'role' | 'tenant' | 'floor' | 'administrators';
  role?: string;
  /** Until then (milliseconds since 1970) an administrator may do without; afterwards an app is due. */
  graceUntil?: number;
}

/** What the rule needs to know of a user. */
export interface FactorUser {
  own: TwoFactor | null;
  roles: RoleSays<TwoFactor>[];
  /** One of the roles holds a permission. */
  administrative: boolean;
  createdAt: number;
}

/** What the rule needs to know of the tenant. */
export interface FactorTenant {
  twoFactor: TwoFactor;
  twoFactorFloor: TwoFactor;
  administratorsTwoFactor: boolean;
}

/** The second factor that a user really has at a moment, and who decides it. */
export function secondFactorOf(user: FactorUser, tenant: FactorTenant, at: number): DecidedFactor {
  const chosen = decide(user.own, user.roles, tenant.twoFactor, strictTwoFactor);
  if (strictTwoFactor(chosen.value) < strictTwoFactor(tenant.twoFactorFloor))
    return { value: tenant.twoFactorFloor, by: 'floor' };
  if (chosen.value !== 'disabled' || !user.administrative || !tenant.administratorsTwoFactor) return chosen;
  const graceUntil = user.createdAt + graceDays * day;
  return at < graceUntil ? { ...chosen, graceUntil } : { value: 'google', by: 'administrators' };
}

/** How the dialer works for a user, after the defaults. */
export interface Dialing {
  /** ID; null = none. */
  callerId: number | null;
  /** Missing for a user without a personal queue, and in a tenant that has not switched it on. Ratio in tenths. */
  ppq?: { ratio: number; sorting: PpqSorting };
}

/** The user's own settings, else the tenant's: a changed default counts for all who follow it at once. */
export function dialingOf(
  user: { callerIdId: number | null; ppq: boolean; ppqRatio: number | null; ppqSorting: PpqSorting | null },
  tenant: Pick<TenantSettings, 'callerId' | 'ppq' | 'ppqRatio' | 'ppqSorting'>,
): Dialing {
  const ppq = {
    ratio: user.ppqRatio ?? tenant.ppqRatio,
    sorting: user.ppqSorting ?? tenant.ppqSorting,
  };
  return { callerId: user.callerIdId ?? tenant.callerId, ...(user.ppq && tenant.ppq && { ppq }) };
}
