// Only this service creates users: the form and the import meet here, so they cannot disagree.
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { record, type Actor } from '../audit/record.js';
import { breathe, type Reader } from '../database/database.js';
import { insertAll } from '../database/insert-all.js';
import { lowestFree, type Range } from '../sip/extensions.js';
import { heldExtensions } from '../sip/kicks.js';
import { giveSipAccounts, type SipAccount } from '../sip/sip-accounts.js';
import { neverExtensions, type TenantSettings } from '../settings/tenant-settings.js';
import { day, now } from '../web/clock.js';
import { nameKey } from '../web/names.js';
import { columnsOf, tokenColumn } from './stored-values.js';
import { User, UserGroup, UserRole } from './user.entity.js';
import type { UserValues } from './user-fields.js';
import { addToSearch } from './user-search.js';

export interface NewUser {
  values: UserValues;
  /** See hashTemporaryPassword. */
  passwordHash: string;
  /** Temporary = good for choosing an own one. */
  temporary: boolean;
  /** Row of the file that this user comes from. */
  importRow?: number;
}

export interface Created {
  id: number;
  /** The given one, or the one that was generated. */
  extension: number;
  /** Of a Built-in PBX user: in clear text here and nowhere else. */
  sip?: SipAccount;
}

/** Where new users come from, and which numbers they leave to others. */
export interface Origin {
  importId?: number;
  /** True for an extension that is not generated, because somebody is about to ask for it. */
  isReserved?: (extension: number) => boolean;
  /** Below this number nothing is generated: all of it was found taken before. */
  extensionsFrom?: number;
}

@Injectable()
export class UsersService {
  /**
   * Creates users with their roles, groups and audit entries, in the caller's transaction (alone: 'extensions').
   * Who lost a race for a name or number, or found no free extension, is missing from the answer and was not created.
   * @returns the created users by username key
   */
  async create(
    manager: EntityManager,
    users: NewUser[],
    settings: TenantSettings,
    actor: Actor,
    origin: Origin = {},
  ): Promise<Map<string, Created>> {
    const { importId = null } = origin;
    const numbered = await this.withExtensions(manager, users, settings, origin);
    if (numbered.length === 0) return new Map();
    // Key order keeps concurrent writers on PostgreSQL from waiting for each other in a circle.
    const rows = numbered.map((user) => userRow(user, settings, importId));
    rows.sort((a, b) => (a.usernameKey < b.usernameKey ? -1 : 1));
    const created = await insertUsers(manager, rows);
    await breathe();
    const made = numbered.filter(({ values }) => created.has(nameKey(values.username)));
    await this.join(manager, made, created);
    await this.givePhones(manager, made, created);
    await addToSearch(
      manager,
      made.map(({ values }) => created.get(nameKey(values.username))!.id),
    );
    await breathe();
    if (made.length > 0) {
      await record(
        manager,
        actor,
        ...made.map(({ values, importRow }) => ({
          action: 'user.created',
          subject: { kind: 'user', id: created.get(nameKey(values.username))!.id, name: values.username },
          details: {
            roles: values.roles,
            twoFactor: values.twoFactor,
            extendedAcl: values.extendedAcl,
            fullRecordingAccess: values.fullRecordingAccess,
            ...(importId ? { import: importId, row: importRow } : {}),
          },
        })),
      );
    }
    return created;
  }

  /** The lowest free extensions of the tenant's range, as of now. To take them: in a `write`, alone: 'extensions'. */
  async freeExtensions(
    manager: Reader | EntityManager,
    settings: TenantSettings,
    count: number,
    { isReserved = () => false, extensionsFrom = 0 }: Origin = {},
  ): Promise<number[]> {
    const never = neverExtensions(settings);
    const held = await heldExtensions(manager);
    const isTaken = (extension: number) => held.has(extension) || isReserved(extension);
    const free: number[] = [];
    const range = { from: Math.max(settings.extensionFrom, extensionsFrom), to: settings.extensionTo };
    while (free.length < count && range.from <= range.to) {
      const holes = await holesIn(manager, range, count + never.length);
      for (const hole of holes) free.push(...lowestFree(hole, isTaken, never, count - free.length));
      range.from = holes[holes.length - 1].to + 1;
    }
    return free;
  }

