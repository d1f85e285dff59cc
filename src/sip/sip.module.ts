import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CallerId } from './caller-id.entity.js';
import { PbxDomain } from './pbx-domain.entity.js';

@Module({ imports: [TypeOrmModule.forFeature([PbxDomain, CallerId])] })
export class SipModule {}
