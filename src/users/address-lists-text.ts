import { listInLine, type AddressSettings } from '../settings/address-list.js';
import type { Translate } from '../web/texts.js';

/** What the address lists hold just now, for whoever ticks "Use extended IP ACL?". */
export function addressListsText(settings: AddressSettings, t: Translate): string {
  if (!settings.addressListsOn)
    return t('The address lists are switched off: people sign in from everywhere.');
  const [base, extended] = [settings.baseAddresses, settings.extendedAddresses].map(listInLine);
  return t('Base list: {{base}}. Extended list: {{extended}}.', { base, extended: extended || t('None') });
}
