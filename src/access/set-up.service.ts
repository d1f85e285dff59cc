// The first administrator: a link that is printed at the first start and works once (SECURITY.md AU-13).
import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { theSystem } from '../audit/record.js';
import { Database } from '../database/database.js';
import { tokenHash } from '../database/sealed.js';
import { hashPassword } from '../handout/temporary-password.js';
import { Role } from '../roles/role.entity.js';
import { SettingsService } from '../settings/settings.service.js';
import { emptyUser, userField } from '../users/user-fields.js';
import { findTaken } from '../users/duplicates.js';
import { readField } from '../users/read-field.js';
import { readTenant } from '../users/tenant-directory.js';
import { User } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import { now } from '../web/clock.js';
import { nameKey } from '../web/names.js';
import { allPermissions } from '../web/permissions.js';
import type { Problem } from '../web/problem.js';
import { passwordProblems, rulesFor } from './password-rules.js';
import { SetUpLink } from './set-up-link.entity.js';

export interface FirstAdministrator {
  username: string;
  email: string;
  password: string;
  repeatPassword: string;
}

@Injectable()
export class SetUpService {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly users: UsersService,
  ) {}

  /** A new token while nobody has been set up; an unused older one stops working. Undefined once the page is closed for ever. */
  async newToken(): Promise<string | undefined> {
    const token = randomBytes(24).toString('base64url');
    return this.database.write(async (manager) => {
      if (await manager.existsBy(SetUpLink, { usedAt: Not(IsNull()) })) return undefined;
      await manager.delete(SetUpLink, { usedAt: IsNull() });
      await manager.insert(SetUpLink, { tokenHash: hash(token), createdAt: now() });
      return token;
    });
  }

  /** True for the token of the link while it is unused. */
  async isOpen(token: string): Promise<boolean> {
    return this.database.read.existsBy(SetUpLink, { tokenHash: hash(token), usedAt: IsNull() });
  }

  /** Makes the administrator and closes the link, or says what is wrong; `closed` when somebody else was first. */
  async create(token: string, form: FirstAdministrator): Promise<User | 'closed' | Problem[]> {
    const { values, problems } = await this.check(form);
    if (problems.length > 0) return problems;
    const passwordHash = await hashPassword(form.password);
    const settings = await this.settings.current();
    const made = await this.database.write(
      async (manager) => {
        const link = await manager.update(
          SetUpLink,
          { tokenHash: hash(token), usedAt: IsNull() },
          { usedAt: now() },
        );
        if (link.affected !== 1) return undefined;
        const created = await this.users.create(
          manager,
          [{ values, passwordHash, temporary: false }],
          settings,
          theSystem,
        );
        const user = created.get(nameKey(values.username));
        if (!user)
          throw new Error('the first administrator clashes with a user who was made this very moment');
        return user.id;
      },
      { alone: 'extensions' },
    );
    return made === undefined ? 'closed' : this.database.read.findOneByOrFail(User, { id: made });
  }

  private async check(form: FirstAdministrator) {
    const tenant = await readTenant(this.database.read, await this.settings.current(), {
      permissions: new Set(allPermissions),
      ownDesksOnly: false,
    });
    const administrator = await this.database.read.findOneByOrFail(Role, { nameKey: 'administrator' });
    const values = { ...emptyUser(), roles: [administrator.id] };
    const problems: Problem[] = [];
    for (const name of ['username', 'email'] as const) {
      const reading = readField(userField(name), form[name], tenant);
      if ('value' in reading) values[name] = reading.value as string;
      else problems.push(...reading.problems);
    }
    const taken = await findTaken(this.database.read, [values]);
    if (taken.usernames.has(nameKey(values.username))) problems.push(inUse('username', values.username));
    if (taken.emails.has(nameKey(values.email))) problems.push(inUse('email', values.email));
    const rules = rulesFor(
      { ...values, twoFactor: null, createdAt: now() },
      [administrator],
      await this.settings.current(),
    );
    const renamed = { newPassword: 'password' } as Record<string, string>;
    for (const problem of passwordProblems(form.password, form.repeatPassword, rules)) {
      problems.push({ ...problem, field: renamed[problem.field] ?? problem.field });
    }
    return { values, problems };
  }
}

function inUse(field: string, value: string): Problem {
  return { field, value, code: 'taken', text: 'Somebody has this already: use another one.' };
}

function hash(token: string): string {
  return tokenHash(token).toString('hex');
}
