// Bytes that no browser sends: every one gets an answer of the right kind, soon, and the server goes on (SECURITY.md NW-7,
// UP-3, AZ-7).
import { setUp } from '../support/people.js';
import { open, raw, request } from '../support/raw.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { allControllers, pathsOf } from '../support/routes.js';
import type { Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  await allControllers();
  rollcall = await startRollcall();
  chief = await setUp(rollcall);
});

afterEach(async () => {
  expect(rollcall.failures()).toEqual([]);
  expect((await chief.get('/healthz')).status).toBe(200);
});

const host = 'Host: rollcall.example';
const urlencoded = 'Content-Type: application/x-www-form-urlencoded';
const ours = 'Sec-Fetch-Site: same-origin';

const lines = (...all: string[]) => [...all, '', ''].join('\r\n');
const form = (body: string, ...headers: string[]) =>
  request('POST /sign-in', [urlencoded, ours, `Content-Length: ${body.length}`, ...headers], body);
const signedIn = () => `Cookie: rollcall=${chief.cookie('rollcall')}`;
const multipart = (body: string, type = 'multipart/form-data; boundary=b') =>
  request(
    'POST /imports',
    [`Content-Type: ${type}`, ours, signedIn(), `Content-Length: ${body.length}`],
    body,
  );

const cases: [string, number[], () => string][] = [
  ['no HTTP at all', [400, 405], () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
  ['HTTP/0.9', [200, 400], () => 'GET /sign-in\r\n\r\n'],
  ['HTTP/1.0 without a host', [200], () => lines('GET /sign-in HTTP/1.0')],
  ['HTTP/1.1 without a host', [400], () => lines('GET /sign-in HTTP/1.1')],
  ['HTTP/2.0', [200, 400], () => lines('GET /sign-in HTTP/2.0', host)],
  ['HTTP/9.9', [400], () => lines('GET /sign-in HTTP/9.9', host)],
  ['two hosts', [200, 400], () => lines('GET /sign-in HTTP/1.1', host, 'Host: evil.example')],
  ['a host of nonsense', [200, 400], () => lines('GET /sign-in HTTP/1.1', 'Host: a b/c?d#e')],
  ['an address with another host', [200], () => lines('GET http://evil.example/sign-in HTTP/1.1', host)],
  ['an address with a user', [200], () => lines('GET http://a:b@evil.example/sign-in HTTP/1.1', host)],
  [
    'an address of another scheme',
    [200, 400, 404],
    () => lines('GET ftp://evil.example/sign-in HTTP/1.1', host),
  ],
  ['an address of two slashes', [303, 400, 404], () => lines('GET //evil.example/users HTTP/1.1', host)],
  ['a star', [400, 404], () => lines('GET * HTTP/1.1', host)],
  ['a broken percent sign', [400], () => request('GET /users/%E0%A4%A')],
  ['a broken percent sign in the query', [200], () => request('GET /sign-in?next=%E0%A4%A&%=%')],
  ['a NUL', [400], () => request('GET /users/%00')],
  ['a backslash', [303, 400, 404], () => request('GET /users\\..\\..')],
  ['many dots', [303, 404], () => request('GET /../../../../etc/passwd')],
  ['a long path', [303, 404, 414], () => request(`GET /users/${'9'.repeat(8000)}`)],
  ['a deep query', [200, 303, 400], () => request(`GET /sign-in?${'a[b]'.repeat(1000)}=1`)],
  ['a thousand parameters', [200, 303, 400], () => request(`GET /sign-in?${'next=/users&'.repeat(1000)}`)],
  ['the next page as a list', [200], () => request('GET /sign-in?next[]=/a&next[x]=/b')],
  ['a name in parts', [400], () => form('name[]=a&password=b')],
  ['a name as an object', [400], () => form('name[x]=a&password=b')],
  ['a name twice', [400], () => form('name=a&name=b&password=c')],
  ['no name', [400], () => form('password=c')],
  ['a field called __proto__', [400, 422], () => form('__proto__=1&name=a&password=b')],
  ['a field called constructor', [400], () => form('constructor[prototype]=1&name=a&password=b')],
  ['another field', [400], () => form('name=a&password=b&admin=1')],
  ['six thousand fields', [400, 413], () => form('a=1&'.repeat(6000))],
  ['a form that is no form', [400], () => form('%%%%&&&&====')],
  ['a form of an unknown charset', [400, 415, 422], () => form('name=a&password=b', 'Content-Encoding: x')],
  [
    'JSON',
    [415],
    () => form('{"name":"a","password":"b"}').replace(urlencoded, 'Content-Type: application/json'),
  ],
  ['XML', [415], () => form('<!DOCTYPE a>').replace(urlencoded, 'Content-Type: text/xml')],
  ['a body without a type', [400, 415], () => form('name=a').replace(`${urlencoded}\r\n`, '')],
  ['two lengths', [400], () => form('name=a', 'Content-Length: 3')],
  ['a length and chunks', [400], () => form('0\r\n\r\n', 'Transfer-Encoding: chunked')],
  ['a negative length', [400], () => request('POST /sign-in', [urlencoded, ours, 'Content-Length: -1'])],
  [
    'a length beyond numbers',
    [400],
    () => request('POST /sign-in', [ours, `Content-Length: ${'9'.repeat(40)}`]),
  ],
  [
    'chunks of nonsense',
    [400],
    () => request('POST /sign-in', [urlencoded, ours, 'Transfer-Encoding: chunked'], 'zz\r\nabc\r\n'),
  ],
  [
    'an unknown transfer encoding',
    [400, 501],
    () => request('POST /sign-in', [urlencoded, ours, 'Transfer-Encoding: gzip, x'], 'abc'),
  ],
  ['a header folded over lines', [200, 400], () => lines('GET /sign-in HTTP/1.1', host, 'X-A: b', ' c')],
  ['a header with a blank before the colon', [400], () => lines('GET /sign-in HTTP/1.1', host, 'X-A : b')],
  ['a header without a name', [400], () => lines('GET /sign-in HTTP/1.1', host, ': b')],
  ['a header with a NUL', [400], () => lines('GET /sign-in HTTP/1.1', host, 'X-A: a\0b')],
  ['bare line feeds', [200, 400], () => `GET /sign-in HTTP/1.1\n${host}\n\n`],
  [
    'junk in the cookie',
    [303],
    () => request('GET /users', ['Cookie: ;;=;rollcall=;rollcall=s%3Aa.b;__proto__=1;%E0%A4%A=%E0']),
  ],
  [
    'a cookie with a foreign signature',
    [303],
    () => request('GET /users', ['Cookie: rollcall=s%3Aabcdefghijklmnopqrstuvwxyz123456.AAAA']),
  ],
  ['a cookie of 12 KB', [303], () => request('GET /users', [`Cookie: rollcall=${'s'.repeat(12_000)}`])],
  ['an unknown expectation', [417], () => form('name=a&password=b', 'Expect: the-unexpected')],
  [
    'an upgrade to another protocol',
    [200],
    () => request('GET /sign-in', ['Connection: Upgrade', 'Upgrade: websocket']),
  ],
  [
    'odd languages and kinds',
    [200, 400],
    () => request('GET /sign-in', ['Accept: ;;q=zz', 'Accept-Language: ,,;q=', 'Accept-Encoding: \x7f']),
  ],
  ['a range', [200], () => request('GET /sign-in', ['Range: bytes=0-0,-1,5-'])],
  [
    'htmx headers of nonsense',
    [200],
    () => request('GET /sign-in', ['HX-Request: true', 'HX-Target: <script>', 'HX-Current-URL: %%%']),
  ],
  ['an upload without a boundary', [400], () => multipart('--b--', 'multipart/form-data')],
  [
    'an upload with a huge boundary',
    [400],
    () => multipart('--b--', `multipart/form-data; boundary=${'b'.repeat(4000)}`),
  ],
  ['an upload that is empty', [400, 422], () => multipart('')],
  [
    'an upload without an end',
    [400],
    () => multipart('--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc'),
  ],
  ['an upload without headers', [400, 422], () => multipart('--b\r\n\r\nabc\r\n--b--')],
  [
    'an upload with broken headers',
    [400, 422],
    () => multipart('--b\r\nContent-Disposition: form-data; name=\r\nX\r\n\r\nabc\r\n--b--'),
  ],
  [
    'an upload of another field',
    [400, 422],
    () => multipart('--b\r\nContent-Disposition: form-data; name="evil"; filename="a"\r\n\r\nabc\r\n--b--'),
  ],
  [
    'an upload inside an upload',
    [400, 422],
    () => multipart('--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c--\r\n--b--'),
  ],
];

test.each(cases)('UP-3, NW-7: %s gets an answer of its kind at once', async (_what, statuses, bytes) => {
  const begun = Date.now();
  const answer = await raw(rollcall, bytes());
  expect(statuses).toContain(answer.status);
  expect(Date.now() - begun).toBeLessThan(10_000);
  expect(answer.text).not.toMatch(/node_modules|at \w+ \(/);
  const location = answer.headers.get('location');
  if (location !== undefined) expect(location).toMatch(/^\/(?![/\\])/);
});

test('requests in one go are answered in their order', async () => {
  const both =
    request('GET /healthz') + request('GET /nothing') + request('GET /readyz', ['Connection: close']);
  const { text } = await raw(rollcall, both, { untilClosed: true });
  expect([...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status)).toEqual([
    '200',
    '404',
    '200',
  ]);
});

test('AZ-7: no form takes fields of nonsense, in whatever shape they come', async () => {
  const bodies = [
    '__proto__=1',
    'constructor=1',
    'username[]=a&username[x]=b',
    'a=1&a=2',
    'id=1&isAdmin=on&passwordHash=x',
  ];
  // These end the own session, whatever else is sent along.
  const isTheEnd = (path: string) => path === '/sign-out' || path.includes('/sessions/');
  for (const path of (await pathsOf('POST')).filter((one) => !isTheEnd(one))) {
    for (const body of bodies) {
      const { status } = await chief.post(path, body, {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      });
      expect([path, body, status < 500]).toEqual([path, body, true]);
    }
    expect([path, (await chief.get('/account')).status]).toEqual([path, 200]);
  }
});

test('NW-7: connections that break off in the middle leave nothing behind', async () => {
  for (const part of [
    'GET /us',
    'POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab',
    multipart('x'.repeat(5000)).slice(0, 900),
  ]) {
    const sockets = await Promise.all(Array.from({ length: 30 }, () => open(rollcall)));
    for (const socket of sockets) socket.write(part, () => socket.resetAndDestroy());
  }
  expect((await chief.get('/account')).status).toBe(200);
});
