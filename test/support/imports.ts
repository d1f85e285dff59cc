// A file on its way through the wizard, and what comes out of it.
import { parse } from 'csv-parse/sync';
import type { Answer, Visitor } from './visitor.js';

/** What `GET /imports/:id` says to scripts. */
export interface ImportState {
  id: number;
  state: 'draft' | 'queued' | 'running' | 'finished' | 'cancelled' | 'failed';
  file: string;
  counts: { read: number; created: number; duplicate: number; error: number; skipped: number };
}

/** A line of the success details, by its header. */
export type Success = Record<string, string>;

/** A file of people who have nothing but a username (`prefix1`, `prefix2`, …) and an email. */
export function fileOf(count: number, prefix: string): string {
  const rows = Array.from(
    { length: count },
    (_, index) => `${prefix}${index + 1},${prefix}${index + 1}@example.com`,
  );
  return ['Username,Email', ...rows].join('\n');
}

/** Uploads a file as the page asks for it. The visitor stands on Required Fields, or on the refusal. */
export async function upload(
  visitor: Visitor,
  bytes: string | Uint8Array,
  name = 'users.csv',
): Promise<void> {
  await visitor.open('/imports/new');
  await visitor.form('Upload').attach('File', { name, type: 'text/csv', bytes }).press('Upload');
}

/** The import that the visitor's page belongs to. */
export function importOf({ page }: Visitor): number {
  const id = /^\/imports\/(\d+)/.exec(page.path)?.[1];
  if (!id) throw new Error(`${page.summary} belongs to no import:\n${page.text}`);
  return Number(id);
}

/** Uploads a file and goes to its review: matched columns, one role for all unless the file says it. Returns its ID. */
export async function toReview(
  visitor: Visitor,
  bytes: string | Uint8Array,
  role = 'Agent',
): Promise<number> {
  await upload(visitor, bytes);
  const id = importOf(visitor);
  if (visitor.page.value('Role') === 'From Dialer') {
    await visitor.form('Next').choose('Role from Dialer', role).press('Next');
  }
  await visitor.press('Skip to Review');
  if (visitor.page.heading !== 'Review')
    throw new Error(`${visitor.page.summary} is no review:\n${visitor.page.text}`);
  return id;
}

/** Imports a file from upload to end. The visitor stands on the result. */
export async function importFile(
  visitor: Visitor,
  bytes: string | Uint8Array,
  role?: string,
): Promise<ImportState> {
  await toReview(visitor, bytes, role);
  await untilChecked(visitor);
  await visitor.press('Import Users');
  return result(visitor, importOf(visitor));
}

// The rows of a large file are checked in the background, while its review says how far that is.
async function untilChecked(visitor: Visitor): Promise<void> {
  const { path } = visitor.page;
  for (const begun = Date.now(); !visitor.page.hasButton('Import Users'); await visitor.open(path)) {
    if (Date.now() - begun > 30_000) throw new Error(`The rows were not checked:\n${visitor.page.text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until an import has ended and opens its page. */
export async function result(visitor: Visitor, id: number): Promise<ImportState> {
  const end = await ended(visitor, id);
  await visitor.open(`/imports/${id}`);
  return end;
}

/** Waits until an import has ended. */
export async function ended(visitor: Visitor, id: number): Promise<ImportState> {
  for (const begun = Date.now(); ;) {
    const now = await stateOf(visitor, id);
    if (!['queued', 'running'].includes(now.state)) return now;
    if (Date.now() - begun > 30_000) throw new Error(`The import did not end: ${JSON.stringify(now)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** How an import stands, as scripts are told. */
export async function stateOf(visitor: Visitor, id: number): Promise<ImportState> {
  const answer = await visitor.get(`/imports/${id}`, { headers: { Accept: 'application/json' } });
  if (answer.status !== 200) throw new Error(`/imports/${id} answers ${answer.status}: ${answer.text}`);
  return JSON.parse(answer.text) as ImportState;
}

/** The cells of a CSV that left Rollcall; throws unless it is UTF-8 with a byte order mark and CRLF after every row. */
export function csvRows({ bytes }: Answer, delimiter = ','): string[][] {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  if (!text.startsWith('\uFEFF') || text.startsWith('\uFEFF\uFEFF'))
    throw new Error('There is not one byte order mark');
  if (!text.endsWith('\r\n')) throw new Error('The last row does not end with CRLF');
  return parse(text.slice(1), { delimiter, record_delimiter: '\r\n', relax_column_count: true });
}

/** The success details of an import whose result is open. */
export async function successDetails(visitor: Visitor): Promise<Success[]> {
  const [header, ...rows] = csvRows(await visitor.download('Download Success Details'));
  return rows.map((row) => Object.fromEntries(row.map((cell, index) => [header[index], cell])));
}
