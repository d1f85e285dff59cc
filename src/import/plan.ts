// What will happen to each row. The review shows it, the import does it: both ask here, so they cannot disagree.
import { deviceKey, stillHeld, type Holder, type Taken } from '../users/taken.js';
import { notAllowed, type Grants } from '../users/grants.js';
import { readField, type Named, type Reading, type Tenant } from '../users/read-field.js';
import { emptyUser, type UserField, type UserValues } from '../users/user-fields.js';
import { wholeUserProblems } from '../users/whole-user.js';
import { nameKey } from '../web/names.js';
import type { Problem, ProblemCode } from '../web/problem.js';
import { one, sourcesOf, type Answers, type Source } from './answers.js';
import { leftEmpty, partsOf, type Choices } from './value-choices.js';

/** A row as it is stored, with the corrections that were made on the review page. */
export interface StoredRow {
  number: number;
  cells: string[];
  edits: Record<number, string> | null;
  badText: boolean;
  skipped: boolean;
}

/** A row whose values were read, before it is known who has them already. */
export interface ReadRow {
  number: number;
  skipped: boolean;
  /** As far as they could be read. */
  values: UserValues;
  problems: Problem[];
}

export interface PlannedRow {
  number: number;
  state: 'ready' | 'duplicate' | 'error' | 'skipped';
  values: UserValues;
  /** Missing before invalid before duplicate. */
  problems: Problem[];
}

/** What reading must know of the tenant, as of now. */
export interface Directory {
  tenant: Tenant;
  grants: Grants;
  headers: string[];
  /** The rows come from a workbook, and end with their last filled cell. */
  isWorkbook: boolean;
  choices: Choices;
}

/** Reads the values of rows by the answers of the wizard, with everything that is wrong with them by themselves. */
export function readRows(rows: StoredRow[], answers: Answers, directory: Directory): ReadRow[] {
  const chosen = { ...directory, tenant: withChoices(directory.tenant, directory.choices) };
  const sought = [...sourcesOf(answers)].map(([field, source]) => {
    const needed = neededIn(field, answers);
    const always = source.from === 'column' ? undefined : readText(field, needed, textOf(source), chosen);
    return { field, needed, source, always };
  });
  const digitsOnly = one(answers.digitsOnly) !== '';
  return rows.map((row) => readRow(row, sought, digitsOnly, chosen));
}

/** A field and where its value comes from. */
interface Sought {
  field: UserField;
  /** The field as this file has to give it. */
  needed: UserField;
  source: Source;
  /** What was read for all rows together, unless each has its own cell. */
  always?: Reading;
}

/**
 * Plans rows in the order of the file: who is ready, who is a duplicate, what is wrong.
 * @param taken users who hold names and numbers of these rows
 * @param claims what ready rows before these have claimed; grows by the ready ones among these
 */
export function plan(rows: ReadRow[], taken: Taken, claims: Claims): PlannedRow[] {
  return rows.map(({ number, skipped, values, problems: own }) => {
    if (skipped) return { number, state: 'skipped', values, problems: [skippedByHand] };
    const problems = [...own, ...claims.clashes(values, taken)].sort(byWeight);
    const state = stateOf(problems);
    if (state === 'ready') claims.claim(values, number);
    return { number, state, values, problems };
  });
}

const skippedByHand: Problem = {
  field: '',
  value: '',
  code: 'skipped',
  text: 'This row was left out.',
};

function readRow(row: StoredRow, sought: Sought[], digitsOnly: boolean, directory: Directory): ReadRow {
  const values: UserValues & Record<string, unknown> = { ...emptyUser() };
  const problems: Problem[] = [];
  for (const { field, needed, source, always } of sought) {
    if (field.onlyWith && values.sip !== field.onlyWith) continue;
    const reading = always ?? readText(field, needed, textOf(source, row), directory);
    if ('value' in reading) values[field.name as string] = reading.value;
    else problems.push(...reading.problems);
  }
  values.digitsOnly = digitsOnly;
  problems.push(
    ...wholeRow(row, directory.headers, problems),
    ...ofWholeUser(values, problems, directory.tenant),
    ...notAllowed(values, directory.grants),
  );
  return { number: row.number, skipped: row.skipped, values, problems };
}

