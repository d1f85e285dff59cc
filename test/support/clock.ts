// A server whose clock can be moved while it runs.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFaketime } from './faketime.mjs';

const library = findFaketime();
const folder = mkdtempSync(join(tmpdir(), 'rollcall-clock-'));

afterAll(() => rmSync(folder, { recursive: true }));

/** `describe` where the clock can be moved, `describe.skip` elsewhere; test/run.mjs says then what is missing. */
export const describeWithClock = library ? describe : describe.skip;

export const minutes = 60;
export const hours = 60 * minutes;
export const days = 24 * hours;

export class Clock {
  private readonly file = join(folder, randomUUID());
  private shift = 0;

  constructor() {
    this.set(0);
  }

  /** Variables for the server that is to live by this clock. */
  get env(): Record<string, string> {
    return {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** The server's time in milliseconds since 1970. */
  get now(): number {
    return Date.now() + this.shift * 1000;
  }

  /** Moves the clock by seconds, at once. */
  forward(seconds: number): void {
    this.set(this.shift + seconds);
  }

  private set(shift: number): void {
    this.shift = shift;
    writeFileSync(this.file, `${shift < 0 ? '' : '+'}${shift}s`);
  }
}
