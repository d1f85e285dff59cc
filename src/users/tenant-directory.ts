// The things of the tenant that a user can have, found by ID or name: read once for a form or for a chunk of a file.
import type { EntityManager } from 'typeorm';
import type { Reader } from '../database/database.js';
import { Group, type GroupKind } from '../groups/group.entity.js';
import { mayChange, type Person } from '../roles/role-rules.js';
import { Role } from '../roles/role.entity.js';
import { CallerId } from '../sip/caller-id.entity.js';
import { PbxDomain } from '../sip/pbx-domain.entity.js';
import { neverExtensions, type TenantSettings } from '../settings/tenant-settings.js';
import { nameKey } from '../web/names.js';
import { mailIsSetUp } from '../mail/route.js';
import type { Grants } from './grants.js';
import type { Named, Names, Tenant } from './read-field.js';
import type { Kin } from './user-fields.js';

export interface TenantDirectory extends Tenant {
  /** Everything there is, by name: what selects show. */
  all: Record<Kin, Named[]>;
  grants: Grants;
  /** What roles say where a user has no value of their own, by the role's ID. */
  roles: Map<number, Pick<Role, 'name' | 'permissions' | 'twoFactor' | 'sessionTtl' | 'maxSessions'>>;
  settings: TenantSettings;
}

/**
 * Reads roles, groups, PBX domains and caller IDs as they are now.
 * @param giver the person on whose behalf it is read: selects offer only roles that they may give
 */
export async function readTenant(
  manager: Reader | EntityManager,
  settings: TenantSettings,
  giver: Person,
): Promise<TenantDirectory> {
  const roles = await manager.find(Role, { order: { nameKey: 'ASC' } });
  const groups = await manager.find(Group, { order: { nameKey: 'ASC' } });
  const pbxDomains = await manager.find(PbxDomain, { order: { nameKey: 'ASC' } });
  const callerIds = await manager.find(CallerId, { order: { nameKey: 'ASC' } });
  const ofKind = (kind: GroupKind) => groups.filter((group) => group.kind === kind);
  const all: Record<Kin, Named[]> = {
    roles: roles.filter((role) => mayChange(giver, role)),
    desks: ofKind('desk'),
    skillGroups: ofKind('skill_group'),
    queues: ofKind('queue'),
    pbxDomains,
    callerIds: callerIds.map(({ id, name, number }) => ({ id, name: `${name} (${number})` })),
  };
  return {
    all,
    names: {
      roles: names(roles),
      desks: names(all.desks),
      skillGroups: names(all.skillGroups),
      queues: names(all.queues),
      pbxDomains: names(pbxDomains),
      callerIds: names(callerIds, (callerId) => [callerId.name, callerId.number, callerId.number.slice(1)]),
    },
    emergencyNumbers: neverExtensions(settings),
    ppq: settings.ppq,
    mail: mailIsSetUp(),
    grants: {
      giver,
      roles: new Map(roles.map((role) => [role.id, role])),
      defaultTwoFactor: settings.twoFactor,
      administratorsTwoFactor: settings.administratorsTwoFactor,
    },
    roles: new Map(roles.map((role) => [role.id, role])),
    settings,
  };
}

function names<T extends Named>(
  things: T[],
  called: (thing: T) => string[] = (thing) => [thing.name],
): Names {
  const byId = new Map(things.map((thing) => [thing.id, thing]));
  const byName = new Map(things.flatMap((thing) => called(thing).map((name) => [nameKey(name), thing])));
  return {
    find: (text) =>
      /^\d+$/.test(text) ? (byId.get(Number(text)) ?? byName.get(text)) : byName.get(nameKey(text)),
  };
}
