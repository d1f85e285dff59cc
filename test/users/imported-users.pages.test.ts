// Users that came from a file: the table narrowed to their import, and what only a file can give them so far.
import { columnOf } from '../support/columns.js';
import { importFile, successDetails } from '../support/imports.js';
import { firstSignIn, newcomer } from '../support/newcomers.js';
import { setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;
let importId: number;

const file = `Username,Email,Role,Virtual Extension,Desk,All Desks,Outbound Caller ID
berlin.one,berlin.one@example.com,Agent,3001,Berlin,,Berlin Office
lisbon.one,lisbon.one@example.com,Agent,3002,Lisbon,,
everywhere,everywhere@example.com,Agent,3003,Lisbon,yes,
nowhere,nowhere@example.com,Agent,3004,,,
seer,seer@example.com,Supervisor,3005,Berlin,,
oracle,oracle@example.com,Supervisor,3006,,yes,
`;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await setUp(rollcall);
  importId = (await importFile(chief, file)).id;
});

test('Filter by Import shows the users of one file and how far they are', async () => {
  await chief.open(`/users?import=${importId}`);
  expect(usernames(chief)).toEqual(['berlin.one', 'everywhere', 'lisbon.one', 'nowhere', 'oracle', 'seer']);
  expect(chief.page.root.querySelector('[aria-label="Filter by Import"]')?.text.replace(/\s+/g, ' ')).toMatch(
    new RegExp(
      `6 created by import #${importId} \\(users\\.csv\\), 0 signed in so far, passwords valid until \\w`,
    ),
  );
  await chief.follow('Show All Users');
  expect(usernames(chief)).toContain('chief');
});

test('the page of an imported user names the import and the row, and leads there', async () => {
  await chief.open('/users');
  await chief.follow('lisbon.one');
  await chief.follow(`created by import #${importId}, row 3`);
  expect(chief.page.path).toBe(`/imports/${importId}`);
});

test('AZ-2: who may not open the import does not read the name of its file', async () => {
  const viewer = await newcomer(rollcall, chief, 'viewer', ['See users']);
  await viewer.open(`/users?import=${importId}`);
  expect(usernames(viewer)).toHaveLength(6);
  expect(viewer.page.html).not.toContain('users.csv');
  expect(viewer.page.hasLink(`Open Import #${importId}`)).toBe(false);
});

test('own desks: shared ones and users of all desks are met, others not', async () => {
  const seer = await firstSignIn(rollcall, 'seer', await passwordOf('seer'));
  await seer.open('/users');
  const berliners = ['demo.agent1', 'demo.agent2', 'demo.agent3', 'demo.supervisor'];
  expect(usernames(seer)).toEqual(['berlin.one', ...berliners, 'everywhere', 'oracle', 'seer']);
  await seer.open(`/users?import=${importId}`);
  expect(seer.page.text).toContain('1 signed in so far');
  expect(usernames(seer)).toEqual(['berlin.one', 'everywhere', 'oracle', 'seer']);
});

test('own desks: who is in all desks meets the users of every desk, and not those of none', async () => {
  const oracle = await firstSignIn(rollcall, 'oracle', await passwordOf('oracle'));
  await oracle.open(`/users?import=${importId}`);
  expect(usernames(oracle)).toEqual(['berlin.one', 'everywhere', 'lisbon.one', 'oracle', 'seer']);
});

test('a desk counts users of all desks once, and the list that they keep for later', async () => {
  await chief.open('/desks');
  const users = new Map(chief.page.table('Desks').map(([, name, count]) => [name, count]));
  expect([users.get('Berlin'), users.get('Lisbon'), users.get('Night Shift')]).toEqual(['8', '3', '2']);
  // Two are there by their own list: lisbon.one and, for the day when the flag goes off, everywhere.
  await chief.follow('Delete Lisbon');
  expect(chief.page.text).toContain('2 users have “Lisbon”');
});

test('a caller ID that a user calls out with is not deleted', async () => {
  await chief.open('/caller-ids');
  expect(chief.page.table('Caller IDs').find(([, name]) => name === 'Berlin Office')?.[3]).toBe('1');
  const address = chief.page.link('Delete Berlin Office');
  await chief.open(address);
  expect(chief.page.text).toContain('One user has “Berlin Office”');
  expect((await chief.post(address)).status).toBe(422);
});

async function passwordOf(username: string): Promise<string> {
  await chief.open(`/imports/${importId}`);
  const lines = await successDetails(chief);
  return lines.find((line) => line.Username === username)!['Temporary Password'];
}

function usernames(visitor: Visitor): string[] {
  return columnOf(visitor.page, 'Username');
}
