// Boot: make the app, listen, say where it is, stop gracefully.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import type { Logger } from 'pino';
import { SetUpService } from './access/set-up.service.js';
import { AppModule } from './app.module.js';
import { StartError, isUnavailable } from './database/database.js';
import { Demo } from './demo/demo.js';
import { installMiddleware } from './middleware.js';
import { listenAddress, publicUrl, serverEnvironment } from './web/environment.js';
import { EnvironmentError } from './web/environment-error.js';
import { makeLog, nestLogger } from './web/log.js';

// Left alone, V8 lets garbage grow to several times what is in use before it looks for it, 150 MB during a large import; so it
// looks when there is half as much of it. Read at the end of each collection: it may be set while the process runs.
setFlagsFromString('--heap-growing-percent=50');

try {
  await start();
} catch (error) {
  console.error(reason(error));
  process.exit(1);
}

function reason(error: unknown): unknown {
  if (error instanceof EnvironmentError || error instanceof StartError) return error.message;
  if (isUnavailable(error)) return `DATABASE_URL wants a database that answers (${(error as Error).message})`;
  if (['listen', 'getaddrinfo'].includes((error as NodeJS.ErrnoException).syscall ?? ''))
    return `HOST and PORT want an address that is free to listen on (${(error as Error).message})`;
  return error;
}

async function start(): Promise<void> {
  const environment = serverEnvironment();
  const log = makeLog();
  logTheLastWords(log);
  if (environment.addressListsIgnored)
    log.warn('IGNORE_ADDRESS_LISTS is set: people sign in from every address');
  if (environment.secure && environment.trustedProxies.length === 0)
    log.warn(
      'PUBLIC_URL is https, but TRUSTED_PROXIES names no proxy: everybody seems to come from its address',
    );
  // Buffered until the application is made: why a start is refused is said in one line, by us.
  const app = await NestFactory.create<NestExpressApplication>(AppModule, {
    bufferLogs: true,
    autoFlushLogs: false,
    bodyParser: false,
    abortOnError: false,
  });
  app.useLogger(nestLogger(log));
  app.flushLogs();
  installMiddleware(app, log);
  await app.init();
  await once(app.getHttpServer().listen(environment.port, environment.host), 'listening');
  environment.port = (app.getHttpServer().address() as AddressInfo).port;
  await greet(app);
  const forPeople = environment.publicUrl ? ` for ${environment.publicUrl}` : '';
  console.log(`Rollcall listens on ${listenAddress()}${forPeople}`);
  stopGracefully(app);
}

// A mistake that nobody caught leaves the process in a state that nobody knows: it ends, and whoever supervises it starts
// it again.
function logTheLastWords(log: Logger): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, error.message);
    process.exit(1);
  });
}

async function greet(app: NestExpressApplication): Promise<void> {
  if (process.argv.includes('--demo')) console.log(await app.get(Demo).fill());
  const token = await app.get(SetUpService).newToken();
  if (token) console.log(`Set up Rollcall: ${publicUrl()}/setup/${token}`);
}

// Running requests are answered and a running step of a job ends, then the process goes; after 10 s it goes in any case.
function stopGracefully(app: NestExpressApplication): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(1), 10_000).unref();
      void app.close().then(() => process.exit(0));
    });
  }
}
