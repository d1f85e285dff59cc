// What was read from a database that has not changed since.

/** A page of users is about 60 kB. */
const mostKept = 300;

export class Memory {
  private readonly kept = new Map<string, Promise<unknown>>();
  private version: string | undefined;

  /**
   * What `read` answered while the database was as it is now, else what it answers now. A failure is not kept.
   * @param version another one after any change; asked for before this call, so that what is read is never older
   */
  get<T>(version: string, name: string, read: () => Promise<T>): Promise<T> {
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
