import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UsersModule } from '../users/users.module.js';
import { Import, ImportPiece, ImportPreset, ImportRow } from './import.entity.js';
import { ImportChecks } from './check-rows.js';
import { ImportCorrections } from './correct-row.js';
import { ImportCheck, ImportClaim, ImportFinding, ImportPart, ImportRival } from './import-check.entity.js';
import { ImportLife } from './import-life.js';
import { ImportLifeController } from './import-life.controller.js';
import { ImportsController } from './imports.controller.js';
import { ImportsService } from './imports.service.js';
import { ImportIntake } from './intake.js';
import { ImportPresets } from './presets.js';
import { PresetsController } from './presets.controller.js';
import { UnsettledImports } from './remove-import.js';
import { ReportsController } from './reports.controller.js';
import { ImportRetention } from './retention.js';
import { ImportResults } from './results.js';
import { ReviewController } from './review.controller.js';
import { Reviewer } from './review.js';
import { ImportRunner } from './run-imports.js';
import { ImportSecrets } from './secrets.js';
import { WizardController } from './wizard.controller.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      Import,
      ImportPiece,
      ImportPreset,
      ImportRow,
      ImportCheck,
      ImportFinding,
      ImportClaim,
      ImportRival,
      ImportPart,
    ]),
    UsersModule,
  ],
  controllers: [
    PresetsController,
    ImportsController,
    WizardController,
    ReviewController,
    ReportsController,
    ImportLifeController,
  ],
  providers: [
    ImportIntake,
    ImportChecks,
    ImportCorrections,
    UnsettledImports,
    ImportsService,
    ImportPresets,
    Reviewer,
    ImportRunner,
    ImportSecrets,
    ImportResults,
    ImportLife,
    ImportRetention,
  ],
})
export class ImportModule {}
