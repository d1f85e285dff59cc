// What a role says of signing in, for users without a value of their own (PRODUCT.md section 3), and who may say it
// (SECURITY.md AZ-4).
import { mailIsSetUp } from '../mail/route.js';
import {
  countChoice,
  sessionCounts,
  sessionTimes,
  shortLabel,
  twoFactorTypes,
} from '../settings/limit-choices.js';
import type { TenantSettings } from '../settings/tenant-settings.js';
import type { Permission } from '../web/permissions.js';
import type { Problem } from '../web/problem.js';
import type { Translate } from '../web/texts.js';
import type { Role } from './role.entity.js';
import type { Person } from './role-rules.js';

/** null = the role says nothing. */
export type RoleLimits = Pick<Role, 'twoFactor' | 'sessionTtl' | 'maxSessions'>;

type Name = keyof RoleLimits;

/** What stands in the controls; missing = the control was disabled. */
export type LimitTexts = Partial<Record<Name, string>>;

interface LimitField {
  name: Name;
  label: string;
  help: string;
  choices: readonly { value: string; label: string }[];
  /** Without it the control is disabled. Two-factor is not: only making it weaker needs a permission. */
  permission?: Permission;
  toText: (limits: RoleLimits | TenantSettings) => string | undefined;
}

export const limitFields: readonly LimitField[] = [
  {
    name: 'twoFactor',
    label: 'Two-Factor Authentication Type',
    help: 'For users with this role and no choice of their own. Of several roles the strictest counts.',
    choices: twoFactorTypes,
    toText: ({ twoFactor }) => twoFactor ?? undefined,
  },
  {
    name: 'sessionTtl',
    label: 'User Session Expires After',
    help: 'For users with this role and no choice of their own. Of several roles the shortest time counts.',
    choices: sessionTimes,
    permission: 'grant.sessions',
    toText: ({ sessionTtl }) => sessionTtl?.toString(),
  },
  {
    name: 'maxSessions',
    label: 'Max User Concurrent Sessions',
    help: 'For users with this role and no choice of their own. Of several roles the lowest number counts.',
    choices: sessionCounts,
    permission: 'grant.sessions',
    toText: ({ maxSessions }) => (maxSessions === null ? undefined : countChoice(maxSessions)),
  },
];

export const noLimits: RoleLimits = { twoFactor: null, sessionTtl: null, maxSessions: null };

/** What was chosen, each text one of its field's choices or empty; what was not sent stays as it is stored. */
export function limitsFrom(texts: LimitTexts, stored: RoleLimits): RoleLimits {
  const { twoFactor, sessionTtl, maxSessions } = texts;
  return {
    twoFactor: twoFactor === undefined ? stored.twoFactor : ((twoFactor || null) as RoleLimits['twoFactor']),
    sessionTtl: sessionTtl === undefined ? stored.sessionTtl : sessionTtl === '' ? null : Number(sessionTtl),
    maxSessions:
      maxSessions === undefined
        ? stored.maxSessions
        : maxSessions === ''
          ? null
          : maxSessions === 'unlimited'
            ? 0
            : Number(maxSessions),
  };
}

/** What of a change this person may not make, and codes by mail where no mail is sent. */
export function limitProblems(
  before: RoleLimits,
  after: RoleLimits,
  person: Person,
  tenant: Pick<TenantSettings, 'twoFactor'>,
): Problem[] {
  const problems: Problem[] = [];
  const refuse = (name: Name, text: string) => {
    const { label } = limitFields.find((field) => field.name === name)!;
    problems.push({ field: name, value: '', code: 'not_allowed', text, values: { label } });
  };
  for (const { name, permission } of limitFields)
    if (permission && !person.permissions.has(permission) && before[name] !== after[name])
      refuse(name, 'You may not give session limits of their own.');
  const strength = ({ twoFactor }: RoleLimits) =>
    twoFactorTypes.findIndex(({ value }) => value === (twoFactor ?? tenant.twoFactor));
  if (strength(after) < strength(before) && !person.permissions.has('grant.weaker_2fa'))
    refuse('twoFactor', 'You may not give a weaker second factor than the role asks for now.');
  if (after.twoFactor === 'email' && before.twoFactor !== 'email' && !mailIsSetUp())
    refuse('twoFactor', 'Mail is not set up, so no code can be sent: choose another type.');
  return problems;
}

/** The controls, as views/roles/_limits.hbs draws them. */
export function limitControls(limits: RoleLimits, tenant: TenantSettings, person: Person, t: Translate) {
  return limitFields.map((field) => {
    const { name, label, help, choices, permission, toText } = field;
    const chosen = toText(limits) ?? '';
    const none = { value: '', label: defaultWords(field, tenant, t) };
    const offered = choices.map((choice) => ({ value: choice.value, label: t(choice.label) }));
    const disabled = permission !== undefined && !person.permissions.has(permission);
    const options = [none, ...offered].map((option) => ({ ...option, selected: option.value === chosen }));
    return { name, label, help, disabled, hint: disabled ? 'You may not give this.' : undefined, options };
  });
}

/** What a role says, in the reader's words. */
export function limitWords({ toText, choices }: LimitField, limits: RoleLimits, t: Translate): string {
  const text = toText(limits);
  return text === undefined ? t('Default') : t(shortLabel(choices, text));
}

function defaultWords({ toText, choices }: LimitField, tenant: TenantSettings, t: Translate): string {
  return `${t('Default')} (${t('Tenant')}: ${t(shortLabel(choices, toText(tenant) ?? ''))})`;
}
