import { hostProblem, readSipUri } from '../../src/sip/sip-uri.js';

test.each([
  ['204@pbx.example.com', 'sip:204@pbx.example.com'],
  ['sip:204@PBX.Example.com', 'sip:204@pbx.example.com'],
  ['SIPS:anna.k@pbx.example.com:5061', 'sips:anna.k@pbx.example.com:5061'],
  ['sip:204@pbx.example.com;transport=TCP', 'sip:204@pbx.example.com;transport=tcp'],
  ['+442071838750@trunk.example.net', 'sip:+442071838750@trunk.example.net'],
  ['204@192.168.7.20', 'sip:204@192.168.7.20'],
  ['204@[2001:db8::5]:5060', 'sip:204@[2001:db8::5]:5060'],
  ['a%20b@pbx.example.com', 'sip:a%20b@pbx.example.com'],
])('IN-5: %s is kept as %s', (text, value) => {
  expect(readSipUri(text)).toEqual({ value });
});

test.each([
  ['another scheme', 'http://pbx.example.com/204'],
  ['a script', 'javascript:alert(1)@x.example'],
  ['a telephone number', 'tel:+442071838750'],
  ['no user', 'sip:pbx.example.com'],
  ['no host', 'sip:204@'],
  ['a password', 'sip:204:secret@pbx.example.com'],
  ['headers', 'sip:204@pbx.example.com?subject=x'],
  ['headers in the user', 'sip:204?x=y@pbx.example.com'],
  ['another parameter', 'sip:204@pbx.example.com;maddr=10.0.0.1'],
  ['two parameters', 'sip:204@pbx.example.com;transport=tcp;lr'],
  ['an unknown transport', 'sip:204@pbx.example.com;transport=sctp2'],
  ['a line break', 'sip:204@pbx.example.com\r\nVia: x'],
  ['an escaped line break', 'sip:204%0d%0aVia@pbx.example.com'],
  ['a broken escape', 'sip:204%zz@pbx.example.com'],
  ['a blank', 'sip:2 04@pbx.example.com'],
  ['a display name', 'Anna <sip:204@pbx.example.com>'],
  ['two addresses', 'sip:204@pbx.example.com,sip:205@pbx.example.com'],
  ['port 0', 'sip:204@pbx.example.com:0'],
  ['a port beyond 65535', 'sip:204@pbx.example.com:65536'],
  ['this machine by name', 'sip:204@localhost'],
  ['this machine by a name below', 'sip:204@pbx.localhost'],
  ['this machine by address', 'sip:204@127.0.0.1'],
  ['this machine by another address', 'sip:204@127.8.8.8'],
  ['any address', 'sip:204@0.0.0.0'],
  ['this machine in IPv6', 'sip:204@[::1]'],
  ['a mapped address', 'sip:204@[::ffff:127.0.0.1]'],
  ['a link-local address', 'sip:204@169.254.169.254'],
  ['a link-local address in IPv6', 'sip:204@[fe80::1]'],
  ['an address as one number', 'sip:204@2130706433'],
  ['an address in hex', 'sip:204@0x7f000001'],
  ['an address with octal parts', 'sip:204@0177.0.0.1'],
  ['a short address', 'sip:204@127.1'],
  ['a label that begins with a hyphen', 'sip:204@-pbx.example.com'],
  ['an empty label', 'sip:204@pbx..example.com'],
  ['more than 255 characters', `sip:204@${'a.'.repeat(130)}example.com`],
])('IN-5: an address with %s is refused with a sentence', (_, text) => {
  const result = readSipUri(text);
  expect(result).not.toHaveProperty('value');
  expect((result as { reason: string }).reason).toMatch(/^[A-Z].*\.$/);
});

test('hosts of a private network are fine', () => {
  for (const host of ['10.0.0.5', '192.168.1.1', 'pbx', 'pbx.lan', '[fd00::1]'])
    expect(hostProblem(host)).toBeUndefined();
});
