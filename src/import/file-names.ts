// Names of roles, desks and the like in the cells of a file that the tenant does not know: each once, with its rows. They are
// matched once for all rows; what was matched stays in sight.
import type { Tenant } from '../users/read-field.js';
import { userFields, type UserField } from '../users/user-fields.js';
import { sourceOf, type Answers } from './answers.js';
import type { StoredRow } from './plan.js';
import { choiceKey, leftEmpty, partsOf, type Choices } from './value-choices.js';

export interface FileName {
  /** The catalogue's name, such as `desks`. */
  field: string;
  /** As it is written the first time. */
  value: string;
  count: number;
  /** Numbers of the first rows that hold it. */
  rows: number[];
  /** ID of the thing that it was matched with, or `leftEmpty`. */
  choice?: number;
}

const rowsNamed = 10;
/** More different names than these are no slips of the keyboard but a wrong column. */
const namesKept = 200;

/** Looks at the rows of a file one after the other; what is kept does not grow with them. */
export class FileNames {
  private readonly columns: { field: UserField; index: number }[];
  private readonly names = new Map<string, FileName>();

  constructor(
    answers: Answers,
    private readonly tenant: Tenant,
    private readonly choices: Choices,
  ) {
    this.columns = userFields.flatMap((field) => {
      if (!field.kin || field.wizard === 'never') return [];
      const source = sourceOf(field, answers);
      return source.from === 'column' ? { field, index: source.position - 1 } : [];
    });
  }

  /** @param sip the SIP setting of the row: a PBX domain that it does not need is not read */
  look({ number, cells, edits, skipped }: StoredRow, sip: string): void {
    if (skipped) return;
    for (const { field, index } of this.columns) {
      if (field.onlyWith && field.onlyWith !== sip) continue;
      const text = edits?.[index] ?? cells[index] ?? '';
      for (const part of partsOf(field, text)) this.note(field, part, number);
    }
  }

  /** All names of the rows so far, to be kept. */
  part(): FileName[] {
    return [...this.names.values()];
  }

  /** Takes the names of the next rows, as another one found them. */
  add(part: FileName[]): void {
    for (const name of part) {
      const key = keyOf(name.field, name.value);
      const known = this.names.get(key);
      if (known) {
        known.count += name.count;
        known.rows = [...known.rows, ...name.rows].slice(0, rowsNamed);
      } else if (this.names.size < namesKept) this.names.set(key, { ...name });
    }
  }

  /** What the tenant does not know and nobody has matched yet. */
  unknown(): FileName[] {
    return [...this.names.values()].filter(({ choice }) => choice === undefined);
  }

  /** What was matched, now or for an earlier file. */
  matched(): FileName[] {
    return [...this.names.values()].filter(({ choice }) => choice !== undefined);
  }

  private note(field: UserField, value: string, row: number): void {
    const known = this.tenant.names[field.kin!];
    if (known.find(value)) return;
    const key = keyOf(field.name, value);
    const name = this.names.get(key);
    if (name) {
      name.count++;
      if (name.rows.length < rowsNamed && name.rows.at(-1) !== row) name.rows.push(row);
    } else if (this.names.size < namesKept) {
      const choice = this.choices.find(field.kin!, value);
      const stands =
        choice === leftEmpty || (choice !== undefined && known.find(String(choice)) !== undefined);
      this.names.set(key, {
        field: field.name,
        value,
        count: 1,
        rows: [row],
        choice: stands ? choice : undefined,
      });
    }
  }
}

function keyOf(field: string, value: string): string {
  return `${field} ${choiceKey(value)}`;
}
