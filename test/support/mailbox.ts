// A real mail server for the tests: takes what Rollcall sends, and can be slow, refuse, or be away.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { eventually } from './eventually.js';

/** A mail as it came in. */
export interface Mail {
  from: string;
  /** Addresses of the envelope: whom it is delivered to. */
  to: string[];
  /** As it was sent, with headers. */
  raw: string;
  subject: string;
  text: string;
}

export class Mailbox {
  readonly mails: Mail[] = [];
  /** Answer to every mail instead of taking it, e.g. 550 or 451. */
  refuses?: number;
  /** Milliseconds before each answer. */
  delay = 0;
  private server?: SMTPServer;
  private port = 0;

  /** What Rollcall is told: SMTP_URL. */
  get url(): string {
    return `smtp://rollcall:s3cret-of-smtp@127.0.0.1:${this.port}?from=rollcall@example.com`;
  }

  /** Starts it; after `stop` on the same port. */
  async start(): Promise<this> {
    this.server = new SMTPServer({
      authOptional: true,
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      onAuth: ({ username, password }, _session, answer) => {
        if (username === 'rollcall' && password === 's3cret-of-smtp') answer(null, { user: username });
        else answer(new Error('who are you?'));
      },
      onRcptTo: (_address, _session, answer) => {
        const refusal = Object.assign(new Error('no such mailbox here'), { responseCode: this.refuses });
        setTimeout(() => answer(this.refuses ? refusal : null), this.delay);
      },
      onData: (stream, session, answer) => {
        const pieces: Buffer[] = [];
        stream.on('data', (piece: Buffer) => pieces.push(piece));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          const raw = Buffer.concat(pieces).toString('utf8');
          const from = mailFrom ? mailFrom.address : '';
          this.mails.push({ from, to: rcptTo.map(({ address }) => address), raw, ...read(raw) });
          answer();
        });
      },
    });
    this.server.on('error', () => {});
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server.server, 'listening');
    this.port = (this.server.server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server) await new Promise<void>((resolve) => server.close(resolve));
  }

  /** All mails to an address so far. */
  to(address: string): Mail[] {
    return this.mails.filter(({ to }) => to.includes(address));
  }

  /** Waits for the mail number `count` to an address with this subject. */
  async waitFor(address: string, subject: string, count = 1): Promise<Mail> {
    let found: Mail[] = [];
    await eventually(async () => {
      found = this.to(address).filter((mail) => mail.subject === subject);
      if (found.length < count)
        throw new Error(
          `${found.length} of ${count} mails “${subject}” to ${address}; all: ${this.mails.map((mail) => `${mail.to.join(',')} ${mail.subject}`).join(' | ')}`,
        );
    });
    return found[count - 1];
  }

  /** The newest sign-in code that was sent to an address. */
  async code(address: string, count = 1): Promise<string> {
    const { text } = await this.waitFor(address, 'Your sign-in code', count);
    return /\b\d{8}\b/.exec(text)![0];
  }
}

/** The address in a mail that leads to Rollcall. */
export function linkIn({ text }: Mail): string {
  return /^https?:\/\/\S+$/m.exec(text)![0];
}

function read(raw: string): { subject: string; text: string } {
  const end = raw.indexOf('\r\n\r\n');
  const headers = raw.slice(0, end).replace(/\r\n[ \t]+/g, ' ');
  const subject = /^subject: (.*)$/im.exec(headers)?.[1] ?? '';
  const body = raw
    .slice(end + 4)
    .replace(/=\r\n/g, '')
    .replace(/\r\n/g, '\n');
  const quoted = /^content-transfer-encoding: quoted-printable/im.test(headers);
  return { subject: words(subject), text: quoted ? bytes(body) : body };
}

// RFC 2047, in the two encodings there are.
function words(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, coded: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(coded, 'base64').toString('utf8')
        : bytes(coded.replaceAll('_', ' ')),
    );
}

function bytes(text: string): string {
  const latin = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(latin, 'latin1').toString('utf8');
}
