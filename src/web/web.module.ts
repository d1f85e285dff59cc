import { Module, ValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { ErrorsFilter } from './errors.filter.js';
import { HealthController } from './health.controller.js';

@Module({
  controllers: [HealthController],
  providers: [
    { provide: APP_FILTER, useClass: ErrorsFilter },
    {
      provide: APP_PIPE,
      // A field that a form does not have is refused, never passed on (SECURITY.md AZ-7).
      useValue: new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }),
    },
  ],
})
export class WebModule {}
