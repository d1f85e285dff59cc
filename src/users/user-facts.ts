// What is known of a user beside what they were given: where they come from and when they were there.
import { Injectable } from '@nestjs/common';
import { AuditEntry } from '../audit/audit-entry.entity.js';
import { Database } from '../database/database.js';
import { TriesService } from '../limits/tries.service.js';
import { guessesAtPasswordOf } from './password-tries.js';
import type { User } from './user.entity.js';

@Injectable()
export class UserFacts {
  constructor(
    private readonly database: Database,
    private readonly tries: TriesService,
  ) {}

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
      ...(await this.lock(id)),
      passwordUntil: user.passwordTemporary ? user.passwordExpiresAt : null,
      hasToken: user.caldavTokenHash !== null,
      author: importId ? undefined : await this.authorOf(id),
    };
  }

  private async lock(id: number) {
    const until = await this.tries.closedUntil(guessesAtPasswordOf(id));
    return { lockedUntil: until, lockedForGood: until === Infinity };
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
