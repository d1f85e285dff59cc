// What every request goes through before a route sees it, in this order.
import { BadRequestException, UnsupportedMediaTypeException } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type NextFunction, type Request, type Response } from 'express';
import session from 'express-session';
import type { Logger } from 'pino';
import { Database } from './database/database.js';
import { derivedKey } from './database/sealed.js';
import { SessionStore } from './sessions/session-store.js';
import { SettingsService } from './settings/settings.service.js';
import { installAssets } from './web/assets.js';
import { environment } from './web/environment.js';
import { requestHeaders, securityHeaders } from './web/headers.js';
import { isInside } from './web/networks.js';
import { requestLog } from './web/log.js';
import { measure, watchProcess } from './web/metrics.js';
import { knownMethods } from './web/methods.js';
import { overHttps, sameOrigin } from './web/same-origin.js';
import { installViews } from './web/views.js';
import { limitRequests } from './web/whole-requests.js';

/** Headers, static files, origin check, session, small forms; uploads are read by their route, after the guard. */
export function installMiddleware(app: NestExpressApplication, log: Logger): void {
  const { trustedProxies } = environment();
  app.set('trust proxy', (address: string) => isInside(trustedProxies, address));
  app.disable('x-powered-by');
  // No page is kept by a cache: nobody asks whether it is still the same.
  app.disable('etag');
  limitRequests(app.getHttpServer());
  installViews(app);
  app.use(requestHeaders);
  app.use(securityHeaders());
  app.use(requestLog(log));
  app.use(knownMethods);
  installAssets(app);
  watchProcess();
  app.use(measure);
  app.use(overHttps);
  app.use(sameOrigin);
  app.use((_request: Request, _response: Response, next: NextFunction) =>
    app.get(Database).inOneMoment(next),
  );
  app.use(cookies(app));
  app.use(express.urlencoded({ extended: false, limit: '1mb', parameterLimit: 5000 }));
  app.use(formsOnly);
  app.use(withoutNul);
  app.use(localsForViews);
}

function cookies(app: NestExpressApplication) {
  const { secure, keys, trustedProxies } = environment();
  return session({
    name: secure ? '__Host-rollcall' : 'rollcall',
    secret: keys.map((key) => derivedKey('session cookies', key).toString('base64')),
    store: new SessionStore(app.get(Database), app.get(SettingsService)),
    resave: false,
    saveUninitialized: false,
    // Without a named proxy the one in front is believed that it speaks https: the cookie must be set all the same.
    proxy: (secure && trustedProxies.length === 0) || undefined,
    cookie: { httpOnly: true, sameSite: 'lax', secure, path: '/' },
  });
}

// A body that is no form (JSON, text) was read by nobody and is refused; without a body the form is empty.
function formsOnly(request: Request, _response: Response, next: NextFunction): void {
  if (request.is(['urlencoded', 'multipart']) === false)
    return next(new UnsupportedMediaTypeException('Send this as a form.'));
  request.body ??= {};
  next();
}

// PostgreSQL has no text with a NUL in it, and nobody types one.
function withoutNul(request: Request, _response: Response, next: NextFunction): void {
  const texts = Object.entries(request.body as Record<string, string | string[]>).flat(2);
  if (!request.url.includes('%00') && !texts.some((text) => text.includes('\0'))) return next();
  next(new BadRequestException('Remove the invisible character U+0000.'));
}

// A message that was kept for this page is shown once, when a page is rendered.
function localsForViews(request: Request, response: Response, next: NextFunction): void {
  const render = response.render.bind(response);
  response.render = (view: string, options?: object) => {
    const flash = request.session?.flash;
    if (flash) delete request.session.flash;
    response.locals.flash = flash;
    if (environment().plainHttpAllowed) response.locals.plainHttp = true;
    render(view, options ?? {});
  };
  next();
}
