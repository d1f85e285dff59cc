// Debian's Kamailio beside a Rollcall on SQLite, with the configuration that `npm run sip` gives it, on free ports of this machine.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { findKamailio } from './kamailio-program.mjs';
import type { Rollcall } from './rollcall.js';

/** Tests that need the real SIP server; test/run.mjs says so when they are left out. */
export const withKamailio = findKamailio() ? describe : describe.skip;

const running = new Set<Kamailio>();

/** Chooses the ports: Rollcall has to know them before Kamailio can read its database. */
export async function chooseKamailio(): Promise<Kamailio> {
  return new Kamailio(await freePorts(3));
}

export class Kamailio {
  private process?: ChildProcess;
  private readonly folder = mkdtempSync(join(tmpdir(), 'rollcall-kamailio-'));

  constructor(private readonly ports: number[]) {}

  /** What Rollcall is started with. */
  get environment(): Record<string, string> {
    const [sip, webSocket, rpc] = this.ports.map((port) => `127.0.0.1:${port}`);
    return {
      SIP_REALM: 'callcenter.test',
      SIP_SERVER: sip,
      SIP_LISTEN: `udp:${sip},tcp:${sip},ws:${webSocket}`,
      SIP_WS_URL: `ws://${webSocket}`,
      SIP_RPC_URL: `http://${rpc}/RPC`,
      SIP_RPC_SECRET: 'secret-of-the-rpc-listener',
    };
  }

  async start({ address, dataDir }: Rollcall): Promise<void> {
    const { PATH } = process.env;
    // It ends Kamailio too when the test process is killed and no afterAll runs.
    const command = ['--pdeathsig=TERM', process.execPath, 'dist/sip-config.js', '--start', this.folder];
    this.process = spawn('/usr/bin/setpriv', command, {
      env: { PATH, DATA_DIR: dataDir, PUBLIC_URL: address, ...this.environment },
      stdio: 'ignore',
    });
    running.add(this);
    await eventually(async () => void (await fetch(this.environment.SIP_RPC_URL)));
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

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  for (const server of servers) server.close();
  return ports;
}
