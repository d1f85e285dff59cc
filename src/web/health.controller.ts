import { Controller, Get, NotFoundException, Req, Res, ServiceUnavailableException } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';
import { Database } from '../database/database.js';
import { Allow } from './allow.js';
import { environment } from './environment.js';
import { figures } from './metrics.js';
import { isInside, loopback } from './networks.js';

@Controller()
export class HealthController {
  constructor(private readonly database: Database) {}

  /** The process is alive. */
  @Get('healthz')
  @Allow('monitor')
  alive() {
    return 'ok\n';
  }

  /** The database answers too. */
  @Get('readyz')
  @Allow('monitor')
  async ready() {
    await this.database.read.query('SELECT 1').catch(() => {
      throw new ServiceUnavailableException('The database does not answer.');
    });
    return 'ok\n';
  }

  /** Figures for Prometheus; for everybody else there is no such page. */
  @Get('metrics')
  @Allow('monitor')
  async metrics(@Req() request: Request, @Res() response: Response) {
    if (!comesFromHere(request) && !hasToken(request)) throw new NotFoundException();
    const { type, text } = await figures();
    response.type(type).send(text);
  }
}

// A proxy on this machine brings the whole world here.
function comesFromHere(request: Request): boolean {
  const forwarded = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'].some((name) => request.get(name));
  return !forwarded && isInside(loopback, request.socket.remoteAddress ?? '');
}

function hasToken(request: Request): boolean {
  const { metricsToken } = environment();
  const [, given] = /^Bearer (.+)$/.exec(request.get('authorization') ?? '') ?? [];
  if (!metricsToken || !given) return false;
  const [one, other] = [metricsToken, given].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(one, other);
}
