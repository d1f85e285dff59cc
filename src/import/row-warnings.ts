// What looks odd about the rows of a file although it stops nobody, and the one thing that does: most rows fail in the same way.
import { inFile, userField, userFields, type FieldName, type UserField } from '../users/user-fields.js';
import type { Problem } from '../web/problem.js';
import { isExampleRow } from './example-row.js';
import { sourceOf, type Answers } from './answers.js';
import type { PlannedRow, StoredRow } from './plan.js';

export interface RowWarning {
  /** English sentence and key of the translation; `{{label}}` is a field, to be translated as well. */
  text: string;
  values: Record<string, string | number>;
}

/** More than half of the rows fail in this way. */
export interface SameFailure {
  field: string;
  /** The first such row, and its problem. */
  row: number;
  problem: Problem;
  count: number;
  /** Position of its column, from 1; undefined when it has none. */
  column: number | undefined;
}

const rowsNamed = 10;
/** Fields whose numbers mostly have as many digits as each other. */
const fixedLength: FieldName[] = ['extension', 'pbxDevice'];
/** In fewer rows nothing is a pattern. */
const fewRows = 10;

const exampleLeftOut =
  'These rows look like examples of the template and are left out: {{rows}}. Take them in again if somebody is meant.';
const exampleLeftIn =
  'These rows look like examples of the template: {{rows}}. Leave them out if nobody is meant.';

interface Found {
  text: string;
  rows: number[];
  label: string;
  value: string;
}

/** Blanks that are not typed but copied along, and characters that nobody sees, at either end of a value. */
const unseenAround =
  /^[\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]|[\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]$/;

interface Length {
  count: number;
  rows: number[];
}

/** Addresses in another column than theirs, with the rows that have none where it should be. */
interface Addresses {
  count: number;
  rows: number[];
  value: string;
}

/** What some rows in a row were found to have, to be kept. */
export interface WarningsPart {
  rows: number;
  found: [key: string, Found][];
  lengths: [fieldAndDigits: string, Length][];
  addresses: [index: number, Addresses][];
  failures: [way: string, SameFailure][];
}

interface Column {
  field: UserField;
  index: number;
}

/** Looks at the rows of a file one after the other; what is kept does not grow with them. */
export class RowWarnings {
  private readonly columns: Column[];
  private readonly found = new Map<string, Found>();
  private readonly lengths = new Map<string, Length>();
  private readonly failures = new Map<string, SameFailure>();
  /** By the index of their column. */
  private readonly addresses = new Map<number, Addresses>();
  private rows = 0;

  /** @param isWorkbook its rows end with their last filled cell */
  constructor(
    answers: Answers,
    private readonly isWorkbook: boolean,
  ) {
    this.columns = userFields.flatMap((field) => {
      const source = field.wizard === 'never' ? undefined : sourceOf(field, answers);
      return source?.from === 'column' ? { field, index: source.position - 1 } : [];
    });
  }

  look(row: StoredRow, planned: PlannedRow): void {
    const cells = row.cells.map((cell, index) => (row.edits?.[index] ?? cell).trim());
    if (isExampleRow(cells)) this.note(row.skipped ? exampleLeftOut : exampleLeftIn, row.number, '', '');
    if (row.skipped) return;
    this.rows++;
    const read = this.columnsRead(planned);
    for (const { field, index } of read) {
      this.lookAt(field, cells[index] ?? '', row.number);
      this.lookAround(field, row.edits?.[index] ?? row.cells[index] ?? '', row.number);
    }
    this.lookForEnd(row, read);
    this.lookForShift(cells, row.number);
    this.countFailure(planned);
  }

  /** Everything about the rows so far. */
  part(): WarningsPart {
    const { rows, found, lengths, addresses, failures } = this;
    return {
      rows,
      found: [...found],
      lengths: [...lengths],
      addresses: [...addresses],
      failures: [...failures],
    };
  }

