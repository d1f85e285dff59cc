// THE CATALOGUE: every field of a user, said once. Form, mapping, checks, example file, messages and the README's table
// are made from it. To add a field: add it here, its column in a migration and in user.entity.ts.
import { sessionCounts, sessionTimes, twoFactorTypes } from '../settings/limit-choices.js';
import { ppqSortings, type PpqSorting } from '../settings/ppq.js';
import { sipSettings } from '../sip/sip-settings.js';

export type Part = 'general' | 'extension' | 'security' | 'dialer';

/** How text becomes a value: see read-field.ts. */
export type FieldKind =
  | 'username'
  | 'email'
  | 'text'
  | 'timezone'
  | 'language'
  | 'flag'
  | 'choice'
  | 'minutes'
  | 'sessions'
  | 'extension'
  | 'device'
  | 'uri'
  | 'ratio'
  | 'one'
  | 'several'
  | 'token';

/** Things of the tenant that a field points to, by ID or name. */
export type Kin = 'roles' | 'desks' | 'skillGroups' | 'queues' | 'pbxDomains' | 'callerIds';

export interface UserField {
  name: FieldName;
  label: string;
  part: Part;
  kind: FieldKind;
  /** What the person should know before filling it in. */
  help?: string;
  required?: boolean;
  choices?: readonly { value: string; label: string; help?: string }[];
  kin?: Kin;
  /** The choice of SIP Settings that this field belongs to. */
  onlyWith?: 'classic_pbx' | 'custom_uri';
  /** Name and label where a file is mapped, when they differ from the form's. */
  inFile?: { name: string; label: string };
  /** Where the wizard asks for it; `never` = not from a file. */
  wizard: 'required' | 'security' | 'optional' | 'never';
  /** Value of a user who was given nothing. */
  empty: UserValues[FieldName];
  /** Header of the example file. Other names that files use for it: src/import/synonyms.ts. */
  header: string;
  /** False for a value that this field can hardly hold: keeps a wrong column from being matched. */
  looksLike?: (value: string) => boolean;
  /** A value for the example row of the example file. */
  example?: string;
}

/** All that a person can set on a user. IDs for things of the tenant, null for "default". */
export interface UserValues {
  username: string;
  email: string;
  firstName: string;
  lastName: string;
  timezone: string | null;
  language: string | null;
  allDesks: boolean;
  desks: number[];
  roles: number[];
  active: boolean;
  sip: (typeof sipSettings)[number]['value'];
  pbxDomain: number | null;
  pbxDevice: string | null;
  customUri: string | null;
  /** null = the lowest free one. */
  extension: number | null;
  queues: number[];
  callerId: number | null;
  autoDial: boolean;
  /** A new one in clear text; null = none, or the one that is there stays. */
  caldavToken: string | null;
  twoFactor: 'disabled' | 'email' | 'google' | null;
  /** Minutes. */
  sessionTtl: number | null;
  /** 0 = unlimited. */
  maxSessions: number | null;
  extendedAcl: boolean;
  fullRecordingAccess: boolean;
  allSkillGroups: boolean;
  skillGroups: number[];
  assignLeads: boolean;
  ppq: boolean;
  /** Tenths. */
  ppqRatio: number | null;
  ppqSorting: PpqSorting | null;
  /** Temporary passwords of digits only. */
  digitsOnly: boolean;
}

export type FieldName = keyof UserValues;

export const parts: Record<Part, string> = {
  general: 'User General Info',
  extension: 'User Extension Settings',
  security: 'Security and Permissions',
  dialer: 'Dialer Settings',
};

const digits = (from: number, to: number) => (value: string) =>
  new RegExp(`^\\d{${from},${to}}$`).test(value);
const isEmail = (value: string) => /^[^\s@]+@[^\s@]+$/.test(value);
const isWord = (value: string) => !isEmail(value) && !/^\d+$/.test(value);
const isFlag = (value: string) => /^(0|1|true|false|yes|no|on|off|y|n)$/i.test(value);

