// Every setting of the tenant, said once: what the page asks, how text becomes a value, what it is shown as.
import { mailIsSetUp } from '../mail/route.js';
import type { Problem } from '../web/problem.js';
import { languages } from '../web/texts.js';
import { timezoneNamed, timezoneNames } from '../web/timezones.js';
import { readAddressList } from './address-list.js';
import { twoFactorTypes } from './limit-choices.js';
import { ppqSortings, ratioText, readRatio } from './ppq.js';
import { freshTenant, type TenantSettings } from './tenant-settings.js';

type Name = keyof TenantSettings;
type Wrong = { text: string; values?: Record<string, string | number> };
type Read = { value: TenantSettings[Name] } | Wrong | Wrong[];

export interface SettingField {
  name: Name;
  label: string;
  part: 'tenant' | 'signIn' | 'addresses' | 'extensions' | 'imports' | 'dialer';
  help?: string;
  control: 'line' | 'lines' | 'select' | 'checkbox';
  inputmode?: string;
  options?: () => { value: string; label: string }[];
  /** Its options are these things of the tenant, and none. */
  kin?: 'callerIds';
  /** `ratio`: tenths. */
  kind?: 'ratio';
  /** The control that shows this one, as data-shows wants it. */
  shows?: string;
  searchable?: boolean;
  /** The value, or the sentence that says what is wrong with the text. */
  read: (text: string) => Read;
  show: (value: TenantSettings[Name]) => string;
}

export const settingParts: Record<SettingField['part'], string> = {
  tenant: 'Tenant',
  signIn: 'Signing In',
  addresses: 'Addresses to Sign In From',
  extensions: 'Virtual Extensions',
  imports: 'Users from a File',
  dialer: 'Dialer',
};

const minutes = [30, 60, 120, 240, 480, 720, 1440, 10_080];
const mostSessions = 20;
const sessionLimitChoices = [
  { value: 'end_oldest', label: 'The oldest session ends, and its browser says why' },
  { value: 'refuse_new', label: 'The new sign-in is refused' },
];

