// So many uploads per person and hour, counted before a body is read: each one costs reading and a place in the database
// (SECURITY.md UP-7).
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import { Database } from '../database/database.js';
import { LimitsService } from '../limits/limits.service.js';
import { hour } from '../web/clock.js';
import { environment } from '../web/environment.js';
import { TooMany } from '../web/too-many.js';

@Injectable()
export class UploadQuota implements NestInterceptor {
  constructor(
    private readonly database: Database,
    private readonly limits: LimitsService,
  ) {}

  /** Throws TooMany when this person has uploaded as much as is allowed in an hour. */
  async intercept(context: ExecutionContext, next: CallHandler) {
    const { id } = context.switchToHttp().getRequest<Request>().signedIn!;
    const most = environment().uploadsPerHour;
    const freeAt = await this.database.write((manager) =>
      this.limits.take(manager, `uploads of user ${id}`, { most, length: hour }),
    );
    if (freeAt !== undefined)
      throw new TooMany(
        freeAt,
        'You have uploaded {{most}} files within an hour, and that is the limit. Rows can be corrected on the review page without another upload; else come back in an hour.',
        { most },
      );
    return next.handle();
  }
}
