// What the page of a role shows: its permissions in four groups, and two versions beside each other after a conflict.
import type { SignedIn } from '../web/allow.js';
import { differences } from '../web/outcome.js';
import { allPermissions, permissions, type Permission } from '../web/permissions.js';
import type { TenantSettings } from '../settings/tenant-settings.js';
import type { Translate } from '../web/texts.js';
import { limitControls, limitFields, limitWords } from './role-limits.js';
import { permissionHelp } from './permission-help.js';
import type { RoleForm } from './roles.service.js';

const headings = [
  { name: 'users', label: 'Users' },
  { name: 'imports', label: 'Imports' },
  { name: 'grant', label: 'Giving' },
  { name: 'management', label: 'Management' },
];

/** The role as its form shows it; what this person does not hold cannot be ticked. */
export function roleModel(form: RoleForm, tenant: TenantSettings, person: SignedIn, t: Translate) {
  const groups = headings.map(({ name, label }) => ({
    name,
    label,
    permissions: allPermissions.filter((permission) => groupOf(permission) === name).map(tick),
  }));
  const limits = limitControls(form, tenant, person, t);
  return { name: form.name, ownDesksOnly: form.ownDesksOnly, groups, limits };

  function tick(value: Permission) {
    const checked = form.permissions.includes(value);
    return {
      value,
      label: permissions[value],
      help: permissionHelp[value],
      checked,
      disabled: !checked && !person.permissions.has(value),
    };
  }
}

/** What differs between the typed and the stored role, in the reader's words. */
export function roleConflict(yours: RoleForm, theirs: RoleForm, t: Translate) {
  const words = (role: RoleForm) => [
    role.name,
    list(role.permissions),
    role.ownDesksOnly ? t('Yes') : t('No'),
    ...limitFields.map((field) => limitWords(field, role, t)),
  ];
  const list = (held: Permission[]) =>
    held.map((permission) => t(permissions[permission])).join(' · ') || t('None');
  const [mine, stored] = [words(yours), words(theirs)];
  const labels = ['Name', 'Permissions', 'Own desks only', ...limitFields.map(({ label }) => label)];
  const rows = labels.map((label, index) => {
    return { label, yours: mine[index], theirs: stored[index] };
  });
  return differences(rows);
}

function groupOf(permission: Permission): string {
  if (permission === 'users.import') return 'imports';
  const [start] = permission.split('.');
  return headings.some(({ name }) => name === start) ? start : 'management';
}
