import { randomBytes } from 'node:crypto';
import { isPassword } from '../../src/handout/temporary-password.js';
import { Passwords, type HashedPassword } from '../../src/import/passwords.js';

process.env.SECRET_KEY = randomBytes(32).toString('base64');

const passwords = new Passwords();

afterEach(() => passwords.forget(1));

test('passwords that were prepared are handed out, and what is missing is made', async () => {
  passwords.prepare(1, 2, true);
  const taken = await passwords.take(1, 3, true);
  expect(new Set(taken.map(({ password }) => password)).size).toBe(3);
  for (const { password, passwordHash } of taken) {
    expect(password).toMatch(/^[1-9]\d{14}$/);
    expect(await isPassword(password, passwordHash)).toBe(true);
  }
});

test('no password is handed out twice, and none of another import', async () => {
  passwords.prepare(1, 2, true);
  const others = await passwords.take(2, 2, true);
  const first = await passwords.take(1, 1, true);
  const second = await passwords.take(1, 2, true);
  const all: HashedPassword[] = [...others, ...first, ...second];
  expect(new Set(all.map(({ password }) => password)).size).toBe(5);
});

test('what is left over is handed out next, and only what is missing is made', async () => {
  passwords.prepare(1, 3, true);
  const [first] = await passwords.take(1, 1, true);
  passwords.prepare(1, 3, true);
  const next = await passwords.take(1, 3, true);
  expect(new Set([first, ...next].map(({ password }) => password)).size).toBe(4);
});

test('passwords that need no slow hash are made when they are asked for', async () => {
  passwords.prepare(1, 5, false);
  const [{ password, passwordHash }] = await passwords.take(1, 1, false);
  expect(password).toMatch(/^[a-z2-9]{5}(-[a-z2-9]{5}){4}$/);
  expect(await isPassword(password, passwordHash)).toBe(true);
});
