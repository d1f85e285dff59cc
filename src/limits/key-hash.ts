import { createHmac } from 'node:crypto';
import { derivedKey } from '../database/sealed.js';

/**
 * What the database keeps of a counter's name, such as `sign-in from 10.0.0.7`: names and addresses of people who were only
 * tried must not pile up in it, and cannot be guessed back without the server's key.
 */
export function keyHash(name: string): string {
  return createHmac('sha256', derivedKey('names of counters')).update(name).digest('hex');
}
