// The phone of a user as pages show it: what to type into it, and whether it is registered at this moment.
import type { EntityManager } from 'typeorm';
import type { Reader } from '../database/database.js';
import { environment } from '../web/environment.js';
import type { Translate } from '../web/texts.js';
import { sipSecretSetAt } from './sip-accounts.js';
import { NoSipServer, registrations, type Registration } from './sip-server.js';
import type { SipSetting } from './sip-settings.js';

/** What a Built-in PBX phone must know beside its password, which is shown once and never again. */
export interface PhoneSetUp {
  /** Host, or host:port. */
  server: string;
  username: string;
  domain: string;
  /** When the SIP password was made, in milliseconds since 1970; undefined while there is none. */
  secretSetAt?: number;
  /** The lines above in the reader's language, to be pasted somewhere. */
  text: string;
}

export interface Phone {
  /** `off`: there is no SIP server; `unknown`: it does not answer. */
  state: 'off' | 'unknown' | 'none' | 'registered';
  /** The latest first. */
  registered: Registration[];
  /** For Built-in PBX. */
  setUp?: PhoneSetUp;
}

/** The phone of a user whose phone registers with us; undefined for those who have theirs elsewhere. */
export async function phoneOf(
  reader: Reader | EntityManager,
  user: { id: number; sip: SipSetting; extension: number },
  t: Translate,
): Promise<Phone | undefined> {
  if (user.sip !== 'webrtc' && user.sip !== 'builtin_pbx') return undefined;
  const setUp = user.sip === 'builtin_pbx' ? await setUpOf(reader, user, t) : undefined;
  return { ...(await registeredNow(user.extension)), setUp };
}

async function setUpOf(
  reader: Reader | EntityManager,
  { id, extension }: { id: number; extension: number },
  t: Translate,
): Promise<PhoneSetUp> {
  const { server, realm } = environment().sip;
  const told = { server, username: String(extension), domain: realm };
  const lines = [
    [t('SIP Server'), told.server],
    [t('Transport'), t('TLS where the phone can, else TCP or UDP')],
    [t('SIP Username'), told.username],
    [t('SIP Domain'), told.domain],
  ];
  const text = lines.map((line) => line.join(': ')).join('\n');
  return { ...told, secretSetAt: await sipSecretSetAt(reader, id), text };
}

async function registeredNow(extension: number): Promise<Pick<Phone, 'state' | 'registered'>> {
  if (!environment().sip.configured) return { state: 'off', registered: [] };
  try {
    const registered = await registrations(extension);
    return { state: registered.length > 0 ? 'registered' : 'none', registered };
  } catch (error) {
    if (error instanceof NoSipServer) return { state: 'unknown', registered: [] };
    throw error;
  }
}
