// Nobody gives what they do not hold (SECURITY.md AZ-3, AZ-4): by form, by wizard and by each row of a file.
import { mayChange, type Permits, type Person } from '../roles/role-rules.js';
import type { Problem } from '../web/problem.js';
import { decide, strictTwoFactor, type TwoFactor } from './effective.js';
import type { UserValues } from './user-fields.js';
import { userField } from './user-fields.js';

/** What the rule needs to know. */
export interface Grants {
  giver: Person;
  /** Each role of the tenant, by its ID. */
  roles: ReadonlyMap<number, GivenRole>;
  /** The second factor that "default" means for the tenant, where no role says anything. */
  defaultTwoFactor: TwoFactor;
  /** Whoever has a role with permissions needs a second factor. */
  administratorsTwoFactor: boolean;
}

/** A role as far as the rule asks. */
export type GivenRole = Permits & { twoFactor: TwoFactor | null };

/** What of these values the giver may not give, one problem for each field. */
export function notAllowed(values: UserValues, grants: Grants): Problem[] {
  const { giver, roles, defaultTwoFactor, administratorsTwoFactor } = grants;
  const problems: Problem[] = [];
  const refuse = (field: string, text: string) =>
    problems.push({ field, value: '', code: 'not_allowed', text, values: { label: userField(field).label } });
  const tooMuch = values.roles.some((id) => roles.has(id) && !mayChange(giver, roles.get(id)!));
  if (tooMuch) refuse('roles', 'You cannot give a role that permits more than your own.');
  if (values.fullRecordingAccess && !giver.permissions.has('grant.recordings'))
    refuse('fullRecordingAccess', 'You may not give {{label}}.');
  if (values.extendedAcl && !giver.permissions.has('grant.extended_acl'))
    refuse('extendedAcl', 'You may not give {{label}}.');
  const saying = values.roles.map((id) => ({ role: '', value: roles.get(id)?.twoFactor ?? null }));
  const { value: byDefault } = decide(null, saying, defaultTwoFactor, strictTwoFactor);
  const weaker = values.twoFactor !== null && strictTwoFactor(values.twoFactor) < strictTwoFactor(byDefault);
  if (weaker && !giver.permissions.has('grant.weaker_2fa'))
    refuse('twoFactor', 'You may not give a weaker second factor than the default.');
  const administrative = values.roles.some((id) => (roles.get(id)?.permissions ?? []).length > 0);
  if (values.twoFactor === 'disabled' && administrative && administratorsTwoFactor)
    refuse('twoFactor', 'An administrative role needs a second factor: choose another type, or the default.');
  for (const name of ['sessionTtl', 'maxSessions'] as const) {
    if (values[name] !== null && !giver.permissions.has('grant.sessions'))
      refuse(name, 'You may not give session limits of their own.');
  }
  return problems;
}
