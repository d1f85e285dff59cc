// Handlers that serve several routes alike.
import type { Request } from 'express';

/**
 * The last word of the route that was asked for, such as `undo` of /imports/:id/undo: as the route writes it, because an
 * address may come as /imports/7/UNDO/ as well.
 */
export function lastWord({ route }: Request): string {
  return (route as { path: string }).path.split('/').pop()!;
}
