// The custom URI of a user: sip or sips, user, host, port, at most the parameter `transport` (RFC 3261 section 19.1,
// narrowed by SECURITY.md IN-5). Hosts of this machine and addresses in disguise are refused.
import { isIP, BlockList } from 'node:net';
import { environment } from '../web/environment.js';

const uri =
  /^(?:(sips?):)?([A-Za-z0-9\-_.!~*'()&=+$,?/%]{1,64})@(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]{1,253})(?::(\d{1,5}))?(?:;transport=(udp|tcp|tls|ws|wss))?$/i;

const refused4 = new BlockList();
refused4.addSubnet('127.0.0.0', 8);
refused4.addSubnet('0.0.0.0', 8);
refused4.addSubnet('169.254.0.0', 16);

// A list of its own: for a BlockList every IPv4 address lies in ::ffff:0:0/96.
const refused6 = new BlockList();
refused6.addAddress('::1', 'ipv6');
refused6.addAddress('::', 'ipv6');
refused6.addSubnet('fe80::', 10, 'ipv6');
refused6.addSubnet('::ffff:0:0', 96, 'ipv6');

/** The URI in the form that is stored (with its scheme), or the reason in one sentence. */
export function readSipUri(text: string): { value: string } | { reason: string } {
  if (text.length > 255) return { reason: 'Use 255 characters at the most.' };
  const match = uri.exec(text);
  if (!match)
    return { reason: 'Give an address such as sip:204@pbx.example.com, without password or headers.' };
  const [, scheme = 'sip', user, host, port, transport] = match;
  if (/%(0[0-9a-f]|1[0-9a-f]|7f)/i.test(user) || /%(?![0-9a-f]{2})/i.test(user) || user.includes('?')) {
    return { reason: 'Use no control characters in the address.' };
  }
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65535))
    return { reason: 'Use a port from 1 to 65535.' };
  const problem = hostProblem(host);
  if (problem) return { reason: problem };
  const value = `${scheme.toLowerCase()}:${user}@${host.toLowerCase()}`;
  return {
    value: value + (port ? `:${port}` : '') + (transport ? `;transport=${transport.toLowerCase()}` : ''),
  };
}

/** Why a host of a PBX cannot be used, or nothing. Private addresses are fine, this machine and our own realm are not. */
export function hostProblem(host: string): string | undefined {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  const { realm, allowedHosts } = environment().sip;
  if (allowedHosts.includes(bare)) return undefined;
  if (bare === realm) return ownRealm;
  const version = isIP(bare);
  if (version === 4) return refused4.check(bare) ? here : undefined;
  if (version === 6) return refused6.check(bare, 'ipv6') ? here : undefined;
  if (/^localhost\.?$|\.localhost\.?$/i.test(bare)) return here;
  const labels = bare.split('.');
  const isName = labels.every((label) => /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label));
  // 2130706433 and 0x7f.1 are addresses in disguise: the last label of a name is never a number.
  if (!isName || /^(\d+|0x[0-9a-f]*)$/i.test(labels[labels.length - 1]))
    return 'Give a host name or an IP address.';
  return undefined;
}

const here = 'This host is Rollcall’s own machine or a link-local address: use the address of the PBX.';
const ownRealm =
  'This is Rollcall’s own SIP domain: calls would go round in circles. Use the address of the other PBX.';
