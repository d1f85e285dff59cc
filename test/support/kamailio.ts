// Debian's Kamailio on ports of this machine that are free, beside a Rollcall on SQLite.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findKamailio } from './kamailio-program.mjs';
import { eventually } from './eventually.js';
import type { Rollcall } from './rollcall.js';

/** Tests that need the real SIP server; test/run.mjs says so when they are left out. */
export const withKamailio = findKamailio() ? describe : describe.skip;

const realm = 'callcenter.test';
const running = new Set<Kamailio>();

/** Chooses the ports: Rollcall has to know them before Kamailio can read its database. */
export async function chooseKamailio(): Promise<Kamailio> {
  const [sip, http] = await freePorts(2);
  return new Kamailio(sip, http);
}

export class Kamailio {
  private process?: ChildProcess;
  private readonly folder = mkdtempSync(join(tmpdir(), 'rollcall-kamailio-'));

  constructor(
    private readonly sip: number,
    private readonly http: number,
  ) {}

  /** What Rollcall is started with. */
  get environment(): Record<string, string> {
    return {
      SIP_REALM: realm,
      SIP_SERVER: `127.0.0.1:${this.sip}`,
      SIP_RPC_URL: `http://127.0.0.1:${this.http}/RPC`,
      SIP_RPC_SECRET: 'secret-of-the-rpc-listener',
      SIP_WS_URL: `ws://127.0.0.1:${this.http}`,
    };
  }

  async start({ dataDir }: Rollcall): Promise<void> {
    const values = {
      REALM: realm,
      DIR: this.folder,
      DATABASE: join(dataDir, 'rollcall.sqlite'),
      SIP_PORT: String(this.sip),
      HTTP_PORT: String(this.http),
    };
    const template = readFileSync('test/support/kamailio.cfg.in', 'utf8');
    const config = Object.entries(values).reduce(
      (text, [name, value]) => text.replaceAll(`@${name}@`, value),
      template,
    );
    const file = join(this.folder, 'kamailio.cfg');
    writeFileSync(file, config);
    const given = ['-f', file, '-DD', '-E', '-Y', this.folder];
    // It ends its own processes too when the test process is killed and no afterAll runs.
    this.process = spawn('setpriv', ['--pdeathsig=TERM', findKamailio()!, ...given], { stdio: 'ignore' });
    running.add(this);
    await eventually(async () => void (await fetch(`http://127.0.0.1:${this.http}/`)));
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
