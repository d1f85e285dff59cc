// What people tried that they may not do stands in the audit log (SECURITY.md LG-1; ASVS 16.3.2): by a route that is not theirs,
// or on something that is not. The same again within ten minutes is one entry, so that nobody fills the log.
import {
  ForbiddenException,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Request } from 'express';
import { catchError, from, mergeMap, throwError } from 'rxjs';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import { LimitsService } from '../limits/limits.service.js';
import type { SignedIn } from '../web/allow.js';
import { minute } from '../web/clock.js';

const once = { most: 1, length: 10 * minute };

@Injectable()
export class Refusals {
  constructor(
    private readonly database: Database,
    private readonly limits: LimitsService,
  ) {}

  /** Notes that this person's request was refused. */
  async note(person: SignedIn, { method, path }: Request): Promise<void> {
    const asked = `${method} ${path}`.slice(0, 200);
    await this.database.write(async (manager) => {
      if (await this.limits.take(manager, `refusal of user ${person.id}: ${asked}`, once)) return;
      await record(manager, person, { action: 'request_refused', details: { request: asked } });
    });
  }
}

/** Notes what a handler refuses; what the guard refuses never comes to one. */
@Injectable()
export class RefusalsOfHandlers implements NestInterceptor {
  constructor(private readonly refusals: Refusals) {}

  intercept(context: ExecutionContext, next: CallHandler) {
    const request = context.switchToHttp().getRequest<Request>();
    return next.handle().pipe(
      catchError((error: unknown) => {
        const refused = throwError(() => error);
        const { signedIn } = request;
        if (!(error instanceof ForbiddenException) || !signedIn) return refused;
        return from(this.refusals.note(signedIn, request)).pipe(mergeMap(() => refused));
      }),
    );
  }
}
