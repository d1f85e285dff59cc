// The floors: what the machine allows for the same work, without HTTP, Nest and TypeORM.
import { createHmac, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { parse } from 'csv-parse/sync';
import Sqlite from 'libsql';
import pg from 'pg';

/** @typedef {import('./server.mjs').Home} Home */

/**
 * @typedef {object} FloorUser
 * @property {string} username
 * @property {string} email
 * @property {string} firstName
 * @property {string} lastName
 * @property {string} timezone
 * @property {string} language
 * @property {number} extension
 * @property {string} password
 * @property {string} passwordHash
 * @property {number} role
 * @property {number[]} groups
 */

const columns = [
  ...['username', 'username_key', 'email', 'email_key', 'first_name', 'last_name', 'timezone', 'language'],
  ...['sip', 'extension', 'password_hash', 'password_changed_at', 'password_expires_at', 'created_at'],
];
const columnTypes = columns.map((column) =>
  column === 'extension' ? 'int' : column.endsWith('_at') ? 'bigint' : 'text',
);

/**
 * Imports a file by the raw driver in one transaction, into tables that Rollcall made, and writes both reports.
 * @param {Home} home
 * @param {Buffer} file see fileOfUsers
 * @returns {Promise<number>} ms
 */
export async function floorOfImport(home, file) {
  const begun = performance.now();
  /** @type {Record<string, string>[]} */
  const rows = parse(file, { columns: true, bom: true });
  const store = home.databaseUrl ? await postgresStore(home.databaseUrl) : sqliteStore(home.dataDir);
  const { names, extensions, roles, groups } = await store.known(rows.map(({ Username }) => Username));
  const free = freeNumbers(extensions, rows.length);
  const key = randomBytes(32);
  const users = [];
  const errors = [];
  for (const row of rows) {
    const role = roles.get(row.Role.toLowerCase());
    const desk = groups.get(row.Desk.toLowerCase());
    const skillGroup = groups.get(row['Skill Group'].toLowerCase());
    const good =
      /^[A-Za-z0-9][A-Za-z0-9._@-]{2,63}$/.test(row.Username) && /^[^\s@]+@[^\s@]+$/.test(row.Email);
    if (!good || !role || !desk || !skillGroup || names.has(row.Username.toLowerCase())) {
      errors.push(row);
      continue;
    }
    const password = randomBytes(16).toString('base64url');
    users.push({
      username: row.Username,
      email: row.Email,
      firstName: row['First Name'],
      lastName: row['Last Name'],
      timezone: row.Timezone,
      language: row['User Language'],
      extension: free[users.length],
      password,
      passwordHash: createHmac('sha256', key).update(password).digest('base64url'),
      role,
      groups: [desk, skillGroup],
    });
  }
  await store.insert(users);
  const success = users.map(
    ({ username, email, extension, password }) => `${username},${email},${extension},${password}\r\n`,
  );
  writeFileSync(join(home.dataDir, 'success.csv'), success.join(''));
  writeFileSync(
    join(home.dataDir, 'errors.csv'),
    errors.map((row) => `${Object.values(row).join(',')}\r\n`).join(''),
  );
  await store.close();
  if (users.length !== rows.length) throw new Error('the floor refused rows that Rollcall accepts');
  return performance.now() - begun;
}

/**
 * Hashes as many passwords as an import of digits only does, on all cores, with the same parameters.
 * @param {number} count
 * @returns {Promise<number>} ms
 */
export async function floorOfHashing(count) {
  const begun = performance.now();
  const parameters = { memoryCost: 19456, timeCost: 2, parallelism: 1 };
  await Promise.all(Array.from({ length: count }, () => hash('123456789012345', parameters)));
  return performance.now() - begun;
}

/** @param {Set<number>} taken @param {number} count */
function freeNumbers(taken, count) {
  const free = [];
  for (let number = 1000; free.length < count; number++) if (!taken.has(number)) free.push(number);
  return free;
}

/** @param {FloorUser} user */
function values(user) {
  const { username, email, firstName, lastName, timezone, language, extension, passwordHash } = user;
  const now = Date.now();
  return [
    ...[username, username.toLowerCase(), email, email.toLowerCase(), firstName, lastName, timezone],
    ...[language, 'webrtc', extension, passwordHash, now, now, now],
  ];
}

/** @param {Record<string, any>[]} users @param {Record<string, any>[]} roles @param {Record<string, any>[]} groups */
function knownFrom(users, roles, groups) {
  /** @param {Record<string, any>[]} rows @returns {Map<string, number>} */
  const byKey = (rows) => new Map(rows.map(({ id, name_key: nameKey }) => [nameKey, id]));
  return {
    names: new Set(users.map(({ username_key: usernameKey }) => usernameKey)),
    extensions: new Set(users.map(({ extension }) => extension)),
    roles: byKey(roles),
    groups: byKey(groups),
  };
}

const questions = {
  roles: 'SELECT id, name_key FROM roles',
  groups: 'SELECT id, name_key FROM groups',
};

/** @param {string} dataDir */
function sqliteStore(dataDir) {
  const connection = new Sqlite(join(dataDir, 'rollcall.sqlite'));
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON'])
    connection.pragma(pragma);
  /** @param {string} sql @param {unknown[]} parameters */
  const all = (sql, parameters = []) =>
    /** @type {Record<string, any>[]} */ (connection.prepare(sql).all(parameters));
  return {
    /** @param {string[]} names */
    known: async (names) =>
      knownFrom(
        all(
          'SELECT username_key, extension FROM users WHERE extension >= 1000 OR username_key IN (SELECT value FROM json_each(?))',
          [JSON.stringify(names.map((name) => name.toLowerCase()))],
        ),
        all(questions.roles),
        all(questions.groups),
      ),
    /** @param {FloorUser[]} users */
    insert: async (users) => {
      const user = connection.prepare(
        `INSERT INTO users (${columns.join()}) VALUES (${columns.map(() => '?').join()})`,
      );
      const role = connection.prepare('INSERT INTO user_roles (user_id, role_id) VALUES (?, ?)');
      const group = connection.prepare('INSERT INTO user_groups (user_id, group_id) VALUES (?, ?)');
      connection.exec('BEGIN IMMEDIATE');
      for (const one of users) {
        const id = user.run(values(one)).lastInsertRowid;
        role.run([id, one.role]);
        for (const groupId of one.groups) group.run([id, groupId]);
      }
      connection.exec('COMMIT');
    },
    close: async () => {
      connection.close();
    },
  };
}

/** @param {string} databaseUrl */
async function postgresStore(databaseUrl) {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  /** @param {string} sql @param {unknown[]} [parameters] @returns {Promise<Record<string, any>[]>} */
  const all = async (sql, parameters) => (await client.query(sql, parameters)).rows;
  const columnArrays = columnTypes.map((type, index) => `$${index + 1}::${type}[]`).join();
  return {
    /** @param {string[]} names */
    known: async (names) =>
      knownFrom(
        await all(
          'SELECT username_key, extension FROM users WHERE extension >= 1000 OR username_key = ANY($1)',
          [names.map((name) => name.toLowerCase())],
        ),
        await all(questions.roles),
        await all(questions.groups),
      ),
    /** @param {FloorUser[]} users */
    insert: async (users) => {
      const rows = users.map(values);
      await all('BEGIN');
      const made = await all(
        `INSERT INTO users (${columns.join()}) SELECT * FROM unnest(${columnArrays}) RETURNING id, username`,
        columns.map((_, index) => rows.map((row) => row[index])),
      );
      const ids = new Map(made.map(({ id, username }) => [username, id]));
      const joined = users.flatMap((user) =>
        user.groups.map((group) => ({ user: ids.get(user.username), group })),
      );
      await all('INSERT INTO user_roles SELECT * FROM unnest($1::int[], $2::int[])', [
        users.map(({ username }) => ids.get(username)),
        users.map(({ role }) => role),
      ]);
      await all('INSERT INTO user_groups SELECT * FROM unnest($1::int[], $2::int[])', [
        joined.map(({ user }) => user),
        joined.map(({ group }) => group),
      ]);
      await all('COMMIT');
    },
    close: () => client.end(),
  };
}
