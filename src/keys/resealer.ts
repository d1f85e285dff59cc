// Seals everything anew with the first key of SECRET_KEY, while people work: begun at each start with more than one key.
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { EntityManager, ObjectLiteral } from 'typeorm';
import { breathe, Database } from '../database/database.js';
import { open, presentKeyId, seal } from '../database/sealed.js';
import { environment } from '../web/environment.js';
import { KeyChecker } from './key-check.js';
import { countSealedBefore, sealedBefore } from './old-keys.js';
import { sealedColumns, type SealedColumn } from './sealed-columns.js';

/** So few that no request waits for them longer than some milliseconds. */
const atOnce = 100;

@Injectable()
export class Resealer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Resealer');
  private work = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly keyChecker: KeyChecker,
  ) {}

  onApplicationBootstrap(): void {
    if (environment().keys.length < 2) return;
    this.work = this.resealAll().catch((error: unknown) => this.logger.error(error));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.work;
  }

  // Others may still seal with the old key, or hold a row that was just read: only a look that finds nothing is the end.
  private async resealAll(): Promise<void> {
    let count = 0;
    do for (const column of sealedColumns) count += await this.reseal(column);
    while (!this.stopping && (await countSealedBefore(this.database.read)) > 0);
    if (this.stopping) return;
    await this.keyChecker.moveOn();
    this.logger.log(`All secrets are sealed with the key ${presentKeyId()} (${count} were sealed anew)`);
  }

  private async reseal(column: SealedColumn): Promise<number> {
    let count = 0;
    let last: ObjectLiteral | undefined;
    do {
      const rows = await this.next(column, last);
      if (rows.length > 0)
        await this.database.write(async (manager) => {
          for (const row of rows) await sealAnew(manager, column, row);
        });
      count += rows.length;
      last = rows.at(-1);
      await breathe();
    } while (last && !this.stopping);
    return count;
  }

  // By key, so that nothing is looked at twice.
  private next(column: SealedColumn, last: ObjectLiteral | undefined): Promise<ObjectLiteral[]> {
    const query = sealedBefore(this.database.read, column).take(atOnce);
    for (const name of column.key) query.addOrderBy(`row.${name}`);
    if (!last) return query.getMany();
    const names = column.key.map((name) => `row.${name}`).join(', ');
    const values = column.key.map((name) => `:${name}`).join(', ');
    return query.andWhere(`(${names}) > (${values})`, keyOf(column, last)).getMany();
  }
}

// What was wiped, used or sealed anew meanwhile stays so.
async function sealAnew(manager: EntityManager, column: SealedColumn, row: ObjectLiteral): Promise<void> {
  const before = row[column.column] as string;
  const place = column.place(row);
  const after = seal(open(before, place), place);
  await manager.update(
    column.entity,
    { ...keyOf(column, row), [column.column]: before },
    { [column.column]: after },
  );
}

function keyOf({ key }: SealedColumn, row: ObjectLiteral): ObjectLiteral {
  return Object.fromEntries(key.map((name) => [name, row[name] as unknown]));
}
