// Who may make which role, and which change would leave nobody in charge (SECURITY.md AZ-3, AZ-6, AZ-9).
import type { SignedIn } from '../web/allow.js';
import { allPermissions, covers, permissions, type Permission } from '../web/permissions.js';
import type { Problem } from '../web/problem.js';
import type { Role } from './role.entity.js';

export type Permits = Pick<Role, 'permissions' | 'ownDesksOnly'>;

/** Who acts, as far as rules ask. */
export type Person = Pick<SignedIn, 'permissions' | 'ownDesksOnly'>;

/** What several roles permit together; one that sees users without the limit lifts the limit of the others. */
export function together(roles: Permits[]): Person {
  const seeing = roles.filter(({ permissions: permitted }) => permitted.includes('users.view'));
  return {
    permissions: new Set(roles.flatMap(({ permissions: permitted }) => permitted)),
    ownDesksOnly: seeing.length > 0 && seeing.every(({ ownDesksOnly }) => ownDesksOnly),
  };
}

/** What of a role this person may not give: permissions they do not hold, or users of other desks. */
export function beyond(person: Person, role: Permits): Problem[] {
  const more = role.permissions.filter((permission) => !person.permissions.has(permission));
  const problems = more.map((permission): Problem => {
    const text = 'You cannot put a permission into a role that you do not hold yourself: {{label}}.';
    const values = { label: permissions[permission] };
    return { field: 'permissions', value: permission, code: 'not_allowed', text, values };
  });
  if (person.ownDesksOnly && role.permissions.includes('users.view') && !role.ownDesksOnly) {
    const text =
      'You meet only users of your own desks, so a role of yours that sees users has the same limit.';
    problems.push({ field: 'ownDesksOnly', value: '', code: 'not_allowed', text });
  }
  return problems;
}

/** A role that permits more than this person may do is not theirs to change or delete. */
export function mayChange(person: Person, role: Permits): boolean {
  return beyond(person, role).length === 0;
}

/** A role held by an active user. */
export interface Held {
  userId: number;
  roleId: number;
}

/** True when one of these users holds every permission, by all of their roles together. */
export function someoneHoldsAll(held: Held[], roles: Pick<Role, 'id' | 'permissions'>[]): boolean {
  const permits = new Map(roles.map(({ id, permissions }) => [id, permissions]));
  const byUser = new Map<number, Set<Permission>>();
  for (const { userId, roleId } of held) {
    const all = byUser.get(userId) ?? new Set();
    for (const permission of permits.get(roleId) ?? []) all.add(permission);
    byUser.set(userId, all);
  }
  return [...byUser.values()].some((all) => covers(all, allPermissions));
}
