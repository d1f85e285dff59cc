// Debian's libfaketime moves the clock of a program that is running. Only `Date` moves; timers go on as they do.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The library to preload, undefined when it is not installed. */
export function findFaketime() {
  const lib = '/usr/lib';
  const folders = existsSync(lib) ? readdirSync(lib).map((name) => join(lib, name, 'faketime')) : [];
  return folders.map((folder) => join(folder, 'libfaketime.so.1')).find((file) => existsSync(file));
}
