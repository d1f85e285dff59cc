// Changing a user: the same form as for a new one, with what is stored in it.
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { changes } from '../audit/changes.js';
import { record } from '../audit/record.js';
import { Database, isReferred, isTaken, type Reader } from '../database/database.js';
import { insertAll } from '../database/insert-all.js';
import { lastAdministrator } from '../roles/roles.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { SipAccount } from '../sip/sip-accounts.js';
import { SettingsService } from '../settings/settings.service.js';
import type { SignedIn } from '../web/allow.js';
import type { Outcome } from '../web/outcome.js';
import { overtaken } from './add-user.js';
import { clashes } from './clashes.js';
import { formFields } from './form-parts.js';
import { NoAdministratorLeft, unlessNobodyIsLeft } from './last-administrator.js';
import { lockedFor, refuseRaising, withLocked } from './locked.js';
import { forgetPasswordLinks } from './mail-links.js';
import { userUnder } from './met-user.js';
import { keepPhone } from './phones.js';
import { columnsOf, tokenColumn, valuesOf } from './stored-values.js';
import { readTenant } from './tenant-directory.js';
import { User, UserGroup, UserRole } from './user.entity.js';
import type { UserValues } from './user-fields.js';
import { readTyped, typedFrom, type Typed } from './user-form.js';
import { keepSearchable } from './user-search.js';

/** A user as it is, for its form. */
export interface OpenUser {
  user: User;
  values: UserValues;
}

/** A user after the change; `sip` is a new SIP account, in clear text: shown in one answer and kept nowhere. */
export interface SavedUser extends OpenUser {
  sip?: SipAccount;
}

@Injectable()
export class EditUser {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly sessions: SessionsService,
  ) {}

  /** The user, for somebody who may change them: not found for whom they do not meet, forbidden for who holds more. */
  async open(
    id: number,
    person: SignedIn,
    manager: Reader | EntityManager = this.database.read,
  ): Promise<OpenUser> {
    const user = await userUnder(manager, id, person);
    return { user, values: await valuesOf(manager, user) };
  }

  /**
   * Saves what was typed. A deactivated user's sessions end.
   * @param version of the user as it was when the form was opened
   * @returns also `last`: no active user would hold every permission any more, and nothing was changed
   */
  async save(
    id: number,
    version: number,
    typed: Typed,
    person: SignedIn,
  ): Promise<Outcome<SavedUser> | 'last'> {
    const { problems } = await this.check(this.database.read, id, typed, person);
    if (problems.length > 0) return problems;
    try {
      return await this.database.write((manager) => this.change(manager, id, version, typed, person), {
        alone: lastAdministrator,
      });
    } catch (error) {
      if (error instanceof NoAdministratorLeft) return 'last';
      if (isReferred(error)) return [overtaken];
      if (!isTaken(error)) throw error;
      const lost = await this.check(this.database.read, id, typed, person);
      return lost.problems.length > 0 ? lost.problems : [overtaken];
    }
  }

  // Checked a second time, as of the very moment when it counts.
  private async change(
    manager: EntityManager,
    id: number,
    version: number,
    typed: Typed,
    person: SignedIn,
  ): Promise<Outcome<SavedUser>> {
    const { before, values, problems } = await this.check(manager, id, typed, person);
    if (before.user.version !== version) return { newer: before };
    if (problems.length > 0) return problems;
    await unlessNobodyIsLeft(manager, id, async () => {
      await manager.update(User, { id }, { ...changedColumns(values), version: version + 1 });
      await keepMembers(manager, id, before.values, values);
    });
    await keepSearchable(manager, [id]);
    const sip = await keepPhone(manager, before.user, before.values, values);
    if (!values.active) {
      await this.sessions.endAll(manager, [id]);
      await forgetPasswordLinks(manager, [id]);
    }
    const { caldavToken, ...told } = changes(before.values, values);
    if (Object.keys(told).length > 0 || caldavToken) {
      const details = caldavToken ? { ...told, caldavToken: true } : told;
      const subject = { kind: 'user', id, name: before.user.username };
      await record(manager, person, { action: 'user.changed', subject, details });
    }
    return { made: { user: before.user, values, sip } };
  }

  private async check(manager: Reader | EntityManager, id: number, typed: Typed, person: SignedIn) {
    const before = await this.open(id, person, manager);
    const tenant = await readTenant(manager, await this.settings.current(manager), person);
    const own = id === person.id;
    const locked = lockedFor(tenant, own);
    const filled = withLocked(typed, typedFrom(before.values, formFields), locked);
    const { values, problems } = readTyped(filled, formFields, tenant, before.values);
    if (own) refuseRaising(before.values, values, locked);
    problems.push(...(await clashes(manager, values, id)));
    return { before, values, problems };
  }
}

// No new token: the one that is there stays.
function changedColumns(values: UserValues) {
  const columns = { ...columnsOf(values), extension: values.extension! };
  return values.caldavToken === null ? columns : { ...columns, caldavTokenHash: tokenColumn(values) };
}

async function keepMembers(
  manager: EntityManager,
  userId: number,
  before: UserValues,
  after: UserValues,
): Promise<void> {
  const roles = difference(before.roles, after.roles);
  for (const roleId of roles.gone) await manager.delete(UserRole, { userId, roleId });
  await insertAll(
    manager,
    UserRole,
    roles.come.map((roleId) => ({ userId, roleId })),
  );
  const groups = difference(groupsOf(before), groupsOf(after));
  for (const groupId of groups.gone) await manager.delete(UserGroup, { userId, groupId });
  await insertAll(
    manager,
    UserGroup,
    groups.come.map((groupId) => ({ userId, groupId })),
  );
}

function groupsOf({ desks, skillGroups, queues }: UserValues): number[] {
  return [...desks, ...skillGroups, ...queues];
}

function difference(before: number[], after: number[]) {
  return {
    gone: before.filter((id) => !after.includes(id)),
    come: after.filter((id) => !before.includes(id)),
  };
}
