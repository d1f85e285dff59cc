// Which column of a file serves which field. Only sure matches are made: a wrong one is worse than none, because it looks
// right. What is only likely is suggested. The surest reason comes first: the field's own name, then its synonyms, then the
// synonyms without words that go without saying, at last the values alone.
import { Column, holds, valuesOf } from './file-column.js';
import { isOfThing, isOfWork, isSecret, sharedBeginnings } from './header-words.js';
import { Names } from './names.js';
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
  /** Whether a value, with the rest of its row, can hardly belong to anything else: the only such column is taken whatever it is called. */
  proves?: (value: string, of: (field: string) => string) => boolean;
  /** How many such values it takes, when fewer could be chance. */
  proofs?: number;
  /** How many different ones, when one alone says too little. */
  variety?: number;
  /** Whether a value is another one than that beside it, not only another way to write it: tells private from work ones. */
  differs?: (value: string, other: string) => boolean;
  /** Whether a value speaks for the field: enough to suggest a column without a header, or with a weak one. */
  resembles?: (value: string) => boolean;
  /** Whether a value, with the rest of its row, leaves little doubt: sure where the header points to the field too. */
  speaksFor?: (value: string, of: (field: string) => string) => boolean;
  /** Others are compared with its values: it chooses before them. */
  first?: boolean;
  /** Every user has another value. */
  distinct?: boolean;
  /** Its values name things of the tenant. */
  kin?: boolean;
  /** Whether a value can only be one of another system: IDs that the tenant does not have, settings that are unknown here. */
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
  const beginnings = sharedBeginnings(headers);
  const columns = headers.map((header, index) => new Column(header, index, sampleRows, beginnings));
  const matching = new Matching(columns, sampleRows, fields);
  matching.byWork();
  for (const choosing of [fields.filter(({ first }) => first), fields]) matching.byAllNames(choosing);
  matching.byHeaderAndValues();
  matching.byValues();
  matching.byWishes();
  return { sure: matching.sure, perhaps: matching.likely() };
}

const none: string[] = [];
const sureNames = ({ synonyms }: MatchField) => Names.of(synonyms?.sure ?? none);
const weakNames = ({ synonyms }: MatchField) => Names.of(synonyms?.weak ?? none);
const foundNames = ({ synonyms }: MatchField) => Names.of(synonyms?.found ?? none);

const own = new WeakMap<MatchField, Names>();

function ownNames(field: MatchField): Names {
  const known = own.get(field) ?? Names.of([...field.labels, field.name]);
  own.set(field, known);
  return known;
}

/** One of its names, also of those that need a partner: another language beside it says the same. */
function isAnyName(field: MatchField, keys: string[]): boolean {
  const paired = Object.keys(field.synonyms?.paired ?? {});
  return ownNames(field).has(keys) || sureNames(field).has(keys) || Names.of(paired).has(keys);
}

function pairedNames({ synonyms }: MatchField, columns: Column[]): Names {
  const keys = columns.flatMap((column) => [...column.keys, ...column.cores]);
  const names = Object.entries(synonyms?.paired ?? {});
  return Names.of(names.flatMap(([name, partners]) => (Names.of(partners).has(keys) ? name : [])));
}

class Matching {
  readonly sure = new Map<string, number>();
  private readonly used = new Set<Column>();

  constructor(
    private readonly columns: Column[],
    private readonly rows: string[][],
    private readonly fields: MatchField[],
  ) {}

  /** "Email" beside "Work Email", with addresses of another domain, is the private one: takes the other. */
  byWork(): void {
    for (const field of this.open()) {
      const { differs } = field;
      if (!differs) continue;
      const isNamed = (keys: string[]) => ownNames(field).has(keys) || sureNames(field).has(keys);
      const named = this.free().filter((column) => this.fits(column, field, true) === 'right');
      const [work, ...more] = named.filter(
        ({ words, isOfOthers, cores }) => !isOfOthers && isOfWork(words) && isNamed(cores),
      );
      const plain = named.find(({ words, keys }) => !isOfWork(words) && isNamed(keys));
      if (!work || more.length > 0 || !plain) continue;
      const beside = new Map(plain.cells.map(({ value, row }) => [row, value]));
      const both = work.cells.filter(({ row }) => beside.has(row));
      const other = both.filter(({ value, row }) => differs(value, beside.get(row)!));
      if (other.length > both.length / 2) this.take(field, work);
    }
  }

