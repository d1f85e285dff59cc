// Bytes to the server and back, for what no browser sends.
import { type Socket, connect } from 'node:net';
import type { Rollcall } from './rollcall.js';

export interface RawAnswer {
  status: number;
  /** By name in lower case. */
  headers: Map<string, string>;
  body: string;
  /** Everything that came, also of further answers. */
  text: string;
}

export interface RawRequest {
  /** Address of this machine that it comes from, 127.0.0.1 when missing. */
  from?: string;
  /** The server closes the connection, and only then everything is there. */
  untilClosed?: boolean;
}

/** Sends text as it is and takes the answer. Throws when nothing came within 30 s. */
export async function raw(rollcall: Rollcall, text: string, options: RawRequest = {}): Promise<RawAnswer> {
  const socket = await open(rollcall, options.from);
  let received = '';
  let tooLate: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      tooLate = setTimeout(() => reject(new Error(`No whole answer to ${text.slice(0, 200)}`)), 30_000);
      socket.on('data', (bytes: Buffer) => {
        received += bytes.toString('latin1');
        if (!options.untilClosed && isWhole(received)) resolve();
      });
      socket.once('error', reject);
      socket.once('close', resolve);
      socket.write(text, 'latin1');
    });
  } finally {
    clearTimeout(tooLate);
    socket.destroy();
  }
  return parse(received);
}

/** A request with these lines after the first one; `Host` is there already. */
export function request(first: string, headers: string[] = [], body = ''): string {
  return [`${first} HTTP/1.1`, 'Host: rollcall.example', ...headers, '', body].join('\r\n');
}

/** A connection. It is closed by whoever opens it. */
export async function open(rollcall: Rollcall, from?: string): Promise<Socket> {
  const { hostname, port } = new URL(rollcall.address);
  const socket = connect({ host: hostname, port: Number(port), localAddress: from });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return socket;
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /^content-length: (\d+)$/im.exec(text.slice(0, end).replaceAll('\r', ''))?.[1];
  if (length !== undefined) return text.length >= end + 4 + Number(length);
  return /^HTTP\/1\.1 (?:1\d\d|204|304)/.test(text) || text.endsWith('\r\n0\r\n\r\n');
}

function parse(text: string): RawAnswer {
  const [head, ...rest] = text.split('\r\n\r\n');
  const [first, ...lines] = head.split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const [name, ...value] = line.split(': ');
    return [name.toLowerCase(), value.join(': ')];
  });
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? 0);
  return { status, headers: new Map(headers), body: rest.join('\r\n\r\n'), text };
}
