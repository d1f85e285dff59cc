import { firstSignIn, newcomer } from '../support/newcomers.js';
import { duplicateNames } from '../support/page.js';
import { setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await setUp(rollcall);
});

const kinds = [
  { path: '/desks', title: 'Desks', one: 'Desk' },
  { path: '/skill-groups', title: 'Skill Groups', one: 'Skill Group' },
  { path: '/queues', title: 'Queues', one: 'Queue' },
];

describe.each(kinds)('$title', ({ path, title, one }) => {
  test('are created, renamed and deleted, each with a message', async () => {
    await chief.open(path);
    await chief.follow(`Create ${one}`);
    await chief.form(`Create ${one}`).fill('Name', '  Night Watch ').press(`Create ${one}`);
    expect(chief.page.path).toBe(path);
    expect(chief.page.flash).toBe('“Night Watch” was created.');
    expect(namesIn(chief, title)).toContain('Night Watch');

    await chief.follow('Edit Night Watch');
    await chief.form('Save Changes').fill('Name', 'Day Watch').press('Save Changes');
    expect(chief.page.flash).toBe('“Day Watch” was saved.');
    expect(namesIn(chief, title)).not.toContain('Night Watch');

    await chief.follow('Delete Day Watch');
    expect(chief.page.text).toContain('its ID is never used again');
    await chief.press(`Delete ${one}`);
    expect(chief.page.flash).toBe('“Day Watch” was deleted.');
    expect(namesIn(chief, title)).not.toContain('Day Watch');
  });

  test('have a control of its own name for every row', async () => {
    await chief.open(path);
    expect(duplicateNames(chief.page)).toEqual([]);
  });

  test('refuse a name that another one has, ignoring case, and name it', async () => {
    await create(chief, path, one, 'Echo');
    const page = await create(chief, path, one, 'ＥCHO');
    expect(page.status).toBe(422);
    expect(page.problems[0]).toMatch(/^“Echo” \(ID \d+\) has it already: use another one\.$/);
    expect(page.value('Name')).toBe('ＥCHO');
  });

  test.each([
    ['', 'Enter a name.'],
    ['1234', 'Use at least one letter'],
    ['a;b', 'Use none of ; | ,'],
    ['a|b', 'Use none of ; | ,'],
    ['a,b', 'Use none of ; | ,'],
    ['x'.repeat(101), 'Use 100 characters at the most.'],
    ['a\u0007b', 'Use no line breaks or control characters.'],
  ])('refuse the name %j beside its field', async (name, problem) => {
    const page = await create(chief, path, one, name);
    expect(page.status).toBe(422);
    expect(page.root.querySelector('#problem-name')?.text).toContain(problem);
  });

  test('are told apart by an ID that is not there, is none or belongs to another kind', async () => {
    const other = kinds.find((kind) => kind.path !== path)!;
    await create(chief, other.path, other.one, `Stranger to ${title}`);
    const [, strangerId] = /\/(\d+)$/.exec(await addressOf(chief, other.path, `Stranger to ${title}`))!;
    for (const id of ['999999', '99999999999', '0', '-1', 'abc', '1e3', strangerId]) {
      expect((await chief.get(`${path}/${id}`)).status).toBe(404);
      expect((await chief.get(`${path}/${id}/delete`)).status).toBe(404);
      expect((await chief.post(`${path}/${id}`, { name: 'x', version: '1' })).status).toBe(404);
      expect((await chief.post(`${path}/${id}/delete`)).status).toBe(404);
    }
  });
});

test('a desk that users have is not deleted, and the page says how many they are', async () => {
  await chief.open('/desks');
  expect(chief.page.table('Desks').find(([, name]) => name === 'Berlin')?.[2]).toBe('4');
  await chief.follow('Delete Berlin');
  expect(chief.page.text).toContain('4 users have “Berlin”');
  expect(chief.page.hasButton('Delete Desk')).toBe(false);

  const refused = await chief.post(`${await addressOf(chief, '/desks', 'Berlin')}/delete`);
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('4 users have “Berlin”');
  await chief.open('/desks');
  expect(namesIn(chief, 'Desks')).toContain('Berlin');
});

