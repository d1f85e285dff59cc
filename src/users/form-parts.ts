// The whole form of a user: its four parts in the order of PRODUCT.md section 3, each with what is behind its toggle.
import type { Problem } from '../web/problem.js';
import type { Translate } from '../web/texts.js';
import type { TenantDirectory } from './tenant-directory.js';
import { parts, userField, type FieldName, type Part, type UserField } from './user-fields.js';
import { formField, type FormField, type Locked, type Typed } from './user-form.js';

const layout: { part: Part; names: string; toggle?: string; advanced?: string }[] = [
  {
    part: 'general',
    names: 'username email firstName lastName timezone language allDesks desks roles active',
  },
  {
    part: 'extension',
    names: 'sip pbxDomain pbxDevice customUri extension queues',
    toggle: 'Advanced User & Extension Settings',
    advanced: 'callerId autoDial caldavToken',
  },
  {
    part: 'security',
    names: 'twoFactor',
    toggle: 'Advanced Security Settings',
    advanced: 'sessionTtl maxSessions extendedAcl fullRecordingAccess',
  },
  { part: 'dialer', names: 'allSkillGroups skillGroups assignLeads ppq ppqRatio ppqSorting' },
];

/** Stands at the end of the form, below its parts. */
export const lastField = userField('digitsOnly');

/** Every field of the form, in its order. */
export const formFields: readonly UserField[] = [
  ...layout.flatMap(({ names, advanced }) => [...named(names), ...named(advanced)]),
  lastField,
];

export interface FormPart {
  part: Part;
  /** English. */
  heading: string;
  fields: FormField[];
  /** What is behind the toggle of that name (English); open when something inside is set or wrong. */
  advanced?: { toggle: string; open: boolean; fields: FormField[] };
}

/** What is on the form. */
export interface Filled {
  typed: Typed;
  locked: Locked;
  problems: Problem[];
}

/** The form's controls, part by part. */
export function formParts(filled: Filled, tenant: TenantDirectory, t: Translate): FormPart[] {
  const controls = (names?: string) =>
    named(names).map((field) => formField(field, filled.typed, tenant, t, filled.locked));
  return layout.map(({ part, names, toggle, advanced }) => ({
    part,
    heading: parts[part],
    fields: controls(names),
    advanced: toggle
      ? { toggle, open: isOpen(named(advanced), filled), fields: controls(advanced) }
      : undefined,
  }));
}

function isOpen(fields: UserField[], { typed, problems }: Filled): boolean {
  const wrong = new Set(problems.map(({ field }) => field));
  return fields.some(({ name }) => wrong.has(name) || typed[name]?.some((text) => text !== ''));
}

function named(names = ''): UserField[] {
  return names.split(' ').filter(Boolean).map(userField);
}

/** Fields that make a user this one and no other: not taken over into a similar one. */
const identity: FieldName[] = [
  'username',
  'email',
  'firstName',
  'lastName',
  'extension',
  'pbxDevice',
  'customUri',
  'caldavToken',
];

/** What a similar user begins with: everything but what makes a user this one. */
export function similar(typed: Typed): Typed {
  const kept = Object.entries(typed).filter(([name]) => !identity.includes(name as FieldName));
  return Object.fromEntries(kept);
}
