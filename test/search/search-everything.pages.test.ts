import { importFile } from '../support/imports.js';
import { newcomer } from '../support/newcomers.js';
import { setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await setUp(rollcall);
  const rows = Array.from({ length: 12 }, (_, index) => `berliner${index},berliner${index}@example.com`);
  await importFile(chief, ['Username,Email', ...rows].join('\n'));
});

test('Search everything stands on every page and finds users, groups and what they call with', async () => {
  await chief.open('/settings');
  expect(chief.page.field('Search everything').getAttribute('type')).toBe('search');
  await chief.open('/search?q=BERLIN');
  expect(kinds(chief)).toEqual({ Users: 10, Desks: 1, 'Caller IDs': 1 });
  expect(chief.page.link('Berlin')).toMatch(/^\/desks\/\d+$/);
  expect(chief.page.link('Berlin Office')).toMatch(/^\/caller-ids\/\d+$/);
  await chief.follow('berliner7');
  expect(chief.page.path).toMatch(/^\/users\/\d+$/);
});

test('where more users were found than are listed, a link leads to all of them', async () => {
  await chief.open('/search?q=berliner');
  await chief.follow('All users that match');
  expect(chief.page.root.querySelector('.pager-text')?.text).toBe('12 users');
  await chief.open('/search?q=berliner7');
  expect(chief.page.hasLink('All users that match')).toBe(false);
});

test.each([
  ['pbx-eu', { 'PBX Domains': 1 }],
  ['users.csv', { Imports: 1 }],
  ['supervis', { Users: 1, Roles: 1 }],
  ['%', {}],
  ['_', {}],
  ["' OR 1=1 --", {}],
])('%s is found by name only where it stands', async (text, found) => {
  await chief.open(`/search?q=${encodeURIComponent(text)}`);
  expect(chief.page.status).toBe(200);
  expect(kinds(chief)).toEqual(found);
});

test('an ID finds what has it', async () => {
  await chief.open('/search?q=%231');
  expect(Object.keys(kinds(chief))).toEqual(expect.arrayContaining(['Users', 'Desks', 'Roles', 'Imports']));
});

test('each kind is found only by who may see it', async () => {
  const clerk = await newcomer(rollcall, chief, 'clerk', ['Manage caller IDs']);
  await clerk.open('/search?q=berlin');
  expect(kinds(clerk)).toEqual({ 'Caller IDs': 1 });
  const limited = await newcomer(rollcall, chief, 'limited', ['See users'], true);
  await limited.open('/search?q=berlin');
  expect(kinds(limited)).toEqual({ Desks: 1 });
  expect(limited.page.link('Berlin')).toMatch(/^\/users\?desk=\d+$/);
});

function kinds(visitor: Visitor): Record<string, number> {
  const sections = visitor.page.root.querySelectorAll('.search-kind');
  return Object.fromEntries(
    sections.map((section) => [section.querySelector('h2')!.text, section.querySelectorAll('li').length]),
  );
}
