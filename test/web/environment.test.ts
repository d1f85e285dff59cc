import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { networkText } from '../../src/web/networks.js';
import type { Environment } from '../../src/web/environment.js';

const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
const key = randomBytes(32).toString('base64');
const own = { ...process.env };

afterEach(() => (process.env = { ...own }));
afterAll(() => rmSync(dataDir, { recursive: true }));

/** The environment of a server that is started with these variables and no others. */
function environmentWith(variables: Record<string, string>): Environment {
  process.env = { DATA_DIR: dataDir, ...variables };
  let read: Environment | undefined;
  jest.isolateModules(() => {
    read = jest
      .requireActual<typeof import('../../src/web/environment.js')>('../../src/web/environment.js')
      .serverEnvironment();
  });
  return read!;
}

const origin = 'PUBLIC_URL wants an address such as https://rollcall.example.com, without a path';
const https =
  'PUBLIC_URL wants an https:// address when Rollcall is reached from other machines (or set ALLOW_HTTP=1 to accept plain http)';
const database = 'DATABASE_URL wants an address such as postgres://user:password@host:5432/rollcall';
const secret = 'SECRET_KEY wants 32 bytes in base64 (openssl rand -base64 32), or two of them as new,old';
const proxies =
  'TRUSTED_PROXIES wants the addresses or networks of your proxies, such as 192.0.2.7 or 198.51.100.0/24, separated by commas';

test.each([
  [{ PORT: '70000' }, 'PORT wants a whole number from 0 to 65535'],
  [{ PORT: '-1' }, 'PORT wants a whole number from 0 to 65535'],
  [{ PORT: '3000x' }, 'PORT wants a whole number from 0 to 65535'],
  [{ PORT: '' }, 'PORT wants a whole number from 0 to 65535'],
  [{ PUBLIC_URL: 'rollcall.example.com' }, origin],
  [{ PUBLIC_URL: 'https://example.com/rollcall' }, origin],
  [{ PUBLIC_URL: 'https://me@example.com' }, origin],
  [{ PUBLIC_URL: 'ftp://example.com' }, origin],
  [{ PUBLIC_URL: 'http://rollcall.example.com' }, https],
  [{ HOST: '0.0.0.0' }, https],
  [{ ALLOW_HTTP: 'yes' }, 'ALLOW_HTTP wants 1 or 0'],
  [{ DATABASE_URL: 'mysql://x/y' }, database],
  [{ DATABASE_URL: 'postgres://a b/c' }, database],
  [{ SECRET_KEY: 'short' }, secret],
  [{ SECRET_KEY: `${key},` }, secret],
  [{ SECRET_KEY: `${key},${key.slice(4)}` }, secret],
  [{ NODE_ENV: 'production' }, 'SECRET_KEY is required when NODE_ENV=production (openssl rand -base64 32)'],
  [{ TRUSTED_PROXIES: '10.0.0.1,proxy.example.com' }, `${proxies} (not "proxy.example.com")`],
  [{ TRUSTED_PROXIES: '10.1' }, `${proxies} (not "10.1")`],
  [{ TRUSTED_PROXIES: '0.0.0.0/0' }, `${proxies} (not "0.0.0.0/0")`],
  [{ TRUSTED_PROXIES: 'true' }, `${proxies} (not "true")`],
  [{ IGNORE_ADDRESS_LISTS: 'on' }, 'IGNORE_ADDRESS_LISTS wants 1 or 0'],
  [{ METRICS_TOKEN: 'short' }, 'METRICS_TOKEN wants 16 or more letters, digits or signs'],
  [{ SIP_REALM: 'sip example' }, 'SIP_REALM wants a domain such as sip.example.com'],
  [{ SIP_RPC_URL: 'http://sip.example.com/RPC' }, 'SIP_RPC_URL wants an address on this machine'],
  [{ SIP_RPC_URL: 'http://127.0.0.1:5066/RPC' }, 'SIP_RPC_SECRET wants 16 or more letters and digits'],
  [{ SIP_SERVER: 'sip.example.com:99999' }, 'SIP_SERVER wants a host such as sip.example.com'],
  [{ SIP_WS_URL: 'https://sip.example.com' }, 'SIP_WS_URL wants an address such as wss://'],
  [{ SIP_ICE_SERVERS: 'stun.example.com' }, 'SIP_ICE_SERVERS wants addresses separated by commas'],
  [{ SIP_ICE_SERVERS: 'turn:192.0.2.7' }, 'SIP_TURN_SECRET wants 16 or more letters and digits'],
  [
    { PUBLIC_URL: 'https://rollcall.example.com', SIP_WS_URL: 'ws://sip.example.com' },
    'SIP_WS_URL wants wss:// when PUBLIC_URL is https',
  ],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL wants one of fatal, error, warn, info, debug, trace, silent'],
  [
    { DATA_DIR: '/dev/null/data' },
    'DATA_DIR wants a folder that Rollcall may write to (/dev/null/data: ENOTDIR)',
  ],
] as [Record<string, string>, string][])(
  '%j is refused, and what is wanted is said',
  (variables, sentence) => {
    expect(() => environmentWith(variables)).toThrow(sentence);
  },
);

