// What the audit log is narrowed to: as it stands in the address, and as the database is asked.
import type { Problem } from '../web/problem.js';
import { dayAfter, startOfDay } from './days.js';

/** Texts of the address; empty or missing = not narrowed. */
export interface FilterTexts {
  person?: string;
  action?: string;
  from?: string;
  until?: string;
}

export interface AuditFilters {
  /** Username at the time, lower-case. */
  person?: string;
  action?: string;
  /** Milliseconds since 1970, UTC; included. */
  from?: number;
  /** Not included. */
  before?: number;
}

/** Without blanks around, and without those that are empty. */
export function given({ person, action, from, until }: FilterTexts): FilterTexts {
  const texts = Object.entries({ person, action, from, until }).map(([name, text]) => [name, text?.trim()]);
  return Object.fromEntries(texts.filter(([, text]) => text)) as FilterTexts;
}

/** Reads the filters; days are those of the reader's timezone, both included. Problems: no such day, wrong order. */
export function readFilters(
  { person, action, from, until }: FilterTexts,
  timezone: string,
): { filters: AuditFilters; problems: Problem[] } {
  const filters: AuditFilters = { person: person?.toLowerCase(), action };
  const problems: Problem[] = [];
  if (from) {
    filters.from = startOfDay(from, timezone);
    if (filters.from === undefined) problems.push(wrong('from', 'From', from, noDate));
  }
  if (until) {
    filters.before = startOfDay(until, timezone) && startOfDay(dayAfter(until), timezone);
    if (filters.before === undefined) problems.push(wrong('until', 'Until', until, noDate));
    else if (from && until < from) problems.push(wrong('until', 'Until', until, wrongOrder));
  }
  return { filters, problems };
}

function wrong(field: string, label: string, value: string, text: string): Problem {
  return { field, value, code: 'invalid', text, values: { label } };
}

const noDate = 'There is no such day. Use a date such as 2027-03-28.';
const wrongOrder = 'The last day must not be before the first one.';
