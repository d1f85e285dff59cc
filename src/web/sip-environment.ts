// What the operator says about the SIP server (variables SIP_…), read with the rest of the environment.
import { isIP } from 'node:net';
import { EnvironmentError } from './environment-error.js';

export interface SipEnvironment {
  /** The realm of digest authentication and domain of every address: a part of each stored hash. */
  realm: string;
  /** True when the operator spoke of a SIP server at all: only then there are phones that could be registered. */
  configured: boolean;
  /** Where Kamailio takes commands, and what it must be told with each. */
  rpc?: { url: string; secret: string };
  /** What a phone dials: host or host:port. */
  server: string;
  /** The address that softphones connect to, ws:// or wss://. */
  webSocketUrl?: string;
  /** STUN and TURN servers, by which softphones find a way through NATs, e.g. stun:stun.example.com:3478. */
  iceServers: string[];
  /** Shared with the TURN servers: credentials for some hours are made with it. */
  turnSecret?: string;
  /** Hosts of custom URIs and PBX domains that are allowed although they lie on this machine. */
  allowedHosts: string[];
  /** Where Kamailio listens; this and what follows is for its configuration alone. */
  listeners: Listener[];
  tls?: { certificate: string; key: string };
  /** The database for the role that may read the two views. */
  databaseUrl?: string;
  /** Control socket of rtpengine, e.g. udp:127.0.0.1:2223. */
  rtpengine?: string;
}

export interface Listener {
  kind: 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';
  /** An IPv6 address stands in brackets. */
  host: string;
  port: number;
}

/** The variables that begin with SIP_, as they stand in the environment. */
export interface SipVariables {
  realm?: string;
  rpcUrl?: string;
  rpcSecret?: string;
  server?: string;
  webSocketUrl?: string;
  iceServers?: string;
  turnSecret?: string;
  allowHosts?: string;
  listen?: string;
  tlsCertificate?: string;
  tlsKey?: string;
  databaseUrl?: string;
  rtpengine?: string;
}

/**
 * @param given the variables as they stand in the environment
 * @param secure true when people come over https: their browsers open no plain WebSocket then
 */
export function readSipEnvironment(given: SipVariables, secure: boolean): SipEnvironment {
  const realm = readRealm(given.realm);
  return {
    realm,
    configured: Boolean(given.realm || given.rpcUrl),
    rpc: readRpc(given.rpcUrl, given.rpcSecret),
    server: readServer(given.server) ?? realm,
    webSocketUrl: readWebSocket(given.webSocketUrl, secure),
    ...readIceServers(given.iceServers, given.turnSecret),
    allowedHosts: (given.allowHosts ?? '')
      .split(',')
      .map((host) => host.trim().toLowerCase())
      .filter(Boolean),
    listeners: (given.listen || 'udp:127.0.0.1:5060,tcp:127.0.0.1:5060').split(',').map(readListener),
    tls: readTls(given.tlsCertificate, given.tlsKey),
    databaseUrl: readDatabase(given.databaseUrl),
    rtpengine: readRtpengine(given.rtpengine),
  };
}

// .internal is kept free for private networks: nobody else's phones are ever sent here.
function readRealm(text: string | undefined): string {
  const realm = (text || 'rollcall.internal').toLowerCase();
  if (isHostName(realm) || isIP(realm) === 4) return realm;
  throw new EnvironmentError('SIP_REALM wants a domain such as sip.example.com');
}

function readRpc(url: string | undefined, secret: string | undefined): SipEnvironment['rpc'] {
  if (!url) return undefined;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const plain = parsed?.protocol === 'http:' && isLoopback(parsed.hostname);
  if (!parsed || !(plain || parsed.protocol === 'https:') || parsed.username) {
    throw new EnvironmentError(
      'SIP_RPC_URL wants an address on this machine such as http://127.0.0.1:5066/RPC, or one with https://',
    );
  }
  if (!secret || !/^[A-Za-z0-9_.~+/=-]{16,}$/.test(secret)) {
    throw new EnvironmentError(
      'SIP_RPC_SECRET wants 16 or more letters and digits when SIP_RPC_URL is set (openssl rand -hex 16)',
    );
  }
  return { url: parsed.href, secret };
}

