// The rule of `secondFactorOf`, asked of the database about all users at once.
import { graceDays, strictTwoFactor, type FactorTenant, type TwoFactor } from './effective.js';
import { day } from '../web/clock.js';

/** What a role says about the second factor of those who hold it. */
export interface FactorRole {
  id: number;
  twoFactor: TwoFactor | null;
  /** It holds a permission. */
  administrative: boolean;
}

const all: TwoFactor[] = ['disabled', 'email', 'google'];

/**
 * SQL that is true for the users, alias `user`, whose second factor at a moment is the wanted one.
 * @param at milliseconds since 1970
 */
export function hasSecondFactor(
  wanted: TwoFactor,
  tenant: FactorTenant,
  roles: FactorRole[],
  at: number,
): string {
  const rank = strictTwoFactor(wanted) - strictTwoFactor(tenant.twoFactorFloor);
  if (rank < 0) return '1 = 0';
  const raised = all.slice(0, all.indexOf(wanted) + 1);
  const chosen = anyOf((rank === 0 ? raised : [wanted]).map((type) => chose(type, tenant, roles)));
  const administrative = roles.filter((role) => role.administrative).map(({ id }) => id);
  if (tenant.twoFactorFloor !== 'disabled' || !tenant.administratorsTwoFactor || wanted === 'email')
    return chosen;
  const overdue = `(${isAmongHolders(administrative)} AND user.createdAt <= ${at - graceDays * day})`;
  if (wanted === 'disabled') return `(${chosen} AND NOT ${overdue})`;
  return anyOf([chosen, `(${chose('disabled', tenant, roles)} AND ${overdue})`]);
}

// By the own setting, else by the strictest of the roles', else by the tenant's. Where the default never comes to the type,
// nothing but the own setting is looked at: an index finds the few who chose it.
function chose(type: TwoFactor, { twoFactor: byTenant }: FactorTenant, roles: FactorRole[]): string {
  const own = `user.twoFactor = '${type}'`;
  const saying = (types: TwoFactor[]) =>
    roles.filter(({ twoFactor }) => twoFactor && types.includes(twoFactor)).map(({ id }) => id);
  const stricter = all.slice(all.indexOf(type) + 1);
  const defaults = [];
  if (saying([type]).length > 0)
    defaults.push(`(${holds(saying([type]))} AND NOT ${holds(saying(stricter))})`);
  if (byTenant === type) defaults.push(`NOT ${holds(saying(all))}`);
  return defaults.length === 0 ? own : `(${own} OR (user.twoFactor IS NULL AND ${anyOf(defaults)}))`;
}

function anyOf(conditions: string[]): string {
  return `(${conditions.join(' OR ')})`;
}

// Of administrators there are few: looked up from their roles, not asked of everybody.
function isAmongHolders(roleIds: number[]): string {
  if (roleIds.length === 0) return '(1 = 0)';
  return `user.id IN (SELECT held.user_id FROM user_roles held WHERE held.role_id IN (${roleIds.join(', ')}))`;
}

function holds(roleIds: number[]): string {
  if (roleIds.length === 0) return '(1 = 0)';
  return `EXISTS (SELECT 1 FROM user_roles held WHERE held.user_id = user.id AND held.role_id IN (${roleIds.join(', ')}))`;
}
