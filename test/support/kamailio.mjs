// Debian's SIP server with the modules that its configuration loads, and sipp, which plays phones.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

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

/** What phones at Kamailio still want, and how to get it; undefined when everything is there. */
export function missingForPhones() {
  if (!findKamailio()) return installKamailio;
  if (spawnSync('sipp', ['-v']).error) return 'sipp is not installed: apt-get install sip-tester';
  return undefined;
}

const patience = 15_000;

/** Chooses the ports: Rollcall has to know them before Kamailio can read its database. */
export async function chooseKamailio() {
  return new Kamailio(await freePorts(5));
}

/** Kamailio beside a Rollcall, with the configuration that `npm run sip` gives it, on free ports of this machine. */
export class Kamailio {
  realm = 'callcenter.test';
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #process;
  #folder = mkdtempSync(join(tmpdir(), 'rollcall-kamailio-'));
  /** @type {number[]} */
  #ports;

  /** @param {number[]} ports five free ones */
  constructor(ports) {
    this.#ports = ports;
  }

  /** The port of UDP and TCP. */
  get port() {
    return this.#ports[0];
  }

  get tlsPort() {
    return this.#ports[3];
  }

  get wssPort() {
    return this.#ports[4];
  }

  /** PEM file of a certificate for `localhost`, signed by itself. */
  get certificate() {
    return join(this.#folder, 'certificate.pem');
  }

  /** What Rollcall is started with. */
  get environment() {
    const [sip, webSocket, rpc, tls, wss] = this.#ports.map((port) => `127.0.0.1:${port}`);
    return {
      SIP_REALM: this.realm,
      SIP_SERVER: sip,
      SIP_LISTEN: `udp:${sip},tcp:${sip},ws:${webSocket},tls:${tls},wss:${wss}`,
      SIP_WS_URL: `ws://${webSocket}`,
      SIP_RPC_URL: `http://${rpc}/RPC`,
      SIP_RPC_SECRET: 'secret-of-the-rpc-listener',
      SIP_TLS_CERTIFICATE: this.certificate,
      SIP_TLS_KEY: join(this.#folder, 'key.pem'),
      // The other PBXs of the tests are on this machine.
      SIP_ALLOW_HOSTS: '127.0.0.1',
    };
  }

  /**
   * Throws with what Kamailio printed when it does not answer within 15 s.
   * @param {{ address: string, dataDir: string, databaseUrl?: string }} rollcall that runs with `environment`
   */
  async start({ address, dataDir, databaseUrl }) {
    this.#certify();
    // It ends Kamailio too when the test process is killed and nobody stops it.
    const command = [
      '--pdeathsig=TERM',
      process.execPath,
      'dist/server/sip-config.js',
      '--start',
      this.#folder,
    ];
    const child = spawn('/usr/bin/setpriv', command, {
      env: {
        PATH: process.env.PATH,
        DATA_DIR: dataDir,
        PUBLIC_URL: address,
        ...this.environment,
        ...(databaseUrl && { DATABASE_URL: databaseUrl, SIP_DATABASE_URL: await readingRole(databaseUrl) }),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#process = child;
    let printed = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (printed = (printed + text).slice(-20_000)));
    for (const begun = Date.now(); !(await this.#answers()); await pause(20)) {
      if (Date.now() - begun > patience) throw new Error(`Kamailio does not answer. It printed:\n${printed}`);
    }
  }

  async stop() {
    if (this.#process && this.#process.exitCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGTERM');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #answers() {
    return fetch(this.environment.SIP_RPC_URL).then(
      () => true,
      () => false,
    );
  }

  #certify() {
    const { SIP_TLS_CERTIFICATE, SIP_TLS_KEY } = this.environment;
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
        ...['-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
        ...['-keyout', SIP_TLS_KEY, '-out', SIP_TLS_CERTIFICATE],
      ],
      { stdio: 'ignore' },
    );
  }
}

/**
 * As the README has it: a role that sees the two views and nothing else.
 * @param {string} databaseUrl
 */
async function readingRole(databaseUrl) {
  const client = new pg.Client(databaseUrl);
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

/** @param {number} count */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map(
    (server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port,
  );
  for (const server of servers) server.close();
  return ports;
}
