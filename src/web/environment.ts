// What the operator decides: read once from the environment, every wrong value named (PRODUCT.md section 10).
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { isAddress } from './address.js';
import { EnvironmentError } from './environment-error.js';
import { readNetwork, type Network } from './networks.js';
import { readSipEnvironment, type SipEnvironment } from './sip-environment.js';

export interface Environment {
  port: number;
  host: string;
  dataDir: string;
  /** A postgres:// address; undefined = the embedded SQLite file in dataDir. */
  databaseUrl?: string;
  /** Origin under which people reach Rollcall, without a slash at the end; undefined until it is known from listening. */
  publicUrl?: string;
  /** True when the browser talks https: cookies are Secure then. */
  secure: boolean;
  /** True when the operator allowed plain http beyond this machine; every page says so. */
  plainHttpAllowed: boolean;
  /** Keys of 32 bytes, the first one seals, all of them open; none as long as no server has started here. */
  keys: Buffer[];
  /** Whose X-Forwarded-For is believed. */
  trustedProxies: Network[];
  /** True when people may sign in from every address, whatever the address lists say. */
  addressListsIgnored: boolean;
  /** With it `/metrics` is read from other machines too. */
  metricsToken?: string;
  /** How many files a person may upload in an hour. */
  uploadsPerHour: number;
  logLevel: string;
  production: boolean;
  /** The mail server; undefined = none. */
  smtp?: Smtp;
  sip: SipEnvironment;
  /** Started with `--demo`. */
  demo: boolean;
}

/** How mail leaves (SMTP_URL). */
export interface Smtp {
  host: string;
  port: number;
  /** TLS from the first byte (smtps). */
  implicitTls: boolean;
  /** STARTTLS is a must: nothing is said in clear beyond this machine. */
  requireTls: boolean;
  user?: string;
  password?: string;
  /** The sender's address; undefined = made from the name of the host that people use. */
  from?: string;
}

let current: Environment | undefined;

/** The environment of this process. Throws EnvironmentError at the first call when a value is wrong. */
export function environment(): Environment {
  return (current ??= readEnvironment(process.env));
}

/**
 * The environment of a server that starts: its data folder is there, and without SECRET_KEY a key of our own is made in it,
 * readable by its owner only. Commands leave nothing behind, wherever they look. Throws as `environment` does.
 */
export function serverEnvironment(): Environment {
  const found = environment();
  const { keys, dataDir, production } = found;
  if (keys.length === 0 && production)
    throw new EnvironmentError('SECRET_KEY is required when NODE_ENV=production (openssl rand -base64 32)');
  makeDataDir(dataDir);
  if (keys.length === 0) keys.push(makeKeyFile(dataDir));
  return found;
}

/** Takes back the key file that this very start has made: the database it was made for has another key. */
export function forgetMadeKey(): void {
  if (madeKeyFile) rmSync(madeKeyFile);
  madeKeyFile = undefined;
}

let madeKeyFile: string | undefined;

/** The origin for links in pages and files; falls back to the address that the server listens on. */
export function publicUrl(): string {
  return environment().publicUrl ?? listenAddress();
}

/** The address that the server itself listens on, behind whatever stands in front. */
export function listenAddress(): string {
  const { host, port } = environment();
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const host = env.HOST || '127.0.0.1';
  const publicUrl = env.PUBLIC_URL ? readOrigin(env.PUBLIC_URL) : undefined;
  const secure = publicUrl?.startsWith('https:') ?? false;
  const plainHttpAllowed = readSwitch('ALLOW_HTTP', env.ALLOW_HTTP);
  const beyondThisMachine = publicUrl ? !isLoopback(new URL(publicUrl).hostname) : !isLoopback(host);
  if (!secure && beyondThisMachine && !plainHttpAllowed) {
    throw new EnvironmentError(
      'PUBLIC_URL wants an https:// address when Rollcall is reached from other machines (or set ALLOW_HTTP=1 to accept plain http)',
    );
  }
  const production = env.NODE_ENV === 'production';
  const dataDir = resolve(env.DATA_DIR || './data');
  return {
    port: readPort(env.PORT),
    host,
    dataDir,
    databaseUrl: readDatabaseUrl(env.DATABASE_URL),
    publicUrl,
    secure,
    plainHttpAllowed: plainHttpAllowed && !secure && beyondThisMachine,
    keys: env.SECRET_KEY ? env.SECRET_KEY.split(',').map(readKey) : keysOnFile(dataDir, production),
    trustedProxies: readProxies(env.TRUSTED_PROXIES ?? ''),
    addressListsIgnored: readSwitch('IGNORE_ADDRESS_LISTS', env.IGNORE_ADDRESS_LISTS),
    metricsToken: readToken(env.METRICS_TOKEN),
    uploadsPerHour: readUploads(env.UPLOADS_PER_HOUR),
    logLevel: readLogLevel(env.LOG_LEVEL),
    production,
    smtp: env.SMTP_URL ? readSmtp(env.SMTP_URL) : undefined,
    sip: readSipEnvironment(
      {
        realm: env.SIP_REALM,
        rpcUrl: env.SIP_RPC_URL,
        rpcSecret: env.SIP_RPC_SECRET,
        server: env.SIP_SERVER,
        webSocketUrl: env.SIP_WS_URL,
        iceServers: env.SIP_ICE_SERVERS,
        turnSecret: env.SIP_TURN_SECRET,
        allowHosts: env.SIP_ALLOW_HOSTS,
        listen: env.SIP_LISTEN,
        tlsCertificate: env.SIP_TLS_CERTIFICATE,
        tlsKey: env.SIP_TLS_KEY,
        databaseUrl: env.SIP_DATABASE_URL,
        rtpengine: env.SIP_RTPENGINE,
      },
      secure,
    ),
    demo: process.argv.includes('--demo'),
  };
}

