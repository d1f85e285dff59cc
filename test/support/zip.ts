// The files in a zip archive (PKWARE APPNOTE 4.3): enough to read a workbook that we made ourselves.
import { inflateRawSync } from 'node:zlib';

/** The texts of all files by their names. */
export function unzipped(archive: Buffer): Map<string, string> {
  const end = archive.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end === -1) throw new Error('This is no zip archive');
  const files = new Map<string, string>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const [packed, nameLength, extra, comment, start] = [
      archive.readUInt32LE(at + 20),
      archive.readUInt16LE(at + 28),
      archive.readUInt16LE(at + 30),
      archive.readUInt16LE(at + 32),
      archive.readUInt32LE(at + 42),
    ];
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const data = start + 30 + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28);
    const bytes = archive.subarray(data, data + packed);
    const isPacked = archive.readUInt16LE(at + 10) === 8;
    files.set(name, (isPacked ? inflateRawSync(bytes) : bytes).toString('utf8'));
    at += 46 + nameLength + extra + comment;
  }
  return files;
}
