// What can be done to many users at once, as data: words, who may, what it needs, what it comes to.
import type { GroupKind } from '../groups/group.entity.js';
import { mailIsSetUp } from '../mail/route.js';
import type { Permission } from '../web/permissions.js';

/** What an action adds or takes away. */
export type Belonging = GroupKind | 'role';

export interface MassAction {
  value: string;
  /** Also the name of the button that does it. */
  label: string;
  permission: Permission;
  /** Sentences of the confirmation. */
  consequences: string[];
  /** It needs one of these. */
  thing?: { kind: Belonging; label: string };
  /** Takes something away that an administrator may need. */
  weakens?: boolean;
  /** Never done to the person who does it, and why. */
  notOneself?: string;
  danger?: boolean;
  /** Only while mail is set up. */
  byMail?: boolean;
  /** Words of the outcome, where they are not “Done” and “Left out”. */
  words?: { done: string; left: string };
}

const joins = 'Who has it already stays as they are, and is listed as left out.';
const leaves = 'Who does not have it stays as they are, and is listed as left out.';

const belongings: { kind: Belonging; label: string; add: string; remove: string }[] = [
  { kind: 'desk', label: 'Desk', add: 'Add to Desk', remove: 'Remove from Desk' },
  { kind: 'role', label: 'Role', add: 'Add Role', remove: 'Remove Role' },
  { kind: 'skill_group', label: 'Skill Group', add: 'Add to Skill Group', remove: 'Remove from Skill Group' },
  { kind: 'queue', label: 'Queue', add: 'Add to Queue', remove: 'Remove from Queue' },
];

export const massActions: readonly MassAction[] = [
  {
    value: 'activate',
    label: 'Activate',
    permission: 'users.edit',
    consequences: ['They can sign in and be called again.'],
  },
  {
    value: 'deactivate',
    label: 'Deactivate',
    permission: 'users.edit',
    consequences: [
      'They are signed out at once, and can neither sign in nor be called.',
      'Their data stays: they can be activated again.',
    ],
    weakens: true,
    notOneself: 'Nobody deactivates themselves: ask another administrator.',
    danger: true,
  },
  ...belongings.flatMap(({ kind, label, add, remove }): MassAction[] => [
    {
      value: `add_${kind}`,
      label: add,
      permission: 'users.edit',
      consequences: [joins],
      thing: { kind, label },
      ...(kind === 'role' && { notOneself: 'Somebody else has to change this for you.' }),
    },
    {
      value: `remove_${kind}`,
      label: remove,
      permission: 'users.edit',
      consequences: [leaves],
      thing: { kind, label },
      ...(kind === 'role' && { weakens: true, notOneself: 'Somebody else has to change this for you.' }),
    },
  ]),
  {
    value: 'reset',
    label: 'Reset Passwords',
    permission: 'users.reset',
    consequences: [
      'Each of them gets a new temporary password; the present one stops working and all sessions end.',
      'You can download the new passwords afterwards: only you, and for a short time.',
    ],
    notOneself: 'Choose a new password for yourself on My Account, with your present one.',
    danger: true,
  },
  {
    value: 'invite',
    label: 'Send Invitations',
    permission: 'users.reset',
    consequences: [
      'Each of them who never signed in gets a link by mail to choose a password; earlier links and the temporary password stop working.',
    ],
    notOneself: 'Choose a new password for yourself on My Account, with your present one.',
    byMail: true,
  },
  {
    value: 'end_sessions',
    label: 'End Sessions',
    permission: 'users.sessions',
    consequences: ['They are signed out everywhere at once and can sign in again.'],
    notOneself: 'You end your own sessions on My Account.',
  },
  {
    value: 'delete',
    label: 'Delete',
    permission: 'users.delete',
    consequences: [
      'Their accounts, sessions and memberships are removed; usernames, emails and extensions are free again.',
      'This cannot be undone. The audit log keeps its entries.',
    ],
    weakens: true,
    notOneself: 'Nobody deletes themselves: ask another administrator.',
    danger: true,
  },
];

/** Makes new temporary passwords, which its author can download. */
export function makesPasswords({ kind }: { kind: string }): boolean {
  return kind === 'reset' || kind === 'reissue';
}

/** What somebody with these permissions can do to many at once. */
export function actionsFor({ permissions }: { permissions: ReadonlySet<Permission> }): MassAction[] {
  return massActions.filter(
    ({ permission, byMail }) =>
      permissions.has(permission) && permissions.has('users.view') && (!byMail || mailIsSetUp()),
  );
}