function readServer(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const known = host && (isHostName(host) || isIP(host.replace(/^\[|\]$/g, '')) > 0);
  if (known && (port === undefined || (Number(port) > 0 && Number(port) < 65536))) return text;
  throw new EnvironmentError('SIP_SERVER wants a host such as sip.example.com or sip.example.com:5061');
}

function readWebSocket(text: string | undefined, secure: boolean): string | undefined {
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['ws:', 'wss:'].includes(url.protocol) || url.username) {
    throw new EnvironmentError('SIP_WS_URL wants an address such as wss://sip.example.com:5443');
  }
  if (secure && url.protocol !== 'wss:') {
    throw new EnvironmentError('SIP_WS_URL wants wss:// when PUBLIC_URL is https');
  }
  return url.href;
}

// Addresses as of RFC 7064 (stun:) and RFC 7065 (turn:).
function readIceServers(
  text: string | undefined,
  secret: string | undefined,
): Pick<SipEnvironment, 'iceServers' | 'turnSecret'> {
  const iceServers = (text ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter(Boolean);
  for (const address of iceServers) {
    const [, scheme, host, port = '3478'] =
      /^(stun|turns?):(\[[0-9a-fA-F:.]+\]|[^:?]+)(?::(\d{1,5}))?(?:\?transport=(?:udp|tcp))?$/.exec(
        address,
      ) ?? [];
    const known = host && (isHostName(host) || isIP(host.replace(/^\[|\]$/g, '')) > 0);
    if (!known || Number(port) < 1 || Number(port) > 65535 || (scheme === 'stun' && address.includes('?')))
      throw new EnvironmentError(
        'SIP_ICE_SERVERS wants addresses separated by commas, such as stun:stun.example.com:3478,turn:turn.example.com:3478',
      );
    if (scheme !== 'stun' && (!secret || secret.length < 16))
      throw new EnvironmentError(
        'SIP_TURN_SECRET wants 16 or more letters and digits when SIP_ICE_SERVERS names a TURN server (static-auth-secret of coturn)',
      );
  }
  return { iceServers, turnSecret: secret || undefined };
}

function isHostName(text: string): boolean {
  return (
    text.length <= 253 &&
    /^(?=.*[a-z])([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i.test(text)
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function readListener(text: string): Listener {
  const [, kind, host, port] =
    /^(udp|tcp|tls|ws|wss):(\[[0-9a-f:.]+\]|[\d.]+):(\d{1,5})$/i.exec(text.trim()) ?? [];
  if (kind && isIP(host.replace(/^\[|\]$/g, '')) > 0 && Number(port) > 0 && Number(port) < 65536)
    return { kind: kind.toLowerCase() as Listener['kind'], host, port: Number(port) };
  throw new EnvironmentError(
    'SIP_LISTEN wants addresses separated by commas, such as udp:192.0.2.7:5060,tls:192.0.2.7:5061,wss:192.0.2.7:5443 (udp, tcp, tls, ws or wss)',
  );
}

function readTls(certificate: string | undefined, key: string | undefined): SipEnvironment['tls'] {
  if (!certificate && !key) return undefined;
  if (certificate && key && [certificate, key].every((path) => /^\/[^\s"]+$/.test(path)))
    return { certificate, key };
  throw new EnvironmentError('SIP_TLS_CERTIFICATE and SIP_TLS_KEY want two whole paths of PEM files');
}

// Never quotes what was given: there is a password in it.
function readDatabase(text: string | undefined): string | undefined {
  if (!text || /^postgres(ql)?:\/\/[^\s"]+$/.test(text))
    return text?.replace(/^postgresql:/, 'postgres:') || undefined;
  throw new EnvironmentError(
    'SIP_DATABASE_URL wants an address such as postgres://kamailio:password@host:5432/rollcall',
  );
}

function readRtpengine(text: string | undefined): string | undefined {
  if (!text || /^udp6?:[\w.[\]:-]+:\d{1,5}$/.test(text)) return text || undefined;
  throw new EnvironmentError('SIP_RTPENGINE wants an address such as udp:127.0.0.1:2223');
}
