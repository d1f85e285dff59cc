// What monitoring reads: /healthz, /readyz and /metrics (PRODUCT.md section 10).
import { raw, request } from '../support/raw.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { Visitor } from '../support/visitor.js';

const token = '6f1ed002ab5595859014ebf0951522d9';
let rollcall: Rollcall;
let monitor: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall({ env: { METRICS_TOKEN: token } });
  monitor = new Visitor(rollcall.address);
});

test('health and readiness are told to everybody', async () => {
  for (const path of ['/healthz', '/readyz']) {
    const { status, text } = await monitor.get(path);
    expect([path, status, text]).toEqual([path, 200, 'ok\n']);
  }
});

test('figures count answers by route, method and status, and name nobody', async () => {
  await monitor.get('/users/17?q=anna');
  await monitor.get('/nothing/of/anna');
  const { status, headers, text } = await monitor.get('/metrics');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toMatch(/^text\/plain; /);
  expect(text).toContain('process_resident_memory_bytes');
  expect(text).toContain(
    'http_request_duration_seconds_count{method="GET",route="/users/:id",status="303"} 1',
  );
  expect(text).toContain('http_request_duration_seconds_count{method="GET",route="none",status="404"} 1');
  expect(text).not.toContain('anna');
});

test('NW-8: figures are for this machine, or for whoever has the token', async () => {
  const from = async (...headers: string[]) => (await raw(rollcall, request('GET /metrics', headers))).status;
  const forwarded = 'X-Forwarded-For: 198.51.100.7';
  expect(await from()).toBe(200);
  expect(await from(forwarded)).toBe(404);
  expect(await from('X-Real-IP: 198.51.100.7')).toBe(404);
  expect(await from(forwarded, `Authorization: Bearer ${token}x`)).toBe(404);
  expect(await from(forwarded, `Authorization: Basic ${token}`)).toBe(404);
  expect(await from(forwarded, `Authorization: Bearer ${token}`)).toBe(200);
});
