import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CallerId } from './caller-id.entity.js';
import { CallerIdsController } from './caller-ids.controller.js';
import { CallerIdsService } from './caller-ids.service.js';
import { KickSender } from './kick-sender.js';
import { PbxDomain } from './pbx-domain.entity.js';
import { PbxDomainsController } from './pbx-domains.controller.js';
import { PbxDomainsService } from './pbx-domains.service.js';
import { RealmCheck } from './realm-check.js';
import { SipCredential } from './sip-credential.entity.js';
import { SipKick } from './sip-kick.entity.js';
import { SipState } from './sip-state.js';
import { SoftphoneSession } from './softphone-session.entity.js';
import { Softphones } from './softphones.js';

@Module({
  imports: [TypeOrmModule.forFeature([PbxDomain, CallerId, SipCredential, SoftphoneSession, SipKick])],
  controllers: [PbxDomainsController, CallerIdsController],
  providers: [PbxDomainsService, CallerIdsService, Softphones, KickSender, RealmCheck, SipState],
  exports: [Softphones],
})
export class SipModule {}
