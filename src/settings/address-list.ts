// From which addresses people may sign in (PRODUCT.md section 6, SECURITY.md NW-6): the base list for everybody, the
// extended list on top for users with "Use extended IP ACL?". A list is text, one address or network a line; what
// follows # is a comment.
import { isInside, networkText, readNetwork, type Network, type NoNetwork } from '../web/networks.js';

/** The settings that decide. */
export interface AddressSettings {
  addressListsOn: boolean;
  baseAddresses: string;
  extendedAddresses: string;
}

/** An English sentence, and key of its translation. */
interface WrongLine {
  text: string;
  values: Record<string, string | number>;
}

/** The networks of a list; or for each line that is none a sentence: what is wrong, and what to write instead. */
export function readAddressList(text: string): { networks: Network[]; wrong: WrongLine[] } {
  const read = text.split('\n').flatMap((line, index) => {
    const entry = line.replace(/#.*/, '').trim();
    return entry ? { line: index + 1, network: readNetwork(entry) } : [];
  });
  return {
    networks: read.flatMap(({ network }) => ('wrong' in network ? [] : network)),
    wrong: read.flatMap(({ line, network }) => ('wrong' in network ? wrongLine(line, network) : [])),
  };
}

/** Who may sign in from an address: `some` are users with the extended list. */
export function whoMayEnter(settings: AddressSettings, address: string): 'everybody' | 'some' | 'nobody' {
  if (!settings.addressListsOn) return 'everybody';
  if (isInside(networksOf(settings.baseAddresses), address)) return 'everybody';
  return isInside(networksOf(settings.extendedAddresses), address) ? 'some' : 'nobody';
}

/** True when a person may sign in, and stay, from an address. */
export function mayEnter(settings: AddressSettings, address: string, extendedAcl: boolean): boolean {
  const who = whoMayEnter(settings, address);
  return who === 'everybody' || (who === 'some' && extendedAcl);
}

/** The networks of a list in one line, without its comments. */
export function listInLine(text: string): string {
  return networksOf(text).map(networkText).join(', ');
}

// Asked at every request, so what was read is kept. A list that cannot be read lets nobody in.
const known = new Map<string, readonly Network[]>();

function networksOf(text: string): readonly Network[] {
  const kept = known.get(text);
  if (kept) return kept;
  const { networks, wrong } = readAddressList(String(text));
  const usable = wrong.length > 0 ? [] : networks;
  if (known.size >= 10) known.clear();
  known.set(text, usable);
  return usable;
}

const sentences: Record<NoNetwork['wrong'], string> = {
  address:
    'Line {{line}}, “{{entry}}”: write an address such as 192.0.2.7 or 2001:db8::1, or a network such as 198.51.100.0/24.',
  numbers:
    'Line {{line}}, “{{entry}}”: write an IPv4 address as four numbers from 0 to 255 without leading zeros, such as 192.0.2.7.',
  bits: 'Line {{line}}, “{{entry}}”: write a number from 0 to {{most}} after the slash.',
  inside:
    'Line {{line}}, “{{entry}}”: write {{network}} for the network, or {{address}} for this address alone.',
};

function wrongLine(line: number, { wrong, ...values }: NoNetwork): WrongLine {
  return { text: sentences[wrong], values: { line, ...values } };
}
