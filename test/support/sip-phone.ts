// A small phone: SIP over UDP with digest authentication (RFC 3261, RFC 7616), enough to register, to call and to be called.
import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

export interface Login {
  /** The address that is claimed, e.g. `1001`. */
  extension: string;
  secret: string;
  /** The authorisation name, when it is another one than the extension. */
  name?: string;
}

const patience = 5_000;

export class SipPhone {
  /** What others sent us, first lines included. */
  readonly received: string[] = [];
  /** The last request that we sent with credentials. */
  sent = '';
  private readonly waiting = new Map<string, (answer: string) => void>();

  private constructor(
    private readonly socket: Socket,
    private readonly server: number,
    private readonly realm: string,
  ) {
    socket.on('message', (bytes) => this.take(bytes.toString()));
  }

  /** A phone on a free port of this machine. */
  static async open(server: number, realm: string): Promise<SipPhone> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new SipPhone(socket, server, realm);
  }

  get port(): number {
    return this.socket.address().port;
  }

  close(): void {
    this.socket.close();
  }

  /** The statuses of the answers, e.g. [401, 200]. */
  async register(login: Login, expires = 300): Promise<number[]> {
    const { extension } = login;
    const answers = await this.ask('REGISTER', `sip:${this.realm}`, extension, login, {
      Expires: String(expires),
    });
    return answers.map(statusOf);
  }

  /** Calls somebody, and hangs up when they answer. The statuses of the answers, that of the hanging up last. */
  async call(login: Login, to: string): Promise<number[]> {
    const answers = await this.ask('INVITE', `sip:${to}@${this.realm}`, to, login);
    const last = answers[answers.length - 1];
    const statuses = answers.map(statusOf);
    if (statusOf(last) !== 200) return statuses;
    const routes = all(last, 'Record-Route')
      .toReversed()
      .map((route) => `Route: ${route}`);
    const target = /<([^>]+)>/.exec(header(last, 'Contact'))![1];
    const within = (method: string, count: number) =>
      request(method, target, [
        `Via: SIP/2.0/UDP 127.0.0.1:${this.port};branch=${branch()}`,
        ...routes,
        `From: ${header(last, 'From')}`,
        `To: ${header(last, 'To')}`,
        `Call-ID: ${header(last, 'Call-ID')}`,
        `CSeq: ${count} ${method}`,
      ]);
    this.send(within('ACK', 2));
    return [...statuses, statusOf(await this.exchange(within('BYE', 3)))];
  }

  /** Sends a request as it is; the final answer. */
  async exchange(text: string): Promise<string> {
    const key = keyOf(text);
    return new Promise((resolve, reject) => {
      const tooLate = setTimeout(() => reject(new Error(`No answer to:\n${text}`)), patience);
      this.waiting.set(key, (answer) => {
        clearTimeout(tooLate);
        this.waiting.delete(key);
        resolve(answer);
      });
      this.send(text);
    });
  }

  private async ask(
    method: string,
    uri: string,
    to: string,
    { extension, secret, name = extension }: Login,
    more: Record<string, string> = {},
  ): Promise<string[]> {
    const from = `From: <sip:${extension}@${this.realm}>;tag=${random()}`;
    const callId = `Call-ID: ${random()}`;
    const written = (count: number, authorization: string[] = []) =>
      request(method, uri, [
        `Via: SIP/2.0/UDP 127.0.0.1:${this.port};branch=${branch()};rport`,
        from,
        `To: <sip:${to}@${this.realm}>`,
        callId,
        `CSeq: ${count} ${method}`,
        `Contact: <sip:${extension}@127.0.0.1:${this.port}>`,
        ...Object.entries(more).map(([key, value]) => `${key}: ${value}`),
        ...authorization,
      ]);
    const first = await this.exchange(written(1));
    if (![401, 407].includes(statusOf(first))) return [first];
    const [asked, answered] =
      statusOf(first) === 401
        ? ['WWW-Authenticate', 'Authorization']
        : ['Proxy-Authenticate', 'Proxy-Authorization'];
    const digest = digestFor(header(first, asked), method, uri, name, secret);
    this.sent = written(2, [`${answered}: ${digest}`]);
    return [first, await this.exchange(this.sent)];
  }

  private take(text: string): void {
    if (!text.startsWith('SIP/2.0')) return this.answer(text);
    if (statusOf(text) < 200) return;
    const [, method] = header(text, 'CSeq').split(' ');
    // An answer that ends a call attempt is acknowledged, or it comes again and again.
    if (method === 'INVITE' && statusOf(text) >= 300) this.send(acknowledgement(text));
    this.waiting.get(keyOf(text))?.(text);
  }

  // Whoever calls us gets through at once.
  private answer(text: string): void {
    this.received.push(text);
    const [method] = text.split(' ');
    if (method === 'ACK') return;
    const kept = text.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq|Record-Route):/i.test(line));
    const to = header(text, 'To');
    this.send(
      [
        'SIP/2.0 200 OK',
        ...kept,
        `To: ${to}${to.includes('tag=') ? '' : `;tag=${random()}`}`,
        `Contact: <sip:phone@127.0.0.1:${this.port}>`,
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
    );
  }

  private send(text: string): void {
    this.socket.send(text, this.server, '127.0.0.1');
  }
}

/** The value of a header that is there once. */
export function header(text: string, name: string): string {
  return all(text, name)[0] ?? '';
}

export function statusOf(answer: string): number {
  return Number(answer.slice(8, 11));
}

/** A request as it goes over the wire; its headers without Max-Forwards and length. */
export function request(method: string, uri: string, headers: string[]): string {
  return [`${method} ${uri} SIP/2.0`, ...headers, 'Max-Forwards: 70', 'Content-Length: 0', '', ''].join(
    '\r\n',
  );
}

export function branch(): string {
  return `z9hG4bK${random()}`;
}

function all(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(`^${name}:\\s*(.*?)\\r?$`, 'gim'))].map(([, value]) => value);
}

function keyOf(text: string): string {
  return `${header(text, 'Call-ID')} ${header(text, 'CSeq')}`;
}

function acknowledgement(answer: string): string {
  const uri = /<([^>]+)>/.exec(header(answer, 'To'))![1];
  const [count] = header(answer, 'CSeq').split(' ');
  const kept = ['Via', 'From', 'To', 'Call-ID'].map((name) => `${name}: ${header(answer, name)}`);
  return request('ACK', uri, [...kept, `CSeq: ${count} ACK`]);
}

function digestFor(challenge: string, method: string, uri: string, name: string, secret: string): string {
  const said = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="?([^",]+)"?/g)].map(([, key, value]) => [key, value]),
  );
  const cnonce = random();
  // A name of the form user@domain is hashed as it stands.
  const ha1 = md5(`${name}:${said.realm}:${secret}`);
  const response = md5([ha1, said.nonce, '00000001', cnonce, 'auth', md5(`${method}:${uri}`)].join(':'));
  const parts = { username: name, realm: said.realm, nonce: said.nonce, uri, response, cnonce };
  const quoted = Object.entries(parts).map(([key, value]) => `${key}="${value}"`);
  return `Digest ${quoted.join(', ')}, algorithm=MD5, qop=auth, nc=00000001`;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function random(): string {
  return randomBytes(8).toString('hex');
}
