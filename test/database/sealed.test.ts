import { randomBytes } from 'node:crypto';

type Sealed = typeof import('../../src/database/sealed.js');

/** The module as a server with these keys has it. */
function withKeys(...keys: Buffer[]): Sealed {
  let loaded: Sealed | undefined;
  process.env.SECRET_KEY = keys.map((key) => key.toString('base64')).join(',');
  jest.isolateModules(() => (loaded = jest.requireActual<Sealed>('../../src/database/sealed.js')));
  return loaded!;
}

const [first, second] = [randomBytes(32), randomBytes(32)];
const place = 'import 3 row 14 user 9';

describe('a sealed text', () => {
  const { seal, open } = withKeys(first);

  test('opens at its place', () => {
    for (const text of ['k7qm9-xtf3h-wpcr8-yd2nv-m4ksj', '', 'Größe 😀', 'x'.repeat(10_000)]) {
      expect(open(seal(text, place), place)).toBe(text);
    }
  });

  test('SC-2: holds nothing of what it hides, and is another one each time', () => {
    const sealed = seal('k7qm9-xtf3h-wpcr8-yd2nv-m4ksj', place);
    expect(sealed).not.toContain('k7qm9');
    expect(Buffer.from(sealed.split('.')[3], 'base64url').toString('latin1')).not.toContain('k7qm9');
    expect(seal('k7qm9-xtf3h-wpcr8-yd2nv-m4ksj', place)).not.toBe(sealed);
  });

  test('SC-2: does not open at another place', () => {
    expect(() => open(seal('secret', place), 'import 3 row 15 user 9')).toThrow();
  });

  test('SC-2: does not open when any character of it was changed', () => {
    const sealed = seal('secret', place);
    const parts = sealed.split('.');
    const flipped = (part: string, at: number) => {
      const bytes = Buffer.from(part, 'base64url');
      bytes[at] ^= 1;
      return bytes.toString('base64url');
    };
    for (let at = 0; at < Buffer.from(parts[3], 'base64url').length; at++) {
      expect(() => open([...parts.slice(0, 3), flipped(parts[3], at)].join('.'), place)).toThrow();
    }
    expect(() => open([parts[0], parts[1], flipped(parts[2], 0), parts[3]].join('.'), place)).toThrow();
    expect(() => open(`v2${sealed.slice(2)}`, place)).toThrow('unknown kind of sealed text');
    expect(() => open('', place)).toThrow();
  });
});

describe('after a change of keys', () => {
  const before = withKeys(first);
  const sealed = before.seal('secret', place);
  const hashed = before.keyedHash('a temporary password');

  test('SC-2: the old key still opens, the new one seals', () => {
    const { open, seal, matchesKeyedHash } = withKeys(second, first);
    expect(open(sealed, place)).toBe('secret');
    expect(matchesKeyedHash('a temporary password', hashed)).toBe(true);
    expect(() => withKeys(first).open(seal('secret', place), place)).toThrow(/is not in SECRET_KEY/);
  });

  test('without the old key nothing opens, and no password is right', () => {
    const { open, matchesKeyedHash } = withKeys(second);
    expect(() => open(sealed, place)).toThrow(/^the key [0-9a-f]{8} is not in SECRET_KEY$/);
    expect(matchesKeyedHash('a temporary password', hashed)).toBe(false);
  });
});

test('a keyed hash is right for its secret only', () => {
  const { keyedHash, matchesKeyedHash } = withKeys(first);
  const stored = keyedHash('secret');
  expect(keyedHash('secret')).toBe(stored);
  expect(matchesKeyedHash('secret', stored)).toBe(true);
  expect(matchesKeyedHash('Secret', stored)).toBe(false);
  expect(matchesKeyedHash('secret', 'nonsense')).toBe(false);
  expect(withKeys(second).keyedHash('secret')).not.toBe(stored);
});

test('keys for different purposes are different', () => {
  const { derivedKey } = withKeys(first);
  expect(derivedKey('session cookies')).toHaveLength(32);
  expect(derivedKey('session cookies').equals(derivedKey('temporary passwords'))).toBe(false);
});
