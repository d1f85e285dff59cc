// The built application as its own process, and a home for it: a fresh database of one engine.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'libsql';
import pg from 'pg';

/** @typedef {import('./watch.mjs').Sighting} Sighting */

/**
 * A database that a server can live in.
 * @typedef {object} Home
 * @property {string} dataDir
 * @property {string} [databaseUrl] missing = SQLite
 * @property {(sql: string, parameters?: unknown[]) => Promise<Record<string, any>[]>} query beside the server, `$1` in order
 * @property {(sql: string, rounds: number) => Promise<number[]>} times ms of a statement, on one open connection
 * @property {() => Promise<void>} remove
 */

/**
 * @typedef {object} Server
 * @property {string} address origin
 * @property {string} setupPath path of the set-up page, empty once somebody is set up
 * @property {number} startedIn ms from spawn to the first page answered
 * @property {() => Promise<Sighting>} begin starts counting and watching
 * @property {() => Promise<Sighting>} end says what was seen since `begin`
 * @property {() => number} rss MB
 * @property {() => Promise<void>} stop
 */

const patience = 30_000;
const watch = fileURLToPath(new URL('watch.mjs', import.meta.url));

/**
 * A fresh database.
 * @param {string} [cluster] address of a PostgreSQL cluster; missing = SQLite
 * @returns {Promise<Home>}
 */
export async function makeHome(cluster) {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  return cluster ? onPostgres(dataDir, cluster) : onSqlite(dataDir);
}

/**
 * Starts a server and waits for its first page. Throws with what it printed when it ends early or takes 30 s.
 * @param {Home} home
 * @param {{ watched?: boolean, env?: Record<string, string> }} [options] watched: with the eyes of watch.mjs in it; env: more variables
 * @returns {Promise<Server>}
 */
export async function startServer(home, { watched = true, env = {} } = {}) {
  const main = join(process.cwd(), 'dist', 'server', 'main.js');
  const [program, ...programArguments] = dyingWithUs(watched ? ['--import', watch, main] : [main]);
  const begun = performance.now();
  const child = spawn(program, programArguments, {
    env: {
      PATH: process.env.PATH,
      HOME: home.dataDir,
      PORT: '0',
      DATA_DIR: home.dataDir,
      LOG_LEVEL: 'error',
      UPLOADS_PER_HOUR: '100000',
      ...(home.databaseUrl && { DATABASE_URL: home.databaseUrl }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', ...(watched ? [/** @type {const} */ ('ipc')] : [])],
  });
  const printed = await readyLines(child);
  const address = /^Rollcall listens on (http:\S+)$/m.exec(printed)?.[1] ?? '';
  await (await fetch(`${address}/sign-in`)).text();
  const startedIn = performance.now() - begun;
  /** @param {'begin' | 'end'} question */
  const ask = (question) =>
    inTime(
      new Promise((resolve) => {
        child.once('message', resolve);
        child.send(question);
      }),
      `an answer to "${question}"`,
    );
  return {
    address,
    setupPath: /^Set up Rollcall: http:\/\/[^/]+(\S+)$/m.exec(printed)?.[1] ?? '',
    startedIn,
    begin: () => ask('begin'),
    end: () => ask('end'),
    rss: () => rssOf(child.pid ?? 0),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await inTime(ended, 'the end of the server').finally(() => child.kill('SIGKILL'));
    },
  };
}

/**
 * On Linux the process also ends when the benchmark is killed.
 * @param {string[]} nodeArguments
 */
export function dyingWithUs(nodeArguments) {
  const setpriv = '/usr/bin/setpriv';
  const node = [process.execPath, ...nodeArguments];
  return existsSync(setpriv) ? [setpriv, '--pdeathsig=KILL', ...node] : node;
}

/**
 * Waits for a promise, 30 s at the most.
 * @template T
 * @param {Promise<T>} promise
 * @param {string} what
 * @returns {Promise<T>}
 */
export async function inTime(promise, what) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const tooLate = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${patience / 1000} s for ${what}`)), patience);
  });
  return /** @type {Promise<T>} */ (Promise.race([promise, tooLate])).finally(() => clearTimeout(timer));
}

/**
 * What a child printed until it listens; a fresh server says its set-up link first.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<string>}
 */
function readyLines(child) {
  let printed = '';
  const ready = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${printed}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        printed += text;
        if (/^Rollcall listens on .*\n/m.test(printed)) resolve(printed);
      });
    }
  });
  return inTime(ready, 'the server to listen').catch((error) => {
    child.kill('SIGKILL');
    throw error;
  });
}

/** @param {number} pid */
function rssOf(pid) {
  return Number(spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout) / 1000;
}

/** @param {string} dataDir @returns {Home} */
function onSqlite(dataDir) {
  return {
    dataDir,
    async query(sql, parameters = []) {
      const connection = new Sqlite(join(dataDir, 'rollcall.sqlite'), { timeout: 5000 });
      try {
        const statement = connection.prepare(sql.replace(/\$\d+/g, '?'));
        if (statement.reader) return /** @type {Record<string, any>[]} */ (statement.all(parameters));
        statement.run(parameters);
        return [];
      } finally {
        connection.close();
      }
    },
    async times(sql, rounds) {
      const connection = new Sqlite(join(dataDir, 'rollcall.sqlite'));
      const statement = connection.prepare(sql);
      const times = await repeated(rounds, () => statement.all());
      connection.close();
      return times;
    },
    remove: async () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

/** @param {string} dataDir @param {string} cluster @returns {Promise<Home>} */
async function onPostgres(dataDir, cluster) {
  const name = `bench_${randomBytes(6).toString('hex')}`;
  await ask(cluster, `CREATE DATABASE ${name}`);
  const url = new URL(cluster);
  url.pathname = name;
  return {
    dataDir,
    databaseUrl: url.href,
    query: (sql, parameters) => ask(url.href, sql, parameters),
    async times(sql, rounds) {
      const client = new pg.Client(url.href);
      await client.connect();
      const times = await repeated(rounds, () => client.query(sql));
      await client.end();
      return times;
    },
    async remove() {
      rmSync(dataDir, { recursive: true, force: true });
      await ask(cluster, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** @param {string} url @param {string} sql @param {unknown[]} [parameters] @returns {Promise<Record<string, any>[]>} */
async function ask(url, sql, parameters) {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql, parameters)).rows;
  } finally {
    await client.end();
  }
}

/** @param {number} rounds @param {() => unknown} work @returns {Promise<number[]>} ms of each round but the first two */
async function repeated(rounds, work) {
  const times = [];
  for (let round = -2; round < rounds; round++) {
    const begun = performance.now();
    await work();
    if (round >= 0) times.push(performance.now() - begun);
  }
  return times;
}
