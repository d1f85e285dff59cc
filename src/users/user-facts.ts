// One user as a page to read.
import { Injectable, NotFoundException } from '@nestjs/common';
import { AuditEntry } from '../audit/audit-entry.entity.js';
import { Database } from '../database/database.js';
import { Group } from '../groups/group.entity.js';
import { Role } from '../roles/role.entity.js';
import { PbxDomain } from '../sip/pbx-domain.entity.js';
import { sipSettings } from '../sip/sip-settings.js';
import type { SignedIn } from '../web/allow.js';
import { limitOf, onlyMet } from './own-desks.js';
import { User, UserGroup, UserRole } from './user.entity.js';

@Injectable()
export class UserFacts {
  constructor(private readonly database: Database) {}

  /** The main facts of a user; not found for whom this person may not meet. */
  async of(id: number, person: SignedIn) {
    const { read } = this.database;
    const query = read.createQueryBuilder(User, 'user').where('user.id = :userId', { userId: id });
    const user = await onlyMet(query, await limitOf(read, person)).getOne();
    if (!user) throw new NotFoundException();
    const groups = await this.groupsOf(id);
    const named = (kind: Group['kind']) =>
      groups.filter((group) => group.kind === kind).map(({ name }) => name);
    const pbxDomain = user.pbxDomainId && (await read.findOneBy(PbxDomain, { id: user.pbxDomainId }));
    const { username, email, firstName, lastName, extension, active, allDesks, allSkillGroups } = user;
    const { pbxDevice, customUri, importId, importRow, createdAt, lastSignInAt } = user;
    return {
      id,
      username,
      email,
      name: `${firstName} ${lastName}`.trim(),
      extension,
      active,
      allDesks,
      allSkillGroups,
      sip: sipSettings.find(({ value }) => value === user.sip)!.label,
      pbxDomain: pbxDomain ? pbxDomain.name : undefined,
      pbxDevice,
      customUri,
      importId,
      importRow,
      createdAt,
      lastSignInAt,
      passwordTemporary: user.passwordTemporary,
      passwordExpiresAt: user.passwordExpiresAt,
      roles: await this.rolesOf(id),
      desks: named('desk'),
      skillGroups: named('skill_group'),
      queues: named('queue'),
      author: user.importId ? undefined : await this.authorOf(id),
    };
  }

  private async rolesOf(userId: number): Promise<string[]> {
    const roles: { name: string }[] = await this.database.read
      .createQueryBuilder(Role, 'role')
      .innerJoin(UserRole, 'held', 'held.roleId = role.id AND held.userId = :userId', { userId })
      .select('role.name', 'name')
      .orderBy('role.nameKey')
      .getRawMany();
    return roles.map(({ name }) => name);
  }

  private groupsOf(userId: number): Promise<Pick<Group, 'kind' | 'name'>[]> {
    return this.database.read
      .createQueryBuilder(Group, 'group')
      .innerJoin(UserGroup, 'member', 'member.groupId = group.id AND member.userId = :userId', { userId })
      .select('group.kind', 'kind')
      .addSelect('group.name', 'name')
      .orderBy('group.nameKey')
      .getRawMany();
  }

  private async authorOf(userId: number): Promise<string | undefined> {
    const entry = await this.database.read.findOneBy(AuditEntry, {
      action: 'user.created',
      subjectKind: 'user',
      subjectId: userId,
    });
    return entry?.actorName;
  }
}
