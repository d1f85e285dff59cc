// Which column of a file serves which field. Only sure matches are made: a wrong one is worse than none, because it looks
// right. What is only likely is suggested. The surest reason comes first: the field's own name, then its synonyms, then the
// synonyms without words that go without saying, at last the values alone.
import {
  coreKeys,
  headerKeys,
  headerWords,
  isOfOthers,
  isSecret,
  nameKeyOf,
  nameWords,
} from './header-words.js';
import type { Synonyms } from './synonyms.js';

export interface MatchField {
  /** The catalogue's name, such as `firstName`. */
  name: string;
  /** What the screen calls it, and what the example file does. */
  labels: string[];
  synonyms?: Synonyms;
  /**
   * Whether a trimmed value, never empty, could belong to the field.
   * @param of the cell of the same row for a field that was matched before, empty when there is none
   */
  looksLike?: (value: string, of: (field: string) => string) => boolean;
  /** Whether a value can hardly belong to anything else: the only such column is taken whatever it is called. */
  proves?: (value: string) => boolean;
  /** Whether a value speaks for the field: enough to suggest a column without a header, or with a weak one. */
  resembles?: (value: string) => boolean;
  /** Whether a value, with the rest of its row, leaves little doubt: sure where the header points to the field too. */
  speaksFor?: (value: string, of: (field: string) => string) => boolean;
  /** Every user has another value. */
  distinct?: boolean;
  /** Its values name things of the tenant. */
  kin?: boolean;
  /** Whether a value can only name things of another system: IDs that the tenant does not have. */
  isForeign?: (value: string) => boolean;
}

export interface Matches {
  /** Field name -> position of its column, from 1. A column serves one field at the most. */
  sure: Map<string, number>;
  /** Columns that may serve fields without a sure one: for a person to decide. */
  perhaps: Map<string, number>;
}

/**
 * Matches the columns of a file with fields.
 * @param sampleRows cells of some rows, as read; they may be shorter or longer than the headers
 * @param fields in the order in which they choose; what a field's values are compared with is matched before it
 */
export function matchColumns(headers: string[], sampleRows: string[][], fields: MatchField[]): Matches {
  const columns = headers.map((header, index) => new Column(header, index, sampleRows));
  const matching = new Matching(columns, sampleRows, fields);
  matching.byNames(ownNames, (column) => column.keys, 'own');
  for (const namesOf of [sureNames, pairedNames])
    matching.byNames(namesOf, (column) => column.keys, 'synonym');
  matching.byNames(
    (field) => [...ownNames(field), ...sureNames(field), ...pairedNames(field, columns)],
    (column) => column.cores,
    'core',
  );
  matching.byNames(foundNames, (column) => [...column.keys, ...column.cores], 'found');
  matching.byHeaderAndValues();
  matching.byValues();
  return { sure: matching.sure, perhaps: matching.likely() };
}

const ownNames = (field: MatchField) => [...field.labels, field.name];
const sureNames = (field: MatchField) => field.synonyms?.sure ?? [];
const weakNames = (field: MatchField) => field.synonyms?.weak ?? [];
const foundNames = (field: MatchField) => field.synonyms?.found ?? [];

const nameKeys = new WeakMap<MatchField, string[]>();

function nameKeysOf(field: MatchField): string[] {
  const known = nameKeys.get(field) ?? [...ownNames(field), ...sureNames(field)].map(nameKeyOf);
  nameKeys.set(field, known);
  return known;
}

function pairedNames({ synonyms }: MatchField, columns: Column[]): string[] {
  const has = (name: string) =>
    columns.some(({ keys, cores }) => [...keys, ...cores].includes(nameKeyOf(name)));
  return Object.entries(synonyms?.paired ?? {}).flatMap(([name, partners]) =>
    partners.some(has) ? name : [],
  );
}