export const settingFields: readonly SettingField[] = [
  {
    name: 'name',
    label: 'Name',
    part: 'tenant',
    control: 'line',
    help: 'Stands on the sign-in page and on sign-in slips.',
    read: (text) => ([...text].length <= 100 ? { value: text } : { text: 'Use 100 characters at the most.' }),
    show: String,
  },
  {
    name: 'timezone',
    label: 'Timezone',
    part: 'tenant',
    control: 'select',
    searchable: true,
    help: 'For everybody who has not chosen one.',
    options: () => timezoneNames().map((zone) => ({ value: zone, label: zone })),
    read: (text) => {
      const zone = timezoneNamed(text);
      return zone ? { value: zone } : { text: 'Choose one of the list.' };
    },
    show: String,
  },
  {
    name: 'language',
    label: 'Language',
    part: 'tenant',
    control: 'select',
    help: 'For everybody who has not chosen one, and on the sign-in page.',
    options: () => languages.map(({ code, name }) => ({ value: code, label: name })),
    read: (text) =>
      languages.some(({ code }) => code === text) ? { value: text } : { text: 'Choose one of the list.' },
    show: String,
  },
  {
    ...number('auditRetentionDays', 'Days that the audit log is kept', 30, 3650),
    part: 'tenant',
    help: 'Older entries are removed once a day; the log itself says how many.',
  },
  {
    name: 'sessionTtl',
    label: 'User Session Expires After',
    part: 'signIn',
    control: 'select',
    help: 'Counted from sign-in, for users whose role and own settings say nothing else.',
    options: () => minutes.map((count) => ({ value: String(count), label: durationText(count) })),
    read: (text) =>
      minutes.includes(Number(text)) ? { value: Number(text) } : { text: 'Choose one of the list.' },
    show: String,
  },
  {
    ...number('idleLimit', 'Sign out after minutes without a request', 5, 1440),
    part: 'signIn',
    help: 'A session that is not used for so long ends, whatever its time limit. For people with any permission after 30 minutes at the latest.',
  },
  {
    name: 'maxSessions',
    label: 'Max User Concurrent Sessions',
    part: 'signIn',
    control: 'select',
    help: 'How many browsers can be signed in at the same time, for users whose role and own settings say nothing else.',
    options: () => [
      { value: 'unlimited', label: 'Unlimited' },
      ...Array.from({ length: mostSessions }, (_, index) => ({
        value: String(index + 1),
        label: String(index + 1),
      })),
    ],
    read: (text) => {
      if (text === 'unlimited') return { value: 0 };
      const count = /^\d{1,2}$/.test(text) ? Number(text) : 0;
      return count >= 1 && count <= mostSessions ? { value: count } : { text: 'Choose one of the list.' };
    },
    show: (value) => (value === 0 ? 'unlimited' : String(value)),
  },
  {
    name: 'atSessionLimit',
    label: 'At that limit',
    part: 'signIn',
    control: 'select',
    help: 'What happens when a user signs in once more.',
    options: () => sessionLimitChoices,
    read: (text) =>
      sessionLimitChoices.some(({ value }) => value === text)
        ? { value: text as TenantSettings['atSessionLimit'] }
        : { text: 'Choose one of the list.' },
    show: String,
  },
  {
    ...secondFactor('twoFactor', 'Two-Factor Authentication Type'),
    help: 'For users whose role and own settings say nothing else.',
  },
  {
    ...secondFactor('twoFactorFloor', 'Lowest Two-Factor Authentication Type'),
    help: 'Nobody has less than this, whatever their role and own settings say.',
  },
  {
    name: 'administratorsTwoFactor',
    label: 'Second factor for administrators',
    part: 'signIn',
    control: 'checkbox',
    help: 'Whoever has a role with permissions needs a second factor, from 7 days after the user was created.',
    read: (text) => ({ value: text === 'on' }),
    show: (value) => (value ? 'on' : ''),
  },
  {
    ...number('passwordLength', 'Characters of a password, at least', 15, 64),
    part: 'signIn',
    help: 'For people who sign in without a second factor. Passwords that are there already stay good.',
  },
  {
    ...number('passwordLengthWithCode', 'Characters of a password, at least, with a second factor', 8, 64),
    part: 'signIn',
    help: 'For people who are asked for a code too. Common passwords and names are refused at any length.',
  },
  {
    ...number('temporaryPasswordDays', 'Days that a temporary password is good for', 1, 30),
    part: 'signIn',
    help: 'Counted from the moment it is made.',
  },
  {
    name: 'addressListsOn',
    label: 'Sign in from listed addresses only',
    part: 'addresses',
    control: 'checkbox',
    help: 'Whoever comes from another address cannot sign in, and is signed out when a session moves there.',
    read: (text) => ({ value: text === 'on' }),
    show: (value) => (value ? 'on' : ''),
  },
  {
    ...addressList('baseAddresses', 'Base address list'),
    help: 'Everybody may sign in from these. One address or network a line, such as 192.0.2.7, 198.51.100.0/24 or 2001:db8::/32; what follows # is a comment.',
  },
  {
    ...addressList('extendedAddresses', 'Extended address list'),
    help: 'From these only users with “Use extended IP ACL?” may sign in. Written like the base list.',
  },
  {
    ...number('extensionFrom', 'Lowest extension to generate', 100, 999_999),
    part: 'extensions',
    help: 'The range is only for generating: by hand or from a file any number can be given.',
  },
  { ...number('extensionTo', 'Highest extension to generate', 100, 999_999), part: 'extensions' },
  {
    name: 'emergencyNumbers',
    label: 'Emergency numbers',
    part: 'extensions',
    control: 'line',
    help: 'Never given as an extension, beside 112, 911, 999 and 000. Separate them by commas.',
    read: readNumbers,
    show: (value) => (value as number[]).join(', '),
  },
  {
    ...number('importRowLimit', 'Users in one file', 1, 1_000_000),
    part: 'imports',
    help: 'A file with more is refused before anything is stored. Files of more than 2,000 rows are checked in the background.',
  },
  {
    ...number('importRetentionDays', 'Days that rows of files are kept', 1, 3650),
    part: 'imports',
    help: 'Counted from the end of the import. Then its error file is gone; the counts stay. Uploads that nobody went on with are discarded.',
  },
  {
    name: 'callerId',
    label: 'Default Caller ID',
    part: 'dialer',
    control: 'select',
    searchable: true,
    kin: 'callerIds',
    help: 'What clients see when somebody calls out whose own setting is the default.',
    // Whether there is such a caller ID is asked where it counts, in the transaction.
    read: (text) => ({ value: /^\d{1,9}$/.test(text) ? Number(text) : null }),
    show: (value) => (value === null ? '' : String(value)),
  },
  {
    name: 'ppq',
    label: 'Predictive Personal Queue',
    part: 'dialer',
    control: 'checkbox',
    help: 'Allows users to have a queue of their own that is dialed ahead.',
    read: (text) => ({ value: text === 'on' }),
    show: (value) => (value ? 'on' : ''),
  },
  {
    name: 'ppqRatio',
    label: 'PPQ Default Ratio',
    part: 'dialer',
    control: 'line',
    kind: 'ratio',
    inputmode: 'decimal',
    shows: 'ppq=on',
    help: 'Calls for each free moment of a user whose own setting is the default: 1.0 to 5.0.',
    read: (text) => {
      const tenths = readRatio(text);
      return tenths === undefined
        ? { text: 'Use a number from 1.0 to 5.0 with one decimal place.' }
        : { value: tenths };
    },
    show: (value) => ratioText(Number(value)),
  },
  {
    name: 'ppqSorting',
    label: 'PPQ Sorting',
    part: 'dialer',
    control: 'select',
    shows: 'ppq=on',
    help: 'Which lead is called first for a user whose own setting is the default.',
    options: () => [...ppqSortings],
    read: (text) =>
      ppqSortings.some(({ value }) => value === text) ? { value: text } : { text: 'Choose one of the list.' },
    show: String,
  },
];

