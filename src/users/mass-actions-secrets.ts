// The new passwords of a mass reset, under the rules of an import's: sealed until Continue, until 15 minutes after the first
// complete download, or until 24 hours after the end (PRODUCT.md section 5). Only for its author.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '../audit/record.js';
import { Database } from '../database/database.js';
import { open } from '../database/sealed.js';
import { Handouts } from '../handout/handouts.js';
import { isKept } from '../handout/window.js';
import type { SignedIn } from '../web/allow.js';
import { makesPasswords } from './mass-actions.js';
import { MassActionUser, type MassActionRun } from './mass-actions.entity.js';
import { massSecretPlace } from './mass-actions-runner.js';
import { mayStillDo } from './mass-actions-targets.js';
import { User } from './user.entity.js';

/** One line of the passwords file. */
export interface NewPassword {
  id: number;
  username: string;
  email: string;
  firstName: string;
  lastName: string;
  extension: number;
  password: string;
  /** Milliseconds since 1970, UTC. */
  expiresAt: number;
}

/** True while the passwords can be downloaded. */
export function isOpen(run: MassActionRun): boolean {
  return makesPasswords(run) && isKept(run);
}

const kind = {
  subject: 'mass_action',
  table: 'mass_actions',
  name: 'kind',
  rows: 'mass_action_users',
  secrets: ['secret'],
  owner: 'actionId',
  key: 'userId',
};

@Injectable()
export class MassActionSecrets implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly kept: Handouts,
  ) {}

  onModuleInit(): void {
    this.kept.register(kind);
  }

  /** True while this person, who started it, may still do it. */
  async mayOpen(run: MassActionRun, person: SignedIn): Promise<boolean> {
    return mayStillDo(this.database.read, run, person);
  }

  /** Opens the passwords of a reset, by user ID. */
  async passwords(run: MassActionRun): Promise<NewPassword[]> {
    const rows: (Omit<NewPassword, 'password'> & { secret: string })[] = await this.database.read
      .createQueryBuilder(MassActionUser, 'row')
      .innerJoin(User, 'user', 'user.id = row.userId')
      .select(['row.secret AS secret', 'user.id AS id', 'user.username AS username', 'user.email AS email'])
      .addSelect(['user.firstName AS "firstName"', 'user.lastName AS "lastName"'])
      .addSelect(['user.extension AS extension', 'user.passwordExpiresAt AS "expiresAt"'])
      .where('row.actionId = :id AND row.secret IS NOT NULL AND user.passwordTemporary = :unused', {
        id: run.id,
        unused: true,
      })
      .orderBy('user.id')
      .getRawMany();
    return rows.map(({ secret, ...row }) => ({
      ...row,
      password: open(secret, massSecretPlace(run.id, row.id)),
    }));
  }

  /** Notes a complete download; the first one opens the window of 15 minutes. */
  async noteDownload(run: MassActionRun, format: string, count: number, actor: Actor): Promise<void> {
    await this.kept.noteDownload(kind, ownerOf(run), { format, count }, actor);
  }

  /** Continue: the passwords go. */
  async wipe(run: MassActionRun, actor: Actor): Promise<void> {
    await this.kept.wipe(kind, ownerOf(run), actor);
  }
}

function ownerOf(run: MassActionRun) {
  return { id: run.id, name: run.kind };
}
