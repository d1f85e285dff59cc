import { Module } from '@nestjs/common';
import { SipModule } from '../sip/sip.module.js';
import { SoftphoneController } from './softphone.controller.js';
import { SoftphoneService } from './softphone.service.js';

@Module({
  imports: [SipModule],
  controllers: [SoftphoneController],
  providers: [SoftphoneService],
})
export class SoftphoneModule {}