// With "generate" nothing is read for the extension; an empty SIP cell means Use WebRTC.
function neededIn(field: UserField, answers: Answers): UserField {
  if (field.name === 'sip') return { ...field, required: false };
  if (field.name === 'extension' && (answers['extension.generate'] || answers['extension.generateMissing'])) {
    return { ...field, required: false };
  }
  return field.onlyWith ? { ...field, required: true } : field;
}

function textOf(source: Source, row?: StoredRow): string {
  if (source.from === 'dialer') return source.text;
  if (source.from === 'nothing') return '';
  const index = source.position - 1;
  return row?.edits?.[index] ?? row?.cells[index] ?? '';
}

function readText(field: UserField, needed: UserField, text: string, directory: Directory): Reading {
  return readField(needed, withoutLeftEmpty(field, text, directory), directory.tenant);
}

// A name that was left empty on the review page; one that the tenant has by now is never hidden.
function withoutLeftEmpty(field: UserField, text: string, { tenant, choices }: Directory): string {
  const { kin } = field;
  if (!kin || !choices.leavesEmpty(kin)) return text;
  const isDropped = (part: string) => choices.find(kin, part) === leftEmpty && !tenant.names[kin].find(part);
  return partsOf(field, text)
    .filter((part) => !isDropped(part))
    .join(';');
}

function wholeRow({ cells, edits, badText }: StoredRow, headers: string[], ofCells: Problem[]): Problem[] {
  const problems: Problem[] = [];
  const extra = cells.slice(headers.length).filter((cell) => cell.trim() !== '');
  if (extra.length > 0) {
    const text =
      'The row has more cells than the header, such as “{{value}}”. Put a value that holds a delimiter in quotes; give any other a column with a name, or remove it.';
    const value = extra.join(' ');
    problems.push({
      field: '',
      value,
      code: 'wrong_width',
      text,
      values: { value: extra[0].trim().slice(0, 40) },
    });
  }
  const broken = badText ? cells.findIndex((cell, index) => (edits?.[index] ?? cell).includes('\uFFFD')) : -1;
  // Unless the cell says so itself, or stands beyond the header.
  if (headers[broken] !== undefined && !ofCells.some(({ code }) => code === 'bad_text')) {
    const text =
      'A letter is broken under “{{column}}”, which is not used. Mend it in the file, or leave the row out.';
    const values = { column: headers[broken].trim() || broken + 1 };
    problems.push({ field: '', value: '', code: 'bad_text', text, values });
  }
  return problems;
}

// What is wrong with a field in itself is not said twice.
function ofWholeUser(values: UserValues, problems: Problem[], tenant: Tenant): Problem[] {
  const wrong = new Set(problems.map(({ field }) => field));
  if (wrong.has('email')) wrong.add('username');
  return wholeUserProblems(values, tenant).filter(({ field }) => !wrong.has(field));
}

function withChoices(tenant: Tenant, choices: Choices): Tenant {
  const names = { ...tenant.names };
  for (const kin of Object.keys(names) as (keyof typeof names)[]) {
    const known = tenant.names[kin];
    names[kin] = {
      find: (text): Named | undefined => {
        const found = known.find(text);
        const id = found ? undefined : choices.find(kin, text);
        return id === undefined ? found : known.find(String(id));
      },
    };
  }
  return { ...tenant, names };
}

const weights: Partial<Record<ProblemCode, number>> = { missing: 0, duplicate_user: 2, duplicate_in_file: 2 };

function weightOf({ code }: Problem): number {
  return weights[code] ?? 1;
}

// Missing before invalid before duplicate (PRODUCT.md section 5).
function byWeight(a: Problem, b: Problem): number {
  return weightOf(a) - weightOf(b);
}

function stateOf(problems: Problem[]): 'ready' | 'duplicate' | 'error' {
  if (problems.length === 0) return 'ready';
  return problems.every((problem) => weightOf(problem) === 2) ? 'duplicate' : 'error';
}

/** Who holds a name: a row of this file or a user. */
type Owner = { row: number } | { user: Holder };

/** What a user with these values has alone, as far as they are known, each as one text that tells its kind. */
export function claimsOf(values: UserValues): string[] {
  const { username, email, extension, pbxDomain, pbxDevice } = values;
  const names = [username, email].filter((name) => name !== '').map((name) => nameClaim(nameKey(name)));
  return [
    ...new Set(names),
    ...(extension === null ? [] : [extensionClaim(extension)]),
    ...(pbxDomain === null || pbxDevice === null ? [] : [deviceClaim(deviceKey(pbxDomain, pbxDevice))]),
  ];
}

