// Rules that look at more than one field of a user.
import { nameKey } from '../web/names.js';
import type { Problem } from '../web/problem.js';
import type { Tenant } from './read-field.js';
import type { UserValues } from './user-fields.js';

/** Everything that is wrong with the fields of a user together. */
export function wholeUserProblems(values: UserValues, tenant: Tenant): Problem[] {
  return [...usernameIsAddress(values), ...mailIsThere(values, tenant), ...ppqIsOn(values, tenant)];
}

// A username with @ must be the user's own email, else one person could be taken for another (PRODUCT.md section 3).
function usernameIsAddress({ username, email }: UserValues): Problem[] {
  if (!username.includes('@') || nameKey(username) === nameKey(email)) return [];
  const text = 'A username with @ must be the user’s own email.';
  return [{ field: 'username', value: username, code: 'invalid', text, suggestion: email }];
}

function mailIsThere({ twoFactor }: UserValues, tenant: Tenant): Problem[] {
  if (twoFactor !== 'email' || tenant.mail) return [];
  const text = 'Mail is not set up, so no code can be sent: choose another type.';
  return [{ field: 'twoFactor', value: twoFactor, code: 'not_allowed', text }];
}

function ppqIsOn({ ppq }: UserValues, tenant: Tenant): Problem[] {
  if (!ppq || tenant.ppq) return [];
  return [
    {
      field: 'ppq',
      value: 'yes',
      code: 'not_allowed',
      text: 'PPQ is not switched on for this tenant: see Settings.',
    },
  ];
}
