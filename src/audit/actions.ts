// Every action that is recorded, in words (a test finds one that is missing here), and the words of its details.
import { permissions } from '../web/permissions.js';

/** Actions by what they are about, in the order of the filter. */
export const actionGroups: readonly { label: string; actions: Record<string, string> }[] = [
  {
    label: 'Signing In',
    actions: {
      signed_in: 'Signed in',
      signed_out: 'Signed out',
      sign_in_refused: 'Sign-in was refused',
      request_refused: 'Asked for what they may not do',
      sign_in_locked: 'Sign-in was locked after wrong passwords',
      'password.chosen': 'Chose a password',
      'sip_password.made': 'Made a new SIP password of the own',
      'email.change_asked': 'Asked to change the own email',
      'email.changed': 'Changed the own email',
      'password.link_sent': 'Asked for a link to choose a new password',
      'password.link_refused': 'Asked for a link to choose a new password, and got none',
      'password.chosen_by_link': 'Chose a password by a link',
      'password.refused': 'The current password was not right',
      code_refused: 'Refused a code',
      'authenticator.set_up': 'Set up an authenticator',
      'recovery_codes.made': 'Made new recovery codes',
      'recovery_code.used': 'Signed in with a recovery code',
      'sessions.ended': 'Ended sessions',
      'session.moved': 'Session ended: it moved to an address that is not listed',
    },
  },
  {
    label: 'Users',
    actions: {
      'user.created': 'Created a user',
      'user.changed': 'Changed a user',
      'user.activated': 'Activated a user',
      'user.deactivated': 'Deactivated a user',
      'user.password_reset': 'Reset a password',
      'user.invited': 'Sent an invitation by email',
      'user.sip_password_reset': 'Reset a SIP password',
      'user.recovered': 'Let an administrator in again, by the command on the server',
      'user.authenticator_reset': 'Reset an authenticator',
      'user.codes_blocked': 'Blocked a user after many wrong codes',
      'user.caldav_token_removed': 'Removed a CalDAV token',
      'user.deleted': 'Deleted a user',
      'user.profile_changed': 'Changed the own profile',
      'users.exported': 'Exported a list of users',
    },
  },
  {
    label: 'Mass Actions',
    actions: {
      'mass_action.started': 'Started a mass action',
      'mass_action.cancel_asked': 'Asked to cancel a mass action',
      'mass_action.finished': 'Finished a mass action',
      'mass_action.cancelled': 'Cancelled a mass action',
      'mass_action.failed': 'Stopped a mass action that failed',
      'mass_action.passwords_downloaded': 'Downloaded passwords of a mass action',
      'mass_action.passwords_wiped': 'Wiped passwords of a mass action',
    },
  },
  {
    label: 'Users from a File',
    actions: {
      'import.uploaded': 'Uploaded a file',
      'import.discarded': 'Discarded an uploaded file',
      'import.started': 'Started an import',
      'import.rows_refused': 'Asked in a file for what they may not give',
      'import.preset_renamed': 'Renamed remembered choices for files',
      'import.preset_removed': 'Removed remembered choices for files',
      'import.cancel_asked': 'Asked to cancel an import',
      'import.cancelled': 'Cancelled an import',
      'import.finished': 'Finished an import',
      'import.failed': 'Stopped an import that failed',
      'import.passwords_downloaded': 'Downloaded temporary passwords',
      'import.passwords_wiped': 'Wiped temporary passwords',
      'import.passwords_refused': 'Refused a file that holds temporary passwords',
      'import.passwords_reissued': 'Reissued passwords of an import',
      'import.rows_deleted': 'Deleted the rows of an old import',
      'import.invited_again': 'Sent the invitations of an import again',
      'import.undone': 'Undid an import',
    },
  },
  {
    label: 'Roles',
    actions: {
      'role.created': 'Created a role',
      'role.changed': 'Changed a role',
      'role.deleted': 'Deleted a role',
    },
  },
  {
    label: 'Desks',
    actions: {
      'desk.created': 'Created a desk',
      'desk.changed': 'Changed a desk',
      'desk.deleted': 'Deleted a desk',
    },
  },
  {
    label: 'Skill Groups',
    actions: {
      'skill_group.created': 'Created a skill group',
      'skill_group.changed': 'Changed a skill group',
      'skill_group.deleted': 'Deleted a skill group',
    },
  },
  {
    label: 'Queues',
    actions: {
      'queue.created': 'Created a queue',
      'queue.changed': 'Changed a queue',
      'queue.deleted': 'Deleted a queue',
    },
  },
  {
    label: 'PBX Domains',
    actions: {
      'pbx_domain.created': 'Created a PBX domain',
      'pbx_domain.changed': 'Changed a PBX domain',
      'pbx_domain.deleted': 'Deleted a PBX domain',
    },
  },
  {
    label: 'Caller IDs',
    actions: {
      'caller_id.created': 'Created a caller ID',
      'caller_id.changed': 'Changed a caller ID',
      'caller_id.deleted': 'Deleted a caller ID',
    },
  },
  { label: 'Settings', actions: { 'settings.changed': 'Changed the settings' } },
  {
    label: 'Mail',
    actions: { 'mail.tested': 'Sent a test mail', 'mail.failed': 'Gave up a mail' },
  },
  {
    label: 'Audit Log',
    actions: {
      'audit.exported': 'Exported the audit log',
      'audit.expired': 'Removed old entries of the audit log',
    },
  },
];

