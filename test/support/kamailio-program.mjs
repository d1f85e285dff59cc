// Debian's SIP server with the parts that softphones need.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The packages of Debian that hold it. */
export const kamailioPackages = ['kamailio', 'kamailio-sqlite-modules', 'kamailio-websocket-modules'];

/** The program, undefined when it or one of its modules is not installed. */
export function findKamailio() {
  const lib = '/usr/lib';
  const folders = existsSync(lib)
    ? readdirSync(lib).map((name) => join(lib, name, 'kamailio', 'modules'))
    : [];
  const whole = folders.some((folder) =>
    ['db_sqlite.so', 'websocket.so'].every((module) => existsSync(join(folder, module))),
  );
  return ['/usr/sbin/kamailio'].find((file) => whole && existsSync(file));
}
