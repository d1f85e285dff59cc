// Commands to the running SIP server: Kamailio's JSON-RPC over HTTP. It closes the connection after each reply.
import { environment } from '../web/environment.js';

const patience = 3_000;

/** A phone that is registered now. */
export interface Registration {
  /** The contact, e.g. sip:1001@192.0.2.7:5060. */
  contact: string;
  /** How the phone calls itself. */
  device: string;
  /** Milliseconds since 1970. */
  since: number;
  /** Seconds until it must renew. */
  expires: number;
}

/** The SIP server does not answer, or not as it should; the message is fit for the log. */
export class NoSipServer extends Error {}

interface Contact {
  Contact: {
    Address: string;
    Expires: number | string;
    'User-Agent': string;
    'Last-Modified': number | string;
  };
}

/**
 * The phones of an extension that are registered at this moment; the latest first.
 * @throws NoSipServer when it does not answer
 */
export async function registrations(
  extension: number,
  realm = environment().sip.realm,
): Promise<Registration[]> {
  const found = await call('ul.lookup', ['location', `${extension}@${realm}`]);
  const contacts = (found as { Contacts?: Contact[] } | undefined)?.Contacts ?? [];
  return contacts
    .map(({ Contact: contact }) => ({
      contact: contact.Address,
      device: contact['User-Agent'],
      since: Number(contact['Last-Modified']) * 1000,
      expires: Number(contact.Expires),
    }))
    .sort((a, b) => b.since - a.since);
}

/** Makes the SIP server forget every phone of an extension. None is fine. @throws NoSipServer */
export async function forgetPhones(extension: number, realm: string): Promise<void> {
  await call('ul.rm', ['location', `${extension}@${realm}`]);
}

/** Makes the SIP server forget one softphone (EXTENSION.sN) and no other phone of the extension. @throws NoSipServer */
export async function forgetSoftphone(softphone: string, extension: number, realm: string): Promise<void> {
  for (const { contact } of await registrations(extension, realm)) {
    if (!contact.startsWith(`sip:${softphone}@`)) continue;
    await call('ul.rm_contact', ['location', `${extension}@${realm}`, contact]);
  }
}

/** What the SIP server says it is, such as `kamailio 5.6.3 (x86_64/linux)`. @throws NoSipServer */
export async function serverVersion(): Promise<string> {
  return String(await call('core.version', [])).trim();
}

/** The result of a command; undefined when what it names is not there. */
async function call(method: string, params: string[]): Promise<unknown> {
  const { rpc } = environment().sip;
  if (!rpc) throw new NoSipServer('SIP_RPC_URL is not set');
  const answer = await ask(rpc, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
  if (!answer.error) return answer.result;
  // 404: no such address, or no such contact.
  if (answer.error.code === 404 || /not found/i.test(answer.error.message)) return undefined;
  throw new NoSipServer(`${method}: ${answer.error.code} ${answer.error.message}`);
}

interface Answer {
  result?: unknown;
  error?: { code: number; message: string };
}

async function ask(rpc: { url: string; secret: string }, body: string): Promise<Answer> {
  try {
    const response = await fetch(rpc.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${rpc.secret}`,
        connection: 'close',
      },
      body,
      signal: AbortSignal.timeout(patience),
    });
    if (response.status === 403) throw new NoSipServer('it refuses SIP_RPC_SECRET');
    return (await response.json()) as Answer;
  } catch (error) {
    if (error instanceof NoSipServer) throw error;
    throw new NoSipServer(`no answer from SIP_RPC_URL (${reasonOf(error)})`);
  }
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string } };
  return cause?.code ?? message;
}
