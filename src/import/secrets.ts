// The temporary passwords of an import: sealed on its rows until Continue, until 15 minutes after the first complete
// download, or until 24 hours after its end (PRODUCT.md section 5).
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import type { Actor } from '../audit/record.js';
import { Database } from '../database/database.js';
import { open } from '../database/sealed.js';
import { Handouts } from '../handout/handouts.js';
import { isKept } from '../handout/window.js';
import { sipAccount, type SipAccount } from '../sip/sip-accounts.js';
import { User } from '../users/user.entity.js';
import { now } from '../web/clock.js';
import { Import, ImportRow, isInvited } from './import.entity.js';

/** One line of the success details. */
export interface Handout {
  row: number;
  id: number;
  username: string;
  email: string;
  firstName: string;
  lastName: string;
  extension: number;
  /** True for who was invited by mail: there is no password then. */
  invited: boolean;
  /** Empty when it was reset in the meantime. */
  password: string;
  /** Of a Built-in PBX user, unless it was reset in the meantime. */
  sip?: SipAccount;
  /** Milliseconds since 1970, UTC. */
  expiresAt: number;
}

/** Where the secret of a row belongs: moved to another row it does not open. */
export function secretPlace(importId: number, row: number, userId: number): string {
  return `import ${importId} row ${row} user ${userId}`;
}

/** Where the SIP secret of a row belongs. */
export function sipSecretPlace(importId: number, row: number, userId: number): string {
  return `sip ${secretPlace(importId, row, userId)}`;
}

/** True while what is kept of the passwords may be handed out. */
function isOpen(ended: Import): boolean {
  return ended.created > 0 && isKept(ended);
}

const kind = {
  subject: 'import',
  table: 'imports',
  name: 'file_name',
  rows: 'import_rows',
  secrets: ['secret', 'sipSecret'],
  owner: 'importId',
  key: 'number',
};

const handoutsAtOnce = 500;
/** Users of a workbook or of slips, which are made whole in memory; the CSV has no such end. */
const mostAtOnce = 10_000;

/** True when the success details fit into a workbook and on slips. */
export function fitsWhole({ created }: Import): boolean {
  return created <= mostAtOnce;
}

@Injectable()
export class ImportSecrets implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly kept: Handouts,
  ) {}

  onModuleInit(): void {
    this.kept.register(kind);
  }

  /** True while there is something to hand out: nothing is left when all were given new passwords since. */
  async hasAny(ended: Import): Promise<boolean> {
    if (!isOpen(ended)) return false;
    const [importId, kept] = [ended.id, Not(IsNull())];
    const either = [
      { importId, secret: kept },
      { importId, sipSecret: kept },
    ];
    return isInvited(ended) || this.database.read.existsBy(ImportRow, either);
  }

  /** Opens the passwords of an import, some hundreds at a time, in the order of the file. Only for its author. */
  async *handouts(ended: Import): AsyncGenerator<Handout[]> {
    for (let last = 0, more = true; more;) {
      const some = await this.handoutsAfter(ended, last);
      more = some.length === handoutsAtOnce;
      last = some.at(-1)?.row ?? last;
      yield some;
    }
  }

  /** Notes a complete download; the first one opens the window of 15 minutes. */
  async noteDownload(ended: Import, format: string, count: number, actor: Actor): Promise<void> {
    await this.kept.noteDownload(kind, ownerOf(ended), { format, count }, actor);
  }

  /** Continue: the passwords go, the users stay. */
  async finish(ended: Import, actor: Actor): Promise<void> {
    await this.database.write((manager) =>
      manager.update(Import, { id: ended.id, continuedAt: IsNull() }, { continuedAt: now() }),
    );
    await this.kept.wipe(kind, ownerOf(ended), actor);
  }

  private async handoutsAfter(ended: Import, last: number): Promise<Handout[]> {
    const invited = isInvited(ended);
    const awaiting = invited ? 'user.passwordTemporary' : 'row.secret IS NOT NULL';
    const rows: (Omit<Handout, 'invited' | 'password' | 'sip'> & Pick<ImportRow, 'secret' | 'sipSecret'>)[] =
      await this.database.read
        .createQueryBuilder(ImportRow, 'row')
        .innerJoin(User, 'user', 'user.id = row.userId')
        .select(['row.number AS row', 'row.secret AS secret', 'row.sipSecret AS "sipSecret"'])
        .addSelect(['user.id AS id', 'user.username AS username', 'user.email AS email'])
        .addSelect(['user.firstName AS "firstName"', 'user.lastName AS "lastName"'])
        .addSelect(['user.extension AS extension', 'user.passwordExpiresAt AS "expiresAt"'])
        .where(`row.importId = :id AND (${awaiting} OR row.sipSecret IS NOT NULL)`, { id: ended.id })
        .andWhere('row.number > :last', { last })
        .orderBy('row.number')
        .limit(handoutsAtOnce)
        .getRawMany();
    return rows.map(({ secret, sipSecret, ...row }) => ({
      ...row,
      invited,
      password: secret === null ? '' : open(secret, secretPlace(ended.id, row.row, row.id)),
      sip:
        sipSecret === null
          ? undefined
          : sipAccount(row.extension, open(sipSecret, sipSecretPlace(ended.id, row.row, row.id))),
    }));
  }
}

function ownerOf({ id, fileName }: Import) {
  return { id, name: fileName };
}