test('who saves a desk that somebody else renamed meanwhile sees both names, and nothing is overwritten', async () => {
  await create(chief, '/desks', 'Desk', 'Harbour');
  const address = await addressOf(chief, '/desks', 'Harbour');
  const late = chief.copy();
  await late.open(address);
  await chief.open(address);
  await chief.form('Save Changes').fill('Name', 'Harbour North').press('Save Changes');

  const page = await late.form('Save Changes').fill('Name', 'Harbour South').press('Save Changes');
  expect(page.status).toBe(409);
  expect(page.table('Both versions')[1]).toEqual(['Name', 'Harbour North', 'Harbour South']);
  await chief.open('/desks');
  expect(namesIn(chief, 'Desks')).toContain('Harbour North');
  // Who has seen both may decide.
  await late.form('Save Changes').press('Save Changes');
  expect(namesIn(late, 'Desks')).toContain('Harbour South');
});

test('of ten people who create one desk at the same time one succeeds and nine are told why not', async () => {
  await chief.open('/desks');
  // Several rounds: only when all are at it at the same moment the database has to decide.
  for (const name of ['Rush A', 'Rush B', 'Rush C', 'Rush D', 'Rush E']) {
    const answers = await Promise.all(Array.from({ length: 10 }, () => chief.post('/desks', { name })));
    expect(statusesOf(answers)).toEqual([303, ...Array.from({ length: 9 }, () => 422)]);
  }
});

test('of two people who save one desk at the same time one is shown the version of the other', async () => {
  await create(chief, '/desks', 'Desk', 'Twins');
  const address = await addressOf(chief, '/desks', 'Twins');
  const answers = await Promise.all(
    ['Twins A', 'Twins B'].map((name) => chief.post(address, { name, version: '1' })),
  );
  expect(statusesOf(answers)).toEqual([303, 409]);
});

test('AZ-7: forms take their own fields only, each once', async () => {
  const bodies = ['name=a&name=b', 'name=a&id=1', 'name[x]=a', 'title=a', ''];
  for (const body of bodies) {
    expect((await chief.post('/desks', new URLSearchParams(body))).status).toBe(400);
  }
});

test('who may only see users sees the lists and changes nothing', async () => {
  const viewer = await newcomer(rollcall, chief, 'viewer', ['See users']);
  for (const { path, title, one } of kinds) {
    await viewer.open(path);
    expect(viewer.page.status).toBe(200);
    expect(viewer.page.table(title).length).toBeGreaterThan(1);
    expect(viewer.page.hasLink(`Create ${one}`)).toBe(false);
    expect(
      viewer.page.links.some((link) => /^(Edit|Delete)/.test(link.getAttribute('aria-label') ?? '')),
    ).toBe(false);
    const address = await addressOf(chief, path, 'Echo');
    for (const page of [`${path}/new`, address, `${address}/delete`]) {
      expect((await viewer.get(page)).status).toBe(403);
    }
    for (const target of [path, address, `${address}/delete`]) {
      expect((await viewer.post(target, { name: 'Mine', version: '1' })).status).toBe(403);
    }
  }
});

test('an agent does not even see the lists', async () => {
  const [, temporary] = /demo\.agent1 {2}(\S+)/.exec(rollcall.log())!;
  const agent = await firstSignIn(rollcall, 'demo.agent1', temporary);
  for (const { path } of kinds) expect((await agent.get(path)).status).toBe(403);
});

async function create(visitor: Visitor, path: string, one: string, name: string) {
  await visitor.open(`${path}/new`);
  return visitor.form(`Create ${one}`).fill('Name', name).press(`Create ${one}`);
}

async function addressOf(visitor: Visitor, path: string, name: string): Promise<string> {
  await visitor.open(path);
  return visitor.page.link(`Edit ${name}`);
}

function namesIn(visitor: Visitor, title: string): string[] {
  return visitor.page.table(title).map(([, name]) => name);
}

function statusesOf(answers: { status: number }[]): number[] {
  return answers.map(({ status }) => status).sort((a, b) => a - b);
}
