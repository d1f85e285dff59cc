// What was read from a database that has not changed since.

/** A page of users is about 60 kB. */
const mostKept = 300;

export class Memory {
  private readonly kept = new Map<string, Promise<unknown>>();
  private version: number | undefined;

  /** @param current tells the state of the database: another number after any change */
  constructor(private readonly current: () => number) {}

  /** What `read` answered since the last change of the database, else what it answers now. A failure is not kept. */
  get<T>(name: string, read: () => Promise<T>): Promise<T> {
    // Asked before reading: what is read may be newer than its version, never older.
    const version = this.current();
    if (version !== this.version || this.kept.size >= mostKept) this.kept.clear();
    this.version = version;
    const known = this.kept.get(name) as Promise<T> | undefined;
    if (known) return known;
    const reading = read();
    this.kept.set(name, reading);
    reading.catch(() => this.kept.delete(name));
    return reading;
  }
}
