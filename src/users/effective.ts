// Which second factor a user really has, by the levels of PRODUCT.md section 3: own, else roles', else tenant's.

export type TwoFactor = 'disabled' | 'email' | 'google';

const rising: TwoFactor[] = ['disabled', 'email', 'google'];

/** What "Default from Role/Tenant" comes to: the strictest of the roles', else the tenant's. */
export function effectiveTwoFactor(roles: (TwoFactor | null)[], tenant: TwoFactor): TwoFactor {
  const ofRoles = roles.flatMap((role) => role ?? []).sort((a, b) => rising.indexOf(b) - rising.indexOf(a));
  return ofRoles[0] ?? tenant;
}
