// What each permission lets its holder do, in a sentence below its name on the page of a role.
import type { Permission } from '../web/permissions.js';

export const permissionHelp: Record<Permission, string> = {
  'users.view': 'The table with search and filters, and who belongs to which desk, role and group.',
  'users.create': 'On the form, one by one, or like a user who exists.',
  'users.edit': 'Everything on a user’s form; also to activate and deactivate.',
  'users.delete': 'For good; the audit log keeps what they did.',
  'users.reset': 'The new password is shown once; the old one and all sessions end.',
  'users.sessions': 'Who is signed in, since when, from where and with which browser.',
  'users.export': 'As CSV, never with passwords.',
  'users.import': 'Upload, review and import; only who imported gets the temporary passwords.',
  'imports.all': 'Their counts and error details, never their passwords.',
  'grant.recordings': 'Recordings of every desk, to users whom the holder creates or changes.',
  'grant.extended_acl': 'Such users sign in from the tenant’s extended addresses too.',
  'grant.weaker_2fa': 'A code by email or none, where the role or the tenant asks for more.',
  'grant.sessions': 'Another session time or number of sessions than the default.',
  'roles.manage': 'Only roles that permit no more than the holder may do.',
  'groups.manage': 'Make, rename and delete them.',
  'pbx.manage': 'Where the devices of a classic PBX are, and how the SIP server fares.',
  'callerids.manage': 'Numbers and names that clients see when users call out.',
  'settings.manage': 'Everything on the Settings page, address lists and limits included.',
  'audit.view': 'Who did what and when, also as a CSV file.',
};
