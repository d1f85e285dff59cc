// The details of an entry as lines that people can read: labels instead of names, names instead of IDs, old → new.
import type { Translate } from '../web/texts.js';
import { otherFields, type DetailField } from './actions.js';
import { kindOfKin, type ThingId } from './things.js';

/** Catalogues by the first part of an action, e.g. `user` for `user.created`. */
export type Catalogues = Record<string, readonly DetailField[]>;

/** What it takes to put details into words. */
export interface Words {
  catalogues: Catalogues;
  names: { of(kind: string, id: number): string | undefined };
  t: Translate;
}

type Json = null | boolean | number | string | Json[] | Details;

interface Details {
  [name: string]: Json;
}

/** One line for each detail. Of a new or deleted thing, what it was not given is left out. */
export function detailLines(action: string, json: string | null, words: Words): string[] {
  return Object.entries(parse(json)).flatMap(([name, value]) => {
    const field = fieldNamed(name, action, words.catalogues);
    const label = words.t(field.label);
    const change = changeIn(value);
    if (change) {
      const [from, to] = change.map((side) => valueText(side, field, words));
      return words.t('{{label}}: {{from}} → {{to}}', { label, from, to });
    }
    if (isNothing(value) || value === false) return [];
    return words.t('{{label}}: {{value}}', { label, value: valueText(value, field, words) });
  });
}

/** The things whose names the lines need. */
export function thingsIn(action: string, json: string | null, catalogues: Catalogues): ThingId[] {
  return Object.entries(parse(json)).flatMap(([name, value]) => {
    const { kin } = fieldNamed(name, action, catalogues);
    if (!kin) return [];
    const ids = (changeIn(value) ?? [value]).flat().filter((id) => typeof id === 'number');
    return ids.map((id) => ({ kind: kindOfKin(kin), id }));
  });
}

function parse(json: string | null): Details {
  return json === null ? {} : (JSON.parse(json) as Details);
}

// A role has settings of users too.
function fieldNamed(name: string, action: string, catalogues: Catalogues): DetailField {
  const [scope] = action.split('.');
  const known = [...(catalogues[scope] ?? []), ...otherFields, ...(catalogues.user ?? [])];
  return known.find((field) => field.name === name) ?? { name, label: name };
}

function changeIn(value: Json): Json[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const names = Object.keys(value).sort().join(' ');
  if (names === 'from to') return [value.from, value.to];
  return names === 'new old' ? [value.old, value.new] : undefined;
}

function isNothing(value: Json): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function valueText(value: Json, field: DetailField, words: Words): string {
  const { t, names } = words;
  if (value === null || isNothing(value)) return '–';
  if (Array.isArray(value)) return value.map((one) => valueText(one, field, words)).join(', ');
  if (typeof value === 'boolean') return value ? t('Yes') : t('No');
  if (typeof value === 'object') {
    const parts = Object.entries(value);
    return parts.map(([name, part]) => `${name} ${valueText(part, { name, label: name }, words)}`).join(', ');
  }
  if (typeof value === 'number' && field.kin)
    return names.of(kindOfKin(field.kin), value) ?? t('ID {{id}}', { id: value });
  if (typeof value === 'number' && field.kind === 'ratio') return (value / 10).toFixed(1);
  const choices = field.choices ?? field.options?.() ?? [];
  const text = field.kind === 'sessions' && value === 0 ? 'unlimited' : String(value);
  const choice = choices.find((one) => one.value === text);
  return choice ? t(choice.label) : text;
}
