import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SessionsModule } from '../sessions/sessions.module.js';
import { AddUser } from './add-user.js';
import { Authenticator, RecoveryCode } from './authenticator.entity.js';
import { EditUser } from './edit-user.js';
import { ImportSummaries } from './import-summary.js';
import { MailLink } from './mail-link.entity.js';
import { UserExport } from './user-export.js';
import { UserFacts } from './user-facts.js';
import { UserController } from './user.controller.js';
import { UserLife } from './user-life.js';
import { UserLifeController } from './user-life.controller.js';
import { UserPages } from './user-pages.js';
import { UserSessionsController } from './user-sessions.controller.js';
import { LiveSessions } from './live-sessions.js';
import { LiveSessionsController } from './live-sessions.controller.js';
import { MassActions } from './mass-actions.service.js';
import { MassActionsController } from './mass-actions.controller.js';
import { MassActionRun, MassActionUser } from './mass-actions.entity.js';
import { MassActionRunner } from './mass-actions-runner.js';
import { MassActionSecrets } from './mass-actions-secrets.js';
import { NewPasswordsController } from './new-passwords.controller.js';
import { SearchIndex } from './user-search.js';
import { UserTable } from './user-table.js';
import { User, UserGroup, UserRole } from './user.entity.js';
import { UsersController } from './users.controller.js';
import { UsersPage } from './users-page.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      User,
      UserRole,
      UserGroup,
      Authenticator,
      RecoveryCode,
      MailLink,
      MassActionRun,
      MassActionUser,
    ]),
    SessionsModule,
  ],
  controllers: [
    UsersController,
    MassActionsController,
    NewPasswordsController,
    UserController,
    UserLifeController,
    UserSessionsController,
    LiveSessionsController,
  ],
  providers: [
    UsersService,
    UserTable,
    UserFacts,
    AddUser,
    EditUser,
    UserLife,
    LiveSessions,
    UserPages,
    UsersPage,
    UserExport,
    ImportSummaries,
    SearchIndex,
    MassActions,
    MassActionRunner,
    MassActionSecrets,
  ],
  exports: [UsersService, UserTable, ImportSummaries, MassActions],
})
export class UsersModule {}
