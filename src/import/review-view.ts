// What the review page shows: counts, choices, problem rows first, fifty at a time.
import { createHash } from 'node:crypto';
import { inFile, userField, userFields } from '../users/user-fields.js';
import type { TenantDirectory } from '../users/tenant-directory.js';
import { sentence } from '../web/problem.js';
import type { Translate } from '../web/texts.js';
import { one, sourceOf, type Answers } from './answers.js';
import type { Import } from './import.entity.js';
import { columnNames } from './column-names.js';
import type { PlannedRow } from './plan.js';
import { kinds, type Kind, type Review, type ReviewedRow } from './review.js';
import type { ReviewTotals } from './review-totals.js';
import type { SameFailure } from './row-warnings.js';
import { readable } from './readable.js';
import { leftEmpty, mayBeEmpty } from './value-choices.js';
import { stepsOf } from './wizard-view.js';

const pageSize = 50;

/** The rows that the address asks for. */
export interface Shown {
  show: Kind | undefined;
  page: number;
  pages: number;
  /** Rows before these, and all rows of the list. */
  before: number;
  of: number;
  shown: ReviewedRow[];
  /** The row that was just changed. */
  changed: ReviewedRow | undefined;
}

/** Finds the rows of a page. `query` is that of its address: `show` (a kind), `page`, `at` (what was just changed). */
export async function shownRows(review: Review, query: Answers): Promise<Shown> {
  const show = kinds.find((kind) => kind === one(query.show));
  const { counts, total } = review.totals;
  const of = show ? counts[show] : total;
  const pages = Math.max(1, Math.ceil(of / pageSize));
  const page = Math.min(pages, Math.max(1, Math.trunc(Number(one(query.page))) || 1));
  const before = (page - 1) * pageSize;
  const shown = await review.rows(show, before, pageSize);
  const at = one(query.at);
  const changed = /^\d{1,9}$/.test(at) ? await review.row(Number(at)) : undefined;
  return { show, page, pages, before, of, shown, changed };
}

/** The model of views/import/review.hbs. @param free extensions of the tenant's range */
export function reviewPage(
  draft: Import,
  { totals, checkedAt }: Review,
  { show, page, pages, of, before, shown, changed: changedRow }: Shown,
  free: number,
  tenant: TenantDirectory,
  query: Answers,
  t: Translate,
) {
  const address = (number: number) =>
    `/imports/${draft.id}/review?${show ? `show=${show}&` : ''}page=${number}#rows`;
  const { counts, total } = totals;
  const changed = changedRow && newsOf(changedRow, shown, t);
  return {
    title: 'Review',
    steps: stepsOf('review', draft),
    draft,
    total,
    rest: total - counts.ready,
    checkedAt,
    counts,
    filters: [undefined, ...kinds].map((kind) => ({
      href: `/imports/${draft.id}/review${kind ? `?show=${kind}` : ''}#rows`,
      kind: kind ?? 'all',
      count: kind ? counts[kind] : total,
      current: kind === show,
    })),
    choices: choices(draft, tenant, t),
    names: namesView(totals, tenant, t),
    seen: totals.sameFailure ? undefined : choicesKey(draft),
    warnings: totals.warnings.map(({ text, values }) =>
      t(text, { ...values, label: t(String(values.label ?? '')) }),
    ),
    stop: totals.sameFailure && stopOf(totals.sameFailure, draft, t),
    matched: one(query.at) === 'names',
    allMatched: one(query.at) === 'names' && totals.unknown.length === 0,
    withoutExtension: totals.withoutExtension,
    tooFew: totals.needed > free ? { free, needed: totals.needed } : undefined,
    rows: shown.map((row) => rowView(row, draft, t)),
    news: changed?.news,
    focused: changed?.focused,
    show,
    page,
    first: before + 1,
    last: before + shown.length,
    of,
    earlier: page > 1 ? address(page - 1) : undefined,
    later: page < pages ? address(page + 1) : undefined,
  };
}

/** Names a page asks for at once: more of them come when these are matched. */
const namesShown = 50;

// The names that the tenant does not know, then those that were matched already, as the controls of one form.
function namesView({ unknown, matched }: ReviewTotals, tenant: TenantDirectory, t: Translate) {
  const shown = unknown.slice(0, namesShown);
  const controls = [...shown, ...matched.slice(0, namesShown)].map((name, index) => {
    const field = userField(name.field);
    const option = (value: string, label: string) => ({ value, label, selected: value === chosen });
    const chosen = name.choice === leftEmpty ? 'empty' : String(name.choice ?? '');
    return {
      ...name,
      index,
      label: inFile(field).label,
      rowList: name.rows.join(', ') + (name.count > name.rows.length ? ', …' : ''),
      options: [
        option('', t('Choose one')),
        ...(mayBeEmpty(field) ? [option('empty', t('Leave empty'))] : []),
        ...tenant.all[field.kin!].map(({ id, name: label }) => option(String(id), label)),
      ],
    };
  });
  return {
    unknown: controls.slice(0, shown.length),
    matched: controls.slice(shown.length),
    more: unknown.length - shown.length,
  };
}

/** The choices that a review is made from, in short: Import Users brings along which ones it has seen. */
export function choicesKey({ answers, valueChoices }: Import): string {
  return createHash('sha256')
    .update(JSON.stringify([answers, valueChoices]))
    .digest('base64url')
    .slice(0, 16);
}