function readPort(text: string | undefined): number {
  const port = Number(text ?? 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65535 || text === '') {
    throw new EnvironmentError('PORT wants a whole number from 0 to 65535');
  }
  return port;
}

function readOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    !url ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.pathname !== '/' ||
    url.search ||
    url.username
  ) {
    throw new EnvironmentError(
      'PUBLIC_URL wants an address such as https://rollcall.example.com, without a path',
    );
  }
  return url.origin;
}

function readSwitch(name: string, text: string | undefined): boolean {
  if (text === undefined || text === '' || text === '0') return false;
  if (text === '1') return true;
  throw new EnvironmentError(`${name} wants 1 or 0`);
}

function readDatabaseUrl(text: string | undefined): string | undefined {
  if (!text) return undefined;
  if (/^postgres(ql)?:\/\/\S+$/.test(text)) return text;
  throw new EnvironmentError(
    'DATABASE_URL wants an address such as postgres://user:password@host:5432/rollcall',
  );
}

// Never quotes what was given: there is a password in it.
function readSmtp(text: string): Smtp {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const given = [...(url?.searchParams.keys() ?? [])];
  const from = url?.searchParams.get('from') ?? undefined;
  const tls = url?.searchParams.get('tls') ?? 'required';
  const wrong =
    !url ||
    !['smtp:', 'smtps:'].includes(url.protocol) ||
    !url.hostname ||
    !['', '/'].includes(url.pathname) ||
    given.some((name) => !['from', 'tls'].includes(name)) ||
    !['required', 'optional'].includes(tls) ||
    (from !== undefined && !isAddress(from)) ||
    !canDecode(url.username + url.password);
  if (wrong) {
    throw new EnvironmentError(
      'SMTP_URL wants an address such as smtp://user:password@mail.example.com:587?from=rollcall@example.com (smtps:// for TLS from the start; signs in user and password as %40; tls=optional accepts a server without TLS)',
    );
  }
  const implicitTls = url.protocol === 'smtps:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (implicitTls ? 465 : 587),
    implicitTls,
    requireTls: !implicitTls && tls === 'required' && !isLoopback(url.hostname),
    user: decodeURIComponent(url.username) || undefined,
    password: decodeURIComponent(url.password) || undefined,
    from,
  };
}

function canDecode(text: string): boolean {
  try {
    return decodeURIComponent(text) !== undefined;
  } catch {
    return false;
  }
}

// A network of everybody would make the client's own words its address (SECURITY.md NW-5).
function readProxies(text: string): Network[] {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  return entries.map((entry) => {
    const network = readNetwork(entry);
    if (!('wrong' in network) && network.bits > 0) return network;
    throw new EnvironmentError(
      `TRUSTED_PROXIES wants the addresses or networks of your proxies, such as 192.0.2.7 or 198.51.100.0/24, separated by commas (not ${JSON.stringify(entry)})`,
    );
  });
}

function readKey(text: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === 32 && /^[A-Za-z0-9+/_-]{43}=?$/.test(text.trim())) return key;
  throw new EnvironmentError(
    'SECRET_KEY wants 32 bytes in base64 (openssl rand -base64 32), or two of them as new,old',
  );
}

function readToken(text: string | undefined): string | undefined {
  if (!text) return undefined;
  if (/^[\x21-\x7e]{16,}$/.test(text)) return text;
  throw new EnvironmentError(
    'METRICS_TOKEN wants 16 or more letters, digits or signs (openssl rand -hex 16)',
  );
}

function readUploads(text: string | undefined): number {
  const count = Number(text || 20);
  if (Number.isInteger(count) && count > 0 && count <= 1_000_000) return count;
  throw new EnvironmentError('UPLOADS_PER_HOUR wants a whole number from 1 to 1000000');
}

function readLogLevel(text: string | undefined): string {
  const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
  if (!text) return 'info';
  if (levels.includes(text)) return text;
  throw new EnvironmentError(`LOG_LEVEL wants one of ${levels.join(', ')}`);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function keyFile(dataDir: string): string {
  return join(dataDir, 'secret.key');
}

function keysOnFile(dataDir: string, production: boolean): Buffer[] {
  return !production && existsSync(keyFile(dataDir)) ? [readKeyFile(dataDir)] : [];
}

// Also with PostgreSQL: uploaded files are there while they are read.
function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw notWritable(dataDir, error);
  }
}

function makeKeyFile(dataDir: string): Buffer {
  try {
    writeFileSync(keyFile(dataDir), randomBytes(32).toString('base64') + '\n', { flag: 'wx', mode: 0o600 });
    madeKeyFile = keyFile(dataDir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw notWritable(dataDir, error);
  }
  return readKeyFile(dataDir);
}

function notWritable(dataDir: string, error: unknown): EnvironmentError {
  const { code } = error as NodeJS.ErrnoException;
  return new EnvironmentError(`DATA_DIR wants a folder that Rollcall may write to (${dataDir}: ${code})`);
}

function readKeyFile(dataDir: string): Buffer {
  const key = Buffer.from(readFileSync(keyFile(dataDir), 'utf8').trim(), 'base64');
  if (key.length !== 32)
    throw new EnvironmentError(
      `The key file ${keyFile(dataDir)} is damaged: restore it from the backup, or set SECRET_KEY`,
    );
  return key;
}
