// Create New User: what was typed -> a user with a temporary password, or everything that is wrong.
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database, isReferred, type Reader } from '../database/database.js';
import { hashTemporaryPassword, makeTemporaryPassword } from '../handout/temporary-password.js';
import { SettingsService } from '../settings/settings.service.js';
import type { SipAccount } from '../sip/sip-accounts.js';
import type { SignedIn } from '../web/allow.js';
import { nameKey } from '../web/names.js';
import type { Problem } from '../web/problem.js';
import { clashes } from './clashes.js';
import { readTenant, type TenantDirectory } from './tenant-directory.js';
import { readTyped, type Typed } from './user-form.js';
import { User } from './user.entity.js';
import type { UserField } from './user-fields.js';
import { UsersService } from './users.service.js';

export interface AddedUser {
  id: number;
  username: string;
  extension: number;
  /** In clear text: shown in one answer and kept nowhere. */
  password: string;
  /** Of a Built-in PBX user, under the same rule. */
  sip?: SipAccount;
  expiresAt: number;
}

@Injectable()
export class AddUser {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly users: UsersService,
  ) {}

  /** What the form offers to this person. */
  async tenantFor(person: SignedIn): Promise<TenantDirectory> {
    return readTenant(this.database.read, await this.settings.current(), person);
  }

  /** The lowest free virtual extension of the tenant's range, which nobody takes by asking. */
  async freeExtension(): Promise<number | undefined> {
    const [free] = await this.users.freeExtensions(this.database.read, await this.settings.current(), 1);
    return free;
  }

  /** Adds a user who may sign in with a temporary password; or says everything that is wrong, and nobody is added. */
  async add(typed: Typed, fields: readonly UserField[], person: SignedIn): Promise<AddedUser | Problem[]> {
    const { values, problems } = await this.check(this.database.read, typed, fields, person);
    if (problems.length > 0) return problems;
    const password = makeTemporaryPassword(values.digitsOnly);
    const passwordHash = await hashTemporaryPassword(password, values.digitsOnly);
    try {
      const made = await this.database.write(
        (manager) => this.create(manager, typed, fields, person, passwordHash),
        { alone: 'extensions' },
      );
      return Array.isArray(made) ? made : { ...made, password };
    } catch (error) {
      if (isReferred(error)) return [overtaken];
      throw error;
    }
  }

  // Checked a second time, as of the very moment when it counts.
  private async create(
    manager: EntityManager,
    typed: Typed,
    fields: readonly UserField[],
    person: SignedIn,
    passwordHash: string,
  ): Promise<Omit<AddedUser, 'password'> | Problem[]> {
    const { values, problems, settings } = await this.check(manager, typed, fields, person);
    if (problems.length > 0) return problems;
    const user = { values, passwordHash, temporary: true };
    const created = (await this.users.create(manager, [user], settings, person)).get(
      nameKey(values.username),
    );
    if (!created) return [overtaken];
    const { passwordExpiresAt } = await manager.findOneByOrFail(User, { id: created.id });
    return { ...created, username: values.username, expiresAt: passwordExpiresAt! };
  }

  private async check(
    manager: Reader | EntityManager,
    typed: Typed,
    fields: readonly UserField[],
    person: SignedIn,
  ) {
    const settings = await this.settings.current(manager);
    const tenant = await readTenant(manager, settings, person);
    const { values, problems } = readTyped(typed, fields, tenant);
    problems.push(...(await clashes(manager, values)));
    return { values, problems, settings };
  }
}

/** Lost by a moment: nothing was saved. */
export const overtaken: Problem = {
  field: '',
  value: '',
  code: 'taken',
  text: 'Somebody else was faster by a moment and changed what this user needs. Look again and press the button once more.',
};
