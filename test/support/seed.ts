// Random numbers that can be had again: SEED=… repeats a run.
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

/** Stands in the name of a test whose course is random. */
export const seeded = `(SEED=${seed})`;

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function randomNumbers(): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
