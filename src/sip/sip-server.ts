// Commands to the running SIP server: Kamailio's JSON-RPC over HTTP. It closes the connection after each reply.
import { environment } from '../web/environment.js';

/** Milliseconds: for what nobody waits for, and for a page that somebody waits for. */
const patience = 3_000;
const patienceOfPages = 1_000;

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
  Address: string;
  Expires: number | string;
  'User-Agent': string;
  /** Seconds since 1970: when it was renewed last. */
  'Last-Modified': number | string;
  /** Where it really is: the connection of a WebSocket. */
  Received: string;
}

/**
 * The phones of an extension that are registered at this moment; the latest first.
 * @throws NoSipServer when it does not answer soon
 */
export async function registrations(extension: number): Promise<Registration[]> {
  const deadline = AbortSignal.timeout(patienceOfPages);
  const contacts = await contactsOf(extension, environment().sip.realm, deadline);
  const found = contacts.map(async (contact) => ({
    contact: contact.Address,
    device: contact['User-Agent'],
    since: await registeredSince(extension, contact, deadline),
    expires: Number(contact.Expires),
  }));
  return (await Promise.all(found)).sort((a, b) => b.since - a.since);
}

/** Makes the SIP server forget every phone of an extension. None is fine. @throws NoSipServer */
export async function forgetPhones(extension: number, realm: string): Promise<void> {
  const contacts = await contactsOf(extension, realm);
  await call('ul.rm', ['location', `${extension}@${realm}`]);
  for (const contact of contacts) await tell(contact, realm);
}

/** Makes the SIP server forget one softphone (EXTENSION.sN) and no other phone of the extension. @throws NoSipServer */
export async function forgetSoftphone(softphone: string, extension: number, realm: string): Promise<void> {
  for (const contact of await contactsOf(extension, realm)) {
    if (!contact.Address.startsWith(`sip:${softphone}@`)) continue;
    await call('ul.rm_contact', ['location', `${extension}@${realm}`, contact.Address]);
    await tell(contact, realm);
  }
}

/** What the SIP server says it is, such as `kamailio 5.6.3 (x86_64/linux)`. @throws NoSipServer */
export async function serverVersion(): Promise<string> {
  return String(await call('core.version', [], AbortSignal.timeout(patienceOfPages))).trim();
}

async function contactsOf(extension: number, realm: string, deadline?: AbortSignal): Promise<Contact[]> {
  const found = await call('ul.lookup', ['location', `${extension}@${realm}`], deadline);
  return ((found as { Contacts?: { Contact: Contact }[] } | undefined)?.Contacts ?? []).map(
    ({ Contact: contact }) => contact,
  );
}

// Milliseconds since 1970. Our configuration of the SIP server notes it (route[SINCE]); an older one tells of it only when it
// was renewed last.
async function registeredSince(extension: number, contact: Contact, deadline: AbortSignal): Promise<number> {
  const noted = await unlessNoSipServer(
    call('htable.get', ['since', `${extension} ${contact.Address}`], deadline),
  );
  const { value } = (noted as { item?: { value: number | string } } | undefined)?.item ?? {};
  return Number(value ?? contact['Last-Modified']) * 1000;
}

// An open softphone that hears of it asks Rollcall at once whether it may go on (public/softphone.js), which it does only
// twice a minute by itself. So nothing is lost when it does not hear.
async function tell({ Address: address, Received: received }: Contact, realm: string): Promise<void> {
  if (!/;transport=ws/i.test(address)) return;
  const people = `From: <sip:rollcall@${realm}>\r\nTo: <${address}>\r\n`;
  const headers = `${people}Event: rollcall\r\nSubscription-State: terminated\r\n`;
  await unlessNoSipServer(call('tm.t_uac_start', ['NOTIFY', address, received, '.', headers]));
}

// For what the page or the kick goes on without.
async function unlessNoSipServer(answer: Promise<unknown>): Promise<unknown> {
  return answer.catch((error: unknown) => {
    if (!(error instanceof NoSipServer)) throw error;
  });
}

/** The result of a command; undefined when what it names is not there. */
async function call(
  method: string,
  params: string[],
  deadline = AbortSignal.timeout(patience),
): Promise<unknown> {
  const { rpc } = environment().sip;
  if (!rpc) throw new NoSipServer('SIP_RPC_URL is not set');
  const answer = await ask(rpc, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), deadline);
  if (!answer.error) return answer.result;
  // 404: no such address, or no such contact.
  if (answer.error.code === 404 || /not found|doesn't exist/i.test(answer.error.message)) return undefined;
  throw new NoSipServer(`${method}: ${answer.error.code} ${answer.error.message}`);
}

interface Answer {
  result?: unknown;
  error?: { code: number; message: string };
}

async function ask(rpc: { url: string; secret: string }, body: string, signal: AbortSignal): Promise<Answer> {
  try {
    const response = await fetch(rpc.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${rpc.secret}`,
        connection: 'close',
      },
      body,
      signal,
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
