// What of a user somebody else has already, by field.
import { Not, type EntityManager } from 'typeorm';
import type { Reader } from '../database/database.js';
import { nameKey } from '../web/names.js';
import type { Problem } from '../web/problem.js';
import { findTaken } from './duplicates.js';
import { deviceKey, stillHeld, type Holder } from './taken.js';
import { tokenColumn } from './stored-values.js';
import { User } from './user.entity.js';
import type { UserValues } from './user-fields.js';

/**
 * Names, numbers and token that are taken.
 * @param except ID of the user that is being changed
 */
export async function clashes(
  manager: Reader | EntityManager,
  values: UserValues,
  except = 0,
): Promise<Problem[]> {
  const { username, email, extension, pbxDomain, pbxDevice } = values;
  const taken = await findTaken(manager, [values]);
  const byName = (name: string) => [taken.usernames.get(nameKey(name)), taken.emails.get(nameKey(name))];
  const device = pbxDomain && pbxDevice ? taken.devices.get(deviceKey(pbxDomain, pbxDevice)) : undefined;
  const number = extension === null ? undefined : taken.extensions.get(extension);
  const heldBy = (field: string, value: string, label: string, ...holders: (Holder | undefined)[]) => {
    const holder = holders.find((one) => one && one.id !== except);
    return holder ? [takenBy(field, value, label, holder)] : [];
  };
  return [
    ...heldBy('username', username, 'Username', ...byName(username)),
    ...heldBy('email', email, 'Email', ...byName(email)),
    ...heldBy('extension', String(extension), 'Virtual Extension', number),
    ...(extension !== null && !number && taken.held.has(extension)
      ? [stillHeld(extension, taken.held.get(extension)!)]
      : []),
    ...heldBy('pbxDevice', String(pbxDevice), 'PBX Device', device),
    ...(await tokenIsTaken(manager, values, except)),
  ];
}

function takenBy(field: string, value: string, label: string, { id, username }: Holder): Problem {
  const text = '{{label}}: the user {{username}} (ID {{id}}) has it. Use another one.';
  return { field, value, code: 'taken', text, values: { label, username, id } };
}

// Whose it is, is not said: whoever typed it would know a secret of theirs.
async function tokenIsTaken(
  manager: Reader | EntityManager,
  values: UserValues,
  except: number,
): Promise<Problem[]> {
  const caldavTokenHash = tokenColumn(values);
  if (!caldavTokenHash || !(await manager.existsBy(User, { caldavTokenHash, id: Not(except) }))) return [];
  const text = 'This token is in use already: generate another one.';
  return [{ field: 'caldavToken', value: '', code: 'taken', text }];
}
