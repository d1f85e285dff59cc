// Every permission there is (PRODUCT.md section 1), with the sentence that the role page shows.

export const permissions = {
  'users.view': 'See users',
  'users.create': 'Create users',
  'users.edit': 'Change users',
  'users.delete': 'Delete users',
  'users.reset': 'Reset passwords and authenticators',
  'users.sessions': 'See and end sessions of others',
  'users.export': 'Download lists of users',
  'users.import': 'Create users from a file',
  'imports.all': 'See the imports of others',
  'grant.recordings': 'Give full recording access',
  'grant.extended_acl': 'Give access from the extended address list',
  'grant.weaker_2fa': 'Give a weaker second factor than the default',
  'grant.sessions': 'Give session limits of their own',
  'roles.manage': 'Manage roles',
  'groups.manage': 'Manage desks, skill groups and queues',
  'pbx.manage': 'Manage PBX domains and the SIP server',
  'callerids.manage': 'Manage caller IDs',
  'settings.manage': 'Change the settings of the tenant',
  'audit.view': 'Read the audit log',
} as const;

export type Permission = keyof typeof permissions;

export const allPermissions = Object.keys(permissions) as Permission[];

/** True for the name of a permission. */
export function isPermission(text: string): text is Permission {
  return Object.hasOwn(permissions, text);
}

/** True when the holder of `held` has everything in `wanted`: nobody gives away what they do not hold. */
export function covers(held: ReadonlySet<Permission>, wanted: Iterable<Permission>): boolean {
  return [...wanted].every((permission) => held.has(permission));
}
