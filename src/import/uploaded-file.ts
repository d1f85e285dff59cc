// An uploaded file while it is read: on the disk, never whole in memory. It has no name there, so that the system frees it
// whatever happens, also when the process is killed (SECURITY.md UP-6).
import { createHash, randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { EncodingSurvey } from './decode-text.js';

/** Read at once: parsing so much keeps the process busy for a few milliseconds. */
const pieceSize = 64 * 1024;

export class UploadedFile {
  /** Of what was added, for `FileReader`. */
  readonly survey = new EncodingSurvey();
  size = 0;
  private readonly hash = createHash('sha256');

  private constructor(private readonly handle: FileHandle) {}

  /** An empty one. @param folder where there is room for it */
  static async make(folder: string): Promise<UploadedFile> {
    const path = join(folder, `upload-${randomUUID()}`);
    const handle = await open(path, 'wx+', 0o600);
    await unlink(path);
    return new UploadedFile(handle);
  }

  /** Adds bytes behind those that are there. */
  async add(bytes: Buffer): Promise<void> {
    this.survey.push(bytes);
    this.hash.update(bytes);
    await this.handle.write(bytes, 0, bytes.length, this.size);
    this.size += bytes.length;
  }

  /** In hex, once everything was added. */
  sha256(): string {
    return this.hash.copy().digest('hex');
  }

  /** The number by which the system knows the file. */
  get descriptor(): number {
    return this.handle.fd;
  }

  /** The first bytes, so many at the most. */
  async start(most: number): Promise<Buffer> {
    return this.bytes(0, Math.min(most, this.size));
  }

  /** All of it in pieces; an empty file is one empty piece. */
  async *pieces(most = pieceSize): AsyncGenerator<{ piece: Buffer; last: boolean }> {
    let at = 0;
    do {
      const piece = await this.bytes(at, Math.min(most, this.size - at));
      at += piece.length;
      yield { piece, last: at >= this.size };
    } while (at < this.size);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async bytes(at: number, count: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(count);
    for (let done = 0; done < count;) {
      const { bytesRead } = await this.handle.read(buffer, done, count - done, at + done);
      if (bytesRead === 0) throw new Error('the uploaded file is shorter than it was');
      done += bytesRead;
    }
    return buffer;
  }
}
