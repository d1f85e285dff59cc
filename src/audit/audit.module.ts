import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditChain } from './audit-chain.entity.js';
import { AuditController } from './audit.controller.js';
import { AuditEntry } from './audit-entry.entity.js';
import { AuditLog } from './audit-log.js';
import type { Catalogues } from './details.js';
import { CATALOGUES, EntryWords } from './entry-words.js';
import { AuditRetention } from './retention.js';
import { AuditSealer } from './sealer.js';

@Module({})
export class AuditModule {
  /** The log and its page, which takes the words for details from these catalogues of the rooms above. */
  static inTheWordsOf(catalogues: Catalogues): DynamicModule {
    return {
      module: AuditModule,
      imports: [TypeOrmModule.forFeature([AuditEntry, AuditChain])],
      controllers: [AuditController],
      providers: [
        { provide: CATALOGUES, useValue: catalogues },
        AuditLog,
        EntryWords,
        AuditSealer,
        AuditRetention,
      ],
    };
  }
}
