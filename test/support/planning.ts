// A small tenant, and what becomes of a file there: reader, first answers and plan one after the other, without a database.
import type { Answers } from '../../src/import/answers.js';
import { firstAnswers } from '../../src/import/first-answers.js';
import { Claims, plan, readRows, type Directory, type PlannedRow } from '../../src/import/plan.js';
import type { ReadLimits } from '../../src/import/read-file.js';
import { Choices, type ValueChoices } from '../../src/import/value-choices.js';
import type { Names, Tenant } from '../../src/users/read-field.js';
import { deviceKey, type Holder, type Taken } from '../../src/users/taken.js';
import { nameKey } from '../../src/web/names.js';
import { allPermissions, type Permission } from '../../src/web/permissions.js';
import { readFile, type ReadFile } from './read-whole.js';

/** What a file may hold by default. */
export const limits: ReadLimits = {
  rows: 500,
  bytes: 2 * 1024 * 1024,
  columns: 100,
  recordBytes: 64 * 1024,
  cellCharacters: 8 * 1024,
};

/** Things get the IDs 1, 2, 3 … in the order of their names here. */
export const tenant: Tenant = {
  names: {
    roles: called('Administrator', 'Agent', 'Team Lead'),
    desks: called('North', 'South', 'Zürich'),
    skillGroups: called('English', 'Deutsch'),
    queues: called('Support', 'Sales'),
    pbxDomains: called('Main PBX', 'Branch PBX'),
    callerIds: called('Head Office'),
  },
  emergencyNumbers: [112, 911, 999],
  ppq: true,
  mail: true,
};

/** Somebody who exists already. */
export interface Existing extends Partial<Holder> {
  id: number;
  username: string;
  email: string;
  extension?: number;
  device?: { domain: number; number: string };
}

export interface Planning {
  answers?: Answers;
  valueChoices?: ValueChoices;
  users?: Existing[];
  /** Permissions of whoever imports; everything by default. */
  held?: Permission[];
  /** Numbers of rows that were left out on the review page. */
  skipped?: number[];
  edits?: Record<number, Record<number, string>>;
}

/**
 * What the plan says about every row of a file whose first two columns are the username and the email. The role is Agent
 * for all unless the file says it.
 */
export function planFile(text: string | Buffer, options: Planning = {}): PlannedRow[] {
  const result = readFile(Buffer.from(text), { limits });
  if ('problem' in result) throw new Error(`refused: ${result.problem.text}`);
  const answers = { 'username.column': '1', 'email.column': '2', ...options.answers };
  return planRead(result.file, { ...options, answers });
}

/** The same for a file that was read, by the columns that are matched. */
export function planRead(file: ReadFile, options: Planning = {}): PlannedRow[] {
  const { answers, valueChoices = {}, users = [], held = allPermissions, skipped = [], edits = {} } = options;
  const sample = file.rows.map(({ cells }) => cells);
  const chosen = { ...firstAnswers(file.headers, sample, tenant, 2).answers, ...answers };
  const rows = file.rows.map(({ number, cells, badText = false }) => {
    return { number, cells, badText, skipped: skipped.includes(number), edits: edits[number] ?? null };
  });
  return plan(
    readRows(rows, chosen, directoryFor(file.headers, held, valueChoices)),
    takenBy(users),
    new Claims(1),
  );
}

/** What the plan knows of the small tenant. */
export function directoryFor(headers: string[], held: Permission[], valueChoices: ValueChoices): Directory {
  const permissionsOf: [number, Permission[]][] = [
    [1, allPermissions],
    [2, []],
    [3, ['users.view', 'users.reset']],
  ];
  const roles = new Map(
    permissionsOf.map(([id, permissions]) => [
      id,
      { permissions, ownDesksOnly: false, twoFactor: id === 3 ? ('google' as const) : null },
    ]),
  );
  return {
    tenant,
    headers,
    isWorkbook: false,
    choices: new Choices(valueChoices),
    grants: {
      giver: { permissions: new Set(held), ownDesksOnly: false },
      roles,
      defaultTwoFactor: 'email',
      administratorsTwoFactor: true,
    },
  };
}

/** Who has what in it. */
export function takenBy(users: Existing[]): Taken {
  const holders = users.map((user) => ({ importId: null, importRow: null, ...user }));
  return {
    usernames: new Map(holders.map((user) => [nameKey(user.username), user])),
    emails: new Map(holders.map((user) => [nameKey(user.email), user])),
    extensions: new Map(holders.flatMap((user) => (user.extension ? [[user.extension, user] as const] : []))),
    held: new Map(),
    devices: new Map(
      holders.flatMap((user) =>
        user.device ? [[deviceKey(user.device.domain, user.device.number), user] as const] : [],
      ),
    ),
  };
}

function called(...names: string[]): Names {
  return {
    find(text) {
      const index = /^\d+$/.test(text)
        ? Number(text) - 1
        : names.findIndex((name) => nameKey(name) === nameKey(text));
      return names[index] === undefined ? undefined : { id: index + 1, name: names[index] };
    },
  };
}