  /** Takes what another one found about the next rows. */
  add({ rows, found, lengths, addresses, failures }: WarningsPart): void {
    this.rows += rows;
    for (const [key, more] of found) {
      const known = this.found.get(key);
      if (known) known.rows = [...known.rows, ...more.rows].slice(0, rowsNamed + 1);
      else this.found.set(key, { ...more });
    }
    for (const [index, more] of addresses) {
      const known = this.addresses.get(index) ?? { count: 0, rows: [], value: '' };
      this.addresses.set(index, {
        count: known.count + more.count,
        rows: [...known.rows, ...more.rows].slice(0, rowsNamed + 1),
        value: known.value || more.value,
      });
    }
    for (const [key, more] of lengths) {
      const known = this.lengths.get(key) ?? { count: 0, rows: [] };
      const first = [...known.rows, ...more.rows].slice(0, rowsNamed);
      this.lengths.set(key, { count: known.count + more.count, rows: first });
    }
    for (const [way, more] of failures) {
      const known = this.failures.get(way);
      if (known) known.count += more.count;
      else this.failures.set(way, { ...more });
    }
  }

  /** Every oddity once, with its first rows. */
  warnings(): RowWarning[] {
    const odd = [...this.found.values()].map(({ text, rows, label, value }) => ({
      text,
      values: { rows: list(rows), label, value },
    }));
    return [...odd, ...this.shifted(), ...this.lostZeros()];
  }

  sameFailure(): SameFailure | undefined {
    if (this.rows < fewRows) return undefined;
    return [...this.failures.values()].find(({ count }) => count > this.rows / 2);
  }

  // Each column once, and none that the row's SIP setting does not need.
  private columnsRead({ values: { sip } }: PlannedRow): Column[] {
    const indexes = new Set<number>();
    return this.columns.filter(({ field, index }) => {
      if ((field.onlyWith && field.onlyWith !== sip) || indexes.has(index)) return false;
      return indexes.add(index);
    });
  }

