// What sipp cannot do: a phone over TLS or a secure WebSocket (RFC 7118), and words that were overheard and said again.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';
import type { Kamailio } from './kamailio.mjs';
import { header, type Login, statusOf } from './sipp.js';

const patience = 5_000;

export class SecurePhone {
  /** The last request that we sent with credentials. */
  sent = '';

  private constructor(
    private readonly socket: TLSSocket,
    private readonly realm: string,
    private readonly transport: 'TLS' | 'WSS',
  ) {}

  /** A connection that trusts the server's own certificate and no other. */
  static async overTls(server: Kamailio): Promise<SecurePhone> {
    return new SecurePhone(await connected(server, server.tlsPort), server.realm, 'TLS');
  }

  /**
   * @param origin of the page that opens the WebSocket
   * @throws Error with the first line of the server's answer when it is refused
   */
  static async overWebSocket(server: Kamailio, origin: string): Promise<SecurePhone> {
    const phone = new SecurePhone(await connected(server, server.wssPort), server.realm, 'WSS');
    phone.socket.write(
      lines('GET / HTTP/1.1', [
        'Host: localhost',
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Origin: ${origin}`,
        'Sec-WebSocket-Protocol: sip',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        'Sec-WebSocket-Version: 13',
      ]),
    );
    const [answer] = (await phone.hear()).toString().split('\r\n');
    if (answer.startsWith('HTTP/1.1 101')) return phone;
    phone.close();
    throw new Error(answer);
  }

  close(): void {
    this.socket.destroy();
  }

  /** The statuses of the answers, e.g. [401, 200]. */
  async register({ extension, secret }: Login): Promise<number[]> {
    const uri = `sip:${this.realm}`;
    const callId = random();
    const written = (count: number, authorization: string[] = []) =>
      lines(`REGISTER ${uri} SIP/2.0`, [
        `Via: SIP/2.0/${this.transport} 127.0.0.1:${this.socket.localPort};branch=z9hG4bK${random()};rport`,
        `From: <sip:${extension}@${this.realm}>;tag=${random()}`,
        `To: <sip:${extension}@${this.realm}>`,
        `Call-ID: ${callId}`,
        `CSeq: ${count} REGISTER`,
        `Contact: <sip:${extension}@127.0.0.1:${this.socket.localPort};transport=${this.transport.toLowerCase()}>`,
        'Expires: 300',
        'Max-Forwards: 70',
        ...authorization,
        'Content-Length: 0',
      ]);
    const first = await this.exchange(written(1));
    this.sent = written(2, [authorization(header(first, 'WWW-Authenticate'), uri, extension, secret)]);
    return [statusOf(first), statusOf(await this.exchange(this.sent))];
  }

  /** Sends a request as it is; the answer. */
  async exchange(request: string): Promise<string> {
    if (this.transport === 'TLS') {
      this.socket.write(request);
      return (await this.hear()).toString();
    }
    this.socket.write(frame(request));
    return unframed(await this.hear());
  }

  // An answer without a body is small enough to come at once.
  private async hear(): Promise<Buffer> {
    const [bytes] = await once(this.socket, 'data', { signal: AbortSignal.timeout(patience) });
    return bytes as Buffer;
  }
}

async function connected(server: Kamailio, port: number): Promise<TLSSocket> {
  const ca = readFileSync(server.certificate);
  const socket = connect({ host: '127.0.0.1', port, ca, servername: 'localhost' });
  await once(socket, 'secureConnect');
  return socket;
}

// RFC 6455: one text frame, masked as a client's must be.
function frame(text: string): Buffer {
  const bytes = Buffer.from(text);
  const mask = randomBytes(4);
  const head = Buffer.from([0x81, 0xfe, bytes.length >> 8, bytes.length & 0xff]);
  return Buffer.concat([head, mask, bytes.map((byte, index) => byte ^ mask[index % 4])]);
}

function unframed(bytes: Buffer): string {
  return bytes.subarray(bytes[1] === 126 ? 4 : 2).toString();
}

// Digest authentication (RFC 7616) with MD5.
function authorization(challenge: string, uri: string, name: string, secret: string): string {
  const said = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="?([^",]+)"?/g)].map(([, key, value]) => [key, value]),
  );
  const cnonce = random();
  const ha1 = md5(`${name}:${said.realm}:${secret}`);
  const response = md5([ha1, said.nonce, '00000001', cnonce, 'auth', md5(`REGISTER:${uri}`)].join(':'));
  const parts = { username: name, realm: said.realm, nonce: said.nonce, uri, response, cnonce };
  const quoted = Object.entries(parts).map(([key, value]) => `${key}="${value}"`);
  return `Authorization: Digest ${quoted.join(', ')}, algorithm=MD5, qop=auth, nc=00000001`;
}

function lines(first: string, headers: string[]): string {
  return [first, ...headers, '', ''].join('\r\n');
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function random(): string {
  return randomBytes(8).toString('hex');
}
