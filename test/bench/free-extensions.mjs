// Asks the built application for 500 free extensions, as an import does, and prints how long that took.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';

/** @param {string} name @returns {Promise<any>} */
const built = (name) => import(new URL(`../../dist/${name}.js`, import.meta.url).href);
const { AppModule } = await built('app.module');
const { Database } = await built('database/database');
const { SettingsService } = await built('settings/settings.service');
const { UsersService } = await built('users/users.service');

const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
const find = (/** @type {any} */ type) => app.get(type, { strict: false });
const { read } = find(Database);
const settings = await find(SettingsService).current();
const samples = [];
for (let round = -2; round < 7; round++) {
  const begun = performance.now();
  const free = await find(UsersService).freeExtensions(read, settings, 500);
  if (round >= 0) samples.push(performance.now() - begun);
  if (new Set(free).size !== 500) throw new Error(`${free.length} free extensions instead of 500`);
}
console.log(JSON.stringify(samples));
await app.close();
