// What was chosen for a file is remembered for the next one with the same columns, for the whole tenant. Security settings and
// administrative roles are not: nobody gives them without choosing them.
import { createHash } from 'node:crypto';
import { Injectable, NotFoundException } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import { badCharacter, trim } from '../users/read-field.js';
import type { TenantDirectory } from '../users/tenant-directory.js';
import type { SignedIn } from '../web/allow.js';
import { now } from '../web/clock.js';
import type { Problem } from '../web/problem.js';
import { controlsOf, one, type Answers } from './answers.js';
import { normalizeHeader } from './header-words.js';
import { ImportPreset, type Import } from './import.entity.js';

@Injectable()
export class ImportPresets {
  constructor(private readonly database: Database) {}

  /** All of them with what they fill in, the latest first. */
  async list(tenant: TenantDirectory): Promise<ImportPreset[]> {
    const all = await this.database.read.find(ImportPreset, {
      order: { savedAt: 'DESC', id: 'DESC' },
      take: 100,
    });
    return all.map((preset) => withPlainRoles(preset, tenant));
  }

  /** What is remembered for these headers, without what this person should choose anew. */
  async find(headers: string[], tenant: TenantDirectory): Promise<ImportPreset | undefined> {
    const fingerprint = fingerprintOf(headers);
    const found = fingerprint && (await this.database.read.findOneBy(ImportPreset, { fingerprint }));
    return found ? withPlainRoles(found, tenant) : undefined;
  }

  /** Remembers the choices of a draft that is started. */
  async save(manager: EntityManager, { reading, fileName, answers, valueChoices }: Import): Promise<void> {
    const fingerprint = fingerprintOf(reading.headers);
    if (!fingerprint || reading.fromErrorFile) return;
    const asked = [...controlsOf('fields'), ...controlsOf('options')].filter(
      (name) => name !== 'digitsOnly' && name !== 'invite',
    );
    const kept: Answers = Object.fromEntries(
      asked.flatMap((name) => (answers[name] === undefined ? [] : [[name, answers[name]]])),
    );
    // One statement: two people may start files with the same columns at once. The name of the first file stays.
    await manager
      .createQueryBuilder()
      .insert()
      .into(ImportPreset)
      .values({ fingerprint, name: fileName, answers: kept, valueChoices, savedAt: now() })
      .orUpdate(['answers', 'value_choices', 'saved_at'], ['fingerprint'])
      .updateEntity(false)
      .execute();
  }

  /** Gives it another name, which stays when its choices change. Returns why not; 404 when it is gone. */
  async rename(id: number, text: string, person: SignedIn): Promise<Problem | undefined> {
    const name = trim(text.normalize('NFC')).replace(/\s+/g, ' ');
    const refuse = (code: Problem['code'], why: string, values = {}): Problem => ({
      field: `name-${id}`,
      value: text,
      code,
      text: why,
      values: { label: 'Name', ...values },
    });
    if (name === '') return refuse('missing', '{{label}} is missing.');
    if (name.length > 100) return refuse('too_long', 'Use 100 characters at the most.');
    const bad = badCharacter(name);
    if (bad) return refuse('bad_text', 'Remove the invisible character {{code}}.', { code: bad });
    await this.database.write(async (manager) => {
      const known = await manager.findOneBy(ImportPreset, { id });
      if (!known) throw new NotFoundException('Nothing is remembered under this number any more.');
      await manager.update(ImportPreset, { id }, { name });
      const subject = { kind: 'import preset', id, name };
      await record(manager, person, {
        action: 'import.preset_renamed',
        subject,
        details: { from: known.name },
      });
    });
    return undefined;
  }

  /** Forgets one; nothing happens when it is gone already. */
  async remove(id: number, person: SignedIn): Promise<void> {
    await this.database.write(async (manager) => {
      const known = await manager.findOneBy(ImportPreset, { id });
      if (!known) return;
      await manager.delete(ImportPreset, { id });
      const subject = { kind: 'import preset', id, name: known.name };
      await record(manager, person, { action: 'import.preset_removed', subject });
    });
  }
}

// Without administrative roles and deleted ones.
function withPlainRoles(preset: ImportPreset, { grants }: TenantDirectory): ImportPreset {
  const isPlain = (id: number) => grants.roles.get(id)?.permissions.length === 0;
  const { 'role.value': role, ...answers } = preset.answers;
  const roles = Object.entries(preset.valueChoices.roles ?? {}).filter(([, id]) => isPlain(id));
  return {
    ...preset,
    answers: isPlain(Number(one(role))) ? { ...answers, 'role.value': role } : answers,
    valueChoices: { ...preset.valueChoices, roles: Object.fromEntries(roles) },
  };
}

/** Nothing for a file without names of columns: another such file may hold anything. */
function fingerprintOf(headers: string[]): string | undefined {
  const names = headers.map(normalizeHeader);
  if (names.every((name) => name === '')) return undefined;
  return createHash('sha256').update(JSON.stringify(names)).digest('hex');
}
