// The first administrator: a link that works once (SECURITY.md AU-13).
import { administrator, password, setUp, signIn } from '../support/people.js';
import { countOf } from '../support/peek.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { Visitor } from '../support/visitor.js';

let rollcall: Rollcall;

beforeAll(async () => {
  rollcall = await startRollcall();
});

function form(username: string, changes: Record<string, string> = {}): Record<string, string> {
  return { username, email: `${username}@example.com`, password, repeatPassword: password, ...changes };
}

function link(): string {
  return new URL(rollcall.setupLink!).pathname;
}

test('AU-13: nobody can sign in before, with whatever names and passwords others come with', async () => {
  for (const name of ['admin', 'administrator', 'root', 'chief']) {
    expect((await signIn(rollcall, name, name)).page.status).toBe(422);
  }
  expect(await countOf(rollcall, 'users')).toBe(0);
});

test('AU-13: a link with another token leads nowhere', async () => {
  const visitor = new Visitor(rollcall.address);
  for (const path of ['/setup/x', `${link()}x`, link().slice(0, -1)]) {
    expect((await visitor.get(path)).status).toBe(404);
    expect((await visitor.post(path, form('intruder'))).status).toBe(404);
  }
  expect(await countOf(rollcall, 'users')).toBe(0);
});

test.each([
  [
    'a short password',
    { password: 'short', repeatPassword: 'short' },
    'Password: Use at least 15 characters: a few words are easy to remember.',
  ],
  [
    'two passwords that differ',
    { repeatPassword: `${password}x` },
    'Repeat Password: The two passwords differ. Type the same one twice.',
  ],
  [
    'the username as the password',
    { username: 'annakovacs.berlin', password: 'annakovacs.berlin', repeatPassword: 'annakovacs.berlin' },
    'Password: Do not use your username or email as the password.',
  ],
  [
    'a bad username',
    { username: 'x' },
    'Username: Use 3 to 64 letters A-Z, digits or . _ - @, starting with a letter or digit.',
  ],
  ['a bad email', { email: 'x' }, 'Email: Give one address such as name@example.com.'],
])('%s is refused, and what was typed stays', async (_, changes, problem) => {
  const visitor = new Visitor(rollcall.address);
  await visitor.open(link());
  const typed = form(administrator, changes);
  await visitor
    .form('Create Administrator')
    .fill('Username', typed.username)
    .fill('Email', typed.email)
    .fill('Password', typed.password)
    .fill('Repeat Password', typed.repeatPassword)
    .press('Create Administrator');
  expect(visitor.page.status).toBe(422);
  expect(visitor.page.problems).toEqual([problem]);
  expect(visitor.page.value('Username')).toBe(typed.username);
  expect(visitor.page.value('Password')).toBe('');
});

test('AU-13: a newer start prints a newer link, and the older one stops working', async () => {
  const older = link();
  await rollcall.restart();
  rollcall.setupLink = [...rollcall.log().matchAll(/^Set up Rollcall: (\S+)$/gm)].at(-1)![1];
  expect(link()).not.toBe(older);
  const visitor = new Visitor(rollcall.address);
  expect((await visitor.post(older, form('late.comer'))).status).toBe(404);
  expect((await visitor.get(link())).status).toBe(200);
});

test('AU-13: of several who use the link at once one becomes the administrator', async () => {
  const names = ['first', 'second', 'third', 'fourth'];
  const answers = await Promise.all(
    names.map((name) => new Visitor(rollcall.address).post(link(), form(name))),
  );
  const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
  expect(statuses).toEqual([303, 404, 404, 404]);
  expect(await countOf(rollcall, 'users')).toBe(1);
  const winner = names[answers.findIndex(({ status }) => status === 303)];
  expect((await signIn(rollcall, winner, password)).page.path).toBe('/users');
});

test('AU-13: afterwards the page is closed for ever, also after a restart', async () => {
  await rollcall.restart();
  expect(rollcall.log().match(/^Set up Rollcall: /gm)).toHaveLength(2);
  await expect(setUp(rollcall)).rejects.toThrow();
  expect(await countOf(rollcall, 'users')).toBe(1);
});
