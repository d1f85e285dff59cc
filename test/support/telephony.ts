// The real Kamailio, configured by our own command, beside a Rollcall of the tests.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Rollcall, startRollcall } from './rollcall.js';

export interface Telephony {
  rollcall: Rollcall;
  /** UDP port of the SIP server. */
  port: number;
  realm: string;
  stop(): Promise<void>;
}

const patience = 15_000;

/** Starts both, so that each knows of the other. */
export async function startTelephony(realm: string): Promise<Telephony> {
  const [port, commands] = [await freePort(), await freePort()];
  const env = {
    SIP_REALM: realm,
    SIP_RPC_URL: `http://127.0.0.1:${commands}/RPC`,
    SIP_RPC_SECRET: 'a-secret-for-commands',
    SIP_LISTEN: `udp:127.0.0.1:${port},tcp:127.0.0.1:${port}`,
    SIP_ALLOW_HOSTS: '127.0.0.1',
  };
  const rollcall = await startRollcall({ env });
  const folder = join(rollcall.dataDir, 'kamailio');
  const reading = rollcall.databaseUrl && (await readingRole(rollcall.databaseUrl));
  execFileSync(process.execPath, [join('dist', 'sip-config.js'), folder], {
    env: {
      ...env,
      PATH: process.env.PATH,
      DATA_DIR: rollcall.dataDir,
      ...(rollcall.databaseUrl && { DATABASE_URL: rollcall.databaseUrl, SIP_DATABASE_URL: reading }),
    },
  });
  const kamailio = ['kamailio', '-f', join(folder, 'kamailio.cfg'), '-DD', '-E', '-Y', folder];
  const child = spawn('/usr/bin/setpriv', ['--pdeathsig=TERM', ...kamailio, '-P', join(folder, 'pid')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-20_000)));
  await answers(env.SIP_RPC_URL, () => log);
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  return { rollcall, port, realm, stop };
}

async function answers(address: string, log: () => string): Promise<void> {
  for (const begun = Date.now(); Date.now() - begun < patience;) {
    const found = await fetch(address, { method: 'POST', body: '{}' }).catch(() => undefined);
    if (found) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Kamailio does not answer:\n${log()}`);
}

// As the README has it: a role that sees the two views and nothing else.
async function readingRole(databaseUrl: string): Promise<string> {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    const { rowCount } = await client.query(`SELECT 1 FROM pg_roles WHERE rolname = 'kamailio'`);
    if (!rowCount) await client.query('CREATE ROLE kamailio LOGIN');
    await client.query('GRANT SELECT ON subscriber, sip_route TO kamailio');
  } finally {
    await client.end();
  }
  const url = new URL(databaseUrl);
  url.username = 'kamailio';
  return url.href;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
