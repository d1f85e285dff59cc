import { columnOf } from '../support/columns.js';
import { setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;

// With chief 121 users: two full pages and a short one.
const added = Array.from({ length: 120 }, (_, index) => `agent.${String(index).padStart(3, '0')}`);

beforeAll(async () => {
  rollcall = await startRollcall();
  chief = await setUp(rollcall);
  await chief.open('/users/new');
  const roles = chief.page.field('Agent').getAttribute('value')!;
  for (const [index, username] of added.entries()) {
    const email = `${username}@example.com`;
    const body = {
      username,
      email,
      firstName: 'Agent',
      lastName: String(index),
      roles,
      sip: 'webrtc',
      active: 'on',
    };
    const answer = await chief.post('/users', { ...body, extension: String(2000 + index) });
    expect(answer.status).toBe(200);
  }
});

test('121 users fill three pages, forwards and backwards, each user once', async () => {
  await chief.open('/users');
  expect(chief.page.root.querySelector('.pager-text')?.text).toBe('121 users');
  expect(chief.page.hasLink('Previous page')).toBe(false);
  const first = usernames();
  await chief.follow('Next page');
  const second = usernames();
  await chief.follow('Next page');
  const third = usernames();
  expect([first.length, second.length, third.length]).toEqual([50, 50, 21]);
  expect([...first, ...second, ...third]).toEqual([...added, 'chief']);
  expect(chief.page.hasLink('Next page')).toBe(false);

  await chief.follow('Previous page');
  expect(usernames()).toEqual(second);
  await chief.follow('Previous page');
  expect(usernames()).toEqual(first);
  expect(chief.page.hasLink('Previous page')).toBe(false);
});

test('a row says what a user is: ID, names, email, extension, role, phone, state', async () => {
  await chief.open('/users');
  const [header, row] = chief.page.table('Users');
  expect(header).toEqual([
    'Select',
    'ID',
    'Username',
    'Name',
    'Email',
    'Extension',
    'Roles',
    'Desks',
    'SIP',
    'Active',
    'Last sign-in',
    'Created',
  ]);
  expect(row.slice(2, 11)).toEqual([
    'agent.000',
    'Agent 0',
    'agent.000@example.com',
    '2000',
    'Agent',
    '',
    'Use WebRTC',
    'Active',
    'Never',
  ]);
});

test('a page that begins behind the last user is the first page', async () => {
  await chief.open('/users?after=999.zzz');
  expect(usernames()).toHaveLength(50);
  await chief.open('/users?before=999.agent.010');
  expect(usernames()).toHaveLength(50);
  expect(usernames()[0]).toBe('agent.000');
});

test.each([
  'after=1.%00',
  "after=a'b",
  'after=1.a&after=2.b',
  'sort=id&after=1.x',
  'sort=extension&after=1.99999999999',
  'sort=password',
  'sort=created&after=1.99999999999999999',
  'desk=1e99',
  'desk=-1',
  'status=gone',
  'sip=x',
  'twoFactor=x',
  'column=passwordHash',
  'q=a&q=b',
  'import=x',
  'import=0',
  'import=99999999999',
  'password=1',
])('an address with %s makes no sense', async (query) => {
  expect((await chief.get(`/users?${query}`)).status).toBe(400);
});

test('an import that made nobody shows an empty list and the way back', async () => {
  await chief.open('/users?import=77');
  expect(chief.page.notices.join()).toContain('0 created by import #77, 0 signed in so far');
  expect(chief.page.text).toContain('No users of this import');
  await chief.follow('Show All Users');
  expect(usernames()).toHaveLength(50);
});

function usernames(): string[] {
  return columnOf(chief.page, 'Username');
}
