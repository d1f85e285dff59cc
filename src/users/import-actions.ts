// What can be done to the users of one import at once, as data: mass actions that begin at the import, not at ticked users.
import { hour, now } from '../web/clock.js';
import type { Permission } from '../web/permissions.js';
import { massActions, type MassAction } from './mass-actions.js';

/** A mass action on the users of an import. Its author may do it; others need `permission` and `imports.all`. */
export interface ImportAction extends MassAction {
  /** Only users who never signed in are asked about at all. */
  onlyNew: boolean;
}

/** Milliseconds after its end for which an import can be undone. */
export const undoTime = 24 * hour;

export const undoImport: ImportAction = {
  value: 'undo_import',
  label: 'Undo this import',
  permission: 'users.delete',
  consequences: [
    'The users whom this import created are deleted; their usernames, emails and extensions are free again.',
    'Who has signed in, chosen a password or was edited since is kept, and named with the reason.',
    'This cannot be undone. The audit log keeps its entries.',
  ],
  onlyNew: false,
  weakens: true,
  notOneself: 'Nobody deletes themselves: ask another administrator.',
  danger: true,
  words: { done: 'Removed', left: 'Kept' },
};

export const reissuePasswords: ImportAction = {
  value: 'reissue',
  label: 'Reissue Passwords',
  permission: 'users.reset',
  consequences: [
    'Each user of this import who never signed in gets a new temporary password; the earlier one stops working.',
    'Who has signed in keeps the password that they have.',
    'SIP passwords stay as they are; who lost theirs makes a new one on My Account.',
    'You can download the new passwords afterwards, in one file: only you, and for a short time.',
  ],
  onlyNew: true,
};

export const inviteAgain: ImportAction = {
  value: 'invite_again',
  label: 'Send Invitations Again',
  permission: 'users.reset',
  consequences: [
    'Each user of this import who never signed in gets a new link by mail to choose a password; earlier links stop working.',
    'Who has signed in keeps the password that they have.',
  ],
  onlyNew: true,
  byMail: true,
};

const importActions: readonly ImportAction[] = [undoImport, reissuePasswords, inviteAgain];

/** The action of a stored run. */
export function actionOf({ kind }: { kind: string }): MassAction | ImportAction {
  return [...massActions, ...importActions].find(({ value }) => value === kind)!;
}

/** True for what begins at an import. */
export function isImportAction(action: MassAction | ImportAction): action is ImportAction {
  return 'onlyNew' in action;
}

/** True when this person may do it to the users of an import that this author made. */
export function mayActOnImport(
  { id, permissions }: { id: number; permissions: ReadonlySet<Permission> },
  { permission }: ImportAction,
  authorId: number,
): boolean {
  if (authorId === id && permissions.has('users.import')) return true;
  return permissions.has('imports.all') && permissions.has(permission);
}

/** True while an import that ended then can be undone. */
export function canBeUndone(finishedAt: number | null): boolean {
  return finishedAt !== null && finishedAt + undoTime > now();
}
