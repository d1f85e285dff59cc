import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { HalfSession } from './half-session.entity.js';
import { HalfSessions } from './half-sessions.js';
import { Session } from './session.entity.js';
import { SessionsService } from './sessions.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Session, HalfSession])],
  providers: [SessionsService, HalfSessions],
  exports: [SessionsService, HalfSessions],
})
export class SessionsModule {}
