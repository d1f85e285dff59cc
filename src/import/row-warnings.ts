// What looks odd about the rows of a file although it stops nobody, and the one thing that does: most rows fail in the same way.
import { inFile, userFields, type UserField } from '../users/user-fields.js';
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
/** In fewer rows nothing is a pattern. */
const fewRows = 10;

const exampleLeftOut =
  'These rows look like examples of the template and are left out: {{rows}}. Take them in again if somebody is meant.';
const exampleLeftIn =
  'These rows look like examples of the template: {{rows}}. Leave them out if nobody is meant.';

interface Found {
  rows: number[];
  label: string;
  value: string;
}

/** Looks at the rows of a file one after the other; what is kept does not grow with them. */
export class RowWarnings {
  private readonly columns: { field: UserField; index: number }[];
  private readonly found = new Map<string, Found>();
  private readonly lengths = new Map<number, { count: number; rows: number[] }>();
  private readonly failures = new Map<string, SameFailure>();
  private rows = 0;

  constructor(answers: Answers) {
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
    for (const { field, index } of this.columns) this.lookAt(field, cells[index] ?? '', row.number);
    this.lookForShift(cells, row.number);
    this.countFailure(planned);
  }

  /** Every oddity once, with its first rows. */
  warnings(): RowWarning[] {
    const odd = [...this.found].map(([text, { rows, label, value }]) => ({
      text,
      values: { rows: list(rows), label, value },
    }));
    return [...odd, ...this.lostZeros()];
  }

  sameFailure(): SameFailure | undefined {
    if (this.rows < fewRows) return undefined;
    return [...this.failures.values()].find(({ count }) => count > this.rows / 2);
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
      );
    if (text.split(/[\s@.-]/).some(mixesAlphabets))
      this.note(
        '{{label}} mixes letters that look alike, for example in “{{value}}”, in these rows: {{rows}}.',
        row,
        label,
        text,
      );
    if (field.name === 'extension' && /^\d+$/.test(text)) {
      const known = this.lengths.get(text.length) ?? { count: 0, rows: [] };
      known.count++;
      if (known.rows.length < rowsNamed) known.rows.push(row);
      this.lengths.set(text.length, known);
    }
  }

  // The address stands beside the column of addresses.
  private lookForShift(cells: string[], row: number): void {
    const email = this.columns.find(({ field }) => field.name === 'email')?.index;
    if (email === undefined || isAddress(cells[email] ?? '')) return;
    const found = [cells[email - 1], cells[email + 1]].find((cell) => cell !== undefined && isAddress(cell));
    if (found && (cells[email] ?? '') !== '')
      this.note(
        'The cells of these rows seem to be shifted, the address “{{value}}” is in another column: {{rows}}.',
        row,
        '',
        found,
      );
  }

  private lostZeros(): RowWarning[] {
    const [usual, ...others] = [...this.lengths].sort((a, b) => b[1].count - a[1].count);
    const all = [...this.lengths.values()].reduce((sum, { count }) => sum + count, 0);
    const shorter = others.filter(([length]) => length < usual[0]);
    if (all < 4 || shorter.length === 0 || usual[1].count < all * 0.6) return [];
    const rows = shorter.flatMap(([, known]) => known.rows).sort((a, b) => a - b);
    const text =
      'Most extensions have {{digits}} digits; some have fewer. If a spreadsheet dropped their leading zeros, look at these rows: {{rows}}.';
    return [{ text, values: { digits: usual[0], rows: list(rows) } }];
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

  private note(text: string, row: number, label: string, value: string): void {
    const known = this.found.get(text);
    if (!known) this.found.set(text, { rows: [row], label, value: value.slice(0, 60) });
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
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
}

/** "Аnna" with a Cyrillic А. */
function mixesAlphabets(word: string): boolean {
  return word.length <= 300 && /[A-Za-z]/.test(word) && /[\u0370-\u03ff\u0400-\u04ff]/.test(word);
}
