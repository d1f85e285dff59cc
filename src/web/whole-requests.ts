// What the HTTP server itself refuses: requests that are slow, huge or no HTTP at all (SECURITY.md NW-7, NW-8).
import { STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { cutSlowBodies } from './slow-bodies.js';

/** Limits of time, size and number. Node looks for slow requests as often as `connectionsCheckingInterval` says. */
export function limitRequests(server: Server): void {
  Object.assign(server, {
    headersTimeout: 15_000,
    // Of bodies see slow-bodies.ts.
    requestTimeout: 0,
    connectionsCheckingInterval: 5_000,
    keepAliveTimeout: 5_000,
    // Nothing sent and nothing taken for so long: somebody who does not read the answer.
    timeout: 120_000,
    maxHeaderSize: 16 * 1024,
    maxConnections: 1000,
  });
  // Unless it is we who take long, as over the rows of a large file.
  server.on('request', (_request, response) =>
    response.on('timeout', (socket: Socket) => socket.writableLength > 0 && socket.destroy()),
  );
  server.on('clientError', refuse);
  cutSlowBodies(server, (socket) => refuse({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket));
}

const statuses: Record<string, number> = {
  HPE_INVALID_METHOD: 405,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

// There is no request yet that a page could answer.
function refuse(error: Pick<NodeJS.ErrnoException, 'code'>, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = statuses[error.code ?? ''] ?? 400;
  const text = `${status} ${STATUS_CODES[status]}`;
  const headers = {
    ...(status === 405 && { Allow: 'GET, HEAD, POST' }),
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    'Content-Type': 'text/plain',
    'Content-Length': text.length + 1,
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${text}\r\n${lines.join('')}\r\n${text}\n`);
}
