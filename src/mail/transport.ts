// Hands one mail over. The address is given as an object after it was looked at once more: as a text, nodemailer would
// take a list, or further headers, out of it (SECURITY.md section 0, no. 3).
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport, type Transporter } from 'nodemailer';
import { isAddress } from '../web/address.js';
import { now } from '../web/clock.js';
import { environment } from '../web/environment.js';
import { mailFolder, mailRoute, senderAddress } from './route.js';

export interface Letter {
  id: number;
  reference: string;
  recipient: string;
  subject: string;
  text: string;
}

/** Why a mail did not leave. `forGood`: another try would not help. */
export class NotSent extends Error {
  constructor(
    message: string,
    readonly forGood: boolean,
  ) {
    super(message);
  }
}

/** Milliseconds after which a slow mail server has failed. */
const patience = 30_000;

/** Sends one mail to exactly one address, or writes its file. Throws NotSent. */
export async function send({ id, reference, recipient, subject, text }: Letter): Promise<void> {
  if (!isAddress(recipient)) throw new NotSent('this is not one email address', true);
  const from = senderAddress();
  const message = {
    from: { name: 'Rollcall', address: from },
    to: { name: '', address: recipient },
    envelope: { from, to: [recipient] },
    subject,
    text,
    textEncoding: 'quoted-printable' as const,
    messageId: `<${reference}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  try {
    if (mailRoute() === 'smtp') return void (await inTime(server().sendMail(message)));
    const written = await createTransport({ streamTransport: true, buffer: true }).sendMail(message);
    return keep(`${now()}-${id}.eml`, written.message as Buffer);
  } catch (error) {
    throw refusal(error);
  }
}

let connection: Transporter | undefined;

function server(): Transporter {
  const { host, port, implicitTls, requireTls, user, password } = environment().smtp!;
  return (connection ??= createTransport({
    host,
    port,
    secure: implicitTls,
    requireTLS: requireTls,
    auth: user ? { user, pass: password ?? '' } : undefined,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
  }));
}

async function inTime<T>(sending: Promise<T>): Promise<T> {
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error('the mail server is too slow')), patience);
  });
  return Promise.race([sending, tooLate]).finally(() => clearTimeout(late));
}

function keep(name: string, message: Buffer): void {
  mkdirSync(mailFolder(), { recursive: true, mode: 0o700 });
  chmodSync(mailFolder(), 0o700);
  writeFileSync(join(mailFolder(), name), message, { mode: 0o600, flag: 'wx' });
}

// 5xx of the server is its last word (RFC 5321, 4.2.1), but for a sign-in of ours that it refuses: operators mend that.
function refusal(error: unknown): NotSent {
  const { message, responseCode, code } = error as Error & { responseCode?: number; code?: string };
  const forGood = responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH';
  const password = environment().smtp?.password;
  const told = password ? message.replaceAll(password, '***') : message;
  return new NotSent(told.replace(/[\p{C}\s]+/gu, ' ').slice(0, 250), forGood);
}
