// The tests of test/reliability come in two sizes: a short one in every `npm test`, the whole one in `npm run reliability`.
import { appendFileSync } from 'node:fs';

/** How often a scenario is played: seldom in every `npm test`, `thorough` times in `npm run reliability`. */
export function rounds(short: number, thorough: number): number {
  return process.env.THOROUGH === '1' ? thorough : short;
}

/**
 * Notes what a scenario measured for the report of `npm run reliability`; elsewhere nobody asks.
 * @param id of the requirement, e.g. `R-08`
 * @param what e.g. `slowest drain`
 * @param value with its unit, e.g. `412 ms`
 */
export function figure(id: string, what: string, value: string | number): void {
  const { FIGURES } = process.env;
  if (FIGURES) appendFileSync(FIGURES, `${JSON.stringify({ id, what, value: String(value) })}\n`);
}
