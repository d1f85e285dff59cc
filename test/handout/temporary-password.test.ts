import { randomBytes } from 'node:crypto';
import {
  hashPassword,
  hashTemporaryPassword,
  isPassword,
  makeTemporaryPassword,
} from '../../src/handout/temporary-password.js';

process.env.SECRET_KEY = randomBytes(32).toString('base64');

describe('5,000 temporary passwords', () => {
  const made = Array.from({ length: 5000 }, () => makeTemporaryPassword(false));

  test('TP-1: are all different', () => {
    expect(new Set(made).size).toBe(5000);
  });

  test('TP-1: are five groups of five characters that cannot be mistaken, first a letter', () => {
    const shape = /^[a-hjkmnp-z][a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{5}){4}$/;
    expect(made.filter((password) => !shape.test(password))).toEqual([]);
  });

  test('TP-1: use every character about equally often', () => {
    const counts = new Map<string, number>();
    for (const password of made) {
      for (const character of password.slice(1).replaceAll('-', ''))
        counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    const expected = (5000 * 24) / 31;
    expect(counts.size).toBe(31);
    // Six standard deviations: about 1 run in 10 million would fail by chance.
    for (const count of counts.values())
      expect(Math.abs(count - expected)).toBeLessThan(6 * Math.sqrt(expected));
  });
});

test('TP-2: 5,000 passwords of digits only are all different, 15 digits, the first not 0', () => {
  const made = Array.from({ length: 5000 }, () => makeTemporaryPassword(true));
  expect(new Set(made).size).toBe(5000);
  expect(made.filter((password) => !/^[1-9]\d{14}$/.test(password))).toEqual([]);
});

test('a temporary password is kept as a keyed hash, and is right however it is typed', async () => {
  const stored = await hashTemporaryPassword('k7qm9-xtf3h-wpcr8-yd2nv-m4ksj', false);
  expect(stored).toMatch(/^\$hmac-sha256\$[0-9a-f]{8}\$[\w-]{43}$/);
  for (const typed of [
    'k7qm9-xtf3h-wpcr8-yd2nv-m4ksj',
    'K7QM9 XTF3H WPCR8 YD2NV M4KSJ',
    ' k7qm9xtf3hwpcr8yd2nvm4ksj ',
    'k7qm9–xtf3h‐wpcr8-yd2nv-m4ksj',
  ]) {
    expect([typed, await isPassword(typed, stored)]).toEqual([typed, true]);
  }
  for (const typed of ['', 'k7qm9-xtf3h-wpcr8-yd2nv-m4ksk', 'k7qm9-xtf3h-wpcr8-yd2nv-m4ks', stored]) {
    expect([typed, await isPassword(typed, stored)]).toEqual([typed, false]);
  }
});

test('AU-7: one of digits only can be guessed, so it is kept with argon2id', async () => {
  const stored = await hashTemporaryPassword('123456789012345', true);
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await isPassword('123456789012345', stored)).toBe(true);
  expect(await isPassword('123456789012346', stored)).toBe(false);
});

describe('a password of one’s own', () => {
  test('is salted: the same one twice is kept differently', async () => {
    expect(await hashPassword('violet-harbour-lantern')).not.toBe(
      await hashPassword('violet-harbour-lantern'),
    );
  });

  test('counts to its last byte, case and blanks included', async () => {
    const stored = await hashPassword(`${'a'.repeat(80)}b`);
    expect(await isPassword(`${'a'.repeat(80)}b`, stored)).toBe(true);
    for (const other of [`${'a'.repeat(80)}c`, `${'a'.repeat(80)}B`, `${'a'.repeat(80)}b `, 'a'.repeat(72)]) {
      expect(await isPassword(other, stored)).toBe(false);
    }
  });

  test('is the same however its accents were typed', async () => {
    expect(await isPassword('kova\u0301cs-harbour-x', await hashPassword('kovács-harbour-x'))).toBe(true);
  });
});
