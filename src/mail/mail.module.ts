import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MailController } from './mail.controller.js';
import { Mail } from './mail.entity.js';
import { MailStates } from './mail-state.js';
import { MailSender } from './sender.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([Mail])],
  controllers: [MailController],
  providers: [MailSender, MailStates],
  exports: [MailSender, MailStates],
})
export class MailModule {}
