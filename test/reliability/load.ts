// Pages asked for while something else happens: every request on a connection of its own, as from as many browsers.
import { get } from 'node:http';
import type { Visitor } from '../support/visitor.js';

export interface Load {
  /** Milliseconds of each whole answer. */
  times: number[];
  /** How many answers of each status. */
  statuses: Record<number, number>;
  /** Requests that got no byte of an answer: refused, or the connection was reset. */
  refused: number;
  /** Answers that began and did not end: this must not be. */
  cut: number;
}

export interface LoadOptions {
  /** How many ask at the same time. */
  lanes?: number;
  /** Milliseconds between an answer and the next request of its lane. */
  pause?: number;
  /** The session of the next request; otherwise the visitor's own. */
  cookie?: () => string;
}

/** Asks for a page in several lanes until it is ended; `end` waits for the last answers. */
export function underLoad(
  visitor: Visitor,
  path: string,
  { lanes = 4, pause = 20, cookie = () => visitor.cookie('rollcall')! }: LoadOptions = {},
): { end(): Promise<Load> } {
  const load: Load = { times: [], statuses: {}, refused: 0, cut: 0 };
  let ended = false;
  const lane = async () => {
    while (!ended) {
      await askOnce(new URL(path, visitor.address), cookie(), load);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  };
  const all = Promise.all(Array.from({ length: lanes }, lane));
  return {
    async end() {
      ended = true;
      await all;
      return load;
    },
  };
}

/** The time that this share of the answers did not exceed, in milliseconds. */
export function percentile(times: number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.round(sorted[Math.max(0, Math.ceil((share / 100) * sorted.length) - 1)] ?? 0);
}

async function askOnce(address: URL, cookie: string, load: Load): Promise<void> {
  const begun = performance.now();
  const headers = { Cookie: `rollcall=${cookie}`, Connection: 'close' };
  await new Promise<void>((resolve) => {
    let answering = false;
    const request = get(address, { headers, agent: false }, (response) => {
      answering = true;
      response.on('data', () => {});
      response.once('close', () => {
        if (response.complete) {
          load.times.push(performance.now() - begun);
          load.statuses[response.statusCode!] = (load.statuses[response.statusCode!] ?? 0) + 1;
        } else load.cut++;
        resolve();
      });
      response.on('error', () => {});
    });
    request.once('error', () => {
      if (!answering) load.refused++;
      resolve();
    });
  });
}
