// One sheet of a workbook, pushed in parts: its rows as text. Only the row that is not complete yet is kept.
import type { FileRow } from './read-file.js';
import { numberText, type CellFormat } from './xlsx-values.js';
import { TagReader, plainText, type Tag } from './xlsx-xml.js';

export interface SheetWorld {
  strings: string[];
  /** By the style of a cell. */
  formats: CellFormat[];
  from1904: boolean;
  /** Cells beyond are not kept, so that one of them tells that there are too many. */
  mostColumns: number;
}

interface Cell {
  column: number;
  type: string;
  format: CellFormat;
  value: string;
}

/** Rows without a value after which nothing is expected any more: sheets end with a million formatted ones. */
const blankTail = 10_000;

export class SheetReader {
  /** Numbers of rows with values that the spreadsheet does not show. */
  readonly hidden: number[] = [];
  private readonly tags = new TagReader((tag, text) => this.meet(tag, text));
  private done: FileRow[] = [];
  private number = 0;
  private lastFilled = 0;
  private isHidden = false;
  private cells: string[] = [];
  private cell: Cell | undefined;
  private column = 0;
  private isPhonetic = false;

  constructor(private readonly world: SheetWorld) {}

  /** The rows that this part completes; undefined for what is no sheet. */
  push(part: string): FileRow[] | undefined {
    if (!this.tags.push(part)) return undefined;
    const rows = this.done;
    this.done = [];
    return rows;
  }

  /** Nothing comes any more that anybody filled in. */
  get isOver(): boolean {
    return this.number > this.lastFilled + blankTail;
  }

  private meet(tag: Tag, text: string): void {
    if (tag.name === 'row') this.meetRow(tag);
    else if (tag.name === 'c') this.meetCell(tag);
    else if (tag.name === 'rPh') this.isPhonetic = !tag.isEnd;
    else if (this.cell && tag.isEnd && (tag.name === 'v' || (tag.name === 't' && !this.isPhonetic)))
      this.cell.value += text;
  }

  private meetRow(tag: Tag): void {
    if (!tag.isEnd) {
      this.number = Number(tag.attribute('r')) || this.number + 1;
      this.isHidden = /^(1|true)$/.test(tag.attribute('hidden') ?? '');
      this.cells = [];
      this.column = 0;
      return;
    }
    if (this.cells.every((cell) => cell.trim() === '')) return;
    this.lastFilled = this.number;
    if (this.isHidden) this.hidden.push(this.number);
    const cells = Array.from(this.cells, (cell) => cell ?? '');
    this.done.push({ number: this.number, line: this.number, cells });
  }

  private meetCell(tag: Tag): void {
    if (!tag.isEnd) {
      this.column = columnOf(tag.attribute('r')) ?? this.column + 1;
      const format = this.world.formats[Number(tag.attribute('s') ?? 0)] ?? 'plain';
      this.cell = { column: this.column, type: tag.attribute('t') ?? 'n', format, value: '' };
    }
    if ((tag.isEnd || tag.isEmpty) && this.cell) {
      const { column } = this.cell;
      const text = this.textOf(this.cell);
      if (text !== '') this.cells[Math.min(column - 1, this.world.mostColumns)] = text;
      this.cell = undefined;
    }
  }

  private textOf({ type, format, value }: Cell): string {
    if (type === 's') return this.world.strings[Number(value)] ?? '';
    if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
    if (type === 'n') return numberText(value, format, this.world.from1904);
    return plainText(value);
  }
}

/** "BC12" -> 55. */
function columnOf(address: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(address ?? '')?.[0];
  return (
    (letters && [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)) || undefined
  );
}
