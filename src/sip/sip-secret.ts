// SIP secrets and what digest authentication keeps of them (RFC 7616 section 3.4.2, RFC 8760). A secret is shown once and
// never stored; its hashes are as good as the secret itself within the realm, so they leave the database nowhere.
import { createHash, randomInt } from 'node:crypto';

export interface Digests {
  realm: string;
  /** MD5 of name:realm:secret, lower-case hex. */
  ha1: string;
  /** The same for phones that send name@realm as their name. */
  ha1b: string;
  /** SHA-256 of name:realm:secret, lower-case hex: for phones to come. */
  ha1Sha256: string;
}

const digits = '0123456789';
const lettersAndDigits = 'abcdefghijklmnopqrstuvwxyz' + digits;

/** A new SIP secret: 20 lower-case letters and digits (103 bits), or 20 digits for phones with a number pad only (66 bits). */
export function makeSipSecret(digitsOnly: boolean): string {
  const alphabet = digitsOnly ? digits : lettersAndDigits;
  return Array.from({ length: 20 }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/**
 * What is stored of a secret.
 * @param name the authorisation name: the virtual extension, or EXTENSION.sN of a softphone
 */
export function digestsOf(name: string, realm: string, secret: string): Digests {
  return {
    realm,
    ha1: hash('md5', `${name}:${realm}:${secret}`),
    ha1b: hash('md5', `${name}@${realm}:${realm}:${secret}`),
    ha1Sha256: hash('sha256', `${name}:${realm}:${secret}`),
  };
}

function hash(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}
