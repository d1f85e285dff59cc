// Figures for Prometheus: the process, and how long answers take by route. Names of routes, never addresses: there are
// few of them, and nothing of a person stands in them.
import type { NextFunction, Request, Response } from 'express';
import { Histogram, Registry, collectDefaultMetrics } from 'prom-client';

const registry = new Registry();

// Names itself well enough.
const duration = 'http_request_duration_seconds';

const answers = new Histogram({
  name: duration,
  help: duration,
  labelNames: ['method', 'route', 'status'],
  buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10],
  registers: [registry],
});

/** Begins to watch the process. */
export function watchProcess(): void {
  collectDefaultMetrics({ register: registry });
}

/** Middleware: measures every answer that is not a static file. */
export function measure(request: Request, response: Response, next: NextFunction): void {
  const end = answers.startTimer({ method: request.method });
  response.once('finish', () => {
    const route = (request.route as { path?: string } | undefined)?.path ?? 'none';
    end({ route, status: String(response.statusCode) });
  });
  next();
}

/** All figures as Prometheus reads them. */
export async function figures(): Promise<{ type: string; text: string }> {
  return { type: registry.contentType, text: await registry.metrics() };
}
