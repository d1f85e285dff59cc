// Codes of an app, as Google Authenticator makes them: SHA-1, 6 digits, 30 seconds (RFC 6238).
import { generateSecret, generateURI, verifySync } from 'otplib';
import { now } from '../web/clock.js';

const period = 30;

/** A new secret: 160 bits in base32, 32 letters (RFC 4226, R6). */
export function makeSecret(): string {
  return generateSecret({ length: 20 });
}

/** What the QR code says. */
export function enrolmentAddress(secret: string, username: string, issuer: string): string {
  return generateURI({ issuer, label: username, secret });
}

/** The time step that a code belongs to, undefined when it is not of this step, the one before or the one after. */
export function stepOf(code: string, secret: string): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const step = Math.floor(now() / 1000 / period);
  for (const candidate of [step, step - 1, step + 1]) {
    const { valid } = verifySync({ secret, token: code, epoch: candidate * period });
    if (valid) return candidate;
  }
  return undefined;
}

/** Where a secret is stored: sealed, it opens for no other user. */
export function placeOfSecret(userId: number): string {
  return `authenticator of user ${userId}`;
}
