// npm run rotate-key: waits until the running server has sealed everything with the first key of SECRET_KEY, and says when
// the old one may go. It only reads. `npm run rotate-key -- 60` waits for 60 s without progress before it gives up.
import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { StartError } from './database/database.js';
import { engine, readerOptions, sqliteFile, writerOptions } from './database/options.js';
import { keyIdOf, presentKeyId } from './database/sealed.js';
import { KeyCheck } from './keys/key-check.entity.js';
import { countSealedBefore, passwordsOfBefore } from './keys/old-keys.js';
import { sealedColumns } from './keys/sealed-columns.js';
import { User } from './users/user.entity.js';
import { environment } from './web/environment.js';
import { EnvironmentError } from './web/environment-error.js';

/** Seconds without progress after which nobody seems to be at work. */
const patience = Number(process.argv[2]) || 20;

try {
  process.exitCode = await watch();
} catch (error) {
  const expected = error instanceof EnvironmentError || error instanceof StartError;
  console.error(expected ? error.message : error);
  process.exitCode = 2;
}

async function watch(): Promise<number> {
  if (engine() === 'sqlite' && !existsSync(sqliteFile()))
    throw new StartError(`There is no database at ${sqliteFile()}: set DATA_DIR or DATABASE_URL`);
  if (environment().keys.length === 0)
    throw new StartError('SECRET_KEY is missing: run this with the same environment as the server');
  const entities = [KeyCheck, User, ...sealedColumns.map(({ entity }) => entity as typeof User)];
  const database = await new DataSource({ ...readerOptions(writerOptions()), entities }).initialize();
  try {
    return (await everythingSealed(database)) ? await report(database) : 1;
  } finally {
    await database.destroy();
  }
}

/** True once nothing needs another key; false when nothing happens any more. */
async function everythingSealed({ manager }: DataSource): Promise<boolean> {
  let fewest = Infinity;
  for (let since = performance.now(); ; await pause()) {
    const check = await manager.findOneByOrFail(KeyCheck, { id: 1 });
    const before = await countSealedBefore(manager);
    if (before === 0 && keyIdOf(check.sealed) === presentKeyId()) return true;
    if (before < fewest) {
      console.log(`${before} secrets are sealed with another key than ${presentKeyId()}.`);
      [fewest, since] = [before, performance.now()];
    }
    if (performance.now() - since < patience * 1000) continue;
    console.log(
      'Nothing happens: start the server with SECRET_KEY=new,old, then run this again with the same. Keep the old key.',
    );
    return false;
  }
}

async function report({ manager }: DataSource): Promise<number> {
  console.log(`All secrets are sealed with the key ${presentKeyId()}.`);
  const { count, until } = await passwordsOfBefore(manager);
  console.log(
    count === 0
      ? 'The old key may go from SECRET_KEY now. Sessions that began before the change end with it.'
      : `${count} unused temporary passwords still need the old key: it may go from SECRET_KEY on ${new Date(until).toISOString()}, or now if these are made anew. Sessions that began before the change end with it.`,
  );
  return 0;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 500));
}
