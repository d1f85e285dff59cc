// A file of 500 people, eleven of whom cannot be created as they are and five of whom are somebody else, and the same
// people corrected.
import { parse } from 'csv-parse/sync';

const columns = [
  'Username',
  'Email',
  'First Name',
  'Last Name',
  'Role',
  'Virtual Extension',
  'Desk',
  'Skill Group',
];
type Person = Record<string, string>;

const firstNames = ['Anna', 'Bruno', 'Chiara', 'Dmitri', 'Elif', 'Farid', 'Greta', 'Hugo', 'Inês', 'Zoë'];
const lastNames = ['Kovács', 'Almeida', "O'Lunney", 'Petrov', 'Yılmaz', 'von und zu Berg, Graf'];

/** What is wrong in which row of the spreadsheet. */
const wrong: Record<number, Person> = {
  12: { Email: '' },
  33: { Email: 'no-address' },
  47: { Username: 'x' },
  80: { Username: '' },
  120: { Role: 'Agnet' },
  121: { Role: 'Agnet' },
  160: { 'Virtual Extension': '02160' },
  200: { 'Virtual Extension': '2199' },
  250: { Desk: 'Munich' },
  300: { 'Virtual Extension': '12' },
  401: { Email: 'one@example.com, two@example.com' },
};

/** Who repeats whom. */
const duplicates: Record<number, Person> = {
  20: { Username: 'PERSON.10' },
  60: { Email: 'person.11@example.com' },
  90: person(15),
  455: { Username: 'chief' },
  501: { Email: 'demo.agent1@example.com' },
};

export const counts = {
  rows: 500,
  errors: Object.keys(wrong).length,
  duplicates: Object.keys(duplicates).length,
};

/** The person of a row of the spreadsheet, whose header is row 1. */
function person(row: number): Person {
  return {
    Username: `person.${row}`,
    Email: `person.${row}@example.com`,
    'First Name': firstNames[row % firstNames.length],
    'Last Name': lastNames[row % lastNames.length],
    Role: 'Agent',
    'Virtual Extension': String(2000 + row),
    Desk: 'Berlin',
    'Skill Group': 'English;Billing',
  };
}

/** The file as a spreadsheet saves it. */
export function fiveHundred(): string {
  const rows = Array.from({ length: counts.rows }, (_, index) => {
    const row = index + 2;
    return { ...person(row), ...wrong[row], ...duplicates[row] };
  });
  return csv([columns, ...rows.map((cells) => columns.map((column) => cells[column]))]);
}

/** The downloaded error file with what was wrong put right; everything else stays as it came. */
export function corrected(errorFile: string): string {
  const [header, ...rows] = read(errorFile);
  const numbers = header.indexOf('Row');
  const mended = rows.map((cells) => {
    const right = person(Number(cells[numbers]));
    return cells.map((cell, index) => (index < columns.length ? right[columns[index]] : cell));
  });
  return csv([header, ...mended]);
}

/** The rows of a CSV by their header. */
export function records(text: string): Record<string, string>[] {
  const [header, ...rows] = read(text);
  return rows.map((row) => Object.fromEntries(row.map((cell, index) => [header[index], cell])));
}

function read(text: string): string[][] {
  return parse(text, { bom: true });
}

function csv(rows: string[][]): string {
  const line = (cells: string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
  return rows.map((cells) => `${line(cells)}\r\n`).join('');
}
