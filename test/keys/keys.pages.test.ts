// The server's key: which start is refused, and how a new key takes the place of the old one while people work.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Authenticator, setUpApp, type } from '../support/authenticator.js';
import { everythingStored } from '../support/everything-stored.js';
import { fileOf, importFile, importOf, successDetails, type Success } from '../support/imports.js';
import { firstSignIn } from '../support/newcomers.js';
import { rowsOf } from '../support/peek.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { onSqlite, refusedStart, type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

const [oldKey, newKey, foreignKey] = [1, 2, 3].map(() => randomBytes(32).toString('base64'));
const newcomers = 120;

let rollcall: Rollcall;
let app: Authenticator;
let importId: number;
let handedOut: Success[];

beforeAll(async () => {
  rollcall = await startRollcall({ env: { SECRET_KEY: oldKey } });
  const chief = await setUp(rollcall);
  await chief.open('/account/authenticator');
  ({ app } = await setUpApp(chief));
  await importFile(chief, fileOf(newcomers, 'new'));
  importId = importOf(chief);
  handedOut = await successDetails(chief);
});

describe('the start is refused in one line, and nothing changed, by', () => {
  beforeAll(async () => rollcall.kill());

  // No database is asked for these: once is enough.
  onSqlite.each([
    ['31 bytes', { SECRET_KEY: randomBytes(31).toString('base64') }, 'SECRET_KEY wants 32 bytes in base64'],
    ['none in production', { NODE_ENV: 'production' }, 'SECRET_KEY is required when NODE_ENV=production'],
  ])('SC-1: a key of %s', async (_, env, line) => {
    expect(await refusedStart({ beside: rollcall, env })).toEqual([expect.stringContaining(line)]);
  });

  test.each([
    ['another key', { SECRET_KEY: foreignKey }],
    ['a key file that is gone', {}],
  ] as [string, Record<string, string>][])('SC-2: %s', async (_, env) => {
    const before = await everythingStored(rollcall);
    const lines = await refusedStart({ beside: rollcall, env });
    expect(lines).toEqual([
      `SECRET_KEY wants the key with the ID ${await neededKey()}, which the secrets of this database are sealed with (or its file secret.key in DATA_DIR); nothing was changed`,
    ]);
    expect(await everythingStored(rollcall)).toEqual(before);
    expect(existsSync(join(rollcall.dataDir, 'secret.key'))).toBe(false);
  });
});

describe('a change of keys', () => {
  let oldId: string;

  test('SC-2: happens while people sign in and work, and the command says when the old key may go', async () => {
    oldId = await neededKey();
    const rotating = await startRollcall({
      beside: rollcall,
      env: { SECRET_KEY: `${newKey},${oldKey}` },
    });
    const [{ code, printed }] = await Promise.all([rotateKey(`${newKey},${oldKey}`), work(rotating)]);
    expect(printed).toContain(`All secrets are sealed with the key ${await neededKey()}.`);
    expect(printed).toMatch(
      /^\d+ unused temporary passwords still need the old key: it may go from SECRET_KEY on 20/m,
    );
    expect(code).toBe(0);
    expect(rotating.failures()).toEqual([]);
    await rotating.stop();
    const sealedBefore = (await everythingStored(rollcall)).filter((line) => line.includes(`v1.${oldId}.`));
    expect(sealedBefore).toEqual([]);
  });

  test('SC-2: with the new key alone the second factor and the sealed passwords are as before', async () => {
    expect(await neededKey()).not.toBe(oldId);
    expect(await refusedStart({ beside: rollcall, env: { SECRET_KEY: oldKey } })).toHaveLength(1);
    const after = await startRollcall({ beside: rollcall, env: { SECRET_KEY: newKey } });
    const chief = await withCode(after, 1);
    await chief.open(`/imports/${importId}`);
    expect(passwordsIn(await successDetails(chief))).toEqual(passwordsIn(handedOut));
    await after.stop();
  });

  test('of which no server knows is said after a while, and the old key is to be kept', async () => {
    const { code, printed } = await rotateKey(`${foreignKey},${newKey}`, 1);
    expect(printed).toContain('Nothing happens: start the server with SECRET_KEY=new,old');
    expect(code).toBe(1);
  });
});

/** People who come in and go on while everything is sealed anew. */
async function work(server: Rollcall): Promise<void> {
  const chief = await withCode(server, 0);
  for (const line of handedOut.slice(0, 3)) {
    await firstSignIn(server, line.Username, line['Temporary Password']);
    await chief.open(`/imports/${importId}`);
    expect(passwordsIn(await successDetails(chief))).toEqual(passwordsIn(handedOut));
  }
}

function passwordsIn(lines: Success[]): string[] {
  return lines.map((line) => line['Temporary Password']);
}

async function withCode(server: Rollcall, steps: number): Promise<Visitor> {
  const chief = await signIn(server, administrator, password);
  await type(chief, app.code(steps));
  expect(chief.page.path).toBe('/users');
  return chief;
}

async function neededKey(): Promise<string> {
  const [{ sealed }] = await rowsOf<{ sealed: string }>(rollcall, 'SELECT sealed FROM key_checks');
  return sealed.split('.')[1];
}

/** @param patience seconds without progress after which the command gives up */
async function rotateKey(SECRET_KEY: string, patience = 20): Promise<{ code: number; printed: string }> {
  const env = {
    PATH: process.env.PATH,
    DATA_DIR: rollcall.dataDir,
    SECRET_KEY,
    ...(rollcall.databaseUrl && { DATABASE_URL: rollcall.databaseUrl }),
  };
  return new Promise((resolve) => {
    const command = [join('dist', 'server', 'rotate-key.js'), String(patience)];
    execFile(process.execPath, command, { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, printed: stdout + stderr });
    });
  });
}
