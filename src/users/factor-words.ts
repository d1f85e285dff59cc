// A second factor in words, with who decides it: "Email (by the role Agent)".
import type { DecidedFactor, TwoFactor } from './effective.js';

const types: Record<TwoFactor, string> = { disabled: 'Disabled', email: 'Email', google: 'Google 2FA App' };

const deciders: Record<DecidedFactor['by'], string> = {
  user: 'set for this user',
  role: 'by the role {{role}}',
  tenant: 'by the default of the tenant',
  floor: 'by the lowest type that the tenant allows',
  administrators: 'because of an administrative role',
};

/** English words of a type. */
export function typeText(value: TwoFactor): string {
  return types[value];
}

/** What views/users/_factor.hbs shows. */
export function factorWords({ value, by, role, graceUntil }: DecidedFactor) {
  return { type: typeText(value), by: deciders[by], role, graceUntil };
}
