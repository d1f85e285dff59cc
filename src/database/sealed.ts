// Secrets at rest: AES-256-GCM with the key's id in the text and the place it belongs to as associated data.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { environment } from '../web/environment.js';

/** Seals a text under the first key. `place` says where it is stored (e.g. `import 3 row 14 user 9`): elsewhere it does not open. */
export function seal(text: string, place: string): string {
  const key = environment().keys[0];
  const nonce = nextNonce();
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${startOfSealed(keyId(key))}${nonce.toString('base64url')}.${sealed.toString('base64url')}`;
}

/** Opens what `seal` made. Throws when the key is gone, the text was changed, or it was moved to another place. */
export function open(sealedText: string, place: string): string {
  const [version, id, nonce, body] = sealedText.split('.');
  if (version !== 'v1') throw new Error('unknown kind of sealed text');
  const bytes = Buffer.from(body, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', keyWithId(id), Buffer.from(nonce, 'base64url'));
  decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8');
}

/** The ID of the key that `seal` uses now: 8 hexadecimal digits that tell nothing of the key. */
export function presentKeyId(): string {
  return keyId(environment().keys[0]);
}

/** The ID of the key that a sealed text or a keyed hash was made with. */
export function keyIdOf(stored: string): string {
  return stored.startsWith('$') ? stored.split('$')[2] : stored.split('.')[1];
}

/** True when the key with this ID was given. */
export function hasKey(id: string): boolean {
  return environment().keys.some((key) => keyId(key) === id);
}

/** How texts begin that `seal` makes with the key of this ID. */
export function startOfSealed(id: string): string {
  return `v1.${id}.`;
}

/** How hashes begin that `keyedHash` makes with the key of this ID. */
export function startOfKeyedHash(id: string): string {
  return `$hmac-sha256$${id}$`;
}

/** Keyed HMAC-SHA-256 of a secret of at least 112 bits (NIST SP 800-63B, look-up secrets): `$hmac-sha256$keyid$digest`. */
export function keyedHash(secret: string): string {
  return keyedHashWith(environment().keys[0], secret);
}

/** True when `secret` gives the stored keyed hash, under whichever key it was made. */
export function matchesKeyedHash(secret: string, stored: string): boolean {
  const key = environment().keys.find((candidate) => keyId(candidate) === stored.split('$')[2]);
  if (!key) return false;
  return timingSafeEqual(tokenHash(keyedHashWith(key, secret)), tokenHash(stored));
}

/** SHA-256 of a random token of at least 128 bits: what the database keeps instead of it. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** A key of its own for another purpose, made from the server's first key. */
export function derivedKey(purpose: string, key = environment().keys[0]): Buffer {
  const place = `${keyId(key)} ${purpose}`;
  const known = derived.get(place);
  if (known) return known;
  const made = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), purpose, 32));
  derived.set(place, made);
  return made;
}

// Making one takes longer than all else that a temporary password costs, and an import asks for each of its users.
const derived = new Map<string, Buffer>();

function keyedHashWith(key: Buffer, secret: string): string {
  const digest = createHmac('sha256', derivedKey('temporary passwords', key))
    .update(secret)
    .digest('base64url');
  return startOfKeyedHash(keyId(key)) + digest;
}

function keyId(key: Buffer): string {
  const known = keyIds.get(key);
  if (known) return known;
  const made = createHash('sha256').update('key id').update(key).digest('hex').slice(0, 8);
  keyIds.set(key, made);
  return made;
}

const keyIds = new WeakMap<Buffer, string>();

const nonceSize = 12;

// Drawn many at a time: asked for one by one they take longer than the sealing itself.
function nextNonce(): Buffer {
  if (nonces.length === 0) nonces = randomBytes(256 * nonceSize);
  const nonce = nonces.subarray(0, nonceSize);
  nonces = nonces.subarray(nonceSize);
  return nonce;
}

let nonces = Buffer.alloc(0);

function keyWithId(id: string): Buffer {
  const key = environment().keys.find((candidate) => keyId(candidate) === id);
  if (!key) throw new Error(`the key ${id} is not in SECRET_KEY`);
  return key;
}
