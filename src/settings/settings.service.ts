import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { record, type Actor } from '../audit/record.js';
import { Database, type Reader } from '../database/database.js';
import { now } from '../web/clock.js';
import type { Outcome } from '../web/outcome.js';
import type { Problem } from '../web/problem.js';
import { mayEnter } from './address-list.js';
import { readSettings, settingFields } from './setting-fields.js';
import { Setting } from './setting.entity.js';
import { freshTenant, type TenantSettings } from './tenant-settings.js';

/** What is written alone while settings change, or while something goes that a setting may point to. */
export const settingsAlone = 'settings';

export interface CallerIdChoice {
  id: number;
  name: string;
  /** E.164. */
  number: string;
}
/** Whoever saves the settings, and must be able to come back. */
type Saver = Actor & { address: string; extendedAcl: boolean };

@Injectable()
export class SettingsService {
  constructor(private readonly database: Database) {}

  /** All settings as they are now; what was never set is as on a fresh tenant. */
  current(manager?: Reader | EntityManager): Promise<TenantSettings> {
    return manager ? this.stored(manager) : this.database.remember('settings', (read) => this.stored(read));
  }

  private async stored(manager: Reader | EntityManager): Promise<TenantSettings> {
    const rows = await manager.createQueryBuilder(Setting, 'setting').getMany();
    const stored = Object.fromEntries(rows.map((row) => [row.name, JSON.parse(row.value) as unknown]));
    return { ...freshTenant, ...stored };
  }

  /** What the tenant has that a setting can point to, by name; the room of these things lies above: their table is asked by its name. */
  async callerIds(manager: Reader | EntityManager = this.database.read): Promise<CallerIdChoice[]> {
    return manager
      .createQueryBuilder()
      .select('caller.id', 'id')
      .addSelect('caller.name', 'name')
      .addSelect('caller.number', 'number')
      .from('caller_ids', 'caller')
      .orderBy('caller.name_key')
      .getRawMany();
  }

  /** Which state of the settings this is: the time of the last change, 0 on a fresh tenant. */
  async version(manager: Reader | EntityManager = this.database.read): Promise<number> {
    const { last } = (await manager
      .createQueryBuilder(Setting, 'setting')
      .select('MAX(setting.updatedAt)', 'last')
      .getRawOne()) as {
      last: number | null;
    };
    return last ?? 0;
  }

  /** Saves what the page sent, unless something is wrong with it or somebody else saved since it was opened. */
  async save(
    texts: Partial<Record<keyof TenantSettings, string>>,
    version: number,
    actor: Saver,
  ): Promise<Outcome<TenantSettings>> {
    const { settings, problems } = readSettings(texts);
    const wrong = problems.length > 0 ? problems : lockedOut(settings, actor);
    if (wrong.length > 0) return wrong;
    return this.database.write(
      async (manager) => {
        const before = await this.current(manager);
        const last = await this.version(manager);
        if (last !== version) return { newer: before };
        const changed = settingFields
          .map(({ name }) => name)
          .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(settings[name]));
        if (changed.length === 0) return { made: settings };
        if (changed.includes('callerId') && !(await this.hasCallerId(manager, settings.callerId)))
          return [goneCallerId(settings.callerId!)];
        // Never the same as before, also when two people save within one millisecond.
        const updatedAt = Math.max(now(), last + 1);
        await manager.upsert(
          Setting,
          changed.map((name) => ({ name, value: JSON.stringify(settings[name]), updatedAt })),
          ['name'],
        );
        const details = Object.fromEntries(
          changed.map((name) => [name, { old: before[name], new: settings[name] }]),
        );
        await record(manager, actor, { action: 'settings.changed', details });
        return { made: settings };
      },
      { alone: settingsAlone },
    );
  }

  private async hasCallerId(manager: EntityManager, id: number | null): Promise<boolean> {
    return id === null || (await this.callerIds(manager)).some((callerId) => callerId.id === id);
  }
}

function goneCallerId(id: number): Problem {
  return { field: 'callerId', value: String(id), code: 'unknown', text: 'Choose one of the list.' };
}

// Nobody shuts the door behind which they stand (PRODUCT.md section 6).
function lockedOut(settings: TenantSettings, { address, extendedAcl }: Saver): Problem[] {
  if (mayEnter(settings, address, extendedAcl)) return [];
  const text = 'This would lock you out: add a line with your own address, {{address}}.';
  return [{ field: 'baseAddresses', value: '', code: 'invalid', text, values: { address } }];
}
