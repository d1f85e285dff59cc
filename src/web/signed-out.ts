// A form that was sent after its session had ended: what was typed stays on the page (SECURITY.md SE-9).
import type { Request } from 'express';

/** Thrown by the guard: the person signs in elsewhere and sends the form again. */
export class SignedOut extends Error {
  constructor(
    /** Where the form goes. */
    readonly action: string,
    readonly fields: { name: string; value: string }[],
  ) {
    super('signed out');
  }
}

/** What a form sent, but for its passwords and tokens: these never stand in a page again. */
export function typedFields(request: Request): { name: string; value: string }[] {
  return Object.entries((request.body ?? {}) as Record<string, string | string[]>)
    .filter(([name]) => !/password|token/i.test(name))
    .flatMap(([name, values]) => [values].flat().map((value) => ({ name, value })));
}
