// Whom the address lists let in from where (SECURITY.md NW-6); the operator's switch lets everybody in.
import { whoMayEnter, type AddressSettings } from '../settings/address-list.js';
import { environment } from '../web/environment.js';

/** True when a person may sign in from an address, and stay there. */
export function mayBeAt(
  address: string,
  { extendedAcl }: { extendedAcl: boolean },
  settings: AddressSettings,
): boolean {
  const who = letIn(address, settings);
  return who === 'everybody' || (who === 'some' && extendedAcl);
}

/**
 * What the sign-in page says of the reader's address, the same for every account: nothing when everybody may sign in
 * from there. That only some may is said to those who were refused.
 */
export function addressNotice(address: string, settings: AddressSettings, refused: boolean) {
  const who = letIn(address, settings);
  if (who === 'everybody' || (who === 'some' && !refused)) return undefined;
  const text =
    who === 'some'
      ? 'From your address, {{address}}, only some people can sign in. If you should be one of them, give this address to your administrator.'
      : 'Nobody can sign in from your address, {{address}}. Use the network of your company, or give this address to your administrator.';
  return { kind: 'warning', text, values: { address } };
}

function letIn(address: string, settings: AddressSettings) {
  return environment().addressListsIgnored ? 'everybody' : whoMayEnter(settings, address);
}
