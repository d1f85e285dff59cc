// The command that lets the only administrator in again.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addUser, firstSignIn } from '../support/newcomers.js';
import { rowsOf } from '../support/peek.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { onPostgres, onSqlite, type Rollcall, startRollcall } from '../support/rollcall.js';
import { Visitor } from '../support/visitor.js';

const newPassword = 'granite-orchard-9-teapots';

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall();
  chief = await setUp(rollcall);
});

interface Ended {
  code: number;
  printed: string;
}

async function recover(data: { dataDir: string; databaseUrl?: string }, ...names: string[]): Promise<Ended> {
  const env = {
    PATH: process.env.PATH,
    DATA_DIR: data.dataDir,
    PUBLIC_URL: rollcall.address,
    ...(data.databaseUrl && { DATABASE_URL: data.databaseUrl }),
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join('dist', 'server', 'recover.js'), ...names],
      { env },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, printed: stdout + stderr });
      },
    );
  });
}

/** Runs the command, for each name in turn, as an operator does: on SQLite the server is stopped meanwhile. */
async function recovered(...names: (string | undefined)[]): Promise<Ended[]> {
  if (!rollcall.databaseUrl) await rollcall.kill();
  const ended = [];
  for (const name of names) ended.push(await recover(rollcall, ...(name ? [name] : [])));
  if (!rollcall.databaseUrl) await rollcall.start();
  return ended;
}

test('AU-3: an administrator who is locked out comes in again by the link that the command prints, once', async () => {
  for (let time = 1; time <= 6; time++) await signIn(rollcall, administrator, 'not-the-right-one');
  expect((await signIn(rollcall, administrator, password)).page.heading).toBe('Sign In');
  const [{ code, printed }] = await recovered(undefined);
  expect(code).toBe(0);
  expect(printed).toContain(`choose a new password for ${administrator}`);
  expect((await chief.get('/account')).status).toBe(303);
  expect((await signIn(rollcall, administrator, password)).page.heading).toBe('Sign In');
  const { origin, pathname } = new URL(printed.split('\n')[1]);
  expect(origin).toBe(rollcall.address);
  const locked = new Visitor(rollcall.address);
  await locked.open(pathname);
  await locked
    .form('Save Password')
    .fill('New Password', newPassword)
    .fill('Repeat New Password', newPassword)
    .press('Save Password');
  const back = await signIn(rollcall, administrator, newPassword);
  expect(back.page.path).toBe('/users');
  expect((await locked.get(pathname)).status).toBe(410);
  await back.open('/audit');
  expect(back.page.text).toContain('Let an administrator in again, by the command on the server');
  const entries = await rowsOf<{ details: string | null }>(rollcall, 'SELECT details FROM audit_entries');
  expect(JSON.stringify(entries)).not.toContain(pathname.split('/').pop());
  chief = back;
});

test('of several administrators one has to be named, and nobody else can be', async () => {
  await firstSignIn(rollcall, 'second.chief', await addUser(chief, 'second.chief', 'Administrator'));
  await addUser(chief, 'no.chief', 'Agent');
  const [unnamed, agent, second] = await recovered(undefined, 'no.chief', 'SECOND.chief');
  const names = `npm run recover -- ${administrator} · npm run recover -- second.chief`;
  expect(unnamed).toMatchObject({ code: 1, printed: expect.stringContaining(names) });
  expect(agent).toMatchObject({ code: 1, printed: expect.stringContaining('Nothing was changed.') });
  expect(second).toMatchObject({ code: 0, printed: expect.stringContaining('second.chief') });
});

onSqlite('beside a running server the command says what to do, and changes nothing', async () => {
  const { code, printed } = await recover(rollcall);
  expect(code).toBe(2);
  expect(printed).toMatch(
    /^Another Rollcall is running on .*Stop the server, run this again, then start the server\.\n$/,
  );
  expect((await signIn(rollcall, administrator, newPassword)).page.path).toBe('/users');
});

onPostgres('beside a running server the command works', async () => {
  expect((await recover(rollcall, administrator)).code).toBe(0);
});

onSqlite('where there is no database the command makes none', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-empty-'));
  const { code, printed } = await recover({ dataDir });
  expect([code, printed]).toEqual([2, expect.stringContaining('There is no database at')]);
  expect(readdirSync(dataDir)).toEqual([]);
  rmSync(dataDir, { recursive: true });
});
