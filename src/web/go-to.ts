// Leads the browser to another page from anywhere, also out of an htmx fragment.
import type { Request, Response } from 'express';

/** Thrown by guards: the person must be somewhere else first. */
export class GoTo extends Error {
  constructor(readonly path: string) {
    super(`go to ${path}`);
  }
}

/** 303 for a page; for a fragment a header that makes htmx load the whole page. */
export function goTo(path: string, request: Request, response: Response): void {
  if (isFragment(request)) response.set('HX-Redirect', path).status(204).end();
  else response.redirect(303, path);
}

/** True when htmx asks for a part of a page. */
export function isFragment(request: Request): boolean {
  return request.get('HX-Request') === 'true' && request.get('HX-Boosted') !== 'true';
}

/** An address of our own from a `next` parameter, else the fallback: never another site (SECURITY.md IN-8). */
export function ownPath(next: unknown, fallback: string): string {
  return typeof next === 'string' && /^\/(?![/\\])[\w\-./?=&%:+,~]*$/.test(next) ? next : fallback;
}
