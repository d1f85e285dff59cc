// Names and numbers that somebody has: the answer of `findTaken`, the question of the plan.

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
}

/** A PBX device is unique in its domain. */
export function deviceKey(domain: number, device: string): string {
  return `${domain}/${device}`;
}
