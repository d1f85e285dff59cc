// The operator stops the server while people work with it and an import runs (SECURITY.md R-08), and it falls over by
// itself.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as passing } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { eventually } from '../support/eventually.js';
import { fileOf, toReview } from '../support/imports.js';
import { setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { figure, rounds } from '../support/thorough.js';
import type { Visitor } from '../support/visitor.js';
import { underLoad } from './load.js';
import { descriptorsOf } from './process.js';
import { expectWhole, resumed } from './whole.js';

const stops = rounds(1, 20);
const people = 250;
const key = randomBytes(32).toString('base64');
process.env.SECRET_KEY = key;
const preload = pathToFileURL(join(process.cwd(), 'test/reliability/misfortune.mjs')).href;
const prlimit = '/usr/bin/prlimit';

let rollcall: Rollcall;
let chief: Visitor;

jest.setTimeout(1_800_000);

beforeAll(async () => {
  rollcall = await startRollcall({ env: { SECRET_KEY: key, NODE_OPTIONS: `--import ${preload}` } });
  chief = await setUp(rollcall);
});

test('R-08: stopped under load in the middle of an import, the server cuts no answer and the import goes on at the next start', async () => {
  const drains = [];
  let answers = 0;
  for (let round = 0; round < stops; round++) {
    const prefix = `stop${round}.`;
    const id = await toReview(chief, fileOf(people, prefix));
    const load = underLoad(chief, '/users');
    await chief.post(`/imports/${id}/run`);
    await passing((round * 700) / stops);
    const begun = performance.now();
    rollcall.signal('SIGTERM');
    expect(await rollcall.died()).toBe(0);
    drains.push(performance.now() - begun);
    const { cut, statuses, times } = await load.end();
    expect([cut, Object.keys(statuses)]).toEqual([0, ['200']]);
    answers += times.length;
    await rollcall.start();
    await resumed(chief, id, people);
    await expectWhole(rollcall, { id, prefix, people, signIns: 1 });
  }
  expect(Math.max(...drains)).toBeLessThan(10_000);
  figure('R-08', 'stops under load, in the middle of an import', stops);
  figure('R-08', 'slowest stop', `${Math.round(Math.max(...drains))} ms`);
  figure('R-08', 'answers, of them cut', `${answers}, 0`);
});

describe('a mistake in the program', () => {
  test.each(['reject', 'throw'].slice(0, rounds(1, 2)))(
    'R-20: (%s) ends the process with a line in the log, and nothing is lost',
    async (misfortune) => {
      const prefix = `${misfortune}.`;
      const id = await toReview(chief, fileOf(people, prefix));
      await chief.post(`/imports/${id}/run`);
      rollcall.signal(misfortune === 'throw' ? 'SIGUSR2' : 'SIGURG');
      expect(await rollcall.died()).toBe(1);
      const lines = rollcall
        .log()
        .split('\n')
        .filter((line) => line.includes(`misfortune: ${misfortune}`));
      expect(lines.map((line) => (JSON.parse(line) as { level: number }).level)).toEqual([60]);
      const begun = performance.now();
      await rollcall.start();
      figure('R-20', `back after an accident (${misfortune})`, `${Math.round(performance.now() - begun)} ms`);
      await resumed(chief, id, people);
      await expectWhole(rollcall, { id, prefix, people, signIns: 1 });
    },
  );
});

(existsSync(prlimit) ? test : test.skip)(
  'R-20: a server out of file descriptors answers again as soon as it has some',
  async () => {
    const few = descriptorsOf(rollcall.pid) + 20;
    spawnSync(prlimit, [`--pid=${rollcall.pid}`, `--nofile=${few}:`]);
    const { hostname, port } = new URL(rollcall.address);
    const sockets = Array.from({ length: 100 }, () =>
      connect({ host: hostname, port: Number(port) }).on('error', () => {}),
    );
    await eventually(async () => expect(descriptorsOf(rollcall.pid)).toBeGreaterThanOrEqual(few - 1));
    for (const socket of sockets) socket.destroy();
    await eventually(async () => expect((await chief.get('/users')).status).toBe(200));
    const id = await toReview(chief, fileOf(20, 'narrow.'));
    await resumed(chief, id, 20);
    await expectWhole(rollcall, { id, prefix: 'narrow.', people: 20, signIns: 1 });
    figure('R-20', 'connections to a server with 20 free descriptors, and well again', sockets.length);
  },
);
