// npm run sip-config [-- FOLDER]: writes the configuration of Kamailio for this installation. With the server's environment.
// npm run sip also starts Kamailio with it, in the foreground: for development.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { writeKamailioConfig } from './sip/kamailio.js';
import { environment } from './web/environment.js';
import { EnvironmentError } from './web/environment-error.js';

const start = process.argv.includes('--start');
const given = process.argv.slice(2).find((word) => word !== '--start');

try {
  const folder = resolve(given ?? join(environment().dataDir, 'kamailio'));
  const file = writeKamailioConfig(folder);
  if (start) run(file, folder);
  else console.log(`Wrote ${file}. Check it with: kamailio -c -f ${file}`);
} catch (error) {
  console.error(error instanceof EnvironmentError ? error.message : error);
  process.exit(2);
}

function run(file: string, folder: string): void {
  const child = spawn(
    'kamailio',
    ['-f', file, '-DD', '-E', '-Y', folder, '-P', join(folder, 'kamailio.pid')],
    {
      stdio: 'inherit',
    },
  );
  child.once('error', () => {
    console.error(
      'Kamailio is not installed: apt-get install kamailio kamailio-sqlite-modules kamailio-postgres-modules kamailio-websocket-modules kamailio-tls-modules',
    );
    process.exit(2);
  });
  child.once('exit', (code) => process.exit(code ?? 1));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
}
