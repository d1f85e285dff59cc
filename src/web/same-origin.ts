// Nobody else's page may make a signed-in browser change something: checked before the body is read (SECURITY.md NW-1).
import { ForbiddenException } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { environment } from './environment.js';

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Middleware: an unsafe request must come from our own pages, by Sec-Fetch-Site or else by Origin. */
export function sameOrigin(request: Request, _response: Response, next: NextFunction): void {
  if (safe.has(request.method) || comesFromUs(request)) return next();
  next(new ForbiddenException('This request came from another site, so nothing was changed.'));
}

function comesFromUs(request: Request): boolean {
  const site = request.get('sec-fetch-site');
  if (site) return site === 'same-origin';
  const origin = request.get('origin');
  return (
    origin !== undefined &&
    origin === (environment().publicUrl ?? `${request.protocol}://${request.get('host')}`)
  );
}
