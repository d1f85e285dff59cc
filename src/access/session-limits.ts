// How long a person may be signed in, and in how many browsers: the own setting, else the strictest of the roles', else the
// tenant's (PRODUCT.md section 3; SECURITY.md SE-4, SE-5).
import type { TenantSettings } from '../settings/tenant-settings.js';
import { decide, strictCount, strictTime } from '../users/effective.js';

/** What a user or a role says; null = nothing. */
export interface SaysOfSessions {
  /** Minutes from sign-in. */
  sessionTtl: number | null;
  /** 0 = unlimited. */
  maxSessions: number | null;
}

export interface SessionLimits {
  /** Minutes from sign-in. */
  ttl: number;
  /** 0 = unlimited. */
  most: number;
}

/** Minutes without a request after which people with any permission sign in again, whatever the tenant says. */
const idleLimitOfAdministrators = 30;

/** What it comes to for one user. */
export function sessionLimits(
  own: SaysOfSessions,
  roles: SaysOfSessions[],
  tenant: TenantSettings,
): SessionLimits {
  const says = (name: keyof SaysOfSessions) => roles.map((role) => ({ role: '', value: role[name] }));
  return {
    ttl: decide(own.sessionTtl, says('sessionTtl'), tenant.sessionTtl, strictTime).value,
    most: decide(own.maxSessions, says('maxSessions'), tenant.maxSessions, strictCount).value,
  };
}

/** Minutes without a request, for somebody with these permissions. */
export function idleLimit(
  { idleLimit: ofTenant }: TenantSettings,
  permissions: ReadonlySet<unknown>,
): number {
  return permissions.size > 0 ? Math.min(ofTenant, idleLimitOfAdministrators) : ofTenant;
}
