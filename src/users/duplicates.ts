// Which names and numbers are taken. One question for each kind, for a whole chunk of users at once.
import { In, type EntityManager } from 'typeorm';
import type { Reader } from '../database/database.js';
import { heldExtensions } from '../sip/kicks.js';
import { nameKey } from '../web/names.js';
import { deviceKey, type Taken } from './taken.js';
import { User } from './user.entity.js';

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
  const users = await manager.find(User, {
    select: {
      id: true,
      username: true,
      usernameKey: true,
      emailKey: true,
      extension: true,
      pbxDomainId: true,
      pbxDevice: true,
      importId: true,
      importRow: true,
    },
    where: [
      { usernameKey: In(names) },
      { emailKey: In(names) },
      ...(extensions.length > 0 ? [{ extension: In(extensions) }] : []),
      ...(devices.length > 0 ? [heldDevices(devices)] : []),
    ],
  });
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

// By domain first, as the index has them.
function heldDevices(devices: Claims[]) {
  const domains = new Set(devices.map(({ pbxDomain }) => pbxDomain!));
  return { pbxDomainId: In([...domains]), pbxDevice: In(devices.map(({ pbxDevice }) => pbxDevice!)) };
}