export const userFields: readonly UserField[] = [
  {
    name: 'username',
    label: 'Username',
    part: 'general',
    kind: 'username',
    required: true,
    help: '3 to 64 letters, digits or . _ - @, starting with a letter or digit. One with @ must be the user’s own email.',
    wizard: 'required',
    empty: '',
    header: 'Username',
    looksLike: (value) => !/\s/.test(value.trim()) && value.length <= 64,
    example: 'anna.kovacs',
  },
  {
    name: 'email',
    label: 'Email',
    part: 'general',
    kind: 'email',
    required: true,
    help: 'One address. Codes and links for this user go there.',
    wizard: 'required',
    empty: '',
    header: 'Email',
    looksLike: isEmail,
    example: 'anna.kovacs@example.com',
  },
  {
    name: 'roles',
    label: 'Roles',
    part: 'general',
    kind: 'several',
    kin: 'roles',
    required: true,
    help: 'What the user may do. You can give only roles whose permissions you hold yourself.',
    wizard: 'required',
    empty: [],
    header: 'Role',
    inFile: { name: 'role', label: 'Role' },
    example: 'Agent',
  },
  {
    name: 'sip',
    label: 'SIP Settings',
    part: 'extension',
    kind: 'choice',
    required: true,
    choices: sipSettings,
    help: 'How the user receives calls.',
    wizard: 'required',
    empty: 'webrtc',
    header: 'SIP Settings',
    example: 'Use WebRTC',
  },
  {
    name: 'extension',
    label: 'Virtual Extension',
    part: 'extension',
    kind: 'extension',
    required: true,
    help: 'Other agents dial it, transfer calls to it, and add it to conferences of up to five. 3 to 6 digits, no leading zero.',
    wizard: 'required',
    empty: null,
    header: 'Virtual Extension',
    looksLike: (value) => digits(1, 8)(value.trim()) || /^\d+\.0$/.test(value.trim()) || /E\+/i.test(value),
    example: '',
  },
  {
    name: 'desks',
    label: 'Desks',
    part: 'general',
    kind: 'several',
    kin: 'desks',
    help: 'A desk says who may see this user’s work.',
    wizard: 'optional',
    empty: [],
    header: 'Desk',
    example: '',
  },
  {
    name: 'skillGroups',
    label: 'Skill Groups',
    part: 'dialer',
    kind: 'several',
    kin: 'skillGroups',
    help: 'A skill group says which calls and leads reach the user.',
    wizard: 'optional',
    empty: [],
    header: 'Skill Group',
    example: '',
  },
  {
    name: 'firstName',
    label: 'First Name',
    part: 'general',
    kind: 'text',
    wizard: 'optional',
    empty: '',
    header: 'First Name',
    looksLike: isWord,
    example: 'Anna',
  },
  {
    name: 'lastName',
    label: 'Last Name',
    part: 'general',
    kind: 'text',
    wizard: 'optional',
    empty: '',
    header: 'Last Name',
    looksLike: isWord,
    example: 'Kovács',
  },
  {
    name: 'pbxDomain',
    label: 'PBX Domain',
    part: 'extension',
    kind: 'one',
    kin: 'pbxDomains',
    onlyWith: 'classic_pbx',
    help: 'The domain that the device belongs to.',
    wizard: 'required',
    empty: null,
    header: 'PBX Domain',
    example: '',
  },
  {
    name: 'pbxDevice',
    label: 'PBX Device',
    part: 'extension',
    kind: 'device',
    onlyWith: 'classic_pbx',
    help: '2 to 10 digits: the device in the PBX domain.',
    wizard: 'required',
    empty: null,
    header: 'PBX Device',
    looksLike: digits(2, 10),
    example: '',
  },
  {
    name: 'customUri',
    label: 'Custom URI',
    part: 'extension',
    kind: 'uri',
    onlyWith: 'custom_uri',
    help: 'An address such as 204@pbx.example.com on a third-party PBX.',
    wizard: 'required',
    empty: null,
    header: 'Custom URI',
    looksLike: (value) => value.includes('@'),
    example: '',
  },
  {
    name: 'timezone',
    label: 'Timezone',
    part: 'general',
    kind: 'timezone',
    help: 'Times are shown to the user in this zone.',
    wizard: 'optional',
    empty: null,
    header: 'Timezone',
    looksLike: (value) => value.includes('/') || value === 'UTC',
    example: '',
  },
  {
    name: 'language',
    label: 'User Language',
    part: 'general',
    kind: 'language',
    help: 'The user’s pages appear in it.',
    wizard: 'optional',
    empty: null,
    header: 'User Language',
    example: '',
  },
  {
    name: 'allDesks',
    label: 'Automatically add user to all current and future desks',
    part: 'general',
    kind: 'flag',
    help: 'A desk that is made tomorrow counts too.',
    wizard: 'optional',
    empty: false,
    header: 'All Desks',
    looksLike: isFlag,
    example: '',
  },
  {
    name: 'active',
    label: 'Activate User',
    part: 'general',
    kind: 'flag',
    help: 'Without it: no sign-in, no phone.',
    wizard: 'optional',
    empty: true,
    header: 'Activate User',
    looksLike: isFlag,
    example: '',
  },
  {
    name: 'queues',
    label: 'Queues',
    part: 'extension',
    kind: 'several',
    kin: 'queues',
    help: 'Calls that wait in these queues reach the user. The dialer’s media engine reads this setting.',
    wizard: 'optional',
    empty: [],
    header: 'Queue',
    example: '',
  },
  {
    name: 'callerId',
    label: 'Outbound Caller ID',
    part: 'extension',
    kind: 'one',
    kin: 'callerIds',
    help: 'The number and name that clients see when the user calls out.',
    wizard: 'optional',
    empty: null,
    header: 'Outbound Caller ID',
    example: '',
  },
  {
    name: 'autoDial',
    label: 'Auto Dial',
    part: 'extension',
    kind: 'flag',
    help: 'The user may work in automatic dialing mode. The dialer’s media engine reads this setting.',
    wizard: 'optional',
    empty: false,
    header: 'Auto Dial',
    looksLike: isFlag,
    example: '',
  },
  {
    name: 'caldavToken',
    label: 'CalDAV Token',
    part: 'extension',
    kind: 'token',
    help: 'Lets Outlook or Thunderbird, not Google Calendar, read the user’s planned meetings. 20 to 128 letters, digits, - or _. Rollcall keeps only its hash and serves no calendar itself yet.',
    wizard: 'never',
    empty: null,
    header: 'CalDAV Token',
  },
  {
    name: 'twoFactor',
    label: 'Two-Factor Authentication Type',
    part: 'security',
    kind: 'choice',
    help: 'What the user proves beside the password: nothing, a code sent by email, or a code of an app. The user’s own choice counts before that of the roles, the strictest role before the tenant.',
    choices: twoFactorTypes,
    wizard: 'security',
    empty: null,
    header: 'Two-Factor Authentication Type',
  },
  {
    name: 'sessionTtl',
    label: 'User Session Expires After',
    part: 'security',
    kind: 'minutes',
    choices: sessionTimes,
    help: 'Counted from sign-in; then the user signs in again.',
    wizard: 'security',
    empty: null,
    header: 'User Session Expires After',
  },
  {
    name: 'maxSessions',
    label: 'Max User Concurrent Sessions',
    part: 'security',
    kind: 'sessions',
    choices: sessionCounts,
    help: 'How many browsers can be signed in at the same time. At the limit the oldest session ends.',
    wizard: 'security',
    empty: null,
    header: 'Max User Concurrent Sessions',
  },
  {
    name: 'extendedAcl',
    label: 'Use extended IP ACL?',
    part: 'security',
    kind: 'flag',
    help: 'The user may sign in from the tenant’s extended address list too, on top of the base list.',
    wizard: 'security',
    empty: false,
    header: 'Use extended IP ACL',
  },
  {
    name: 'fullRecordingAccess',
    label: 'Full Recording Access',
    part: 'security',
    kind: 'flag',
    help: 'The user can hear the recordings of every desk. The dialer’s media engine keeps the recordings and reads this setting.',
    wizard: 'security',
    empty: false,
    header: 'Full Recording Access',
  },
  {
    name: 'allSkillGroups',
    label: 'Automatically add user to all current and future skill groups',
    part: 'dialer',
    kind: 'flag',
    help: 'A skill group that is made tomorrow counts too.',
    wizard: 'optional',
    empty: false,
    header: 'All Skill Groups',
    looksLike: isFlag,
    example: '',
  },
  {
    name: 'assignLeads',
    label: 'Assign Leads to User?',
    part: 'dialer',
    kind: 'flag',
    help: 'The system starts assigning leads to the user right away. The dialer’s media engine reads this setting.',
    wizard: 'optional',
    empty: false,
    header: 'Assign Leads',
    looksLike: isFlag,
    example: '',
  },
  {
    name: 'ppq',
    label: 'Activate Predictive Personal Queue?',
    part: 'dialer',
    kind: 'flag',
    help: 'Leads of the user’s own are dialed ahead, by the dialer’s media engine. PPQ must be switched on for the tenant.',
    wizard: 'optional',
    empty: false,
    header: 'Predictive Personal Queue',
    looksLike: isFlag,
    example: '',
  },
  {
    name: 'ppqRatio',
    label: 'PPQ Default Ratio',
    part: 'dialer',
    kind: 'ratio',
    help: 'Calls for each free moment of the user: 1.0 to 5.0.',
    wizard: 'optional',
    empty: null,
    header: 'PPQ Default Ratio',
    example: '',
  },
  {
    name: 'ppqSorting',
    label: 'PPQ Sorting',
    part: 'dialer',
    kind: 'choice',
    choices: ppqSortings,
    help: 'Which of the user’s own leads is called first.',
    wizard: 'optional',
    empty: null,
    header: 'PPQ Sorting',
    example: '',
  },
  {
    name: 'digitsOnly',
    label: 'Generate user passwords with digits only (not recommended)',
    part: 'security',
    kind: 'flag',
    help: 'Only for phones that accept nothing but digits. Such passwords are easier to guess.',
    wizard: 'never',
    empty: false,
    header: 'Digits Only',
  },
];

/** The field of that name. Throws for a name that is not in the catalogue. */
export function userField(name: string): UserField {
  const field = byName.get(name);
  if (!field) throw new Error(`no field ${name}`);
  return field;
}

const byName = new Map<string, UserField>(userFields.map((field) => [field.name, field]));

/** What the field is called where a file is mapped. */
export function inFile({ name, label, inFile: other }: UserField): { name: string; label: string } {
  return other ?? { name, label };
}

/** A user who was given nothing yet. */
export function emptyUser(): UserValues {
  return { ...nobody };
}

// Copied, not made anew: an import asks for one with each row.
const nobody = Object.fromEntries(
  userFields.map(({ name, empty }) => [name, empty]),
) as unknown as UserValues;
