import { Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountController } from './account.controller.js';
import { AccountService } from './account.service.js';
import { AuthenticatorController, ProofController } from './authenticator.controller.js';
import { AuthenticatorService } from './authenticator.service.js';
import { CodeController } from './code.controller.js';
import { EmailController } from './email.controller.js';
import { EmailService } from './email.service.js';
import { ForgottenController } from './forgotten.controller.js';
import { ForgottenService } from './forgotten.service.js';
import { AccessGuard } from './guard.js';
import { PasswordCheck } from './password-check.js';
import { PasswordController } from './password.controller.js';
import { PasswordService } from './password.service.js';
import { Proofs } from './proofs.js';
import { Refusals, RefusalsOfHandlers } from './refusals.js';
import { SecondFactorService } from './second-factor.service.js';
import { RecoveryService } from './recovery.service.js';
import { SessionKeeper } from './session-keeper.js';
import { SetUpController } from './set-up.controller.js';
import { SetUpLink } from './set-up-link.entity.js';
import { SetUpService } from './set-up.service.js';
import { SignInController } from './sign-in.controller.js';
import { SignInService } from './sign-in.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([SetUpLink]), SessionsModule, UsersModule],
  controllers: [
    SignInController,
    CodeController,
    EmailController,
    ForgottenController,
    SetUpController,
    PasswordController,
    AuthenticatorController,
    ProofController,
    AccountController,
  ],
  providers: [
    AuthenticatorService,
    EmailService,
    ForgottenService,
    Proofs,
    Refusals,
    SecondFactorService,
    AccountService,
    SignInService,
    SetUpService,
    PasswordCheck,
    PasswordService,
    SessionKeeper,
    RecoveryService,
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_INTERCEPTOR, useClass: RefusalsOfHandlers },
  ],
  exports: [SetUpService],
})
export class AccessModule {}
