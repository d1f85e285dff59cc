// The audit log as a CSV file: the codes and times that programs want, and the words that people want.
import { csvLine, csvText } from '../web/csv.js';
import type { AuditEntry } from './audit-entry.entity.js';
import type { EntryInWords } from './entry-words.js';

type Cell = (entry: AuditEntry, words: EntryInWords) => string | number | null;

const columns: { header: string; cell: Cell }[] = [
  { header: 'ID', cell: ({ id }) => id },
  { header: 'Time (UTC)', cell: (_, { isoTime }) => isoTime },
  { header: 'Person', cell: ({ actorName }) => actorName },
  { header: 'Person ID', cell: ({ actorId }) => actorId },
  { header: 'Action', cell: ({ action }) => action },
  { header: 'What', cell: (_, { what }) => what },
  { header: 'Subject Kind', cell: ({ subjectKind }) => subjectKind },
  { header: 'Subject ID', cell: ({ subjectId }) => subjectId },
  { header: 'Subject', cell: ({ subjectName }) => subjectName },
  { header: 'Details', cell: (_, { details }) => details.join('; ') },
  { header: 'Address', cell: ({ address }) => address },
  { header: 'Request', cell: ({ requestId }) => requestId },
  { header: 'Place in Chain', cell: ({ chainPosition }) => chainPosition },
  { header: 'Hash', cell: ({ hash }) => hash },
];

/** The byte order mark and the header. */
export function exportBeginning(): string {
  return csvText([columns.map(({ header }) => header)]);
}

/** The row of one entry; the words are those of the same entry. */
export function exportRow(entry: AuditEntry, words: EntryInWords): string {
  return csvLine(columns.map(({ cell }) => cell(entry, words) ?? ''));
}
