// Rules that look at more than one field of a user.
import { nameKey } from '../web/names.js';
import type { Problem } from '../web/problem.js';
import type { UserValues } from './user-fields.js';

/** A username with @ must be the user's own email, else one person could be taken for another (PRODUCT.md section 3). */
export function usernameIsAddress({ username, email }: UserValues): Problem[] {
  if (!username.includes('@') || nameKey(username) === nameKey(email)) return [];
  const text = 'A username with @ must be the user’s own email.';
  return [{ field: 'username', value: username, code: 'invalid', text, suggestion: email }];
}
