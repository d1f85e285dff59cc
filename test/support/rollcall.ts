// The built application as its own process, on a fresh database: SQLite in a temporary folder, or PostgreSQL when
// ROLLCALL_TEST_POSTGRES names a cluster.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

export interface StartOptions {
  /** Start with `--demo`. */
  demo?: boolean;
  /** More environment variables, or others than the usual ones. */
  env?: Record<string, string>;
  /** Start on the data of another one. */
  beside?: Rollcall;
  /** Where its folder is made, other than with all temporary ones. */
  disk?: string;
}

interface Data {
  dataDir: string;
  databaseUrl?: string;
}

const patience = 60_000;
const printed = ' It printed:\n';
const main = join(process.cwd(), 'dist', 'server', 'main.js');
const started = new Set<Rollcall>();

/** Starts Rollcall and waits until it listens. Throws with everything it printed when it ends early or after 60 s. */
export async function startRollcall(options: StartOptions = {}): Promise<Rollcall> {
  const { dataDir, databaseUrl } = options.beside ?? (await emptyData(options.disk));
  const rollcall = new Rollcall(options, dataDir, databaseUrl);
  started.add(rollcall);
  try {
    await rollcall.start();
  } catch (error) {
    await rollcall.stop();
    throw error;
  }
  return rollcall;
}

/** What is printed by a start that is refused, line by line. */
export async function refusedStart(options: StartOptions = {}): Promise<string[]> {
  const refusal = await startRollcall(options).then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (refusal === undefined) throw new Error('Rollcall started');
  return refusal
    .slice(refusal.indexOf(printed) + printed.length)
    .trim()
    .split('\n');
}

/** A folder, and on PostgreSQL a database. */
export async function emptyData(disk = tmpdir()): Promise<Data> {
  const cluster = process.env.ROLLCALL_TEST_POSTGRES;
  const dataDir = mkdtempSync(join(disk, 'rollcall-test-'));
  return { dataDir, databaseUrl: cluster ? await createDatabase(cluster) : undefined };
}

/** Removes what `emptyData` made. */
export async function removeData({ dataDir, databaseUrl }: Data): Promise<void> {
  rmSync(dataDir, { recursive: true, force: true });
  if (databaseUrl) await dropDatabase(databaseUrl);
}

/** Tests of what only one of the engines has. */
export const onSqlite = process.env.ROLLCALL_TEST_POSTGRES ? test.skip : test;
export const onPostgres = process.env.ROLLCALL_TEST_POSTGRES ? test : test.skip;

// Whoever imports this file is a test file: nothing it starts outlives it.
afterAll(async () => {
  for (const rollcall of started) await rollcall.stop();
});

export class Rollcall {
  /** Origin, e.g. `http://127.0.0.1:40123`; the same after a restart. */
  address = '';
  /** Address of the set-up page, as the first start printed it. */
  setupLink?: string;
  private process?: ChildProcess;
  private printed = '';

  constructor(
    private readonly options: StartOptions,
    readonly dataDir: string,
    readonly databaseUrl: string | undefined,
  ) {}

  /** Everything printed so far, on both streams and over all restarts. */
  log(): string {
    return this.printed;
  }

  /** The requests that were answered 5xx so far, as the log has them. */
  failures(): string[] {
    return this.printed.split('\n').filter((line) => /"statusCode":5\d\d/.test(line));
  }

  /** Starts the process on the same data, and on the same port as before. */
  async start(): Promise<void> {
    const before = this.printed.length;
    const [program, ...programArguments] = command(this.options.demo ? [main, '--demo'] : [main]);
    const child = spawn(program, programArguments, {
      env: this.environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.printed += text));
    }
    await this.ready(child, before);
    const lines = this.printed.slice(before);
    this.address = listening.exec(lines)![1];
    this.setupLink ??= /^Set up Rollcall: (\S+)$/m.exec(lines)?.[1];
  }

  /** Ends it as an operator does (SIGTERM), then starts it again. */
  async restart(): Promise<void> {
    await this.end('SIGTERM');
    await this.start();
  }

  /** Ends it as a power cut does; `start` continues on the same data. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Sends the process a signal. SIGSTOP stops it where it stands, as a machine does that sleeps; SIGCONT lets it go on. */
  signal(signal: NodeJS.Signals): void {
    this.process?.kill(signal);
  }

  /** Waits until the process has ended by itself; its exit code, or the name of the signal that ended it. */
  async died(): Promise<number | string> {
    const child = this.process!;
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    return child.exitCode ?? child.signalCode!;
  }

  /** ID of the process while it runs. */
  get pid(): number {
    return this.process!.pid!;
  }

  /** Ends it (SIGTERM) and removes its data. Returns the exit code, undefined when it was not running. */
  async stop(): Promise<number | undefined> {
    const code = await this.end('SIGTERM');
    if (!started.delete(this) || this.options.beside) return code;
    await removeData(this);
    return code;
  }

  private async end(signal: NodeJS.Signals): Promise<number | undefined> {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return undefined;
    const closed = once(child, 'close');
    child.kill(signal);
    const stuck = setTimeout(() => child.kill('SIGKILL'), patience);
    await closed;
    clearTimeout(stuck);
    return child.exitCode ?? undefined;
  }

  private async ready(child: ChildProcess, from: number): Promise<void> {
    let tooLate: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      const fail = (reason: string) => reject(new Error(`Rollcall ${reason}.${printed}${this.printed}`));
      tooLate = setTimeout(() => fail(`was not ready after ${patience / 1000} s`), patience);
      child.once('error', (error) => fail(`could not be started: ${error.message}`));
      child.once('close', (code, signal) => fail(`ended with ${code ?? signal} before it was ready`));
      child.stdout!.on('data', () => listening.test(this.printed.slice(from)) && resolve());
    }).finally(() => clearTimeout(tooLate));
  }

  // Only what is named here: the variables of the person who runs the tests must not change their outcome.
  private environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      HOME: this.dataDir,
      PORT: this.address ? new URL(this.address).port : '0',
      HOST: '127.0.0.1',
      DATA_DIR: this.dataDir,
      LOG_LEVEL: 'info',
      // Tests upload more in a minute than people in a week.
      UPLOADS_PER_HOUR: '100000',
      ...(this.databaseUrl && { DATABASE_URL: this.databaseUrl }),
      ...this.options.env,
    };
  }
}

const listening = /^Rollcall listens on (http:\S+)(?: for \S+)?$/m;

// On Linux the server also ends when the test process is killed and no afterAll runs.
function command(nodeArguments: string[]): string[] {
  const setpriv = '/usr/bin/setpriv';
  const node = [process.execPath, ...nodeArguments];
  return existsSync(setpriv) ? [setpriv, '--pdeathsig=KILL', ...node] : node;
}

async function createDatabase(cluster: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await query(cluster, `CREATE DATABASE ${name}`);
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return url.href;
}

async function dropDatabase(databaseUrl: string): Promise<void> {
  const url = new URL(databaseUrl);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  await query(url.href, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

async function query(databaseUrl: string, statement: string): Promise<void> {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
