// What entries are about. The rooms of these things lie above this one: their tables are asked by name.
import type { Reader } from '../database/database.js';
import type { Permission } from '../web/permissions.js';

export interface ThingKind {
  label: string;
  table: string;
  /** Column of the name. */
  name: string;
  /** Where its pages begin. */
  path: string;
  /** One of these opens the page. */
  permissions: Permission[];
}

const group = { table: 'groups', name: 'name', permissions: ['groups.manage' as const] };

const kinds = new Map<string, ThingKind>(
  Object.entries({
    user: { label: 'User', table: 'users', name: 'username', path: '/users', permissions: ['users.view'] },
    role: { label: 'Role', table: 'roles', name: 'name', path: '/roles', permissions: ['roles.manage'] },
    desk: { ...group, label: 'Desk', path: '/desks' },
    skill_group: { ...group, label: 'Skill Group', path: '/skill-groups' },
    queue: { ...group, label: 'Queue', path: '/queues' },
    pbx_domain: {
      label: 'PBX Domain',
      table: 'pbx_domains',
      name: 'name',
      path: '/pbx-domains',
      permissions: ['pbx.manage'],
    },
    caller_id: {
      label: 'Caller ID',
      table: 'caller_ids',
      name: 'name',
      path: '/caller-ids',
      permissions: ['callerids.manage'],
    },
    // Its page is for its author only.
    mass_action: {
      label: 'Mass Action',
      table: 'mass_actions',
      name: 'kind',
      path: '/mass-actions',
      permissions: [],
    },
    import: {
      label: 'Import',
      table: 'imports',
      name: 'file_name',
      path: '/imports',
      permissions: ['imports.all'],
    },
  }),
);

/** The kinds that the catalogue of users names. */
const kin: Record<string, string> = {
  roles: 'role',
  desks: 'desk',
  skillGroups: 'skill_group',
  queues: 'queue',
  pbxDomains: 'pbx_domain',
  callerIds: 'caller_id',
};

/** A thing as entries point to it. */
export interface ThingId {
  kind: string;
  id: number;
}

export function kindOf(kind: string | null): ThingKind | undefined {
  return kinds.get(kind ?? '');
}

/** The kind of the things that a field of the catalogue points to. */
export function kindOfKin(name: string): string {
  return kin[name] ?? name;
}

/** The present names of things; who is missing does not exist any more. */
export class ThingNames {
  private readonly names = new Map<string, string>();

  static async load(read: Reader, things: ThingId[]): Promise<ThingNames> {
    const loaded = new ThingNames();
    for (const [kind, { table, name }] of kinds) {
      const ids = [...new Set(things.filter((thing) => thing.kind === kind).map(({ id }) => id))];
      if (ids.length === 0) continue;
      const rows: { id: number; name: string }[] = await read
        .createQueryBuilder()
        .select('thing.id', 'id')
        .addSelect(`thing.${name}`, 'name')
        .from(table, 'thing')
        .where('thing.id IN (:...ids)', { ids })
        .getRawMany();
      for (const row of rows) loaded.names.set(`${kind} ${row.id}`, row.name);
    }
    return loaded;
  }

  of(kind: string, id: number): string | undefined {
    return this.names.get(`${kind} ${id}`);
  }
}