const inWords = new Map(actionGroups.flatMap(({ actions }) => Object.entries(actions)));

/** English words of an action; an action that nobody has put into words is its own code. */
export function actionText(action: string): string {
  return inWords.get(action) ?? action;
}

/** A field that details speak of. The catalogues of users and settings have this shape. */
export interface DetailField {
  name: string;
  /** English. */
  label: string;
  /** `ratio`: tenths. `sessions`: 0 is unlimited. */
  kind?: string;
  /** What its numbers are the IDs of, e.g. `roles`. */
  kin?: string;
  /** Labels are English. */
  choices?: readonly { value: string; label: string }[];
  options?: () => { value: string; label: string }[];
}

/** Fields of details that stand in no catalogue. */
export const otherFields: readonly DetailField[] = [
  { name: 'name', label: 'Name' },
  {
    name: 'permissions',
    label: 'Permissions',
    choices: Object.entries(permissions).map(([value, label]) => ({ value, label })),
  },
  { name: 'ownDesksOnly', label: 'Own desks only' },
  { name: 'host', label: 'Host' },
  { name: 'nextHop', label: 'Next Hop' },
  { name: 'transport', label: 'Transport' },
  { name: 'number', label: 'Number' },
  { name: 'import', label: 'Import' },
  { name: 'row', label: 'Row' },
  { name: 'rows', label: 'Rows' },
  { name: 'bytes', label: 'Size in bytes' },
  { name: 'sha256', label: 'SHA-256 of the file' },
  { name: 'format', label: 'Format' },
  { name: 'count', label: 'Count' },
  { name: 'done', label: 'Done' },
  { name: 'leftOut', label: 'Left out' },
  { name: 'sessions', label: 'Sessions' },
  { name: 'q', label: 'Search' },
  { name: 'desk', label: 'Desk', kin: 'desks' },
  { name: 'role', label: 'Role', kin: 'roles' },
  { name: 'skillGroup', label: 'Skill Group', kin: 'skillGroups' },
  { name: 'status', label: 'Status' },
  { name: 'read', label: 'Rows read' },
  { name: 'created', label: 'Created' },
  { name: 'duplicates', label: 'Duplicates' },
  { name: 'errors', label: 'Errors' },
  { name: 'skipped', label: 'Skipped' },
  { name: 'person', label: 'Person' },
  { name: 'action', label: 'Action' },
  { name: 'request', label: 'Request' },
  { name: 'letter', label: 'Letter' },
  { name: 'left', label: 'Left' },
  { name: 'reason', label: 'Reason' },
  {
    name: 'refusal',
    label: 'Why',
    choices: [
      { value: 'unknown', label: 'nobody has the name' },
      { value: 'inactive', label: 'the user is inactive' },
      { value: 'address', label: 'the address is not listed' },
      { value: 'often', label: 'three links were sent within half an hour' },
    ],
  },
  { name: 'from', label: 'From' },
  { name: 'until', label: 'Until' },
  { name: 'failures', label: 'Failures in a row' },
  { name: 'position', label: 'Place in the chain' },
  { name: 'hash', label: 'Hash' },
];
