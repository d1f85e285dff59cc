// What may be sent to us, checked before the body is read: nothing in clear where there is an https address, and nothing
// that another site's page makes a signed-in browser send (SECURITY.md NW-1, NW-9).
import { ForbiddenException } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { environment } from './environment.js';

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Middleware: with an https address nobody sends a password, or anything else, in clear (SECURITY.md NW-9). */
export function overHttps(request: Request, _response: Response, next: NextFunction): void {
  if (!environment().secure || safe.has(request.method) || isHttps(request)) return next();
  next(
    new ForbiddenException(
      'This connection is not encrypted, so nothing was done. Open the https address. If you did, the proxy in front has to be named in TRUSTED_PROXIES and to send X-Forwarded-Proto.',
    ),
  );
}

/** Middleware: an unsafe request must come from our own pages, by Sec-Fetch-Site or else by Origin. */
export function sameOrigin(request: Request, _response: Response, next: NextFunction): void {
  if (safe.has(request.method) || comesFromUs(request)) return next();
  next(new ForbiddenException('This request came from another site, so nothing was changed.'));
}

// Where no proxy is named, the one in front cannot be told from a stranger.
function isHttps(request: Request): boolean {
  const named = environment().trustedProxies.length > 0;
  return named ? request.secure : request.get('x-forwarded-proto') === 'https';
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
