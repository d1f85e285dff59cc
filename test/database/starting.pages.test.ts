// When Rollcall does not start, and what it says then: one line that the operator can act on (PRODUCT.md section 10).
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { change, countOf, rowsOf } from '../support/peek.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { type Rollcall, onPostgres, onSqlite, refusedStart, startRollcall } from '../support/rollcall.js';

const key = randomBytes(32).toString('base64');
let rollcall: Rollcall;

beforeAll(async () => {
  rollcall = await startRollcall({ env: { SECRET_KEY: key } });
  await setUp(rollcall);
});

describe('the start is refused in one line by', () => {
  test('a wrong value in the environment, which is named', async () => {
    expect(await refusedStart({ env: { PORT: '70000' }, beside: rollcall })).toEqual([
      'PORT wants a whole number from 0 to 65535',
    ]);
  });

  test('LG-4: a database that does not answer, without its password', async () => {
    const lines = await refusedStart({
      env: { DATABASE_URL: 'postgres://rollcall:hush@127.0.0.1:1/rollcall', SECRET_KEY: key },
    });
    expect(lines).toEqual(['DATABASE_URL wants a database that answers (connect ECONNREFUSED 127.0.0.1:1)']);
  });

  test('a port that somebody else has', async () => {
    const { port } = new URL(rollcall.address);
    expect(await refusedStart({ env: { PORT: port } })).toEqual([
      `HOST and PORT want an address that is free to listen on (listen EADDRINUSE: address already in use 127.0.0.1:${port})`,
    ]);
  });

  test('SC-1: a damaged key file', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
    writeFileSync(join(dataDir, 'secret.key'), 'x');
    const lines = await refusedStart({ env: { DATA_DIR: dataDir }, beside: rollcall });
    rmSync(dataDir, { recursive: true });
    expect(lines).toEqual([
      `The key file ${dataDir}/secret.key is damaged: restore it from the backup, or set SECRET_KEY`,
    ]);
  });
});

test('SC-1: a key file is made at the first start, for its owner only, and kept', async () => {
  const own = await startRollcall();
  const file = join(own.dataDir, 'secret.key');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const made = readFileSync(file, 'utf8');
  expect(Buffer.from(made, 'base64')).toHaveLength(32);
  await own.restart();
  expect(readFileSync(file, 'utf8')).toBe(made);
  await own.stop();
});

test('a schema that a newer Rollcall made is left alone', async () => {
  const newer = await startRollcall();
  await newer.kill();
  await change(
    newer,
    `INSERT INTO migrations (timestamp, name) VALUES (1999999999999, 'Tomorrow1999999999999')`,
  );
  const rows = await rowsOf(newer, 'SELECT name FROM migrations ORDER BY id');
  expect(await refusedStart({ beside: newer })).toEqual([
    'The database was made by a newer Rollcall (Tomorrow1999999999999): start that one, or restore a backup',
  ]);
  expect(await rowsOf(newer, 'SELECT name FROM migrations ORDER BY id')).toEqual(rows);
  await newer.stop();
});

onSqlite('a second server on one SQLite file is refused, and the first goes on', async () => {
  const file = join(rollcall.dataDir, 'rollcall.sqlite');
  expect(await refusedStart({ beside: rollcall, env: { SECRET_KEY: key } })).toEqual([
    `Another Rollcall is running on ${file}: stop it first, or set another DATA_DIR`,
  ]);
  expect((await signIn(rollcall, administrator, password)).page.path).toBe('/users');
});

onSqlite('a file whose server was killed is free', async () => {
  const killed = await startRollcall();
  await killed.kill();
  await killed.start();
  expect(killed.log()).not.toContain('Another Rollcall is running');
  await killed.stop();
});

onSqlite('the database is not for others to read', async () => {
  expect(statSync(join(rollcall.dataDir, 'rollcall.sqlite')).mode & 0o007).toBe(0);
});

onPostgres('R-15: two servers that start together on an empty database migrate it once', async () => {
  const first = await startRollcall({ env: { SECRET_KEY: key } });
  await first.kill();
  for (let round = 0; round < 3; round++) {
    await change(first, 'DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    const [second] = await Promise.all([
      startRollcall({ beside: first, env: { SECRET_KEY: key } }),
      first.start(),
    ]);
    const ran = await rowsOf<{ name: string }>(first, 'SELECT name FROM migrations');
    expect(new Set(ran.map(({ name }) => name)).size).toBe(ran.length);
    expect(await countOf(first, 'roles')).toBe(3);
    for (const server of [first, second]) expect((await fetch(`${server.address}/sign-in`)).status).toBe(200);
    await Promise.all([first.kill(), second.stop()]);
  }
  await first.stop();
});

onPostgres(
  'a role that may not install pg_trgm reads what to do, and search works before and after',
  async () => {
    const first = await startRollcall({ env: { SECRET_KEY: key } });
    await first.kill();
    const role = `limited_${randomBytes(4).toString('hex')}`;
    await change(first, 'DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    await change(first, `CREATE ROLE ${role} LOGIN; GRANT ALL ON SCHEMA public TO ${role}`);
    const url = new URL(first.databaseUrl!);
    url.username = role;
    const limited = await startRollcall({
      beside: first,
      env: { SECRET_KEY: key, DATABASE_URL: url.href },
    });
    const told = () =>
      limited
        .log()
        .split('\n')
        .filter((line) => line.includes('pg_trgm'));
    const chief = await setUp(limited);
    const finds = async () => {
      await chief.open('/users?q=chie');
      return chief.page.hasLink(administrator);
    };
    expect(told()).toHaveLength(1);
    expect(told()[0]).toContain(
      'Run it in the database as its owner, or grant CREATE on the database to this role',
    );
    expect(await finds()).toBe(true);
    await change(first, 'CREATE EXTENSION pg_trgm');
    await limited.restart();
    expect(told()).toHaveLength(1);
    expect(await countOf(first, `pg_indexes WHERE indexname = 'user_search_words'`)).toBe(1);
    expect(await finds()).toBe(true);
    await limited.stop();
    await first.stop();
  },
);

onPostgres('two servers share one database: who signs in at one is signed in at the other', async () => {
  const second = await startRollcall({ beside: rollcall, env: { SECRET_KEY: key } });
  const chief = await signIn(rollcall, administrator, password);
  const answer = await fetch(`${second.address}/account`, {
    headers: { Cookie: `rollcall=${chief.cookie('rollcall')}` },
    redirect: 'manual',
  });
  expect(answer.status).toBe(200);
  await second.stop();
});
