// Rows of files hold names and addresses of people: some days after the end of an import they are deleted, and so are
// uploads that nobody went on with. The counts stay, and so does what each user says of the import.
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { IsNull, LessThan } from 'typeorm';
import { record, theSystem } from '../audit/record.js';
import { Database } from '../database/database.js';
import { SettingsService } from '../settings/settings.service.js';
import { day, hour, now } from '../web/clock.js';
import { Import, aboutImport } from './import.entity.js';
import { discardDraft, removeRows } from './remove-import.js';

const importsAtOnce = 100;

@Injectable()
export class ImportRetention implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('ImportRetention');
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.clean(), hour);
    void this.clean();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async clean(): Promise<void> {
    try {
      const { importRetentionDays } = await this.settings.current();
      const before = now() - importRetentionDays * day;
      await this.deleteRows(before);
      await this.discardDrafts(before);
    } catch (error) {
      this.logger.warn(error);
    }
  }

  private async deleteRows(before: number): Promise<void> {
    const ended = await this.database.read.find(Import, {
      where: { finishedAt: LessThan(before), rowsDeletedAt: IsNull() },
      order: { id: 'ASC' },
      take: importsAtOnce,
    });
    for (const one of ended) {
      await removeRows(this.database, one.id);
      await this.database.write(async (manager) => {
        const { affected } = await manager.update(
          Import,
          { id: one.id, rowsDeletedAt: IsNull() },
          { rowsDeletedAt: now() },
        );
        if (affected !== 1) return;
        const details = { rows: one.rowCount };
        await record(manager, theSystem, {
          action: 'import.rows_deleted',
          subject: aboutImport(one),
          details,
        });
      });
    }
  }

  private async discardDrafts(before: number): Promise<void> {
    const left = await this.database.read.find(Import, {
      where: { state: 'draft', createdAt: LessThan(before) },
      order: { id: 'ASC' },
      take: importsAtOnce,
    });
    for (const draft of left) await discardDraft(this.database, draft, theSystem);
  }
}
