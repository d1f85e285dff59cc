// Every exception ends here as a readable page; nothing of its inside leaves the log (SECURITY.md NW-8).
import {
  Catch,
  HttpException,
  Logger,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { isUnavailable } from '../database/database.js';
import { askedLanguage, readerOf, told } from './answers.js';
import { now } from './clock.js';
import { GoTo, goTo } from './go-to.js';
import { methodsOf } from './methods.js';
import { ProofNeeded } from './proof.js';
import { SignedOut } from './signed-out.js';
import { TooMany } from './too-many.js';

const pages: Record<number, { heading: string; message: string }> = {
  400: { heading: 'That request makes no sense here', message: 'Go back, reload the page and try again.' },
  403: {
    heading: 'You may not do this',
    message: 'Ask an administrator if you need it. Nothing was changed.',
  },
  404: {
    heading: 'There is no such page',
    message: 'It may have been deleted, or the address is not quite right.',
  },
  405: {
    heading: 'This address takes another kind of request',
    message: 'Go back and use the buttons of the page.',
  },
  409: {
    heading: 'Somebody else changed this',
    message: 'Go back, reload the page to see the present state, and try again.',
  },
  410: { heading: 'This is no longer there', message: 'It was shown for a limited time only.' },
  413: { heading: 'That is too much at once', message: 'Send a smaller file or less text.' },
  422: { heading: 'Something has to be corrected', message: 'Go back and look at the form.' },
  429: { heading: 'Too many tries', message: 'Wait a minute and try again.' },
  500: {
    heading: 'Something went wrong on our side',
    message: 'Nothing was lost. Try again; if it stays, tell your operator the number below.',
  },
  503: { heading: 'Rollcall cannot work just now', message: 'Try again in a moment.' },
};

@Catch()
export class ErrorsFilter implements ExceptionFilter {
  private readonly logger = new Logger('Errors');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    response.locals.language ??= askedLanguage(request);
    if (error instanceof GoTo) return goTo(error.path, request, response);
    if (error instanceof ProofNeeded) return askForProof(error, response);
    if (error instanceof SignedOut) return keepForm(error, response);
    if (statusOf(error) >= 500) this.logger.error(error, `request ${request.requestId}`);
    if (response.headersSent) return void (response.writableEnded || response.destroy());
    // A path that takes other methods exists.
    const methods = isNoRoute(error) ? methodsOf(request) : [];
    if (methods.length > 0) response.set('Allow', methods.join(', '));
    const status = methods.length > 0 ? 405 : statusOf(error);
    if (status === 503) response.set('Retry-After', '5');
    if (error instanceof TooMany) response.set('Retry-After', String(secondsUntil(error.freeAt)));
    const page = pages[status] ?? pages[status >= 500 ? 500 : 400];
    // A sentence of our own says more than the general one.
    const message =
      status < 500 && error instanceof HttpException && isOurs(error) ? error.message : page.message;
    const values = error instanceof TooMany ? error.values : {};
    if (request.accepts(['html', 'json']) === 'json') {
      const said = readerOf(response)(message, values);
      response.status(status).json({ status, error: said, request: request.requestId });
      return;
    }
    response.status(status).render('shared/error', {
      layout: request.signedIn ? undefined : 'bare',
      title: page.heading,
      status,
      heading: page.heading,
      message,
      values,
      ...(request.signedIn && status !== 403 && wayBack(request.path)),
      requestId: request.requestId,
    });
  }
}

// From a page of one thing back to the list that leads to it; whoever is not permitted a page may not see its list either.
function wayBack(path: string) {
  const [, list] =
    /^(\/(?:users|desks|roles|skill-groups|queues|pbx-domains|caller-ids|imports|mass-actions|audit))\/./.exec(
      path,
    ) ?? [];
  return list && { backHref: list, backLabel: 'Back to the List' };
}

function secondsUntil(moment: number): number {
  return Math.max(1, Math.ceil((moment - now()) / 1000));
}

// The same address answers again, with the proof and everything that was sent to it before.
function askForProof({ action, fields, code, wrong, back }: ProofNeeded, response: Response): void {
  const problems = wrong
    ? [{ field: 'proofPassword', value: '', code: 'invalid' as const, text: wrong }]
    : [];
  response.status(403).render('shared/proof', {
    title: 'Is It You?',
    action,
    fields,
    code,
    back,
    ...told(problems, readerOf(response)),
  });
}

function keepForm({ action, fields }: SignedOut, response: Response): void {
  response.status(401).render('shared/signed-out', {
    layout: 'bare',
    title: 'You Are Signed Out',
    action,
    fields,
  });
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (isUnavailable(error)) return 503;
  const status = (error as { status?: unknown })?.status;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

// Nest fills in its own words where none were given ("Not Found", "Cannot GET /x"), and lists for refused bodies.
function isOurs(error: HttpException): boolean {
  return /[.!]$/.test(error.message) && !error.message.startsWith('Cannot ');
}

function isNoRoute(error: unknown): boolean {
  return error instanceof NotFoundException && /^Cannot [A-Z]+ /.test(error.message);
}
