// npm run recover: lets the only administrator in again (or the one that is named), whatever locked them out.
import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { RecoveryService, type Recovered } from './access/recovery.service.js';
import { AppModule } from './app.module.js';
import { StartError } from './database/database.js';
import { engine, sqliteFile } from './database/options.js';
import { environment } from './web/environment.js';
import { EnvironmentError } from './web/environment-error.js';

try {
  const recovered = await recover(process.argv[2]);
  console.log(report(recovered));
  process.exit('link' in recovered ? 0 : 1);
} catch (error) {
  const expected = error instanceof EnvironmentError || error instanceof StartError;
  console.error(expected ? error.message : error);
  process.exit(2);
}

async function recover(username: string | undefined): Promise<Recovered> {
  if (engine() === 'sqlite' && !existsSync(sqliteFile()))
    throw new StartError(`There is no database at ${sqliteFile()}: set DATA_DIR or DATABASE_URL`);
  if (environment().keys.length === 0)
    throw new StartError('SECRET_KEY is missing: run this with the same environment as the server');
  const app = await NestFactory.createApplicationContext(AppModule, {
    logger: false,
    abortOnError: false,
  }).catch(inTheWay);
  try {
    return await app.get(RecoveryService).recover(username);
  } finally {
    await app.close();
  }
}

// A running server has the SQLite file for itself; on PostgreSQL the command works beside it.
function inTheWay(error: unknown): never {
  if (!(error instanceof StartError)) throw error;
  throw new StartError(`${error.message}. Stop the server, run this again, then start the server.`);
}

function report(recovered: Recovered): string {
  if ('link' in recovered) {
    const { username, link, expiresAt } = recovered;
    return [
      `Open this link and choose a new password for ${username}:`,
      link,
      `It is good once, until ${new Date(expiresAt).toISOString()}. The old password and the authenticator are gone, all`,
      'sessions were ended, and the audit log tells of it.',
    ].join('\n');
  }
  const { administrators } = recovered;
  if (administrators.length === 0)
    throw new StartError(
      'No user holds every permission. If nobody was set up yet, start the server and open the link that it prints',
    );
  return `Nothing was changed. Name one of the administrators: ${administrators.map((name) => `npm run recover -- ${name}`).join(' · ')}`;
}
