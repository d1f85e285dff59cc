import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database, type Reader } from '../database/database.js';
import { Setting } from './setting.entity.js';
import { freshTenant, type TenantSettings } from './tenant-settings.js';

@Injectable()
export class SettingsService {
  constructor(private readonly database: Database) {}

  /** All settings as they are now; what was never set is as on a fresh tenant. */
  async current(manager: Reader | EntityManager = this.database.read): Promise<TenantSettings> {
    const rows = await manager.createQueryBuilder(Setting, 'setting').getMany();
    const stored = Object.fromEntries(rows.map((row) => [row.name, JSON.parse(row.value) as unknown]));
    return { ...freshTenant, ...stored };
  }
}
