import { Module, ValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import * as transformerPackage from 'class-transformer';
import * as validatorPackage from 'class-validator';
import { ErrorsFilter } from './errors.filter.js';
import { HealthController } from './health.controller.js';

@Module({
  controllers: [HealthController],
  providers: [
    { provide: APP_FILTER, useClass: ErrorsFilter },
    {
      provide: APP_PIPE,
      useValue: new ValidationPipe({
        // A field that a form does not have is refused, never passed on (SECURITY.md AZ-7).
        whitelist: true,
        forbidNonWhitelisted: true,
        transform: true,
        // Named here, because a bundle has no packages that Nest could look for.
        transformerPackage,
        validatorPackage,
      }),
    },
  ],
})
export class WebModule {}
