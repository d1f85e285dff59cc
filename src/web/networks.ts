// Addresses and networks of the Internet in one strict spelling: no octal, hexadecimal or shortened forms, which
// programs read differently (SECURITY.md NW-6). A v4 address that comes mapped into v6 is the v4 address.
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** A network; one address is a network of all its bits. */
export interface Network {
  address: Address;
  bits: number;
}

/** This machine. */
export const loopback: readonly Network[] = [
  { address: ipaddr.IPv4.parse('127.0.0.0'), bits: 8 },
  { address: ipaddr.IPv6.parse('::1'), bits: 128 },
];

/** Why a text is no network, with what to write instead where that can be told. */
export type NoNetwork =
  /** No address at all, or an IPv4 address in a form that programs read differently. */
  | { wrong: 'address' | 'numbers'; entry: string }
  | { wrong: 'bits'; entry: string; most: number }
  /** An address inside a network, where the network's first one belongs. */
  | { wrong: 'inside'; entry: string; network: string; address: string };

/** Reads an address (`192.0.2.7`, `2001:db8::1`) or a network (`198.51.100.0/24`, `2001:db8::/32`). */
export function readNetwork(entry: string): Network | NoNetwork {
  const [, written = '', slash, prefix = ''] = /^([^/]*)(\/?)(.*)$/s.exec(entry) ?? [];
  const address = readAddress(written);
  if (!address) return { wrong: /^(0x[\da-f.]*|[\d.]+)$/i.test(written) ? 'numbers' : 'address', entry };
  // ::ffff:10.0.0.0/104 is 10.0.0.0/8.
  const mapped = written.includes(':') && address.kind() === 'ipv4' ? 96 : 0;
  const most = address.kind() === 'ipv4' ? 32 : 128;
  const bits = slash ? Number(prefix) - mapped : most;
  if (slash && !(/^(0|[1-9]\d{0,2})$/.test(prefix) && bits >= 0 && bits <= most))
    return { wrong: 'bits', entry, most: most + mapped };
  const first = startOf({ address, bits });
  if (first === address.toString()) return { address, bits };
  return { wrong: 'inside', entry, network: `${first}/${bits}`, address: address.toString() };
}

/** True when the address, as a socket or a proxy names it, lies in one of the networks; false for what is no address. */
export function isInside(networks: readonly Network[], address: string): boolean {
  const one = readAddress(address);
  if (!one) return false;
  return networks.some(
    (network) => network.address.kind() === one.kind() && one.match([network.address, network.bits]),
  );
}

/** An address in its one spelling (`::ffff:10.0.0.1` is `10.0.0.1`); undefined for what is no address. */
export function plainAddress(address: string): string | undefined {
  return readAddress(address)?.toString();
}

/**
 * Whom an address belongs to, for counting: a v4 address, or the /64 network of a v6 address, which one customer has for
 * themselves. What is no address stands for itself.
 */
export function networkOf(address: string): string {
  const one = readAddress(address);
  return one?.kind() === 'ipv6' ? `${startOf({ address: one, bits: 64 })}/64` : (one?.toString() ?? address);
}

/** A network as it is written in a list. */
export function networkText({ address, bits }: Network): string {
  const all = address.kind() === 'ipv4' ? 32 : 128;
  return bits === all ? address.toString() : `${address.toString()}/${bits}`;
}

function readAddress(text: string): Address | undefined {
  if (isFourNumbers(text)) return ipaddr.IPv4.parse(text);
  // No zones (fe80::1%eth0): they mean something on one machine only.
  if (!/^[0-9a-f:.]+$/i.test(text) || !text.includes(':') || !ipaddr.IPv6.isValid(text)) return undefined;
  if (text.includes('.') && !isFourNumbers(text.replace(/^::ffff:/i, ''))) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function isFourNumbers(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function startOf({ address, bits }: Network): string {
  const kind = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  return kind.networkAddressFromCIDR(`${address.toString()}/${bits}`).toString();
}
