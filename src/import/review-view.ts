// What the review page shows: counts, choices, problem rows first, fifty at a time.
import { inFile, userField, userFields } from '../users/user-fields.js';
import type { TenantDirectory } from '../users/tenant-directory.js';
import { sentence } from '../web/problem.js';
import type { Translate } from '../web/texts.js';
import { one, sourceOf, type Answers } from './answers.js';
import type { Import } from './import.entity.js';
import { columnNames } from './match-columns.js';

import type { Review } from './review.js';

const pageSize = 50;
const kinds = ['error', 'duplicate', 'skipped', 'ready'] as const;

/** The model of views/import/review.hbs. */
export function reviewPage(
  draft: Import,
  review: Review,
  tenant: TenantDirectory,
  query: Answers,
  t: Translate,
) {
  const show = kinds.find((kind) => kind === one(query.show));
  const rows = kinds.flatMap((kind) =>
    show && kind !== show ? [] : review.rows.filter(({ state }) => state === kind),
  );
  const pages = Math.max(1, Math.ceil(rows.length / pageSize));
  const page = Math.min(pages, Math.max(1, Number(one(query.page)) || 1));
  const address = (number: number) =>
    `/imports/${draft.id}/review?${show ? `show=${show}&` : ''}page=${number}#rows`;
  const { counts, extensions } = review;
  return {
    title: 'Review',
    step: 'review',
    draft,
    total: review.rows.length,
    counts,
    filters: [undefined, ...kinds].map((kind) => ({
      href: `/imports/${draft.id}/review${kind ? `?show=${kind}` : ''}#rows`,
      kind: kind ?? 'all',
      count: kind ? counts[kind] : review.rows.length,
      current: kind === show,
    })),
    choices: choices(draft, tenant, t),
    unknown: review.unknown.map((value) => ({
      ...value,
      id: `${value.field}-${value.rows[0]}`,
      label: inFile(userField(value.field)).label,
      rowList: value.rows.slice(0, 10).join(', ') + (value.rows.length > 10 ? ', …' : ''),
      known: tenant.all[userField(value.field).kin!],
    })),
    withoutExtension: review.withoutExtension,
    tooFew: extensions.needed > extensions.free ? extensions : undefined,
    rows: rows.slice((page - 1) * pageSize, page * pageSize).map((row) => rowView(row, draft, t)),
    show,
    page,
    earlier: page > 1 ? address(page - 1) : undefined,
    later: page < pages ? address(page + 1) : undefined,
  };
}

function rowView(row: Review['rows'][number], draft: Import, t: Translate) {
  const { number, state, values, problems, stored } = row;
  const { answers, reading } = draft;
  const names = columnNames(reading.headers);
  // A cell can be corrected where a problem points to its column.
  const cells = [...new Set(problems.map(({ field }) => field))].flatMap((name) => {
    const field = userFields.find((candidate) => candidate.name === name);
    const source = field && sourceOf(field, answers);
    if (!field || source?.from !== 'column') return [];
    const index = source.position - 1;
    const problem = problems.find((candidate) => candidate.field === name)!;
    return {
      name: `cell.${source.position}`,
      id: `row-${number}-${source.position}`,
      label: `${t(inFile(field).label)}, ${t('row {{number}}', { number })}`,
      column: names[index],
      value: stored.edits?.[index] ?? stored.cells[index] ?? '',
      suggestion: problem.suggestion,
    };
  });
  return {
    number,
    line: stored.line === number ? undefined : stored.line,
    state,
    username: values.username || shown(stored, answers, 'username'),
    email: values.email || shown(stored, answers, 'email'),
    extension: values.extension ?? (one(answers['extension.generate']) ? t('generated') : ''),
    problems: problems.map((problem) => ({
      label: userFields.some(({ name }) => name === problem.field)
        ? inFile(userField(problem.field)).label
        : '',
      value: problem.value,
      message: sentence(problem, t),
      suggestion: problem.suggestion,
    })),
    cells,
    edited: stored.edits !== null && Object.keys(stored.edits).length > 0,
    skipped: stored.skipped,
  };
}

function shown({ cells, edits }: Review['rows'][number]['stored'], answers: Answers, name: string): string {
  const source = sourceOf(userField(name), answers);
  return source.from === 'column' ? (edits?.[source.position - 1] ?? cells[source.position - 1] ?? '') : '';
}

// Every choice in one line: what, from where, and the step that changes it.
function choices(draft: Import, tenant: TenantDirectory, t: Translate) {
  const names = columnNames(draft.reading.headers);
  return userFields.flatMap((field) => {
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
    if (source.from === 'column')
      return line(t('from the column “{{column}}”', { column: names[source.position - 1] }));
    if (source.from === 'dialer')
      return line(t('for all users: {{value}}', { value: valueText(field.name, source.text, tenant, t) }));
    if (field.name === 'extension') return line(t('generated'));
    if (field.name === 'twoFactor') return line(t('Default from Role/Tenant'));
    return [];
  });
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
