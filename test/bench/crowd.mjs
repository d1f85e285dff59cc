// A tenant with very many users, put beside the server into a database that Rollcall made.

/** @typedef {import('./server.mjs').Home} Home */

const family = [
  'Silva',
  'Okafor',
  'Müller',
  'Nguyen',
  'Rossi',
  'Petrov',
  'Haddad',
  'Jensen',
  'Kim',
  'Kovács',
];
/** One of ten is called so. */
export const commonName = 'kovács';
/** One alone is called so. */
export const rareName = 'zebulon';

/**
 * Fills up to `count` users: one of two in the first desk, one of ten of each family name, one of a thousand inactive.
 * Extensions run on from 100,000 (beyond six digits for a million: no form would take them, every index holds them).
 * @param {Home} home
 * @param {number} count
 * @param {number} present how many are there already
 */
export async function fill(home, count, present) {
  const postgres = Boolean(home.databaseUrl);
  const number = `${present + 1}`;
  const numbers = postgres
    ? `(SELECT generate_series(${number}, ${count}) AS i)`
    : `(WITH RECURSIVE n(i) AS (SELECT ${number} UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) SELECT i FROM n)`;
  const last = `CASE i % 10 ${family.map((name, index) => `WHEN ${index} THEN '${name}'`).join(' ')} END`;
  const first = `CASE WHEN i = 500 THEN 'Zebulon' ELSE 'Anna' END`;
  const at = Date.parse('2026-01-01');
  if (postgres) await home.query('DROP INDEX IF EXISTS user_search_words');
  await home.query(
    `INSERT INTO users (username, username_key, email, email_key, first_name, last_name, name_key, active, sip, extension,
       password_hash, password_changed_at, created_at, last_sign_in_at)
     SELECT 'agent.' || i, 'agent.' || i, 'agent.' || i || '@example.com', 'agent.' || i || '@example.com', ${first}, ${last},
       lower(${first} || ' ' || ${last}), i % 1000 <> 0, CASE WHEN i % 3 = 0 THEN 'builtin_pbx' ELSE 'webrtc' END, 99999 + i,
       '', ${at}, ${at} + i * 1000, CASE WHEN i % 4 = 0 THEN ${at} + i * 1100 END
     FROM ${numbers} numbers`,
  );
  const made = `FROM users WHERE extension > ${99_999 + present}`;
  await home.query(
    `INSERT INTO user_roles (user_id, role_id) SELECT id, (SELECT id FROM roles WHERE name_key = 'agent') ${made}`,
  );
  await home.query(
    `INSERT INTO user_groups (user_id, group_id) SELECT id, (SELECT MIN(id) + extension % 2 FROM groups) ${made}`,
  );
  await home.query(
    `INSERT INTO user_search (${postgres ? 'user_id' : 'rowid'}, words)
     SELECT id, '  ' || username_key || '  ' || email_key || '  ' || extension || '  ' || replace(name_key, ' ', '  ') ${made}`,
  );
  if (postgres)
    await home.query('CREATE INDEX user_search_words ON user_search USING gin (words gin_trgm_ops)');
  for (const table of ['users', 'user_roles', 'user_groups', 'user_search'])
    if (postgres) await home.query(`VACUUM ANALYZE ${table}`);
}