  private lookAt(field: UserField, text: string, row: number): void {
    const { label } = inFile(field);
    if (/^\d[.,]\d+E[+-]?\d+$/i.test(text))
      this.note(
        'A spreadsheet changed numbers of {{label}}, for example to “{{value}}”, in these rows: {{rows}}.',
        row,
        label,
        text,
      );
    if (field.kind === 'text' && /^(NULL|#?N\/A|undefined|none|nil|-)$/.test(text))
      this.note(
        '{{label}} is “{{value}}” in these rows, as if nothing was meant: {{rows}}.',
        row,
        label,
        text,
        text,
      );
    if (text.split(/[\s@.-]/).some(mixesAlphabets))
      this.note(
        '{{label}} mixes letters that look alike, for example in “{{value}}”, in these rows: {{rows}}.',
        row,
        label,
        text,
      );
    if (fixedLength.includes(field.name) && /^\d+$/.test(text)) {
      const key = `${field.name} ${text.length}`;
      const known = this.lengths.get(key) ?? { count: 0, rows: [] };
      known.count++;
      if (known.rows.length < rowsNamed) known.rows.push(row);
      this.lengths.set(key, known);
    }
  }

  private lookAround({ kind, name }: UserField, text: string, row: number): void {
    if (
      (kind === 'username' || kind === 'email') &&
      unseenAround.test(text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''))
    )
      this.note(
        'Invisible characters around {{label}} are left out in these rows: {{rows}}.',
        row,
        inFile(userField(name)).label,
        '',
      );
  }

  private lookForEnd({ cells, edits, number }: StoredRow, read: Column[]): void {
    if (!this.isWorkbook && read.some(({ index }) => index >= cells.length && !edits?.[index]))
      this.note(
        'These rows have fewer cells than the header; what is missing is taken as empty: {{rows}}.',
        number,
        '',
        '',
      );
  }

  private lookForShift(cells: string[], row: number): void {
    const email = this.columns.find(({ field }) => field.name === 'email')?.index;
    if (email === undefined) return;
    const isMissing = !isAddress(cells[email] ?? '');
    cells.forEach((cell, index) => {
      if (index === email || !isAddress(cell)) return;
      const known = this.addresses.get(index) ?? { count: 0, rows: [], value: '' };
      known.count++;
      if (isMissing && known.rows.length <= rowsNamed) known.rows.push(row);
      if (isMissing && known.value === '') known.value = cell.slice(0, 60);
      this.addresses.set(index, known);
    });
  }

  // An address in a column that seldom holds one, where the column of addresses has none.
  private shifted(): RowWarning[] {
    const odd = [...this.addresses.values()]
      .filter(({ count, rows }) => rows.length > 0 && count <= this.rows / 2)
      .sort((a, b) => a.rows[0] - b.rows[0]);
    if (odd.length === 0) return [];
    const rows = [...new Set(odd.flatMap((column) => column.rows))].sort((a, b) => a - b);
    const text =
      'The cells of these rows seem to be shifted, for example the address “{{value}}” is in another column: {{rows}}.';
    return [{ text, values: { rows: list(rows), value: odd[0].value } }];
  }

  private lostZeros(): RowWarning[] {
    return fixedLength.flatMap((name) => {
      const lengths = [...this.lengths].flatMap(([key, length]) => {
        const [field, digits] = key.split(' ');
        return field === name ? { ...length, digits: Number(digits) } : [];
      });
      const [usual, ...others] = lengths.sort((a, b) => b.count - a.count);
      const all = lengths.reduce((sum, { count }) => sum + count, 0);
      const shorter = others.filter(({ digits }) => digits < usual.digits);
      if (all < 4 || shorter.length === 0 || usual.count < all * 0.6) return [];
      const rows = shorter.flatMap((length) => length.rows).sort((a, b) => a - b);
      const text =
        'Most values of {{label}} have {{digits}} digits; some have fewer. If a spreadsheet dropped their leading zeros, look at these rows: {{rows}}.';
      const { label } = inFile(userField(name));
      return [{ text, values: { label, digits: usual.digits, rows: list(rows) } }];
    });
  }

  private countFailure({ state, number, problems }: PlannedRow): void {
    if (state !== 'error') return;
    for (const problem of problems.filter(isOfColumn)) {
      const { field, code } = problem;
      const known = this.failures.get(`${field} ${code}`);
      const column = this.columns.find((candidate) => candidate.field.name === field);
      if (known) known.count++;
      else
        this.failures.set(`${field} ${code}`, {
          field,
          row: number,
          problem,
          count: 1,
          column: column && column.index + 1,
        });
    }
  }

  /** @param own what else tells this note from others of the same text */
  private note(text: string, row: number, label: string, value: string, own = ''): void {
    const key = `${text} ${label} ${own}`;
    const known = this.found.get(key);
    if (!known) this.found.set(key, { text, rows: [row], label, value: value.slice(0, 60) });
    else if (known.rows.length <= rowsNamed && known.rows[known.rows.length - 1] !== row)
      known.rows.push(row);
  }
}

// Unknown names are matched once for all, missing extensions made: neither speaks against the column.
function isOfColumn({ field, code }: PlannedRow['problems'][number]): boolean {
  return (
    field !== '' &&
    ['invalid', 'missing', 'too_long', 'bad_text'].includes(code) &&
    !(field === 'extension' && code === 'missing')
  );
}

function list(rows: number[]): string {
  return rows.slice(0, rowsNamed).join(', ') + (rows.length > rowsNamed ? ', …' : '');
}

function isAddress(text: string): boolean {
  return text.includes('@') && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
}

/** "Аnna" with a Cyrillic А. */
function mixesAlphabets(word: string): boolean {
  return word.length <= 300 && /[A-Za-z]/.test(word) && /[\u0370-\u03ff\u0400-\u04ff]/.test(word);
}
