// A file of temporary passwords that Rollcall gave out, uploaded by mistake: known by its columns, and never kept.
import { unprotect } from '../web/csv.js';
import type { ReadFile } from './read-file.js';

/** Columns of every file of ours that holds temporary passwords. */
const columns = ['ID', 'Username', 'Temporary Password', 'Expires'];

/** IDs and usernames of the people whose passwords the file holds; undefined for every other file. */
export function peopleInSuccessFile({
  headers,
  rows,
}: ReadFile): { id: number; username: string }[] | undefined {
  const names = headers.map((header) => unprotect(header.trim()));
  const [id, username, password] = columns.map((column) => names.indexOf(column));
  if (!columns.every((column) => names.includes(column))) return undefined;
  const filled = rows.filter(({ cells }) => cells[password]?.trim());
  if (filled.length === 0) return undefined;
  return filled
    .map(({ cells }) => ({ id: Number(cells[id]), username: unprotect(cells[username] ?? '') }))
    .filter((person) => Number.isSafeInteger(person.id) && person.id > 0 && person.id < 2 ** 31);
}
