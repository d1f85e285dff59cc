// Which names and numbers are taken. One question for each kind, for a whole chunk of users at once.
import type { EntityManager } from 'typeorm';
import type { Reader } from '../database/database.js';
import { among } from '../database/insert-all.js';
import { heldExtensions } from '../sip/kicks.js';
import { nameKey } from '../web/names.js';
import { deviceKey, type Holder, type Taken } from './taken.js';

interface Claims {
  username: string;
  email: string;
  extension: number | null;
  pbxDomain: number | null;
  pbxDevice: string | null;
}

/** Who holds any of the names and numbers that these users would claim. */
export async function findTaken(manager: Reader | EntityManager, claims: Claims[]): Promise<Taken> {
  const names = [...new Set(claims.flatMap(({ username, email }) => [nameKey(username), nameKey(email)]))];
  const extensions = claims.flatMap(({ extension }) => extension ?? []);
  const devices = claims.filter(({ pbxDomain, pbxDevice }) => pbxDomain !== null && pbxDevice !== null);
  const users = await holders(manager, names, extensions, devices);
  const taken: Taken = {
    usernames: new Map(),
    emails: new Map(),
    extensions: new Map(),
    devices: new Map(),
    held: await heldExtensions(manager, extensions),
  };
  for (const user of users) {
    taken.usernames.set(user.usernameKey, user);
    taken.emails.set(user.emailKey, user);
    taken.extensions.set(user.extension, user);
    if (user.pbxDomainId && user.pbxDevice)
      taken.devices.set(deviceKey(user.pbxDomainId, user.pbxDevice), user);
  }
  return taken;
}

interface Found extends Holder {
  usernameKey: string;
  emailKey: string;
  extension: number;
  pbxDomainId: number | null;
  pbxDevice: string | null;
}

// By position, see insert-all.ts: an import asks for each hundred of its rows.
async function holders(
  manager: Reader | EntityManager,
  names: string[],
  extensions: number[],
  devices: Claims[],
): Promise<Found[]> {
  const values: unknown[] = [];
  // Only what is asked for: with a condition that has no index SQLite uses none of the others.
  const conditions: string[] = [];
  if (names.length > 0) {
    const named = among(values, names);
    conditions.push(`username_key ${named}`, `email_key ${named}`);
  }
  if (extensions.length > 0) conditions.push(`extension ${among(values, extensions)}`);
  if (devices.length > 0) {
    // By domain first, as the index has them.
    const domains = [...new Set(devices.map(({ pbxDomain }) => pbxDomain!))];
    const held = devices.map(({ pbxDevice }) => pbxDevice!);
    conditions.push(`(pbx_domain_id ${among(values, domains)} AND pbx_device ${among(values, held)})`);
  }
  if (conditions.length === 0) return [];
  return manager.query(
    `SELECT id, username, username_key AS "usernameKey", email_key AS "emailKey", extension,
       pbx_domain_id AS "pbxDomainId", pbx_device AS "pbxDevice", import_id AS "importId", import_row AS "importRow"
     FROM users WHERE ${conditions.join(' OR ')}`,
    values,
  );
}
