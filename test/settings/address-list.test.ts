import { mayEnter, readAddressList, whoMayEnter } from '../../src/settings/address-list.js';
import { networkText } from '../../src/web/networks.js';

const numbers =
  'write an IPv4 address as four numbers from 0 to 255 without leading zeros, such as 192.0.2.7.';
const address = 'write an address such as 192.0.2.7 or 2001:db8::1, or a network such as 198.51.100.0/24.';

test('NW-6: a list has an address or a network a line, and comments', () => {
  const list = `# Offices
10.0.0.0/8   # all of them

192.0.2.7
  2001:DB8::/32 # the same in v6`;
  expect(networksOf(list)).toEqual(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32']);
});

test.each([
  ['010.0.0.1', numbers],
  ['10.1', numbers],
  ['10', numbers],
  ['167772161', numbers],
  ['0x0a000001', numbers],
  ['0x7f.0.0.1', numbers],
  ['256.1.1.1', numbers],
  ['10.0.0.1.', numbers],
  ['office.example.com', address],
  ['fe80::1%eth0', address],
  ['1::2::3', address],
  ['::10.0.0.1', address],
  ['::ffff:010.0.0.1', address],
  ['[2001:db8::1]', address],
  ['/8', address],
  ['10.0.0.0 - 10.0.0.9', address],
  ['10.0.0.0/33', 'write a number from 0 to 32 after the slash.'],
  ['10.0.0.0/', 'write a number from 0 to 32 after the slash.'],
  ['10.0.0.0/08', 'write a number from 0 to 32 after the slash.'],
  ['10.0.0.0/255.0.0.0', 'write a number from 0 to 32 after the slash.'],
  ['2001:db8::/129', 'write a number from 0 to 128 after the slash.'],
  ['10.0.0.1/8', 'write 10.0.0.0/8 for the network, or 10.0.0.1 for this address alone.'],
  ['2001:db8::1/32', 'write 2001:db8::/32 for the network, or 2001:db8::1 for this address alone.'],
])('NW-6: %j is refused, with its line and what to write instead', (entry, instead) => {
  expect(problemsOf(`192.0.2.7\n${entry} # odd`)).toEqual([`Line 2, “${entry}”: ${instead}`]);
});

test('NW-6: every wrong line is named', () => {
  expect(problemsOf('10.1\n10.0.0.1\nhere')).toHaveLength(2);
});

test.each([
  ['10.0.0.0/8', '10.255.0.1', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['10.0.0.1', '::ffff:10.0.0.1', true],
  ['10.0.0.1', '::ffff:a00:1', true],
  ['::ffff:10.0.0.1', '10.0.0.1', true],
  ['::ffff:10.0.0.0/104', '10.9.9.9', true],
  ['::ffff:10.0.0.0/104', '11.0.0.1', false],
  ['::/0', '10.0.0.1', false],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['2001:db8::/32', '2001:db8:ffff::1', true],
  ['2001:db8::/32', '2001:db9::1', false],
  ['0.0.0.0/0', '', false],
  ['0.0.0.0/0', 'unknown', false],
])('NW-6: who is let in by %s from %j: %j', (baseAddresses, from, letIn) => {
  const settings = { addressListsOn: true, baseAddresses, extendedAddresses: '' };
  expect(mayEnter(settings, from, false)).toBe(letIn);
});

test('NW-6: the extended list adds addresses for some, and never takes any away', () => {
  const settings = { addressListsOn: true, baseAddresses: '10.0.0.0/8', extendedAddresses: '192.0.2.0/24' };
  expect(whoMayEnter(settings, '10.0.0.1')).toBe('everybody');
  expect(whoMayEnter(settings, '192.0.2.1')).toBe('some');
  expect(whoMayEnter(settings, '203.0.113.1')).toBe('nobody');
  expect(mayEnter(settings, '192.0.2.1', true)).toBe(true);
  expect(mayEnter(settings, '192.0.2.1', false)).toBe(false);
  expect(mayEnter(settings, '203.0.113.1', true)).toBe(false);
});

test('NW-6: a list with one line that cannot be read lets nobody in', () => {
  const settings = { addressListsOn: true, baseAddresses: '10.0.0.0/8\n10.1', extendedAddresses: '' };
  expect(mayEnter(settings, '10.0.0.1', true)).toBe(false);
});

test('while the lists are off everybody comes from everywhere', () => {
  const settings = { addressListsOn: false, baseAddresses: '10.0.0.0/8', extendedAddresses: '' };
  expect(mayEnter(settings, '203.0.113.1', false)).toBe(true);
});

function networksOf(list: string): string[] {
  const { networks, wrong } = readAddressList(list);
  expect(wrong).toEqual([]);
  return networks.map(networkText);
}

function problemsOf(list: string): string[] {
  return readAddressList(list).wrong.map(({ text, values }) =>
    text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name])),
  );
}
