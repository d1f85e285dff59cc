import { Global, Module } from '@nestjs/common';
import { Handouts } from './handouts.js';

@Global()
@Module({ providers: [Handouts], exports: [Handouts] })
export class HandoutModule {}
