import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CallerId } from './caller-id.entity.js';
import { CallerIdsController } from './caller-ids.controller.js';
import { CallerIdsService } from './caller-ids.service.js';
import { PbxDomain } from './pbx-domain.entity.js';
import { PbxDomainsController } from './pbx-domains.controller.js';
import { PbxDomainsService } from './pbx-domains.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([PbxDomain, CallerId])],
  controllers: [PbxDomainsController, CallerIdsController],
  providers: [PbxDomainsService, CallerIdsService],
})
export class SipModule {}