class Column {
  readonly keys: string[];
  readonly cores: string[];
  readonly words: string[];
  /** Not empty ones of the sample, trimmed, with the rows that they stand in. */
  readonly cells: { value: string; row: number }[];

  constructor(
    header: string,
    readonly index: number,
    rows: string[][],
  ) {
    this.words = headerWords(header);
    // "Block sign in [accountEnabled]" is not about what is enabled.
    this.keys = this.isOfOthers ? headerKeys(header).slice(0, 1) : headerKeys(header);
    this.cores = this.isOfOthers ? [] : coreKeys(header);
    this.cells = rows.flatMap((cells, row) => {
      const value = (cells[index] ?? '').trim();
      return value === '' ? [] : { value, row };
    });
  }

  get isOfOthers(): boolean {
    return isOfOthers(this.words);
  }
}

class Matching {
  readonly sure = new Map<string, number>();
  private readonly used = new Set<Column>();

  constructor(
    private readonly columns: Column[],
    private readonly rows: string[][],
    private readonly fields: MatchField[],
  ) {}

  /**
   * Takes columns whose header is one of the names, in the order of the names; a `core` only where it is one and filled, a
   * `found` one only where at least half of its values resemble the field's.
   */
  byNames(
    namesOf: (field: MatchField, columns: Column[]) => string[],
    keysOf: (column: Column) => string[],
    kind: 'own' | 'synonym' | 'core' | 'found',
  ): void {
    for (const field of this.open()) {
      const names = namesOf(field, this.columns).map(nameKeyOf);
      const rank = (column: Column) =>
        Math.min(
          ...keysOf(column)
            .map((key) => names.indexOf(key))
            .map((at) => (at < 0 ? Infinity : at)),
        );
      const named = this.free()
        .filter((column) => rank(column) < Infinity && this.fits(column, field, kind === 'own') !== 'wrong')
        .filter((column) => kind === 'own' || !holds(column, field.isForeign))
        .filter((column) => kind !== 'core' || !this.isNamedAfterAnother(column, field))
        .filter((column) => kind !== 'found' || (!field.speaksFor && holds(column, field.resembles, 0.5)))
        .sort((a, b) => rank(a) - rank(b));
      const filled = named.filter((column) => column.cells.length > 0);
      const isSure = kind === 'own' || kind === 'synonym';
      const best = filled.length > 0 || !isSure ? filled : named;
      if (best.length === 1 || (best.length > 1 && isSure)) this.take(field, best[0]);
    }
  }

  // "Nome utente" is a username, not a first name with a word too many.
  private isNamedAfterAnother({ keys }: Column, field: MatchField): boolean {
    return this.fields.some(
      (other) => other !== field && nameKeysOf(other).some((key) => keys.includes(key)),
    );
  }

  /** Takes the only column whose header points to a field and whose values, each another one, speak for it. */
  byHeaderAndValues(): void {
    for (const field of this.open()) {
      const { speaksFor } = field;
      if (!speaksFor) continue;
      const speaking = this.free()
        .filter((column) => !column.isOfOthers && !isSecret(column.words) && pointsTo(column, field))
        .filter(
          (column) => this.fits(column, field) === 'right' && valuesOf(column).size === column.cells.length,
        )
        .filter(({ cells }) => {
          const telling = cells.filter(({ value, row }) =>
            speaksFor(value, (name) => this.cellOf(name, row)),
          );
          return telling.length >= cells.length * 0.8;
        });
      if (speaking.length === 1) this.take(field, speaking[0]);
    }
  }

  /** Takes the only column whose values can hardly be anything else, whatever it is called; columns that say the same are one. */
  byValues(): void {
    for (const field of this.open()) {
      const proven = this.columns.filter((column) => !column.isOfOthers && holds(column, field.proves));
      const different = new Set(proven.map((column) => [...valuesOf(column)].join('\n').toLowerCase()));
      const free = proven.filter((column) => !this.used.has(column));
      if (different.size === 1 && free.length > 0) this.take(field, free[0]);
    }
  }