  private async withExtensions(
    manager: EntityManager,
    users: NewUser[],
    settings: TenantSettings,
    { isReserved = () => false, extensionsFrom }: Origin,
  ): Promise<NewUser[]> {
    const without = users.filter(({ values }) => values.extension === null);
    if (without.length === 0) return users;
    const given = new Set(users.map(({ values }) => values.extension));
    const free = await this.freeExtensions(manager, settings, without.length, {
      isReserved: (extension) => given.has(extension) || isReserved(extension),
      extensionsFrom,
    });
    const numbers = new Map(without.slice(0, free.length).map((user, index) => [user, free[index]]));
    return users.flatMap((user) => {
      const extension = user.values.extension ?? numbers.get(user);
      return extension === undefined ? [] : [{ ...user, values: { ...user.values, extension } }];
    });
  }

  private async givePhones(
    manager: EntityManager,
    users: NewUser[],
    created: Map<string, Created>,
  ): Promise<void> {
    const owners = users
      .filter(({ values }) => values.sip === 'builtin_pbx')
      .map(({ values }) => ({ ...created.get(nameKey(values.username))!, digitsOnly: values.digitsOnly }));
    const accounts = await giveSipAccounts(manager, owners);
    for (const user of created.values()) user.sip = accounts.get(user.id);
  }

  private async join(manager: EntityManager, users: NewUser[], created: Map<string, Created>): Promise<void> {
    const ids = users.map(({ values }) => ({ values, userId: created.get(nameKey(values.username))!.id }));
    const roles = ids.flatMap(({ values, userId }) => values.roles.map((roleId) => ({ userId, roleId })));
    const groups = ids.flatMap(({ values, userId }) =>
      [...values.desks, ...values.skillGroups, ...values.queues].map((groupId) => ({ userId, groupId })),
    );
    await insertAll(manager, UserRole, roles);
    await insertAll(manager, UserGroup, groups);
  }
}

// Whoever lost a race for something unique is missing from the answer.
async function insertUsers(
  manager: EntityManager,
  rows: ReturnType<typeof userRow>[],
): Promise<Map<string, Created>> {
  const ending = 'ON CONFLICT DO NOTHING RETURNING id, username_key AS "usernameKey", extension';
  const made = (await insertAll(manager, User, rows, ending)) as (Created & { usernameKey: string })[];
  return new Map(made.map(({ usernameKey, id, extension }) => [usernameKey, { id, extension }]));
}

// Where nobody has a number, lowest first, found by the last number of each unbroken run: reading all that are taken
// costs four times as much, in a large tenant a tenth of a second for each hundred users.
async function holesIn(manager: Reader | EntityManager, { from, to }: Range, most: number): Promise<Range[]> {
  const lowest = (condition: string) =>
    `(SELECT MIN(other.extension) FROM users other WHERE other.extension ${condition})`;
  const runs: { first: number; last: number; next: number | null }[] = await manager
    .createQueryBuilder(User, 'user')
    .select('user.extension', 'last')
    .addSelect(lowest('>= :from'), 'first')
    .addSelect(lowest('> user.extension'), 'next')
    .where('user.extension BETWEEN :from AND :to', { from, to })
    .andWhere('NOT EXISTS (SELECT 1 FROM users other WHERE other.extension = user.extension + 1)')
    .orderBy('user.extension')
    .limit(most)
    .getRawMany();
  if (runs.length === 0) return [{ from, to }];
  const behind = runs.map(({ last, next }) => ({ from: last + 1, to: Math.min(to, (next ?? Infinity) - 1) }));
  return [{ from, to: runs[0].first - 1 }, ...behind];
}

function userRow(
  { values, passwordHash, temporary, importRow }: NewUser,
  settings: TenantSettings,
  importId: number | null,
) {
  // Not spread into one literal: that takes V8 fourteen kilobytes for each user.
  return Object.assign(columnsOf(values), {
    extension: values.extension!,
    caldavTokenHash: tokenColumn(values),
    passwordHash,
    passwordTemporary: temporary,
    passwordExpiresAt: temporary ? now() + settings.temporaryPasswordDays * day : null,
    passwordChangedAt: now(),
    lastSignInAt: null,
    importId,
    importRow: importRow ?? null,
    version: 1,
    createdAt: now(),
  });
}