  /** Takes columns by their headers, the surest reason first. */
  byAllNames(fields: MatchField[]): void {
    this.byNames(
      fields,
      (field) => [ownNames(field)],
      (column) => column.keys,
      'own',
    );
    const [ofSure, ofPaired] = [
      (field: MatchField) => [sureNames(field)],
      (field: MatchField) => [pairedNames(field, this.columns)],
    ];
    this.byNames(fields, ofSure, ({ keys }) => keys, 'synonym');
    // "Employee last name" comes before "Name".
    this.byNames(
      fields,
      (field) => [ownNames(field), ...ofSure(field)],
      ({ cores }) => cores,
      'core',
    );
    this.byNames(fields, ofPaired, ({ keys }) => keys, 'synonym');
    this.byNames(fields, ofPaired, ({ cores }) => cores, 'core');
    this.byLanguages(fields);
    this.byNames(
      fields,
      (field) => [foundNames(field)],
      (column) => [...column.keys, ...column.cores],
      'found',
    );
  }

  /** Takes the only column whose header names the field in each of its languages. */
  private byLanguages(fields: MatchField[]): void {
    for (const field of this.open(fields)) {
      const named = this.free()
        .filter(({ languages }) => languages.length > 0 && languages.every((keys) => isAnyName(field, keys)))
        .filter((column) => this.fits(column, field) === 'right' && !holds(column, field.isForeign));
      if (named.length === 1) this.take(field, named[0]);
    }
  }

  /**
   * Takes columns whose header is one of the names, in the order of the names; a `core` only where it is one and filled, a
   * `found` one only where at least half of its values resemble the field's.
   */
  private byNames(
    fields: MatchField[],
    namesOf: (field: MatchField) => Names[],
    keysOf: (column: Column) => string[],
    kind: 'own' | 'synonym' | 'core' | 'found',
  ): void {
    for (const field of this.open(fields)) {
      const lists = namesOf(field);
      const ranks = new Map(this.free().map((column) => [column, rankIn(lists, keysOf(column))]));
      const rank = (column: Column) => ranks.get(column)!;
      const named = this.free()
        .filter((column) => rank(column) < Infinity && this.fits(column, field, kind === 'own') !== 'wrong')
        .filter((column) => kind === 'own' || !holds(column, field.isForeign))
        .filter((column) => kind !== 'core' || !this.isNamedAfterAnother(column, field))
        .filter((column) => kind === 'own' || !this.isOutdone(column, field))
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
      (other) => other !== field && (ownNames(other).has(keys) || sureNames(other).has(keys)),
    );
  }

  // "Login ID" with the numbers of an automatic call distributor, beside a "User ID" with names.
  private isOutdone(column: Column, field: MatchField): boolean {
    if (!field.resembles || !(field.distinct || field.kin)) return false;
    if (column.cells.length === 0 || holds(column, field.resembles, 0.5)) return false;
    return this.free().some(
      (other) =>
        other !== column &&
        !other.isOfOthers &&
        this.fits(other, field) === 'right' &&
        (this.isProven(other, field) ||
          (holds(other, field.resembles) &&
            (foundNames(field).has(other.keys) || weakNames(field).has(other.keys)))),
    );
  }

  /** Takes the only column whose header points to a field and whose values speak for it: each another one, or names of the tenant. */
  byHeaderAndValues(): void {
    for (const field of this.open()) {
      const speaksFor = field.speaksFor ?? (field.kin ? field.resembles : undefined);
      if (!speaksFor) continue;
      const speaking = this.free()
        .filter((column) => !column.isOfOthers && !isHidden(column, field) && pointsTo(column, field))
        .filter((column) => this.fits(column, field) === 'right')
        .filter((column) => field.kin || valuesOf(column).size === column.cells.length)
        .filter((column) => this.holdsIn(column, speaksFor, field.kin ? 0.9 : 0.8));
      if (speaking.length === 1) this.take(field, speaking[0]);
    }
  }