// Why it would be better to go back than to import: what most rows have in common.
function stopOf({ field, row, problem, count, column }: SameFailure, draft: Import, t: Translate) {
  const { label } = inFile(userField(field));
  const values = { label: t(label) };
  return {
    failing: count,
    example: sentence(problem, t),
    row,
    question: column
      ? t('Is “{{column}}” the right column for {{label}}?', {
          ...values,
          column: columnNames(draft.reading.headers, t)[column - 1],
        })
      : t('Look at your choice for {{label}}.', values),
  };
}

// What became of the row that was just changed, and the row to go on with: itself, or the next one that has problems.
function newsOf(changed: ReviewedRow, shown: ReviewedRow[], t: Translate) {
  const { number, state } = changed;
  const isOpen = (row: PlannedRow) => row.state === 'error' || row.state === 'duplicate';
  const next = shown.filter(isOpen).find((row) => row.number >= number);
  const text = isOpen(changed)
    ? 'Row {{number}} is saved, but something is still wrong with it.'
    : state === 'skipped'
      ? 'Row {{number}} is left out.'
      : 'Row {{number}} is ready now.';
  return { news: t(text, { number }), focused: (next ?? shown.find(isOpen))?.number };
}

function rowView(row: ReviewedRow, draft: Import, t: Translate) {
  const { number, state, values, problems, stored } = row;
  const { answers } = draft;
  const told = problems.map((problem) => ({
    ...problem,
    message: sentence(problem, t),
    // A message that does not say itself which field it speaks of.
    label: problem.text.includes('{{label}}') ? undefined : labelOf(problem.field),
  }));
  const cells = cellsToCorrect(row, answers, t).map((cell) => {
    const own = told.filter(({ field }) => field === cell.field);
    return {
      ...cell,
      messages: own.map(({ message }) => message),
      suggestion: own.find(({ suggestion }) => suggestion)?.suggestion,
    };
  });
  return {
    number,
    line: stored.line === number ? undefined : stored.line,
    state,
    username: values.username || shownText(stored, answers, 'username'),
    email: values.email || shownText(stored, answers, 'email'),
    extension:
      values.extension ?? (state === 'ready' ? t('generated') : shownText(stored, answers, 'extension')),
    // Those of a cell stand at its input.
    problems: told.filter(({ field }) => !cells.some((cell) => cell.field === field)),
    cells,
    edited: stored.edits !== null && Object.keys(stored.edits).length > 0,
    skipped: stored.skipped,
  };
}

// A cell can be corrected where a problem points to its column.
function cellsToCorrect({ number, problems, stored }: ReviewedRow, answers: Answers, t: Translate) {
  return [...new Set(problems.map(({ field }) => field))].flatMap((name) => {
    const field = userFields.find((candidate) => candidate.name === name);
    const source = field && sourceOf(field, answers);
    if (!field || source?.from !== 'column') return [];
    const { position } = source;
    const { label } = inFile(field);
    return {
      field: name,
      position,
      id: `row-${number}-${position}`,
      label,
      name: `${t(label)}, ${t('row {{number}}', { number })}`,
      value: readable(stored.edits?.[position - 1] ?? stored.cells[position - 1] ?? ''),
    };
  });
}

function labelOf(name: string): string | undefined {
  const field = userFields.find((candidate) => candidate.name === name);
  return field && inFile(field).label;
}

function shownText({ cells, edits }: ReviewedRow['stored'], answers: Answers, name: string): string {
  const source = sourceOf(userField(name), answers);
  return source.from === 'column'
    ? readable(edits?.[source.position - 1] ?? cells[source.position - 1] ?? '')
    : '';
}

/** Every choice in one line: what, from where, and the step that changes it; at last what the file holds for nobody. */
export function choices(draft: Import, tenant: TenantDirectory, t: Translate) {
  const names = columnNames(draft.reading.headers, t);
  const unused = new Set(names);
  const fields = userFields.flatMap((field) => {
    if (field.wizard === 'never') return [];
    const { label } = inFile(field);
    const step = { required: 'fields', security: 'security', optional: 'options' }[field.wizard];
    const line = (text: string) => ({ label, text, href: `/imports/${draft.id}/${step}` });
    const source = sourceOf(field, draft.answers);
    if (
      field.onlyWith &&
      one(draft.answers['sip.source']) !== field.onlyWith &&
      one(draft.answers['sip.source']) !== 'file'
    )
      return [];
    if (source.from === 'column') {
      const column = names[source.position - 1];
      unused.delete(column);
      return line(t('from the column “{{column}}”', { column }));
    }
    if (source.from === 'dialer')
      return line(t('for all users: {{value}}', { value: valueText(field.name, source.text, tenant, t) }));
    if (field.name === 'extension') return line(t('generated'));
    if (field.name === 'twoFactor') return line(t('Default from Role/Tenant'));
    return [];
  });
  const href = `/imports/${draft.id}/options`;
  return [
    ...fields,
    { label: 'Passwords', text: t(passwordsText(draft.answers)), href },
    ...(unused.size > 0 ? [{ label: 'Columns that are not used', text: [...unused].join(' · '), href }] : []),
  ];
}

function passwordsText({ invite, digitsOnly }: Answers): string {
  if (one(invite)) return 'chosen by each user, with a link by email';
  return one(digitsOnly) ? 'temporary ones of digits, to hand out' : 'temporary ones, to hand out';
}

function valueText(name: string, text: string, tenant: TenantDirectory, t: Translate): string {
  const field = userField(name);
  const parts = text.split(';').map((part) => {
    if (field.kin) return tenant.all[field.kin].find(({ id }) => String(id) === part)?.name ?? part;
    if (field.kind === 'flag') return t(['on', 'yes'].includes(part) ? 'Yes' : 'No');
    const choice = field.choices?.find(({ value }) => value === part);
    return choice ? t(choice.label) : part;
  });
  return parts.join(', ');
}
