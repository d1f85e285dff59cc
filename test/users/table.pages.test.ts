// Search, filters, order, columns and export of the table of users.
import { columnOf } from '../support/columns.js';
import { csvRows, importFile } from '../support/imports.js';
import { newcomer } from '../support/newcomers.js';
import { duplicateNames } from '../support/page.js';
import { setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;
let importId: number;

const header =
  'Username,Email,First Name,Last Name,Role,Virtual Extension,Desk,All Desks,Skill Group,All Skill Groups,SIP Settings,PBX Domain,PBX Device,Activate User';
const agents = Array.from({ length: 115 }, (_, index) => {
  const name = `agent.${String(index).padStart(3, '0')}`;
  return `${name},${name}@example.com,Agent,Number${index},Agent,${2000 + index},,,,,,,,`;
});
const special = [
  'zoe_1,zoe@example.org,Zoë,Öztürk,Supervisor,3001,Berlin,,English,,,,,no',
  'mirror,mirror@example.org,Zoë,Öztürk,Agent,3002,,yes,,yes,classic,PBX Europe,77,',
  'zoex1,percent@example.org,100%,Sure,Agent,3003,Lisbon,,German,,,,,',
];

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await setUp(rollcall);
  importId = (await importFile(chief, [header, ...agents, ...special].join('\n'))).id;
});

describe('Search users', () => {
  test.each([
    ['a part of a username', 'irro', ['mirror']],
    ['a part of an email', 'ent@example.org', ['zoex1']],
    ['a name in any case, with its accents', 'öztÜRK', ['mirror', 'zoe_1']],
    ['words in any order', 'öztürk zo', ['mirror', 'zoe_1']],
    ['an extension', '2077', ['agent.077']],
    ['two letters as a beginning', 'zo', ['mirror', 'zoe_1', 'zoex1']],
    ['not two letters within a word', 'rr', []],
    ['one letter as a beginning', 'ö', ['mirror', 'zoe_1']],
    ['a line as a character', 'zoe_', ['zoe_1']],
    ['a percent sign as a character', '%', []],
    ['a percent sign within a word', '00%', ['zoex1']],
    ['a backslash', 'a\\b', []],
    ['quotes and operators', '" OR zoe*', []],
  ])('IN-3: finds %s', async (_what, text, names) => {
    await chief.open('/users');
    await chief.form('Search').fill('Search users', text).press('Search');
    expect(chief.page.value('Search users')).toBe(text);
    expect(found(chief)).toEqual(names);
  });

  test('works as one types: the fragment holds the same rows and gives the page its address', async () => {
    const answer = await chief.get('/users/table?q=zo&sort=-username&desk=');
    expect(answer.headers.get('hx-replace-url')).toBe('/users?q=zo&sort=-username');
    expect(answer.text).not.toContain('<html');
    expect(
      [...answer.text.replaceAll('<wbr>', '').matchAll(/id="user-\d+"[^>]*>([^<]+)</g)].map(
        ([, name]) => name,
      ),
    ).toEqual(['zoex1', 'zoe_1', 'mirror']);
  });

  test('says when nobody matches, and the way back', async () => {
    await chief.open('/users?q=nobodyatall');
    expect(chief.page.text).toContain('Nobody matches');
    await chief.follow('Show Everybody');
    expect(chief.page.path).toBe('/users');
  });
});

describe('filters', () => {
  test.each([
    [
      'Filter by Desk',
      'Berlin',
      ['demo.agent1', 'demo.agent2', 'demo.agent3', 'demo.supervisor', 'mirror', 'zoe_1'],
    ],
    ['Filter by Role', 'Supervisor', ['demo.supervisor', 'zoe_1']],
    ['Filter by Skill Group', 'German', ['mirror', 'zoex1']],
    ['Filter by Status', 'Inactive', ['zoe_1']],
    ['Filter by SIP Settings', 'Use classic PBX', ['mirror']],
    ['Filter by Two-Factor', 'Email', []],
  ])('%s: %s', async (label, choice, names) => {
    await chief.open('/users');
    await chief.form('Apply Filters').choose(label, choice).press('Apply Filters');
    expect(chief.page.value(label)).toBe(choice);
    expect(found(chief)).toEqual(names);
  });

  test('Filter by Status: who never signed in, and Filter by Import, together with a search', async () => {
    await chief.open('/users');
    const form = chief.form('Apply Filters').choose('Filter by Status', 'Never signed in');
    await form
      .choose('Filter by Import', `#${importId} users.csv`)
      .fill('Search users', 'zo')
      .press('Apply Filters');
    expect(found(chief)).toEqual(['mirror', 'zoe_1', 'zoex1']);
    await chief.follow('Clear Filters');
    expect(pagerText(chief)).toBe('123 users');
  });

  test('Filter by Two-Factor: Disabled holds for everybody by the default of the tenant', async () => {
    await chief.open('/users?twoFactor=disabled');
    expect(pagerText(chief)).toBe('123 users');
  });
});

