// What every answer carries, and what none gives away (SECURITY.md NW-2 to NW-4, NW-8, NW-9).
import { change } from '../support/peek.js';
import { administrator, password, setUp } from '../support/people.js';
import { raw, request } from '../support/raw.js';
import { type Rollcall, refusedStart, startRollcall } from '../support/rollcall.js';
import { type Answer, Visitor } from '../support/visitor.js';

const policy = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'form-action': "'self'",
  'base-uri': "'none'",
  'object-src': "'none'",
  'frame-ancestors': "'none'",
};

let rollcall: Rollcall;
let chief: Visitor;
let stranger: Visitor;
let asset: string;

beforeAll(async () => {
  rollcall = await startRollcall();
  chief = await setUp(rollcall);
  stranger = new Visitor(rollcall.address);
  await chief.open('/users');
  asset = chief.page.root.querySelector('link[rel=stylesheet]')!.getAttribute('href')!;
});

const kinds: [string, number, () => Promise<Answer>][] = [
  ['a page', 200, () => chief.get('/users')],
  ['a form', 200, () => chief.get('/users/new')],
  ['a fragment', 200, () => chief.get('/users', { headers: { 'HX-Request': 'true' } })],
  ['a download', 200, () => chief.get('/imports/template.csv')],
  ['the sign-in page', 200, () => stranger.get('/sign-in')],
  ['a style sheet', 200, () => stranger.get(asset)],
  ['the health page', 200, () => stranger.get('/healthz')],
  ['the readiness page', 200, () => stranger.get('/readyz')],
  ['a redirect to the sign-in page', 303, () => stranger.get('/users')],
  ['a redirect after a form', 303, () => chief.post('/desks', { name: 'Headers' })],
  ['a refused form', 422, () => chief.post('/desks', { name: '' })],
  ['a refused sign-in', 422, () => stranger.post('/sign-in', { name: 'x', password: 'y' })],
  ['an odd form', 400, () => chief.post('/settings', { odd: '1' })],
  ['an odd address', 400, () => stranger.get('/users/%E0%A4%A')],
  [
    'another site’s form',
    403,
    () => chief.post('/desks', {}, { headers: { 'Sec-Fetch-Site': 'cross-site' } }),
  ],
  ['an unknown page', 404, () => chief.get('/nothing')],
  ['an unknown page for a stranger', 404, () => stranger.get('/nothing')],
  ['an unknown asset', 404, () => stranger.get('/assets/app.000000000000.css')],
  ['an unknown user', 404, () => chief.get('/users/999999')],
  ['a wrong method', 405, () => chief.post('/audit')],
  ['a form that is too large', 413, () => chief.post('/desks', { name: 'x'.repeat(1_100_000) })],
  ['JSON', 415, () => chief.post('/desks', '{}', { headers: { 'Content-Type': 'application/json' } })],
];

test.each(kinds)('NW-2: the strict content security policy is on %s', async (_what, status, get) => {
  const answer = await get();
  expect(answer.status).toBe(status);
  const sent = answer.headers.get('content-security-policy')!.split(';');
  const directives = sent.map(
    (directive) => directive.trim().split(/ (.*)/s).slice(0, 2) as [string, string],
  );
  expect(Object.fromEntries(directives)).toEqual(policy);
});

test.each(kinds)('NW-3: the other security headers are on %s', async (_what, _status, get) => {
  const { headers } = await get();
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('same-origin');
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
  expect(headers.get('permissions-policy')).toContain('camera=(), ');
  expect(headers.get('permissions-policy')).toContain('microphone=()');
  for (const name of ['x-powered-by', 'server', 'access-control-allow-origin', 'strict-transport-security'])
    expect([name, headers.get(name)]).toEqual([name, null]);
});

test.each(kinds.filter(([what]) => what !== 'a style sheet'))(
  'NW-4: no cache keeps %s',
  async (_what, _status, get) => {
    const { headers } = await get();
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('vary')).toContain('HX-Request');
    expect(headers.get('etag')).toBeNull();
  },
);

test('NW-4: static files have a hash in their address, and are kept for a year', async () => {
  expect(asset).toMatch(/^\/assets\/[\w.-]+\.[0-9a-f]{12}\.css$/);
  const { headers } = await stranger.get(asset);
  expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(headers.get('vary')).toBe('Accept-Encoding');
  expect(headers.get('set-cookie')).toBeNull();
  for (const path of [asset.replace(/\.[0-9a-f]{12}/, ''), '/app.css', '/public/app.css', '/users/x.css'])
    expect([path, (await chief.get(path)).status]).toEqual([path, 404]);
});

test('NW-4: the answer that ends a session clears what the browser kept', async () => {
  const person = new Visitor(rollcall.address);
  await person.open('/sign-in');
  const form = person.form('Sign In').fill('Username or Email', administrator).fill('Password', password);
  await form.press('Sign In');
  const answer = await person.post('/sign-out');
  expect(answer.headers.get('clear-site-data')).toBe('"cache", "storage"');
});