test('without any variable Rollcall serves this machine on port 3000', () => {
  expect(environmentWith({})).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    dataDir,
    databaseUrl: undefined,
    publicUrl: undefined,
    secure: false,
    plainHttpAllowed: false,
    trustedProxies: [],
    logLevel: 'info',
    production: false,
  });
});

test('an https address makes cookies secure, and needs no leave', () => {
  expect(environmentWith({ PUBLIC_URL: 'https://rollcall.example.com/', HOST: '0.0.0.0' })).toMatchObject({
    publicUrl: 'https://rollcall.example.com',
    secure: true,
    plainHttpAllowed: false,
  });
});

test('plain http beyond this machine is allowed on demand, and remembered for the banner', () => {
  expect(environmentWith({ HOST: '0.0.0.0', ALLOW_HTTP: '1' })).toMatchObject({
    secure: false,
    plainHttpAllowed: true,
  });
  expect(environmentWith({ ALLOW_HTTP: '1' })).toMatchObject({ plainHttpAllowed: false });
});

test('SC-1: the first key seals, all of them open', () => {
  const old = randomBytes(32).toString('base64');
  expect(environmentWith({ SECRET_KEY: `${key},${old}` }).keys.map((one) => one.toString('base64'))).toEqual([
    key,
    old,
  ]);
});

test('a command that looks into another folder leaves no key there', () => {
  const elsewhere = join(dataDir, 'elsewhere');
  process.env = { DATA_DIR: elsewhere };
  jest.isolateModules(() => {
    const { environment } = jest.requireActual<typeof import('../../src/web/environment.js')>(
      '../../src/web/environment.js',
    );
    expect(environment().keys).toEqual([]);
  });
  expect(existsSync(elsewhere)).toBe(false);
});

test('a server makes its data folder, also when its key and its database are elsewhere', () => {
  const elsewhere = join(dataDir, 'made', 'for uploads');
  const database = 'postgres://rollcall@127.0.0.1/rollcall';
  environmentWith({ DATA_DIR: elsewhere, SECRET_KEY: key, DATABASE_URL: database });
  expect(existsSync(elsewhere)).toBe(true);
});

test('without a key one is made and found again', () => {
  const [made] = environmentWith({}).keys;
  expect(made).toHaveLength(32);
  expect(environmentWith({}).keys[0].equals(made)).toBe(true);
});

test('proxies are a list', () => {
  const { trustedProxies } = environmentWith({ TRUSTED_PROXIES: ' 10.0.0.1, 10.1.0.0/16 ,2001:db8::/64' });
  expect(trustedProxies.map(networkText)).toEqual(['10.0.0.1', '10.1.0.0/16', '2001:db8::/64']);
});
