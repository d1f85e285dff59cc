// The configuration of Kamailio for this installation: the templates of deploy/kamailio, filled in from the environment.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sqliteFile } from '../database/options.js';
import { environment, publicUrl } from '../web/environment.js';
import { EnvironmentError } from '../web/environment-error.js';
import type { Listener } from '../web/sip-environment.js';
import { maxExpires } from './kicks.js';

const templates = fileURLToPath(new URL('../../deploy/kamailio/', import.meta.url));

/**
 * Writes kamailio.cfg, and tls.cfg where TLS is wanted, readable by owner and group (they hold SIP_RPC_SECRET).
 * @returns the path of kamailio.cfg
 * @throws EnvironmentError when something that Kamailio needs is not said
 */
export function writeKamailioConfig(folder: string): string {
  const words = wordsFor(folder);
  mkdirSync(folder, { recursive: true });
  for (const name of words.TLS_KEY ? ['kamailio.cfg', 'tls.cfg'] : ['kamailio.cfg']) {
    const template = readFileSync(join(templates, `${name}.in`), 'utf8');
    const filled = template.replace(/@([A-Z_]+)@/g, (_, word: string) => words[word]);
    writeFileSync(join(folder, name), filled, { mode: 0o640 });
    chmodSync(join(folder, name), 0o640);
  }
  return join(folder, 'kamailio.cfg');
}

function wordsFor(folder: string): Record<string, string> {
  const { sip, databaseUrl } = environment();
  const { rpc, listeners, tls, rtpengine } = sip;
  if (!rpc)
    throw new EnvironmentError(
      'SIP_RPC_URL and SIP_RPC_SECRET are missing: Rollcall takes phones down by them',
    );
  if (listeners.some(({ kind }) => kind === 'tls' || kind === 'wss') && !tls)
    throw new EnvironmentError(
      'SIP_TLS_CERTIFICATE and SIP_TLS_KEY are missing: SIP_LISTEN names an address with TLS',
    );
  const rpcAt = new URL(rpc.url);
  const switches = [databaseUrl && 'WITH_POSTGRES', tls && 'WITH_TLS', rtpengine && 'WITH_RTPENGINE'];
  const webSockets = listeners.filter(({ kind }) => kind === 'ws' || kind === 'wss');
  return {
    SWITCHES: switches.flatMap((name) => (name ? `#!define ${name}` : [])).join('\n'),
    REALM: sip.realm,
    FOLDER: folder,
    LISTEN: [...new Set([...listeners.map(listen), `listen=tcp:${rpcAt.host}`])].join('\n'),
    DATABASE: databaseUrl ? readingDatabase(sip.databaseUrl) : `sqlite:///${sqliteFile()}`,
    SQLITE_FILE: sqliteFile(),
    MAX_EXPIRES: String(maxExpires),
    RPC_PORT: rpcAt.port || '80',
    RPC_SECRET: rpc.secret,
    ORIGIN: publicUrl(),
    WEBSOCKET_PORTS: webSockets.map(({ port }) => `$Rp == ${port}`).join(' || ') || '0 == 1',
    RTPENGINE: rtpengine ?? '',
    TLS_KEY: tls?.key ?? '',
    TLS_CERTIFICATE: tls?.certificate ?? '',
  };
}

// WebSockets begin as HTTP on a TCP or TLS address.
function listen({ kind, host, port }: Listener): string {
  const transport = { udp: 'udp', tcp: 'tcp', tls: 'tls', ws: 'tcp', wss: 'tls' }[kind];
  return `listen=${transport}:${host}:${port}`;
}

function readingDatabase(url: string | undefined): string {
  if (url) return url;
  throw new EnvironmentError(
    'SIP_DATABASE_URL is missing: the address of the database for a role that may read the two views and nothing else',
  );
}
