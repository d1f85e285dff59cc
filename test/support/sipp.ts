// Phones played by sipp (Debian’s sip-tester), after the scenarios of test/sip/sipp.
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import type { Kamailio } from './kamailio.mjs';

export interface Login {
  /** The address that is claimed, e.g. `1001`. */
  extension: string;
  secret: string;
  /** The authorisation name, when it is another one than the extension. */
  name?: string;
}

/** A SIP message as it came in, first line included. */
type Message = string;

const phones = new Set<Phone>();

afterAll(async () => {
  for (const phone of phones) await phone.close();
});

/** A phone on a free port of this machine. */
export async function newPhone(server: Kamailio): Promise<Phone> {
  const phone = new Phone(server, await freePort());
  phones.add(phone);
  return phone;
}

export class Phone {
  /** What was answered to the last `register`, `call` or `intrude`. */
  heard: Message[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'rollcall-sipp-'));
  private answering?: ChildProcess;

  constructor(
    private readonly server: Kamailio,
    readonly port: number,
  ) {}

  /** Registers as one after the other; the statuses of all answers, e.g. [401, 200]. */
  async register(...logins: Login[]): Promise<number[]> {
    return this.play(
      'register',
      logins.map((login) => [login.extension, authentication(login)]),
    );
  }

  /** Calls somebody, and hangs up when they answer; the statuses of the answers, that of the hanging up last. */
  async call(login: Login, to: string): Promise<number[]> {
    return this.play('call', [[login.extension, authentication(login), to]]);
  }

  /** Wants to be put through to an address without a password, as if in a call already. */
  async intrude(address: string): Promise<number[]> {
    return this.play('intrude', [[address]]);
  }

  /** From now on whoever calls gets through at once. */
  async answer(): Promise<void> {
    this.answering = this.start('answer', []);
    await eventually(async () => {
      if (!existsSync(this.log('answer'))) throw new Error('sipp does not listen');
    });
  }

  /** The requests that came in since `answer`. */
  received(): Message[] {
    return messages(this.log('answer')).filter((message) => !message.startsWith('SIP/2.0'));
  }

  async close(): Promise<void> {
    phones.delete(this);
    if (this.answering && this.answering.exitCode === null) {
      this.answering.kill('SIGKILL');
      await once(this.answering, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async play(scenario: string, calls: string[][]): Promise<number[]> {
    const fields = join(this.folder, `${scenario}.csv`);
    writeFileSync(fields, ['SEQUENTIAL', ...calls.map((call) => call.join(';')), ''].join('\n'));
    rmSync(this.log(scenario), { force: true });
    const child = this.start(scenario, [
      '-inf',
      fields,
      '-m',
      String(calls.length),
      '-l',
      '1',
      '-timeout',
      '10',
    ]);
    const [code] = await once(child, 'exit');
    this.heard = messages(this.log(scenario));
    if (code !== 0)
      throw new Error(`sipp ended ${scenario} with ${code}. It heard:\n${this.heard.join('\n')}`);
    return this.heard.map(statusOf).filter((status) => status >= 200);
  }

  private start(scenario: string, more: string[]): ChildProcess {
    return spawn(
      '/usr/bin/setpriv',
      [
        ...[
          '--pdeathsig=KILL',
          'sipp',
          `127.0.0.1:${this.server.port}`,
          '-sf',
          `test/sip/sipp/${scenario}.xml`,
        ],
        ...['-i', '127.0.0.1', '-p', String(this.port), '-key', 'realm', this.server.realm, '-nostdin'],
        ...['-trace_msg', '-message_file', this.log(scenario), '-recv_timeout', '5000', ...more],
      ],
      { stdio: 'ignore' },
    );
  }

  private log(scenario: string): string {
    return join(this.folder, `${scenario}.log`);
  }
}

export function statusOf(answer: Message): number {
  return Number(answer.slice(8, 11));
}

/** The value of a header. */
export function header(message: Message, name: string): string {
  return new RegExp(`^${name}:\\s*(.*?)\\r?$`, 'im').exec(message)?.[1] ?? '';
}

// The field is filled in by sipp when the scenario is loaded, what is in brackets later.
function authentication({ extension, name = extension, secret }: Login): string {
  return `[authentication username=${name} password=${secret}]`;
}

// What sipp logs of a message: a line of dashes and the time, one that says who sent it, an empty one, the message.
function messages(log: string): Message[] {
  return readFileSync(log, 'utf8')
    .split(/^-{5,}.*\n/m)
    .flatMap((entry) => {
      const [, message] = /^UDP message received \[\d+\] bytes\s*:\s*\n\s*([^]*)$/.exec(entry) ?? [];
      return message ? [message] : [];
    });
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
