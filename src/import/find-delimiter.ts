// Which delimiter a file uses, judged by the widths of its first rows.
import { delimiters, readRecord } from './csv-record.js';
import type { Delimiter } from './csv-record.js';

const sampleCharacters = 65_536;
const sampleRows = 200;

/** What a first line `sep=;` says (spreadsheet programs write and obey it), and where the text after it starts. */
export interface SeparatorLine {
  /** Missing when it names a character that is not read as a delimiter. */
  delimiter?: Delimiter;
  end: number;
}

export function separatorLine(text: string): SeparatorLine | undefined {
  const line = /^("?)sep=(.)\1(?:\r\n|\r|\n|$)/i.exec(text);
  if (!line) return undefined;
  return { delimiter: delimiters.find((delimiter) => delimiter === line[2]), end: line[0].length };
}

/**
 * The delimiter that gives most rows of a sample the same width of two columns or more; without such a majority the
 * one that splits the first row most; a comma for a file of one column.
 * @param text decoded, without byte order mark and separator line
 */
export function findDelimiter(text: string): Delimiter {
  const candidates = delimiters.map((delimiter) => judge(text, delimiter));
  const agreed = candidates.filter((candidate) => candidate.rows > candidate.allRows / 2);
  const [best] =
    agreed.length > 0 ? agreed.sort(byRows) : candidates.sort((a, b) => b.firstWidth - a.firstWidth);
  return best.delimiter;
}

interface Candidate {
  delimiter: Delimiter;
  /** The commonest width of two or more, and how many rows have it. */
  width: number;
  rows: number;
  allRows: number;
  firstWidth: number;
}

function byRows(a: Candidate, b: Candidate): number {
  return b.rows - a.rows || b.width - a.width;
}

function judge(text: string, delimiter: Delimiter): Candidate {
  const widths = sampleWidths(text, delimiter);
  const counts = new Map<number, number>();
  for (const width of widths) if (width > 1) counts.set(width, (counts.get(width) ?? 0) + 1);
  const [width, rows] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [1, 0];
  return { delimiter, width, rows, allRows: widths.length, firstWidth: widths[0] ?? 1 };
}

function sampleWidths(text: string, delimiter: Delimiter): number[] {
  const sample = text.slice(0, sampleCharacters);
  const widths: number[] = [];
  for (let at = 0; at < sample.length && widths.length < sampleRows;) {
    const record = readRecord(sample, at, delimiter);
    if (record.cells.some((cell) => cell.trim() !== '')) widths.push(record.cells.length);
    at = record.end;
  }
  return widths;
}