  /** Takes the only column whose values can hardly be anything else, whatever it is called; columns that say the same are one. */
  byValues(): void {
    for (const field of this.open()) {
      const proven = this.columns.filter((column) => this.isProven(column, field));
      const different = new Set(proven.map((column) => [...valuesOf(column)].join('\n').toLowerCase()));
      const free = proven.filter((column) => !this.used.has(column));
      if (different.size === 1 && free.length > 0) this.take(field, free[0]);
    }
  }

  /** Takes the only column that says what is asked for, where nothing says what is. */
  byWishes(): void {
    for (const field of this.open()) {
      const wished = this.free()
        .filter(({ wished }) => ownNames(field).has(wished) || sureNames(field).has(wished))
        .filter((column) => this.fits(column, field) === 'right' && !holds(column, field.isForeign));
      if (wished.length === 1) this.take(field, wished[0]);
    }
  }

  private isProven(column: Column, field: MatchField): boolean {
    const { words, cells, isOfOthers, isPassword } = column;
    if (isPassword || isOfOthers || isOfThing(words) || (field.proofs && isHidden(column, field)))
      return false;
    return (
      cells.length >= (field.proofs ?? 1) &&
      valuesOf(column).size >= (field.variety ?? 1) &&
      this.holdsIn(column, field.proves) &&
      this.fits(column, field) !== 'wrong'
    );
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

  private open(fields = this.fields): MatchField[] {
    return fields.filter(({ name }) => !this.sure.has(name));
  }

  private free(): Column[] {
    return this.columns.filter((column) => !this.used.has(column) && !column.isPassword);
  }

  private take(field: MatchField, column: Column): void {
    this.sure.set(field.name, column.index + 1);
    this.used.add(column);
  }

  private likeness(column: Column, field: MatchField): number {
    if (column.isOfOthers) return 0;
    const proof = this.isProven(column, field) ? 8 : 0;
    const alike = holds(column, field.resembles) ? 1 : 0;
    // Without a header there are only the values.
    if (column.keys.length === 0) return proof + alike;
    const found = holds(column, field.resembles) && field.kin ? 4 : 0;
    const named = weakNames(field).has([...column.keys, ...column.cores]) ? 3 + alike : 0;
    const isNear = ownNames(field).areNear(column) || sureNames(field).areNear(column);
    const near = isNear && !isSecret(column.words) && !this.isOutdone(column, field) ? 2 : 0;
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

  /** `holds`, of a test that looks at the rest of the row too. */
  private holdsIn(column: Column, test: MatchField['proves'], share = 0.9): boolean {
    if (!test || column.cells.length === 0) return false;
    const passing = column.cells.filter(({ value, row }) => test(value, (field) => this.cellOf(field, row)));
    return passing.length >= column.cells.length * share;
  }

  private cellOf(field: string, row: number): string {
    const position = this.sure.get(field);
    return position === undefined ? '' : (this.rows[row][position - 1] ?? '').trim();
  }
}

/** Codes that are made of a person's names are none to unlock something. */
function isHidden({ words }: Column, { proofs }: MatchField): boolean {
  return isSecret(proofs ? words.filter((word) => word !== 'code') : words);
}

/** The place of the first name that is one of the keys, in the first list that has it. */
function rankIn(lists: Names[], keys: string[]): number {
  const at = lists.findIndex((names) => names.has(keys));
  return at < 0 ? Infinity : at * 10_000 + lists[at].rank(keys);
}

/** The header is a name that other things bear too, or holds all words of a name of more than one word or of a sure one. */
function pointsTo(column: Column, field: MatchField): boolean {
  const others = foundNames(field);
  if (others.has([...column.keys, ...column.cores])) return true;
  return (
    ownNames(field).areNear(column) ||
    sureNames(field).areNear(column) ||
    others.areNear(column, field.kin ? 1 : 2)
  );
}
