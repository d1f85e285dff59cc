// What the page of remembered choices shows: each with its name and what it fills in.
import { inFile, userField, userFields } from '../users/user-fields.js';
import type { TenantDirectory } from '../users/tenant-directory.js';
import { sentence, type Problem } from '../web/problem.js';
import type { Translate } from '../web/texts.js';
import { sourceOf } from './answers.js';
import type { ImportPreset } from './import.entity.js';
import { leftEmpty } from './value-choices.js';

/**
 * The model of views/import/presets.hbs.
 * @param typed why a name was refused, with the ID of its preset
 */
export function presetsPage(
  presets: ImportPreset[],
  tenant: TenantDirectory,
  t: Translate,
  typed?: { id: number; problem: Problem },
) {
  return {
    title: 'Remembered Choices',
    presets: presets.map((preset) => ({
      id: preset.id,
      name: preset.name,
      typed: preset.id === typed?.id ? typed.problem.value : preset.name,
      problem: preset.id === typed?.id ? sentence(typed.problem, t) : undefined,
      savedAt: preset.savedAt,
      columns: columnsOf(preset, t),
      names: namesOf(preset, tenant, t),
    })),
  };
}

// "Username: column 1", "Email: column 3"
function columnsOf({ answers }: ImportPreset, t: Translate): string[] {
  return userFields.flatMap((field) => {
    const source = field.wizard === 'never' ? undefined : sourceOf(field, answers);
    if (source?.from !== 'column') return [];
    return t('{{label}}: column {{number}}', { label: t(inFile(field).label), number: source.position });
  });
}

// "Role: “Agnet” means Agent"
function namesOf({ valueChoices }: ImportPreset, tenant: TenantDirectory, t: Translate): string[] {
  return userFields.flatMap(({ name, kin }) => {
    if (!kin) return [];
    const label = t(inFile(userField(name)).label);
    return Object.entries(valueChoices[kin] ?? {}).map(([text, id]) => {
      const thing = tenant.all[kin].find((candidate) => candidate.id === id)?.name;
      if (id === leftEmpty) return t('{{label}}: “{{value}}” is left empty', { label, value: text });
      const means = thing ?? t('deleted meanwhile');
      return t('{{label}}: “{{value}}” means {{means}}', { label, value: text, means });
    });
  });
}
