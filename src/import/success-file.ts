// A file of temporary passwords that Rollcall gave out, uploaded by mistake: known by its columns, and never kept.
import { unprotect } from '../web/csv.js';
import type { FileRow } from './read-file.js';

/** Columns of every file of ours that holds temporary passwords. */
const columns = ['ID', 'Username', 'Temporary Password', 'Expires'];

/** So many people are enough to know the import. */
const peopleKept = 100;

interface PersonInFile {
  id: number;
  username: string;
}

/** Looks for passwords of ours while the rows of a file pass. */
export class SuccessFile {
  /** The first people whose passwords the file holds; undefined for every other file. */
  people: PersonInFile[] | undefined;
  private readonly places: number[] | undefined;

  /** @param headers as they stand in the file */
  constructor(headers: string[]) {
    const names = headers.map((header) => unprotect(header.trim()));
    if (columns.every((column) => names.includes(column)))
      this.places = columns.map((column) => names.indexOf(column));
  }

  look(rows: FileRow[]): void {
    if (!this.places) return;
    const [id, username, password] = this.places;
    for (const { cells } of rows) {
      if (!cells[password]?.trim()) continue;
      this.people ??= [];
      const person = { id: Number(cells[id]), username: unprotect(cells[username] ?? '') };
      if (this.people.length < peopleKept && isId(person.id)) this.people.push(person);
    }
  }
}

function isId(number: number): boolean {
  return Number.isSafeInteger(number) && number > 0 && number < 2 ** 31;
}
