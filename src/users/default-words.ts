// What "default" comes to, in words: "Default from Role/Tenant (Agent: Disabled)".
import { countChoice, shortLabel } from '../settings/limit-choices.js';
import { ratioText } from '../settings/ppq.js';
import { now } from '../web/clock.js';
import { languages, type Translate } from '../web/texts.js';
import { decide, secondFactorOf, strictCount, strictTime, type RoleSays } from './effective.js';
import type { TenantDirectory } from './tenant-directory.js';
import type { FieldName, UserField } from './user-fields.js';

/** Fields whose default a role may decide. */
export const decidedByRoles: readonly FieldName[] = ['twoFactor', 'sessionTtl', 'maxSessions'];

/**
 * The text of the choice of no value: what it comes to, and who decides it.
 * @param roles IDs of the user's roles
 */
export function defaultText(
  field: UserField,
  roles: number[],
  tenant: TenantDirectory,
  t: Translate,
): string {
  const { settings } = tenant;
  const held = roles.flatMap((id) => tenant.roles.get(id) ?? []);
  const says = <T>(value: (role: (typeof held)[number]) => T | null): RoleSays<T>[] =>
    held.map((role) => ({ role: role.name, value: value(role) }));
  const decided = ({ value, role }: { value: string | number; role?: string }) =>
    `${t('Default from Role/Tenant')} (${role ?? t('Tenant')}: ${t(shortOf(field, value))})`;
  const ofTenant = (value: string) => `${t('Default')} (${t('Tenant')}: ${value})`;
  const language = languages.find(({ code }) => code === settings.language)?.name ?? settings.language;
  const callerId = tenant.all.callerIds.find(({ id }) => id === settings.callerId);
  const newcomer = {
    own: null,
    roles: says((role) => role.twoFactor),
    administrative: held.some(({ permissions }) => permissions.length > 0),
    createdAt: now(),
  };
  const sessionTtl = says((role) => role.sessionTtl);
  const maxSessions = says((role) => role.maxSessions);
  const texts: Partial<Record<FieldName, () => string>> = {
    twoFactor: () => decided(secondFactorOf(newcomer, settings, now())),
    sessionTtl: () => decided(decide(null, sessionTtl, settings.sessionTtl, strictTime)),
    maxSessions: () => decided(decide(null, maxSessions, settings.maxSessions, strictCount)),
    timezone: () => ofTenant(settings.timezone),
    language: () => ofTenant(language),
    callerId: () => ofTenant(callerId?.name ?? t('None')),
    ppqRatio: () => ofTenant(ratioText(settings.ppqRatio)),
    ppqSorting: () => ofTenant(t(shortOf(field, settings.ppqSorting))),
  };
  return texts[field.name]?.() ?? t(field.required || field.onlyWith ? 'Choose one' : 'Default');
}

// English, without what explains the choice.
function shortOf({ name, choices = [] }: UserField, value: string | number): string {
  return shortLabel(choices, name === 'maxSessions' ? countChoice(Number(value)) : String(value));
}
