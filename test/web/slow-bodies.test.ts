import { createServer, request, type ClientRequest, type Server } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as passing } from 'node:timers/promises';
import { limitRequests } from '../../src/web/whole-requests.js';

jest.setTimeout(30_000);

let server: Server;
let arrived = 0;
let said = 'whole';
let work = () => Promise.resolve();

beforeEach(async () => {
  // Minutes pass when a test says so; the network keeps its own time.
  jest.useFakeTimers({
    doNotFake: ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'setInterval'],
  });
  arrived = 0;
  server = createServer((asked, answer) => {
    asked.on('data', (bytes: Buffer) => (arrived += bytes.length)).on('error', () => {});
    asked.on('end', () => void work().then(() => answer.end(said)));
  });
  limitRequests(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterEach(() => {
  jest.useRealTimers();
  server.closeAllConnections();
  server.close();
});

test('NW-7: a large file over a slow line is taken as long as each minute brings a megabyte', async () => {
  const upload = begin();
  for (let minutes = 1; minutes <= 5; minutes++) {
    await send(upload, 1_200_000);
    jest.advanceTimersByTime(60_000);
  }
  expect(await statusOf(upload.end())).toBe(200);
  expect(arrived).toBe(6_000_000);
});

test('NW-7: a body that dribbles in is cut off after a minute, also in the middle of a large file', async () => {
  const form = begin();
  await send(form, 60_000);
  jest.advanceTimersByTime(60_000);
  expect(await statusOf(form)).toBe(408);
  const file = begin();
  await send(file, 2_000_000);
  jest.advanceTimersByTime(60_000);
  await send(file, 60_000);
  jest.advanceTimersByTime(60_000);
  expect(await statusOf(file)).toBe(408);
});

test('NW-7: whoever waits for an answer is not cut off, whoever does not take it is', async () => {
  server.timeout = 100;
  work = () => passing(500);
  expect(await statusOf(begin().end())).toBe(200);
  said = 'x'.repeat(50_000_000);
  const { port } = server.address() as AddressInfo;
  const deaf = connect(port, '127.0.0.1').pause();
  deaf.write('POST / HTTP/1.1\r\nHost: rollcall.example\r\nContent-Length: 0\r\n\r\n');
  const [accepted] = (await once(server, 'connection')) as [Socket];
  await once(accepted, 'close');
  deaf.destroy();
});

function begin(): ClientRequest {
  const { port } = server.address() as AddressInfo;
  const asked = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    headers: { 'Transfer-Encoding': 'chunked' },
  });
  asked.flushHeaders();
  return asked;
}

/** Waits until the server has read them. */
async function send(asked: ClientRequest, bytes: number): Promise<void> {
  const whole = arrived + bytes;
  asked.write(Buffer.alloc(bytes));
  await until(() => arrived >= whole);
}

async function statusOf(asked: ClientRequest): Promise<number | undefined> {
  asked.on('error', () => {});
  const [answer] = (await once(asked, 'response')) as [{ statusCode?: number; resume(): void }];
  answer.resume();
  return answer.statusCode;
}

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !isSo(); await new Promise(setImmediate))
    if (Date.now() > end) throw new Error(`only ${arrived} bytes arrived`);
}
