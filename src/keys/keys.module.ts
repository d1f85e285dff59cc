import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { KeyChecker } from './key-check.js';
import { KeyCheck } from './key-check.entity.js';
import { Resealer } from './resealer.js';

@Module({ imports: [TypeOrmModule.forFeature([KeyCheck])], providers: [KeyChecker, Resealer] })
export class KeysModule {}
