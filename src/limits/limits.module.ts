import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Limit } from './limit.entity.js';
import { LimitsService } from './limits.service.js';
import { Tries } from './tries.entity.js';
import { TriesService } from './tries.service.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([Limit, Tries])],
  providers: [LimitsService, TriesService],
  exports: [LimitsService, TriesService],
})
export class LimitsModule {}
