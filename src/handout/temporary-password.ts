// Temporary passwords: made by the server, good for choosing an own one (PRODUCT.md section 5, "Temporary passwords").
import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { keyedHash, matchesKeyedHash } from '../database/sealed.js';

const letters = 'abcdefghjkmnpqrstuvwxyz';
const alphabet = letters + '23456789';

/**
 * A new temporary password: 25 characters in five groups of five (over 120 bits), first a letter, none that looks like
 * another; or, with digits only, 15 digits without a leading zero (spreadsheets keep 15).
 */
export function makeTemporaryPassword(digitsOnly: boolean): string {
  if (digitsOnly) return pick('123456789') + Array.from({ length: 14 }, () => pick('0123456789')).join('');
  const characters = pick(letters) + Array.from({ length: 24 }, () => pick(alphabet)).join('');
  return characters.match(/.{5}/g)!.join('-');
}

/** What is stored of a temporary password: a keyed HMAC-SHA-256, or argon2id where digits only make it guessable. */
export async function hashTemporaryPassword(password: string, digitsOnly: boolean): Promise<string> {
  return digitsOnly ? hashPassword(password) : hashLongPassword(password);
}

/** What is stored of a temporary password that is not made of digits only. */
export function hashLongPassword(password: string): string {
  return keyedHash(plain(password));
}

/** The hash of a password that a person chose: argon2id, 19 MiB, two passes (OWASP; SECURITY.md AU-7). */
export async function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), { memoryCost: 19456, timeCost: 2, parallelism: 1 });
}

/** True when the password is the one that was stored, in whichever way. Takes an argon2id's time in every case. */
export async function isPassword(password: string, stored: string): Promise<boolean> {
  if (stored.startsWith('$argon2id$')) return verify(stored, password.normalize('NFC'));
  await verify(await anyHash(), password);
  return matchesKeyedHash(plain(password), stored);
}

/** Spends the time of a check without a user, so that an unknown name answers no sooner (SECURITY.md AU-1). */
export async function checkNobody(password: string): Promise<false> {
  await verify(await anyHash(), password);
  return false;
}

/** A temporary password as it is compared: case, blanks and dashes do not matter when it is typed. */
export function plain(password: string): string {
  return password.toLowerCase().replace(/[\s\p{Pd}]/gu, '');
}

function pick(from: string): string {
  return from[randomInt(from.length)];
}

let nobody: Promise<string> | undefined;

function anyHash(): Promise<string> {
  return (nobody ??= hashPassword('nobody has this password'));
}
