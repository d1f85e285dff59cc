// Bodies that dribble in are cut off; a large file over a slow line may take its time (SECURITY.md NW-7). Node's own
// requestTimeout knows one time for a form and for a hundred megabytes.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Milliseconds. A form, 1 MB at the most, arrives within one of them. */
const window = 60_000;
/** Bytes that each window has to bring: about 17 kB a second. */
const leastBytes = 1_000_000;
/** Milliseconds in which the answer is taken, before the connection goes. */
const farewell = 5_000;

/**
 * Looks at every body once a minute until it is whole.
 * @param refuse answers who brought less than a megabyte in that minute
 */
export function cutSlowBodies(server: Server, refuse: (socket: Socket) => void): void {
  server.on('request', (request) => {
    const { headers, socket } = request;
    if (!headers['transfer-encoding'] && !Number(headers['content-length'])) return;
    let before = socket.bytesRead;
    const look = () => {
      if (request.complete || socket.destroyed) return;
      const brought = socket.bytesRead - before;
      before = socket.bytesRead;
      if (brought >= leastBytes) {
        timer = setTimeout(look, window).unref();
        return;
      }
      refuse(socket);
      setTimeout(() => socket.destroy(), farewell).unref();
    };
    let timer = setTimeout(look, window).unref();
    request.once('close', () => clearTimeout(timer));
  });
}
