// Debian's SIP server with the modules that its configuration loads.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const packages = [
  'kamailio',
  ...['sqlite', 'postgres', 'websocket', 'tls'].map((module) => `kamailio-${module}-modules`),
];

/** What to say when it is not there. */
export const installKamailio = `Kamailio is not installed: apt-get install ${packages.join(' ')}`;

/** The program, undefined when it or one of its modules is not installed. */
export function findKamailio() {
  const lib = '/usr/lib';
  const folders = existsSync(lib)
    ? readdirSync(lib).map((name) => join(lib, name, 'kamailio', 'modules'))
    : [];
  const whole = folders.some((folder) =>
    ['db_sqlite.so', 'db_postgres.so', 'websocket.so', 'tls.so'].every((module) =>
      existsSync(join(folder, module)),
    ),
  );
  return ['/usr/sbin/kamailio'].find((file) => whole && existsSync(file));
}
