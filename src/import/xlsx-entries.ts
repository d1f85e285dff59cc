// The files inside a workbook, by yauzl: looked at before anything is unpacked, and unpacked piece by piece.
import type { Entry, ZipFile } from 'yauzl';

const mostEntries = 2000;

/**
 * The entries of a zip archive by their names; null when it is broken, encrypted or has too many.
 * @param descriptor of an open file, which stays open
 */
export async function openZip(descriptor: number): Promise<ZipEntries | null> {
  // Loaded when the first workbook comes: the start of the server does not wait for it.
  const { default: yauzl } = await import('yauzl');
  return new Promise((resolve) => {
    yauzl.fromFd(descriptor, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error || zip.entryCount > mostEntries) return resolve(null);
      const entries = new Map<string, Entry>();
      zip.on('entry', (entry: Entry) => {
        entries.set(entry.fileName.toLowerCase(), entry);
        zip.readEntry();
      });
      zip.once('end', () => resolve(new ZipEntries(zip, entries)));
      zip.once('error', () => resolve(null));
      zip.readEntry();
    });
  });
}

/** Takes a part; false when no more are wanted. */
type Take = (part: string) => boolean | Promise<boolean>;

export class ZipEntries {
  constructor(
    private readonly zip: ZipFile,
    private readonly entries: Map<string, Entry>,
  ) {}

  /** @param path case does not matter; some programs write it as they like */
  has(path: string): boolean {
    return this.entries.has(path.toLowerCase());
  }

  names(): string[] {
    return [...this.entries.keys()];
  }

  /** All of a small text, or null when it is missing, broken or larger unpacked than `most` bytes. */
  async text(path: string, most: number): Promise<string | null> {
    let text = '';
    const complete = await this.read(path, most, (part) => {
      text += part;
      return true;
    });
    return complete ? text : null;
  }

  /**
   * Hands the text of an entry over in parts, until `take` says false.
   * @returns false when the entry is missing, broken or larger unpacked than `most` bytes
   */
  async read(path: string, most: number, take: Take): Promise<boolean> {
    const entry = this.entries.get(path.toLowerCase());
    if (!entry) return false;
    const decoder = new TextDecoder();
    let size = 0;
    try {
      for await (const part of await this.stream(entry)) {
        size += part.length;
        if (size > most) return false;
        if (!(await take(decoder.decode(part, { stream: true })))) return true;
      }
      await take(decoder.decode());
      return true;
    } catch {
      return false;
    }
  }

  private stream(entry: Entry): Promise<AsyncIterable<Buffer>> {
    return new Promise((resolve, reject) => {
      this.zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
    });
  }
}
