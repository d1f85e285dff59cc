// Requests for a page: as many as it can answer, or a steady trickle beside other work.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { inTime } from './server.mjs';
import { percentile } from './statistics.mjs';

const autocannon = fileURLToPath(import.meta.resolve('autocannon'));

/**
 * Asks for a page over 8 connections for some seconds, from a process of its own.
 * @param {string} address
 * @param {string} cookie
 * @returns {Promise<{ perSecond: number, p99: number }>} p99 in ms
 */
export async function full(address, cookie, seconds = 5) {
  const programArguments = ['-j', '-c', '8', '-d', String(seconds), '-H', `cookie=${cookie}`, address];
  const child = spawn(process.execPath, [autocannon, ...programArguments], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
  await inTime(new Promise((resolve) => child.once('close', resolve)), 'autocannon');
  const { requests, latency, non2xx, errors } = JSON.parse(printed);
  if (non2xx + errors > 0) throw new Error(`${non2xx + errors} requests for ${address} failed`);
  return { perSecond: requests.average, p99: latency.p99 };
}

/**
 * Asks for a page again and again, one request at a time with a short pause, until told to stop.
 * @param {() => Promise<unknown>} ask
 * @param {{ stopped: boolean }} signal
 * @returns {Promise<{ p99: number, max: number, count: number }>} ms
 */
export async function trickle(ask, signal) {
  const times = [];
  for (const end = performance.now() + 120_000; !signal.stopped && performance.now() < end; await pause(3)) {
    const begun = performance.now();
    await ask();
    times.push(performance.now() - begun);
  }
  return { p99: percentile(times, 99), max: percentile(times, 100), count: times.length };
}
