// One JSON line for each event, on standard error. Never a body, cookie, password or address with a token in it.
import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import type { Request, RequestHandler } from 'express';
import { environment } from './environment.js';

/** The log of this process. */
export function makeLog(): Logger {
  return pino(
    {
      level: environment().logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: errorInLog },
    },
    pino.destination(2),
  );
}

/** Lets Nest write into our log. */
export function nestLogger(log: Logger): LoggerService {
  const write =
    (level: 'info' | 'error' | 'warn' | 'debug' | 'trace') =>
    (message: unknown, ...rest: unknown[]) => {
      const context = rest.filter((part) => typeof part === 'string').join(' ');
      if (message instanceof Error) log[level]({ err: message, context }, message.message);
      else log[level]({ context }, String(message));
    };
  // Nest's own start-up lines are of no use to an operator.
  return {
    log: write('debug'),
    error: write('error'),
    warn: write('warn'),
    debug: write('debug'),
    verbose: write('trace'),
  };
}

/** One line for each request that is not a static file. */
export function requestLog(log: Logger): RequestHandler {
  return pinoHttp({
    logger: log,
    autoLogging: { ignore: (request) => request.url?.startsWith('/assets/') ?? false },
    serializers: {
      req: ({ id, method, url }: { id: string; method: string; url: string }) => ({
        id,
        method,
        url: withoutTokens(url),
      }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
      err: errorInLog,
    },
    genReqId: (request) => (request as Request).requestId,
  }) as RequestHandler;
}

// Nothing else of it: an error of the database holds the whole statement with its values (SECURITY.md LG-4).
function errorInLog(error: Error & { type?: string }) {
  return { type: error.type ?? error.name, message: error.message, stack: error.stack };
}

function withoutTokens(url: string): string {
  // Routes take capital letters too.
  return url.replace(/^\/(setup|reset|invitation|account\/email)\/[^/?]+/i, '/$1/…').replace(/\?.*/, '');
}
