// What is known of a user beside what they were given: where they come from and when they were there.
import { Injectable } from '@nestjs/common';
import { AuditEntry } from '../audit/audit-entry.entity.js';
import { Database } from '../database/database.js';
import type { User } from './user.entity.js';

@Injectable()
export class UserFacts {
  constructor(private readonly database: Database) {}

  /** As views/users/_about.hbs shows it. */
  async about(user: User) {
    const { id, username, active, importId, importRow, createdAt, lastSignInAt } = user;
    return {
      id,
      username,
      active,
      importId,
      importRow,
      createdAt,
      lastSignInAt,
      passwordUntil: user.passwordTemporary ? user.passwordExpiresAt : null,
      hasToken: user.caldavTokenHash !== null,
      author: importId ? undefined : await this.authorOf(id),
    };
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