const nameClaim = (key: string) => `name ${key}`;
const extensionClaim = (extension: number) => `extension ${extension}`;
const deviceClaim = (key: string) => `device ${key}`;

/** Names and numbers that the ready rows of a file have claimed so far. */
export class Claims {
  private readonly rows = new Map<string, number>();
  private readonly new = new Map<string, number>();

  /** Users whom this import made are shown as the rows that they come from. */
  constructor(private readonly importId: number) {}

  /** What a row would claim that somebody has already. */
  clashes(values: UserValues, taken: Taken): Problem[] {
    const owner = (row: number | undefined, user: Holder | undefined): Owner | undefined => {
      if (row !== undefined) return { row };
      if (!user) return undefined;
      return user.importId === this.importId && user.importRow !== null ? { row: user.importRow } : { user };
    };
    const [usernameKey, emailKey] = [nameKey(values.username), nameKey(values.email)];
    const byName = (key: string) =>
      owner(this.rows.get(nameClaim(key)), taken.usernames.get(key) ?? taken.emails.get(key));
    const problems: Problem[] = [];
    const duplicates = [values.username && byName(usernameKey), values.email && byName(emailKey)];
    if (duplicates[0]) problems.push(duplicate('username', values.username, duplicates[0]));
    if (duplicates[1] && !same(duplicates[0], duplicates[1]))
      problems.push(duplicate('email', values.email, duplicates[1]));
    // The number of the very user that the row repeats is no second problem.
    const repeats = (other: Owner) => duplicates.some((duplicated) => same(duplicated, other));
    if (values.extension !== null) {
      const { extension } = values;
      const holder = owner(this.rows.get(extensionClaim(extension)), taken.extensions.get(extension));
      if (holder && !repeats(holder))
        problems.push(inUse('extension', String(values.extension), 'Virtual Extension', holder));
      const until = holder ? undefined : taken.held.get(values.extension);
      if (until !== undefined) problems.push(stillHeld(values.extension, until));
    }
    if (values.pbxDomain !== null && values.pbxDevice !== null) {
      const key = deviceKey(values.pbxDomain, values.pbxDevice);
      const holder = owner(this.rows.get(deviceClaim(key)), taken.devices.get(key));
      if (holder && !repeats(holder))
        problems.push(inUse('pbxDevice', values.pbxDevice, 'PBX Device', holder));
    }
    return problems;
  }

  /** Notes what a ready row will have. */
  claim(values: UserValues, row: number): void {
    for (const key of claimsOf(values)) {
      this.rows.set(key, row);
      this.new.set(key, row);
    }
  }

  /** Notes what an earlier row has that is kept elsewhere. */
  know(key: string, row: number): void {
    if (!this.rows.has(key)) this.rows.set(key, row);
  }

  /** What was claimed here: key and row. */
  made(): [string, number][] {
    return [...this.new];
  }
}

function same(a: Owner | '' | undefined, b: Owner): boolean {
  if (!a) return false;
  return 'row' in a ? 'row' in b && a.row === b.row : 'user' in b && a.user.id === b.user.id;
}

function duplicate(field: string, value: string, owner: Owner): Problem {
  if ('row' in owner) {
    const text = 'Row {{row}} of this file is the same user already.';
    return { field, value, code: 'duplicate_in_file', text, values: { row: owner.row } };
  }
  const text = 'The user {{username}} (ID {{id}}) exists already.';
  return {
    field,
    value,
    code: 'duplicate_user',
    text,
    values: { username: owner.user.username, id: owner.user.id },
  };
}

function inUse(field: string, value: string, label: string, owner: Owner): Problem {
  if ('row' in owner) {
    const text = '{{label}}: row {{row}} of this file has the same one. Use another one.';
    return { field, value, code: 'taken', text, values: { label, row: owner.row } };
  }
  const { username, id } = owner.user;
  const text = '{{label}}: the user {{username}} (ID {{id}}) has it. Use another one.';
  return { field, value, code: 'taken', text, values: { label, username, id } };
}
