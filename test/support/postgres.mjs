// A throwaway PostgreSQL cluster for one run of the tests: made in a second, gone afterwards.
// PostgreSQL refuses to run as root, so root hands it to the `postgres` user that its package made.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const user = 'rollcall';
// Nothing here has to survive a crash of the machine.
const fast = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'max_connections=200'];

/**
 * Starts a cluster on a free port of 127.0.0.1.
 * @returns {Promise<{url: string, stop: () => Promise<void>, crash: () => Promise<void>, start: () => Promise<void>} | null>}
 *   the address of its first database (its user may create others), or null when PostgreSQL is not installed. `crash` ends
 *   it as a power cut does, `start` brings it back. Throws with the server's log when it does not start.
 */
export async function startCluster() {
  const binaries = findBinaries();
  if (!binaries) return null;
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-postgres-'));
  const data = join(folder, 'data');
  if (isRoot()) run('chown', ['postgres', folder]);
  const [initdb, ...initdbArguments] = unprivileged(join(binaries, 'initdb'), [
    ...['-D', data, '-U', user, '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
  ]);
  run(initdb, initdbArguments);
  const port = await freePort();
  const [postgres, ...postgresArguments] = unprivileged(join(binaries, 'postgres'), [
    ...['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', ''],
    ...fast.flatMap((setting) => ['-c', setting]),
  ]);
  /** @type {{ kill: (signal: NodeJS.Signals) => boolean, ended: Promise<unknown> } | undefined} */
  let server;
  const start = async () => {
    const child = spawn(postgres, postgresArguments, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    server = { kill: (signal) => child.kill(signal), ended };
    await readyToAccept(child);
  };
  const crash = async () => {
    server?.kill('SIGQUIT');
    await server?.ended;
  };
  const stop = async () => {
    await crash();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `postgres://${user}@127.0.0.1:${port}/postgres`, stop, crash, start };
}

// Debian keeps the server's programs off the PATH, in one folder per version.
function findBinaries() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map((version) => join(debian, version, 'bin')),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/**
 * The command that runs a program as somebody who is not root and, on Linux, ends it when we die before `stop`.
 * @param {string} program
 * @param {string[]} programArguments
 */
function unprivileged(program, programArguments) {
  if (!existsSync('/usr/bin/setpriv')) return [program, ...programArguments];
  const drop = isRoot() ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
  return ['/usr/bin/setpriv', ...drop, '--pdeathsig=QUIT', program, ...programArguments];
}

function isRoot() {
  return process.getuid?.() === 0;
}

/** @param {string} program @param {string[]} programArguments */
function run(program, programArguments) {
  const { status, error, stdout, stderr } = spawnSync(program, programArguments, {
    cwd: '/',
    encoding: 'utf8',
  });
  if (status !== 0)
    throw new Error(`${program} failed: ${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`);
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/**
 * @param {import('node:child_process').ChildProcessByStdio<null, null, import('node:stream').Readable>} server
 * @returns {Promise<void>}
 */
async function readyToAccept(server) {
  let log = '';
  /** @type {NodeJS.Timeout | undefined} */
  let tooLate;
  await new Promise((resolve, reject) => {
    tooLate = setTimeout(() => reject(new Error(`PostgreSQL did not start within 20 s:\n${log}`)), 20_000);
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended with code ${code}:\n${log}`)));
    server.stderr.on('data', (chunk) => {
      log = (log + chunk).slice(-10_000);
      if (log.includes('ready to accept connections')) resolve(undefined);
    });
  }).finally(() => clearTimeout(tooLate));
}
