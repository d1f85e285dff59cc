// Which column of a file serves which field. Only sure matches: a wrong one is worse than none, because it looks right.

export interface MatchField {
  /** The catalogue's name, such as `firstName`. */
  name: string;
  label: string;
  /** Other names of the field, in any language. */
  aliases: string[];
  /** Whether a trimmed value, never empty, could belong to the field. */
  looksLike?: (value: string) => boolean;
}

/**
 * Matches headers with the names of fields, word by word and never by likeness ("desk" is not "Task"). A match is
 * dropped when most values of the column contradict it; of several columns the first whose values look right wins.
 * @param sampleRows cells of the first rows, as read; they may be shorter or longer than the headers
 * @returns field name -> position of its column, from 1; a column serves one field at the most
 */
export function matchColumns(
  headers: string[],
  sampleRows: string[][],
  fields: MatchField[],
): Map<string, number> {
  const headerKeys = headers.map(headerKey);
  const matches = new Map<string, number>();
  const used = new Set<number>();
  for (const namesOf of [labelOf, nameOf, aliasesOf]) {
    for (const field of fields) {
      if (matches.has(field.name)) continue;
      const names = new Set(namesOf(field).map(headerKey));
      const columns = [...headers.keys()].filter(
        (column) => names.has(headerKeys[column]) && !used.has(column),
      );
      const column = bestColumn(columns, sampleRows, field);
      if (column === undefined) continue;
      matches.set(field.name, column + 1);
      used.add(column);
    }
  }
  return matches;
}

const labelOf = (field: MatchField) => [field.label];
const nameOf = (field: MatchField) => [field.name];
const aliasesOf = (field: MatchField) => field.aliases;

/** Blanks do not tell names apart: "User Name" is "Username". */
function headerKey(text: string): string {
  return normalizeHeader(text).replaceAll(' ', '');
}

/** Words that say how a column is to be filled, in the languages such files were met in. */
const decorations = new Set([
  'required',
  'mandatory',
  'optional',
  'pflichtfeld',
  'obligatoire',
  'facultatif',
  'obligatorio',
  'opcional',
  'obrigatorio',
  'obbligatorio',
  'facoltativo',
  'wymagane',
  'обязательно',
]);

/**
 * A header as plain lower-case words: "Email Address [Required]" -> "email address", "FirstName*" -> "first name",
 * "E_MAIL" -> "email", "Prénom" -> "prenom". What stands in square brackets is another system's decoration.
 */
export function normalizeHeader(text: string): string {
  const words = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\p{Cf}]/gu, '')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '' && !decorations.has(word));
  return words.join(' ').replace(/\be mail\b/g, 'email');
}

type Fit = 'right' | 'unknown' | 'wrong';

function bestColumn(columns: number[], sampleRows: string[][], field: MatchField): number | undefined {
  const fits = new Map(columns.map((column) => [column, fitOf(column, sampleRows, field)]));
  return (
    columns.find((column) => fits.get(column) === 'right') ??
    columns.find((column) => fits.get(column) === 'unknown')
  );
}

/** What the sample says: nothing for an empty column, "wrong" when most of its values do not look like the field's. */
function fitOf(column: number, sampleRows: string[][], { looksLike }: MatchField): Fit {
  const values = sampleRows.map((row) => (row[column] ?? '').trim()).filter((value) => value !== '');
  if (values.length === 0) return 'unknown';
  if (!looksLike) return 'right';
  const failing = values.filter((value) => !looksLike(value)).length;
  return failing > values.length / 2 ? 'wrong' : 'right';
}

/**
 * What a select shows for each column, each name once (PRODUCT.md section 5): the header, "Column C" for an empty
 * one, "Name (column 4)" for the second and later of a repeated one.
 */
export function columnNames(headers: string[]): string[] {
  const names = new Set<string>();
  headers.forEach((header, index) => {
    let name = header.trim().replace(/\s+/g, ' ') || `Column ${columnLetters(index)}`;
    while (names.has(name)) name = `${name} (column ${index + 1})`;
    names.add(name);
  });
  return [...names];
}

/** As spreadsheets letter their columns: 0 -> A, 25 -> Z, 26 -> AA. */
function columnLetters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : columnLetters(Math.floor(index / 26) - 1) + last;
}

/** True for a column of passwords: it is never used, never stored. */
export function isPasswordHeader(header: string): boolean {
  return /^(temporary |temp |user |login |initial |sip )?(password|passwd|pwd|passwort|kennwort|mot de passe|contrasena|senha|пароль)$/.test(
    normalizeHeader(header),
  );
}