  /** What is left, where header or values point to a field. */
  likely(): Map<string, number> {
    const perhaps = new Map<string, number>();
    for (const field of this.open()) {
      const ranked = this.free()
        .filter((column) => this.fits(column, field) !== 'wrong')
        .map((column) => ({ column, score: this.likeness(column, field) }))
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score);
      if (ranked.length > 0) perhaps.set(field.name, ranked[0].column.index + 1);
    }
    return perhaps;
  }

  private open(): MatchField[] {
    return this.fields.filter(({ name }) => !this.sure.has(name));
  }

  private free(): Column[] {
    return this.columns.filter((column) => !this.used.has(column));
  }

  private take(field: MatchField, column: Column): void {
    this.sure.set(field.name, column.index + 1);
    this.used.add(column);
  }

  private likeness(column: Column, field: MatchField): number {
    if (column.isOfOthers) return 0;
    const proof = holds(column, field.proves) ? 8 : 0;
    const alike = holds(column, field.resembles) ? 1 : 0;
    // Without a header there are only the values.
    if (column.keys.length === 0) return proof + alike;
    const found = holds(column, field.resembles) && field.kin ? 4 : 0;
    const weak = weakNames(field).map(nameKeyOf);
    const named = [...column.keys, ...column.cores].some((key) => weak.includes(key)) ? 3 + alike : 0;
    const names = [...ownNames(field), ...sureNames(field)];
    const near = names.some((name) => isNear(column, name)) ? 2 : 0;
    return proof + found + named + near;
  }

  /** What the sample says, with `alone` without looking at other columns: nothing for an empty column, "wrong" when most of its values do not look like the field's. */
  private fits(
    { cells }: Column,
    { looksLike, distinct }: MatchField,
    alone = false,
  ): 'right' | 'unknown' | 'wrong' {
    if (cells.length === 0) return 'unknown';
    if (distinct && cells.length >= 4 && new Set(cells.map(({ value }) => value)).size < cells.length / 2)
      return 'wrong';
    if (!looksLike) return 'right';
    const failing = cells.filter(
      ({ value, row }) => !looksLike(value, (field) => (alone ? '' : this.cellOf(field, row))),
    );
    return failing.length > cells.length / 2 ? 'wrong' : 'right';
  }

  private cellOf(field: string, row: number): string {
    const position = this.sure.get(field);
    return position === undefined ? '' : (this.rows[row][position - 1] ?? '').trim();
  }
}

/** Nearly all values pass the test, or the share that is asked for. */
function holds({ cells }: Column, test: ((value: string) => boolean) | undefined, share = 0.9): boolean {
  return (
    test !== undefined &&
    cells.length > 0 &&
    cells.filter(({ value }) => test(value)).length >= cells.length * share
  );
}

/** The header is a name that other things bear too, or holds all words of a name of more than one word or of a sure one. */
function pointsTo(column: Column, field: MatchField): boolean {
  const others = foundNames(field);
  if ([...column.keys, ...column.cores].some((key) => others.map(nameKeyOf).includes(key))) return true;
  const telling = others.filter((name) => nameWords(name).length > 1);
  return [...ownNames(field), ...sureNames(field), ...telling].some((name) => isNear(column, name));
}

function valuesOf({ cells }: Column): Set<string> {
  return new Set(cells.map(({ value }) => value));
}

/** All words of a name stand in the header, or the header is the name but for a slip of the keyboard. */
function isNear({ words, keys }: Column, name: string): boolean {
  const asked = nameWords(name);
  if (asked.length > 0 && asked.every((word) => word.length > 2 && words.includes(word))) return true;
  const key = nameKeyOf(name);
  return (
    key.length >= 5 &&
    keys.some((own) => Math.abs(own.length - key.length) <= 1 && distance(own, key) <= key.length / 5)
  );
}

/** Letters to change, add or remove (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}
