// Names and numbers that somebody has: the answer of `findTaken`, the question of the plan.
import { minute, now } from '../web/clock.js';
import type { Problem } from '../web/problem.js';

/** A user who holds a name or number. */
export interface Holder {
  id: number;
  username: string;
  /** Import and row of its file that made the user. */
  importId: number | null;
  importRow: number | null;
}

export interface Taken {
  /** By name key. */
  usernames: Map<string, Holder>;
  emails: Map<string, Holder>;
  extensions: Map<number, Holder>;
  /** By `deviceKey`. */
  devices: Map<string, Holder>;
  /** Extensions that nobody has and nobody gets yet: until when at the longest, in milliseconds since 1970. */
  held: Map<number, number>;
}

/** Nobody has the extension any more, and the SIP server has not forgotten the phone of who had it. */
export function stillHeld(extension: number, until: number): Problem {
  const minutes = Math.max(1, Math.ceil((until - now()) / minute));
  const text =
    'Virtual Extension: the phone of the user who had this number is still being signed off. Use another one, or try again in a moment, after {{minutes}} minutes at the latest.';
  return { field: 'extension', value: String(extension), code: 'taken', text, values: { minutes } };
}

/** A PBX device is unique in its domain. */
export function deviceKey(domain: number, device: string): string {
  return `${domain}/${device}`;
}
