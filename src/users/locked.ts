// What of the form a person cannot change: what they may not give, what the tenant does not have, and on their own user
// everything that could raise them (SECURITY.md AZ-4, AZ-6).
import { ForbiddenException } from '@nestjs/common';
import type { TenantDirectory } from './tenant-directory.js';
import type { FieldName, UserValues } from './user-fields.js';
import { isSame, type Locked, type Typed } from './user-form.js';

const raising: FieldName[] = [
  'roles',
  'active',
  'twoFactor',
  'sessionTtl',
  'maxSessions',
  'extendedAcl',
  'fullRecordingAccess',
];

/** The fields that whoever reads the directory cannot change, on a user of others or on their own. */
export function lockedFor(tenant: TenantDirectory, own: boolean): Locked {
  const { permissions, ownDesksOnly } = tenant.grants.giver;
  const locked = new Map<FieldName, string>();
  const lock = (names: FieldName[], reason: string) => names.forEach((name) => locked.set(name, reason));
  const notGiven = 'You may not give this.';
  if (!permissions.has('grant.sessions')) lock(['sessionTtl', 'maxSessions'], notGiven);
  if (!permissions.has('grant.extended_acl')) lock(['extendedAcl'], notGiven);
  if (!permissions.has('grant.recordings')) lock(['fullRecordingAccess'], notGiven);
  if (!tenant.ppq) lock(['ppq'], 'PPQ is not switched on for this tenant: see Settings.');
  if (own) lock(raising, 'Somebody else has to change this for you.');
  if (own && ownDesksOnly) lock(['allDesks', 'desks'], 'Somebody else has to change this for you.');
  return locked;
}

/** What was typed, with what is stored in the locked fields: their controls are disabled and send nothing. */
export function withLocked(typed: Typed, stored: Typed, locked: Locked): Typed {
  const kept = [...locked.keys()].filter((name) => (typed[name] ?? []).length === 0);
  return { ...typed, ...Object.fromEntries(kept.map((name) => [name, stored[name] ?? []])) };
}

/** Throws ForbiddenException when a person sent what the form of their own user does not let them change. */
export function refuseRaising(before: UserValues, after: UserValues, locked: Locked): void {
  for (const name of locked.keys())
    if (!isSame(before, after, name))
      throw new ForbiddenException('Nobody changes these settings of their own user: ask somebody else.');
}
