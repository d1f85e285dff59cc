// What "default" comes to, in words: "Default from Role/Tenant (Agent: Disabled)".
import { languages, type Translate } from '../web/texts.js';
import {
  decide,
  strictCount,
  strictTime,
  strictTwoFactor,
  type Decided,
  type RoleSays,
} from './effective.js';
import type { TenantDirectory } from './tenant-directory.js';
import type { UserField } from './user-fields.js';

/** Sessions at the same time, as long as the tenant sets no limit: 0 = unlimited. */
const sessionsOfTenant = 0;

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
  const ofTenant = (value: string) => `${t('Default')} (${t('Tenant')}: ${value})`;
  const held = roles.flatMap((id) => tenant.roles.get(id) ?? []);
  const says = <T>(value: (role: (typeof held)[number]) => T | null): RoleSays<T>[] =>
    held.map((role) => ({ role: role.name, value: value(role) }));
  const decided = ({ value, role }: Decided<string | number>) =>
    `${t('Default from Role/Tenant')} (${role ?? t('Tenant')}: ${t(shortOf(field, value))})`;
  switch (field.name) {
    case 'twoFactor':
      return decided(
        decide(
          null,
          says((role) => role.twoFactor),
          settings.twoFactor,
          strictTwoFactor,
        ),
      );
    case 'sessionTtl':
      return decided(
        decide(
          null,
          says((role) => role.sessionTtl),
          settings.sessionTtl,
          strictTime,
        ),
      );
    case 'maxSessions':
      return decided(
        decide(
          null,
          says((role) => role.maxSessions),
          sessionsOfTenant,
          strictCount,
        ),
      );
    case 'timezone':
      return ofTenant(settings.timezone);
    case 'language':
      return ofTenant(languages.find(({ code }) => code === settings.language)?.name ?? settings.language);
    case 'callerId':
      return ofTenant(t('None'));
    default:
      return t(field.required || field.onlyWith ? 'Choose one' : 'Default');
  }
}

// English, without what explains the choice: "Disabled - login without 2FA" -> "Disabled".
function shortOf({ name, choices }: UserField, value: string | number): string {
  const stored = name === 'maxSessions' && value === 0 ? 'unlimited' : String(value);
  const label = choices?.find((choice) => choice.value === stored)?.label ?? stored;
  return label.split(' - ')[0];
}