/** Reads the whole form. Nothing is taken from it while anything is wrong. */
export function readSettings(texts: Partial<Record<Name, string>>): {
  settings: TenantSettings;
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const settings: Partial<Record<Name, unknown>> = {};
  for (const field of settingFields) {
    // Without PPQ its settings are neither shown nor read: they are as on a fresh tenant.
    if (field.shows === 'ppq=on' && texts.ppq !== 'on') {
      settings[field.name] = freshTenant[field.name];
      continue;
    }
    const typed = (texts[field.name] ?? '').normalize('NFC').trimEnd();
    // The problems of a list name its lines, so its first ones stay although they are blank.
    const text = field.control === 'lines' ? typed : typed.trimStart();
    const read = field.read(text);
    if ('value' in read) settings[field.name] = read.value;
    else
      problems.push(
        ...[read].flat().map((wrong): Problem => {
          return { field: field.name, value: text, code: 'invalid', ...wrong };
        }),
      );
  }
  const complete = settings as unknown as TenantSettings;
  if (complete.extensionFrom > complete.extensionTo) {
    const text = 'The highest extension must not be below the lowest.';
    problems.push({ field: 'extensionTo', value: String(complete.extensionTo), code: 'invalid', text });
  }
  return { settings: complete, problems };
}

function number(name: Name, label: string, from: number, to: number): Omit<SettingField, 'part'> {
  return {
    name,
    label,
    control: 'line',
    inputmode: 'numeric',
    read: (text) => {
      const value = /^\d{1,7}$/.test(text) ? Number(text) : NaN;
      return value >= from && value <= to
        ? { value }
        : { text: 'Use a whole number from {{from}} to {{to}}.', values: { from, to } };
    },
    show: String,
  };
}

function addressList(name: Name, label: string): Omit<SettingField, 'help'> {
  return {
    name,
    label,
    part: 'addresses',
    control: 'lines',
    read: (typed) => {
      const text = typed.replaceAll('\r\n', '\n');
      if (text.length > 20_000) return { text: 'Use 20,000 characters at the most.' };
      const { wrong } = readAddressList(text);
      return wrong.length > 0 ? wrong : { value: text };
    },
    show: String,
  };
}

function secondFactor(name: Name, label: string): SettingField {
  return {
    name,
    label,
    part: 'signIn',
    control: 'select',
    options: () => [...twoFactorTypes],
    read: (text) => {
      if (text === 'email' && !mailIsSetUp())
        return { text: 'Mail is not set up, so no code can be sent: choose another type.' };
      const type = twoFactorTypes.find(({ value }) => value === text);
      return type ? { value: type.value } : { text: 'Choose one of the list.' };
    },
    show: String,
  };
}

function readNumbers(text: string): Read {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  if (!parts.every((part) => /^\d{2,6}$/.test(part)))
    return { text: 'Use numbers of 2 to 6 digits, separated by commas.' };
  return { value: [...new Set(parts.map(Number))] };
}

function durationText(count: number): string {
  if (count < 60) return `${count} minutes`;
  if (count === 60) return '1 hour';
  return count <= 1440 ? `${count / 60} hours` : `${count / 1440} days`;
}
