// Pages are read and forms are sent; there is nothing else to do here (SECURITY.md NW-8).
import { MethodNotAllowedException } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

const ours = ['GET', 'HEAD', 'POST'];

/** Middleware: 405 for every other method. */
export function knownMethods(request: Request, response: Response, next: NextFunction): void {
  if (ours.includes(request.method)) return next();
  response.set('Allow', ours.join(', '));
  next(new MethodNotAllowedException());
}

/** The methods that routes of this path take; none for a path without a route. */
export function methodsOf(request: Request): string[] {
  const layers = request.app.router.stack as unknown as Layer[];
  const routes = layers.flatMap((layer) => (layer.route && layer.match(request.path) ? layer.route : []));
  const methods = new Set(routes.flatMap(({ stack }) => stack.map(({ method }) => method.toUpperCase())));
  if (methods.has('GET')) methods.add('HEAD');
  return ours.filter((method) => methods.has(method));
}

// Express's own types leave out how it finds a route.
interface Layer {
  route?: { stack: { method: string }[] };
  match(path: string): boolean;
}
