// `npm start -- --demo`: an empty tenant becomes one that can be tried. Numbers from 9900 on leave the usual range alone.
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { theSystem } from '../audit/record.js';
import { Database } from '../database/database.js';
import { Group, type GroupKind } from '../groups/group.entity.js';
import { hashTemporaryPassword, makeTemporaryPassword } from '../handout/temporary-password.js';
import { Role } from '../roles/role.entity.js';
import { SettingsService } from '../settings/settings.service.js';
import { CallerId } from '../sip/caller-id.entity.js';
import { PbxDomain } from '../sip/pbx-domain.entity.js';
import { User } from '../users/user.entity.js';
import { emptyUser, type UserValues } from '../users/user-fields.js';
import { UsersService } from '../users/users.service.js';
import { now } from '../web/clock.js';
import { nameKey } from '../web/names.js';

const groups: Record<GroupKind, string[]> = {
  desk: ['Berlin', 'Lisbon', 'Night Shift'],
  skill_group: ['English', 'German', 'Billing', 'Retention'],
  queue: ['Sales', 'Support'],
};

const people = [
  {
    username: 'demo.supervisor',
    firstName: 'Sofia',
    lastName: 'Marques',
    role: 'Supervisor',
    extension: 9900,
  },
  { username: 'demo.agent1', firstName: 'Jonas', lastName: 'Weber', role: 'Agent', extension: 9901 },
  { username: 'demo.agent2', firstName: 'Inês', lastName: 'Carvalho', role: 'Agent', extension: 9902 },
  { username: 'demo.agent3', firstName: 'Yusuf', lastName: 'Demir', role: 'Agent', extension: 9903 },
];

@Injectable()
export class Demo {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly users: UsersService,
  ) {}

  /** Fills an empty tenant and returns the lines to print: who can sign in with what. Does nothing where users exist. */
  async fill(): Promise<string> {
    if (await this.database.read.existsBy(User, {}))
      return 'The demo was not filled in: this tenant has users already.';
    const settings = await this.settings.current();
    const passwords = people.map(() => makeTemporaryPassword(false));
    const hashes = await Promise.all(passwords.map((password) => hashTemporaryPassword(password, false)));
    await this.database.write(
      async (manager) => {
        const desks = await this.things(manager);
        const roles = new Map((await manager.find(Role)).map(({ name, id }) => [name, id]));
        const users = people.map(({ role, ...person }, index) => {
          const email = `${person.username}@example.com`;
          const values: UserValues = { ...emptyUser(), ...person, email, roles: [roles.get(role)!], desks };
          return { values, passwordHash: hashes[index], temporary: true };
        });
        await this.users.create(manager, users, settings, theSystem);
      },
      { alone: 'extensions' },
    );
    const lines = people.map(({ username, role }, index) => `  ${role}: ${username}  ${passwords[index]}`);
    return ['Demo users, each with a temporary password:', ...lines].join('\n');
  }

  // Returns the IDs of the first desk, which all demo users share.
  private async things(manager: EntityManager): Promise<number[]> {
    const createdAt = now();
    const named = (name: string) => ({ name, nameKey: nameKey(name), createdAt });
    for (const kind of ['desk', 'skill_group', 'queue'] as const) {
      await manager.insert(
        Group,
        groups[kind].map((name) => ({ kind, ...named(name) })),
      );
    }
    await manager.insert(PbxDomain, [
      { ...named('PBX Europe'), host: 'pbx-eu.example.com' },
      { ...named('PBX America'), host: 'pbx-us.example.com' },
    ]);
    await manager.insert(CallerId, [
      { ...named('Berlin Office'), number: '+493012345678' },
      { ...named('Lisbon Office'), number: '+351210123456' },
    ]);
    return (await manager.findBy(Group, { kind: 'desk', nameKey: 'berlin' })).map(({ id }) => id);
  }
}
