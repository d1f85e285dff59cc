// What the server takes from whom: addresses, origins, methods, slow and broken requests (SECURITY.md NW-1, NW-5, NW-7, NW-8).
import { fileOf } from '../support/imports.js';
import { countOf } from '../support/peek.js';
import { setUp } from '../support/people.js';
import { open, raw, request } from '../support/raw.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { allControllers, pathsOf } from '../support/routes.js';
import type { Visitor } from '../support/visitor.js';

/** Address of the proxy that is named; every other one of this machine is a stranger's. */
const proxy = '127.0.0.9';
const stranger = '127.0.0.8';

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  await allControllers();
  rollcall = await startRollcall({ env: { TRUSTED_PROXIES: `${proxy}, 192.0.2.0/24` } });
  chief = await setUp(rollcall);
});

afterAll(() => expect(rollcall.failures()).toEqual([]));

describe('the address of a client', () => {
  test.each([
    ['X-Forwarded-For: 198.51.100.7'],
    ['X-Real-IP: 198.51.100.7'],
    ['Forwarded: for=198.51.100.7'],
    ['X-Client-IP: 198.51.100.7'],
  ])('NW-5: is the socket’s, whatever a stranger says in %j', async (header) => {
    expect(await addressSeen([header], stranger)).toBe(stranger);
  });

  test.each([
    ['198.51.100.7', '198.51.100.7'],
    ['203.0.113.1, 198.51.100.7', '198.51.100.7'],
    ['198.51.100.7, 192.0.2.20', '198.51.100.7'],
    ['10.0.0.1, 198.51.100.7, 192.0.2.20, 192.0.2.21', '198.51.100.7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['2001:DB8::7', '2001:db8::7'],
    ['198.51.100.7, 010.0.0.1', ''],
    ['198.51.100.7, unknown', ''],
  ])('NW-5: is the right-most one that is no proxy’s when a proxy forwards %j', async (forwarded, seen) => {
    expect(await addressSeen([`X-Forwarded-For: ${forwarded}`], proxy)).toBe(seen);
  });

  test('NW-5: is not taken from other headers of a proxy', async () => {
    expect(await addressSeen(['X-Real-IP: 198.51.100.7', 'Forwarded: for=198.51.100.8'], proxy)).toBe(proxy);
  });

  test('NW-5: a stranger’s X-Forwarded-Host and X-Forwarded-Proto change nothing', async () => {
    const forged = ['X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: https'];
    const page = await raw(rollcall, request('GET /sign-in', forged), { from: stranger });
    expect(page.text).not.toContain('evil.example');
    for (const origin of ['https://evil.example', 'https://rollcall.example', 'http://evil.example']) {
      const answer = await raw(rollcall, form('/sign-in', [...forged, `Origin: ${origin}`]), {
        from: stranger,
      });
      expect([origin, answer.status]).toEqual([origin, 403]);
    }
  });

  // Refused sign-ins say in the audit log where they came from.
  async function addressSeen(headers: string[], from: string): Promise<string> {
    const answer = await raw(rollcall, form('/sign-in', ['Sec-Fetch-Site: same-origin', ...headers]), {
      from,
    });
    expect(answer.status).toBe(422);
    await chief.open('/audit?action=sign_in_refused');
    const [, newest] = chief.page.table('Audit Log');
    return newest.at(-1)!.replace(/ ?[0-9a-f]{8}-[0-9a-f-]{27}$/, '');
  }
});

describe('another site', () => {
  const foreign: Record<string, string>[] = [
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Site': 'none' },
    { 'Sec-Fetch-Site': 'cross-site', Origin: '' },
  ];

  test('NW-1: can make nobody’s browser change anything, by any route', async () => {
    const paths = await pathsOf('POST');
    expect(paths.length).toBeGreaterThan(50);
    const before = await countOf(rollcall, 'audit_entries');
    for (const path of paths) {
      for (const headers of foreign) {
        const { status } = await chief.post(path, {}, { headers });
        expect([path, headers, status]).toEqual([path, headers, 403]);
      }
    }
    expect(await countOf(rollcall, 'audit_entries')).toBe(before);
    expect((await chief.get('/account')).status).toBe(200);
  });

  test.each([
    [['Origin: https://evil.example']],
    [['Origin: null']],
    [['Origin: http://rollcall.example.evil.example']],
    [['Origin: http://rollcall.example:81']],
    [['Referer: http://rollcall.example/sign-in']],
    [[]],
  ])('NW-1: is told by the origin in browsers that do not say whose page it was: %j', async (headers) => {
    expect((await raw(rollcall, form('/sign-in', headers))).status).toBe(403);
  });

  test('NW-1: is refused before the body is read', async () => {
    // The body never comes.
    const headers = ['Sec-Fetch-Site: cross-site', 'Content-Length: 1000000'];
    expect((await raw(rollcall, request('POST /imports', headers))).status).toBe(403);
  });

  test('the own origin is let in', async () => {
    expect((await raw(rollcall, form('/sign-in', ['Origin: http://rollcall.example']))).status).toBe(422);
  });

  test('NW-1: reading pages changes nothing', async () => {
    const before = await countOf(rollcall, 'audit_entries');
    for (const path of await pathsOf('GET')) {
      const { status } = await chief.get(path);
      expect([path, status < 500]).toEqual([path, true]);
    }
    const changes = `audit_entries WHERE action NOT LIKE '%exported' AND action NOT LIKE '%downloaded'`;
    const later = (await countOf(rollcall, changes)) - before;
    expect(later).toBeLessThanOrEqual(0);
  });
});

describe('of methods', () => {
  test.each(['TRACE', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', 'FETCH', 'get'])(
    'NW-8: %s is answered 405',
    async (method) => {
      const answer = await raw(
        rollcall,
        request(`${method} /sign-in`, ['Content-Length: 0', 'Cookie: secret=1']),
      );
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(answer.text).not.toContain('secret=1');
    },
  );

  test('NW-8: a path says which ones it takes', async () => {
    const download = await chief.get('/imports/1/success.csv');
    expect([download.status, download.headers.get('allow')]).toEqual([405, 'POST']);
    const page = await chief.post('/audit');
    expect([page.status, page.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await chief.post('/nothing')).status).toBe(404);
  });

  test('NW-8: a method cannot be talked into another one', async () => {
    const override = ['X-HTTP-Method-Override: DELETE', 'X-HTTP-Method: DELETE', 'X-Method-Override: DELETE'];
    const answer = await raw(rollcall, request('GET /sign-in?_method=DELETE', override));
    expect(answer.status).toBe(200);
  });
});

describe('slow and huge requests', () => {
  let idle: Promise<number>;

  // It waits beside the slow ones.
  beforeAll(() => {
    idle = secondsIdle();
  });

  test('NW-7, R-11: headers that dribble in are cut off within 20 seconds, and everybody else is served meanwhile', async () => {
    const slow = await Promise.all(Array.from({ length: 200 }, () => open(rollcall, stranger)));
    const begun = Date.now();
    const ends = slow.map(async (socket) => {
      let answer = '';
      socket.on('data', (bytes: Buffer) => (answer += bytes.toString('latin1'))).on('error', () => {});
      const dribble = setInterval(() => socket.write('x'), 5000);
      socket.write('GET /sign-in HTTP/1.1\r\nHost: rollcall.example\r\nX-Slow: ');
      await new Promise((resolve) => socket.once('close', resolve));
      clearInterval(dribble);
      return { answer, seconds: (Date.now() - begun) / 1000 };
    });
    const times: number[] = [];
    for (let round = 0; round < 100; round++) {
      const asked = Date.now();
      expect((await chief.get('/users')).status).toBe(200);
      times.push(Date.now() - asked);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(times.toSorted((a, b) => a - b)[94]).toBeLessThan(1500);
    for (const { answer, seconds } of await Promise.all(ends)) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(seconds).toBeGreaterThan(14);
      expect(seconds).toBeLessThan(40);
    }
    expect((await chief.get('/users')).status).toBe(200);
  });

  test('NW-7: headers of more than 16 KB are refused', async () => {
    const answer = await raw(rollcall, request('GET /sign-in', [`X-Huge: ${'x'.repeat(17_000)}`]));
    expect(answer.status).toBe(431);
    const many = Array.from({ length: 3000 }, (_, index) => `X-${index}: 1`);
    expect((await raw(rollcall, request('GET /sign-in', many))).status).toBe(431);
  });

  test('NW-7: a form of more than 1 MB is refused, also when its length is not said', async () => {
    const origin = ['Sec-Fetch-Site: same-origin', 'Content-Type: application/x-www-form-urlencoded'];
    const body = `name=${'x'.repeat(1_100_000)}`;
    const said = await raw(
      rollcall,
      request('POST /sign-in', [...origin, `Content-Length: ${body.length}`], body),
    );
    expect(said.status).toBe(413);
    const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const unsaid = await raw(
      rollcall,
      request('POST /sign-in', [...origin, 'Transfer-Encoding: chunked'], chunk),
    );
    expect(unsaid.status).toBe(413);
  });

  test('NW-7: an idle connection is closed after some seconds', async () => {
    expect(await idle).toBeLessThan(20);
  });

  test('NW-7: whoever does not read a download keeps nobody waiting', async () => {
    expect((await chief.post('/imports', filePart())).status).toBe(303);
    const cookie = `Cookie: rollcall=${chief.cookie('rollcall')}`;
    const lazy = await Promise.all(Array.from({ length: 20 }, () => open(rollcall, stranger)));
    for (const socket of lazy) {
      socket.pause();
      socket.write(request('GET /users', [cookie]).repeat(5));
    }
    const asked = Date.now();
    expect((await chief.get('/users')).status).toBe(200);
    expect(Date.now() - asked).toBeLessThan(10_000);
    for (const socket of lazy) socket.destroy();
  });
});

/** Seconds until a connection is closed that asks for one page and then says nothing more. */
async function secondsIdle(): Promise<number> {
  const socket = await open(rollcall);
  const begun = Date.now();
  socket.write(request('GET /healthz'));
  socket.resume();
  await new Promise((resolve) => socket.once('close', resolve));
  return (Date.now() - begun) / 1000;
}

function form(path: string, headers: string[]): string {
  const body = 'name=nobody-at-all&password=nothing';
  const type = 'Content-Type: application/x-www-form-urlencoded';
  return request(`POST ${path}`, [type, `Content-Length: ${body.length}`, ...headers], body);
}

function filePart(): FormData {
  const data = new FormData();
  data.append('file', new Blob([fileOf(3, 'lazy')]), 'lazy.csv');
  return data;
}
