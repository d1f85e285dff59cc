import { Module } from '@nestjs/common';
import { AccessModule } from './access/access.module.js';
import { AuditModule } from './audit/audit.module.js';
import { DatabaseModule } from './database/database.module.js';
import { DemoModule } from './demo/demo.module.js';
import { GroupsModule } from './groups/groups.module.js';
import { HandoutModule } from './handout/handout.module.js';
import { ImportModule } from './import/import.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { KeysModule } from './keys/keys.module.js';
import { LimitsModule } from './limits/limits.module.js';
import { MailModule } from './mail/mail.module.js';
import { RolesModule } from './roles/roles.module.js';
import { SearchModule } from './search/search.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { settingFields } from './settings/setting-fields.js';
import { SettingsModule } from './settings/settings.module.js';
import { SipModule } from './sip/sip.module.js';
import { SoftphoneModule } from './softphone/softphone.module.js';
import { userFields } from './users/user-fields.js';
import { UsersModule } from './users/users.module.js';
import { WebModule } from './web/web.module.js';

@Module({
  imports: [
    DatabaseModule,
    WebModule,
    SettingsModule,
    AuditModule.inTheWordsOf({ user: userFields, settings: settingFields }),
    JobsModule,
    LimitsModule,
    MailModule,
    RolesModule,
    GroupsModule,
    SipModule,
    SessionsModule,
    HandoutModule,
    UsersModule,
    ImportModule,
    AccessModule,
    SoftphoneModule,
    SearchModule,
    DemoModule,
    KeysModule,
  ],
})
export class AppModule {}
