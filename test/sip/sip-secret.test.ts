import { createHash } from 'node:crypto';
import { digestsOf, makeSipSecret } from '../../src/sip/sip-secret.js';

test('SC-5: a SIP secret is 20 lower-case letters and digits, none like another', () => {
  const secrets = Array.from({ length: 2_000 }, () => makeSipSecret(false));
  for (const secret of secrets) expect(secret).toMatch(/^[a-z0-9]{20}$/);
  expect(new Set(secrets).size).toBe(secrets.length);
  expect(new Set(secrets.join('')).size).toBe(36);
});

test('SC-5: for phones with a number pad it is 20 digits', () => {
  for (let count = 0; count < 200; count++) expect(makeSipSecret(true)).toMatch(/^\d{20}$/);
});

// RFC 7616 section 3.9.1 has these for Mufasa, whose secret is Circle of Life.
test('what is stored is HA1 as the RFC has it, for the bare name, for name@realm, and with SHA-256', () => {
  const realm = 'http-auth@example.org';
  const digests = digestsOf('Mufasa', realm, 'Circle of Life');
  expect(digests.ha1).toBe('3d78807defe7de2157e2b0b6573a855f');
  expect(digests.ha1Sha256).toBe('7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232');
  const long = createHash('md5').update(`Mufasa@${realm}:${realm}:Circle of Life`);
  expect(digests.ha1b).toBe(long.digest('hex'));
});
