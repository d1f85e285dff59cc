// What a password of one's own must be: long, not what many people use, not made of known names; no other rule
// (SECURITY.md AU-8, AU-9; NIST SP 800-63B 3.1.1.2).
import type { TenantSettings } from '../settings/tenant-settings.js';
import type { Role } from '../roles/role.entity.js';
import { secondFactorOf } from '../users/effective.js';
import type { User } from '../users/user.entity.js';
import { now } from '../web/clock.js';
import type { Problem } from '../web/problem.js';
import { isCommon } from './common-passwords.js';

const mostCharacters = 128;
const product = 'Rollcall';

/** The rules for one person. */
export interface PasswordRules {
  /** Characters, at the least. */
  least: number;
  /** The person's own names. */
  own: string[];
  /** Name of the tenant; empty = none. */
  tenant: string;
}

/** Whose password it is, as far as the rules ask. */
export type PasswordOwner = Pick<
  User,
  'username' | 'email' | 'firstName' | 'lastName' | 'twoFactor' | 'createdAt'
>;

/**
 * The rules for a user: a shorter password is enough where a code is asked too.
 * @param roles the user's
 */
export function rulesFor(
  user: PasswordOwner,
  roles: Pick<Role, 'twoFactor' | 'permissions'>[],
  tenant: TenantSettings,
): PasswordRules {
  const says = roles.map(({ twoFactor }) => ({ role: '', value: twoFactor }));
  const administrative = roles.some(({ permissions }) => permissions.length > 0);
  const factor = { own: user.twoFactor, roles: says, administrative, createdAt: user.createdAt };
  const { value } = secondFactorOf(factor, tenant, now());
  const [mailbox] = user.email.split('@');
  return {
    least:
      value === 'disabled' && tenant.twoFactorFloor === 'disabled'
        ? tenant.passwordLength
        : tenant.passwordLengthWithCode,
    own: [user.username, user.email, mailbox, `${user.firstName}${user.lastName}`],
    tenant: tenant.name,
  };
}

/** Problems of a password that a person chose, and typed twice. Characters are counted as people do: by code point, composed. */
export function passwordProblems(password: string, repeated: string, rules: PasswordRules): Problem[] {
  const problem = (field: string, text: string, values = {}): Problem[] => [
    { field, value: '', code: 'invalid', text, values },
  ];
  const characters = [...password.normalize('NFC')].length;
  if (characters < rules.least) {
    return problem('newPassword', 'Use at least {{count}} characters: a few words are easy to remember.', {
      count: rules.least,
    });
  }
  if (characters > mostCharacters)
    return problem('newPassword', 'Use {{count}} characters at the most.', { count: mostCharacters });
  if (isMadeOf(password, rules.own))
    return problem('newPassword', 'Do not use your username or email as the password.');
  if (isMadeOf(password, [product, rules.tenant, ...rules.own]))
    return problem('newPassword', 'Do not make the password of the name of this product or of your company.');
  if (isCommon(password)) {
    return problem(
      'newPassword',
      'Many people use this password, so it is tried first. Choose another one: a few words that do not belong together are easy to remember.',
    );
  }
  if (password !== repeated)
    return problem('repeatPassword', 'The two passwords differ. Type the same one twice.');
  return [];
}

// No letter is left without them. A name of two letters is in many words.
function isMadeOf(password: string, names: string[]): boolean {
  const plain = (text: string) => text.normalize('NFKC').toLowerCase();
  const words = names.flatMap((name) => [plain(name), plain(name).replace(/\s/g, '')]);
  const long = words.filter((word) => word.length > 2).toSorted((a, b) => b.length - a.length);
  const rest = long.reduce((text, word) => text.split(word).join(''), plain(password));
  return rest !== plain(password) && !/\p{L}/u.test(rest);
}
