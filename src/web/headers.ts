// What every answer carries (SECURITY.md NW-2 to NW-4).
import { randomUUID } from 'node:crypto';
import helmet from 'helmet';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { environment } from './environment.js';
import { plainAddress } from './networks.js';

const self = ["'self'"];
const none = ["'none'"];
const noDevices = 'camera=(), display-capture=(), geolocation=(), payment=(), usb=()';

/** Content security policy and the other security headers. */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: policy(self),
    // With no-referrer Chromium sends `Origin: null` over http on a LAN address, and every POST would be refused.
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: environment().secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  });
}

/**
 * What the softphone's page may do beyond the others: talk to the SIP server, and use the microphone.
 * @param server address of the SIP server's WebSocket, wss://…
 */
export function allowPhone(request: Request, response: Response, server: string): void {
  helmet.contentSecurityPolicy(policy([...self, server]))(request, response, () => {});
  response.set('Permissions-Policy', `${noDevices}, microphone=(self)`);
}

function policy(connectSrc: string[]) {
  return {
    useDefaults: false,
    directives: {
      defaultSrc: none,
      scriptSrc: self,
      styleSrc: self,
      imgSrc: ["'self'", 'data:'],
      fontSrc: self,
      connectSrc,
      formAction: self,
      baseUri: none,
      objectSrc: none,
      frameAncestors: none,
    },
  };
}

/** A number for each request, for the log and the error page, and its address; pages are never kept by caches. */
export function requestHeaders(request: Request, response: Response, next: NextFunction): void {
  request.requestId = randomUUID();
  // In its one spelling. What a proxy forwards and is no address is nobody's: no address list has it.
  Object.defineProperty(request, 'ip', { value: plainAddress(request.ip ?? '') ?? '' });
  response.set({
    'X-Request-Id': request.requestId,
    'Cache-Control': 'no-store',
    'Permissions-Policy': `${noDevices}, microphone=()`,
  });
  response.vary('HX-Request');
  next();
}
