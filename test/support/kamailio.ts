// Debian's Kamailio beside a Rollcall, with the configuration that `npm run sip` gives it, on free ports of this machine.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { eventually } from './eventually.js';
import { findKamailio } from './kamailio-program.mjs';
import type { Rollcall } from './rollcall.js';

/** Tests that need the real SIP server; test/run.mjs says so when they are left out. */
export const withKamailio = findKamailio() ? describe : describe.skip;

const patience = 15_000;
const running = new Set<Kamailio>();

/** Chooses the ports: Rollcall has to know them before Kamailio can read its database. */
export async function chooseKamailio(): Promise<Kamailio> {
  return new Kamailio(await freePorts(5));
}

export class Kamailio {
  readonly realm = 'callcenter.test';
  private process?: ChildProcess;
  private readonly folder = mkdtempSync(join(tmpdir(), 'rollcall-kamailio-'));

  constructor(private readonly ports: number[]) {}

  /** The port of UDP and TCP. */
  get port(): number {
    return this.ports[0];
  }

  get tlsPort(): number {
    return this.ports[3];
  }

  get wssPort(): number {
    return this.ports[4];
  }

  /** PEM file of a certificate for `localhost`, signed by itself. */
  get certificate(): string {
    return join(this.folder, 'certificate.pem');
  }

  /** What Rollcall is started with. */
  get environment(): Record<string, string> {
    const [sip, webSocket, rpc, tls, wss] = this.ports.map((port) => `127.0.0.1:${port}`);
    return {
      SIP_REALM: this.realm,
      SIP_SERVER: sip,
      SIP_LISTEN: `udp:${sip},tcp:${sip},ws:${webSocket},tls:${tls},wss:${wss}`,
      SIP_WS_URL: `ws://${webSocket}`,
      SIP_RPC_URL: `http://${rpc}/RPC`,
      SIP_RPC_SECRET: 'secret-of-the-rpc-listener',
      SIP_TLS_CERTIFICATE: this.certificate,
      SIP_TLS_KEY: join(this.folder, 'key.pem'),
      // The other PBXs of the tests are on this machine.
      SIP_ALLOW_HOSTS: '127.0.0.1',
    };
  }

  /** Throws with what Kamailio printed when it does not answer within 15 s. */
  async start({ address, dataDir, databaseUrl }: Rollcall): Promise<void> {
    certify(this.environment);
    const { PATH } = process.env;
    // It ends Kamailio too when the test process is killed and no afterAll runs.
    const command = ['--pdeathsig=TERM', process.execPath, 'dist/sip-config.js', '--start', this.folder];
    const child = spawn('/usr/bin/setpriv', command, {
      env: {
        PATH,
        DATA_DIR: dataDir,
        PUBLIC_URL: address,
        ...this.environment,
        ...(databaseUrl && { DATABASE_URL: databaseUrl, SIP_DATABASE_URL: await readingRole(databaseUrl) }),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.process = child;
    running.add(this);
    let printed = '';
    child.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => (printed = (printed + text).slice(-20_000)));
    await eventually(async () => void (await fetch(this.environment.SIP_RPC_URL)), patience).catch(() => {
      throw new Error(`Kamailio does not answer. It printed:\n${printed}`);
    });
  }

  async stop(): Promise<void> {
    running.delete(this);
    if (this.process && this.process.exitCode === null) {
      this.process.kill('SIGTERM');
      await once(this.process, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

afterAll(async () => {
  for (const kamailio of running) await kamailio.stop();
});

function certify({ SIP_TLS_CERTIFICATE, SIP_TLS_KEY }: Record<string, string>): void {
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
      ...['-keyout', SIP_TLS_KEY, '-out', SIP_TLS_CERTIFICATE],
    ],
    { stdio: 'ignore' },
  );
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

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  for (const server of servers) server.close();
  return ports;
}