describe('order', () => {
  const orders = ['ID', 'Username', 'Name', 'Email', 'Extension', 'Last sign-in', 'Created'].flatMap(
    (label) => [`${label}, rising`, `${label}, falling`],
  );

  test.each(orders)('%s: three pages hold each user once, and back again', async (order) => {
    await chief.open('/users');
    await chief.form('Apply Filters').choose('Sort by', order).press('Apply Filters');
    const pages = [ids(chief)];
    while (chief.page.hasLink('Next page')) {
      await chief.follow('Next page');
      pages.push(ids(chief));
    }
    expect(pages.map(({ length }) => length)).toEqual([50, 50, 23]);
    expect(new Set(pages.flat()).size).toBe(123);
    await chief.follow('Previous page');
    expect(ids(chief)).toEqual(pages[1]);
    await chief.follow('Previous page');
    expect(ids(chief)).toEqual(pages[0]);
    expect(chief.page.hasLink('Previous page')).toBe(false);
  });

  test('a heading sorts, and turns the order round', async () => {
    await chief.open('/users?q=zo');
    await chief.follow('Extension');
    expect(found(chief)).toEqual(['zoe_1', 'mirror', 'zoex1']);
    await chief.follow('Extension');
    expect(found(chief)).toEqual(['zoex1', 'mirror', 'zoe_1']);
    expect(chief.page.root.querySelector('[aria-sort]')?.getAttribute('aria-sort')).toBe('descending');
  });
});

test('columns are chosen, kept in the address and by the next search', async () => {
  await chief.open('/users?q=zo&sort=-extension');
  const form = chief.form('Show Columns');
  for (const name of ['ID', 'Roles', 'Desks', 'SIP', 'Active', 'Last sign-in', 'Created']) form.uncheck(name);
  await form.press('Show Columns');
  expect(chief.page.table('Users')[0]).toEqual(['Select', 'Username', 'Name', 'Email', 'Extension']);
  expect(found(chief)).toEqual(['zoex1', 'mirror', 'zoe_1']);
  await chief.form('Search').fill('Search users', '').press('Search');
  await chief.follow('Next page');
  expect(chief.page.table('Users')[0]).toEqual(['Select', 'Username', 'Name', 'Email', 'Extension']);
});

test('no two controls of the page share a name, and 50 rows stay below 100 kB', async () => {
  await chief.open('/users');
  expect(duplicateNames(chief.page)).toEqual([]);
  expect(Buffer.byteLength(chief.page.html)).toBeLessThan(100_000);
});

describe('Export CSV', () => {
  test('CS-8: holds what is filtered, safe for spreadsheets, and the audit log knows how many', async () => {
    await chief.open('/users?q=zo&sort=-id');
    const answer = await chief.download('Export CSV');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename=rollcall-users.csv');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const [head, ...rows] = csvRows(answer);
    expect(head.slice(0, 6)).toEqual([
      'ID',
      'Username',
      'First Name',
      'Last Name',
      'Email',
      'Virtual Extension',
    ]);
    expect(rows.map(([, username]) => username)).toEqual(['mirror', 'zoe_1', 'zoex1']);
    expect(rows[0].slice(2, 10)).toEqual([
      ...['Zoë', 'Öztürk', 'mirror@example.org', '3002', 'Agent', 'All desks', 'Use classic PBX', 'Active'],
    ]);
    await chief.open('/audit?action=users.exported');
    expect(chief.page.text).toContain('Count: 3');
  });

  test('is refused to whom it was not permitted', async () => {
    const viewer = await newcomer(rollcall, chief, 'viewer', ['See users']);
    await viewer.open('/users');
    expect(viewer.page.hasButton('Export CSV')).toBe(false);
    expect((await viewer.post('/users/export.csv')).status).toBe(403);
  });
});

test('who meets only users of own desks finds and exports no others', async () => {
  const permissions = ['See users', 'Download lists of users'];
  const limited = await newcomer(rollcall, chief, 'limited', permissions, true);
  await limited.open('/users?q=agent');
  expect(limited.page.text).toContain('Nobody matches');
  const [, ...rows] = csvRows(await limited.post('/users/export.csv'));
  expect(rows).toEqual([]);
});

function found(visitor: Visitor): string[] {
  return visitor.page.root.querySelector('table') ? columnOf(visitor.page, 'Username') : [];
}

function ids(visitor: Visitor): string[] {
  return columnOf(visitor.page, 'ID');
}

function pagerText(visitor: Visitor): string | undefined {
  return visitor.page.root.querySelector('.pager-text')?.text;
}
