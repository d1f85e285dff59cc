// The one place that reads the clock. Times are stored as milliseconds since 1970 (UTC), alike on both engines.

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** The present moment in milliseconds since 1970, UTC. */
export function now(): number {
  return Date.now();
}