test.each([
  '/.git/config',
  '/.git/HEAD',
  '/.env',
  '/.npmrc',
  '/package.json',
  '/package-lock.json',
  '/node_modules/express/package.json',
  '/src/main.ts',
  '/dist/server/main.js',
  '/dist/main.js.map',
  '/data/rollcall.sqlite',
  '/data/secret.key',
  '/app.js.map',
  '/assets/app.js.map',
  '/assets/../package.json',
  '/assets/%2e%2e/package.json',
  '/assets/..%2fpackage.json',
  '/assets/',
  '/docs',
  '/api',
  '/swagger',
  '/openapi.json',
  '/graphql',
  '/server-status',
  '/debug',
  '/trace.axd',
])('NW-8: there is nothing at %s', async (path) => {
  const answer = await raw(
    rollcall,
    request(`GET ${path}`, [`Cookie: rollcall=${chief.cookie('rollcall')}`]),
  );
  expect(answer.status).toBe(404);
  expect(answer.text).not.toMatch(/node_modules|at \w+ \(|\.ts:\d/);
});

test('NW-8: an error of ours shows a number that the log has, and nothing of its inside', async () => {
  const broken = await startRollcall();
  const owner = await setUp(broken);
  await broken.kill();
  await change(broken, 'ALTER TABLE caller_ids RENAME TO caller_ids_away');
  await broken.start();
  const { status, heading, root } = await owner.open('/caller-ids');
  expect([status, heading]).toEqual([500, 'Something went wrong on our side']);
  expect(root.querySelector('main')!.text).not.toMatch(/caller_ids|SQL|select|node_modules|\.js|stack/i);
  const number = root.querySelector('.error-request code')!.text;
  const told = broken
    .log()
    .split('\n')
    .filter((line) => line.includes(number));
  expect(told.some((line) => line.includes('caller_ids'))).toBe(true);
  const json = await owner.get('/caller-ids', { headers: { Accept: 'application/json' } });
  expect(JSON.parse(json.text)).toEqual({
    status: 500,
    error: expect.stringContaining('Try again') as string,
    request: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
  });
  await broken.stop();
});

describe('NW-9: plain http', () => {
  test('NW-9: beyond this machine needs an https address or leave', async () => {
    const wanted =
      'PUBLIC_URL wants an https:// address when Rollcall is reached from other machines (or set ALLOW_HTTP=1 to accept plain http)';
    expect(await refusedStart({ env: { HOST: '0.0.0.0' } })).toEqual([wanted]);
    expect(await refusedStart({ env: { PUBLIC_URL: 'http://rollcall.example.com' } })).toEqual([wanted]);
  });

  test('NW-9: with leave is said on every page', async () => {
    const open = await startRollcall({ env: { HOST: '0.0.0.0', ALLOW_HTTP: '1' } });
    const guest = new Visitor(open.address.replace('0.0.0.0', '127.0.0.1'));
    await guest.open('/sign-in');
    expect(guest.page.notices).toEqual([
      'This connection is not encrypted: others on the network can read what is sent.',
    ]);
    await open.stop();
  });

  test('NW-9: is refused where there is an https address, and the cookie is for https only', async () => {
    const secure = await startRollcall({
      env: { PUBLIC_URL: 'https://rollcall.example.com', TRUSTED_PROXIES: '127.0.0.9' },
    });
    const path = new URL(secure.setupLink!).pathname;
    const fields = new URLSearchParams({
      username: administrator,
      email: 'chief@example.com',
      password,
      repeatPassword: password,
    }).toString();
    const send = (from: string, ...headers: string[]) =>
      raw(
        secure,
        request(
          `POST ${path}`,
          [
            'Content-Type: application/x-www-form-urlencoded',
            `Content-Length: ${fields.length}`,
            'Origin: https://rollcall.example.com',
            ...headers,
          ],
          fields,
        ),
        { from },
      );
    const refusals = [
      await send('127.0.0.1'),
      await send('127.0.0.1', 'X-Forwarded-Proto: https'),
      await send('127.0.0.9'),
      await send('127.0.0.9', 'X-Forwarded-Proto: http'),
    ];
    for (const answer of refusals) {
      expect(answer.status).toBe(403);
      expect(answer.body).toContain('This connection is not encrypted, so nothing was done.');
      expect(answer.headers.get('set-cookie')).toBeUndefined();
    }
    const done = await send('127.0.0.9', 'X-Forwarded-Proto: https', 'X-Forwarded-For: 198.51.100.7');
    expect(done.status).toBe(303);
    const [cookie, ...marks] = done.headers.get('set-cookie')!.split('; ');
    expect(cookie).toMatch(/^__Host-rollcall=/);
    expect(marks.toSorted()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure']);
    expect(done.headers.get('strict-transport-security')).toBe('max-age=31536000');
    await secure.stop();
  });

  test('an https address without a named proxy is told in the log', async () => {
    const secure = await startRollcall({ env: { PUBLIC_URL: 'https://rollcall.example.com' } });
    expect(secure.log()).toContain('TRUSTED_PROXIES names no proxy');
    await secure.stop();
  });
});
