// Whether SECRET_KEY belongs to this database. Asked before any work begins: with another key secrets would be lost one by
// one, and new ones be sealed that the right key does not open (SECURITY.md SC-2).
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../database/database.js';
import { hasKey, keyIdOf, open, presentKeyId, seal } from '../database/sealed.js';
import { forgetMadeKey } from '../web/environment.js';
import { EnvironmentError } from '../web/environment-error.js';
import { KeyCheck } from './key-check.entity.js';

const place = 'key check';

@Injectable()
export class KeyChecker implements OnModuleInit {
  constructor(private readonly database: Database) {}

  /** The first start notes which key the database has. Throws EnvironmentError when that one was not given now. */
  async onModuleInit(): Promise<void> {
    const known = (await this.known()) ?? (await this.note());
    const id = keyIdOf(known);
    if (!hasKey(id)) {
      forgetMadeKey();
      throw new EnvironmentError(
        `SECRET_KEY wants the key with the ID ${id}, which the secrets of this database are sealed with (or its file secret.key in DATA_DIR); nothing was changed`,
      );
    }
    open(known, place);
  }

  /** The ID of the key without which no server starts. */
  async needed(): Promise<string> {
    return keyIdOf((await this.known())!);
  }

  /** From now on the first key of SECRET_KEY alone is enough. */
  async moveOn(): Promise<void> {
    if ((await this.needed()) === presentKeyId()) return;
    await this.database.write((manager) => manager.update(KeyCheck, { id: 1 }, { sealed: seal('', place) }));
  }

  private async known(): Promise<string | undefined> {
    return (await this.database.read.findOneBy(KeyCheck, { id: 1 }))?.sealed;
  }

  // Of two servers that start together on an empty database one has its way.
  private async note(): Promise<string> {
    await this.database.write((manager) =>
      manager
        .createQueryBuilder()
        .insert()
        .into(KeyCheck)
        .values({ id: 1, sealed: seal('', place) })
        .orIgnore()
        .execute(),
    );
    return (await this.known())!;
  }
}
