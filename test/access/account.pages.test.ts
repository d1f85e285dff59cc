import { newcomer } from '../support/newcomers.js';
import { duplicateNames } from '../support/page.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall();
  chief = await setUp(rollcall);
});

test('everybody sees their own username, extension and sessions, and nobody else’s', async () => {
  const agent = await newcomer(rollcall, chief, 'own.page', []);
  await agent.open('/account');
  expect(agent.page.text).toContain('own.page@example.com');
  expect(agent.page.text).not.toContain(administrator);
  expect(duplicateNames(agent.page)).toEqual([]);
});

test('a person changes their name, timezone and language, and reads the pages in it', async () => {
  const agent = await newcomer(rollcall, chief, 'changes.profile', []);
  await agent.open('/account');
  await agent
    .form('Save Profile')
    .fill('First Name', '  Renée ')
    .fill('Last Name', 'O’Lunney')
    .choose('Timezone', 'Asia/Tokyo')
    .choose('User Language', 'Deutsch')
    .press('Save Profile');
  expect(agent.page.path).toBe('/account');
  const html = agent.page.root.querySelector('html')!;
  expect(html.getAttribute('lang')).toBe('de');
  expect(agent.page.root.querySelector('.top-account')!.text).toContain('Renée O’Lunney');
  await agent.open('/nothing/here');
  expect([agent.page.status, agent.page.heading]).toEqual([404, 'Diese Seite gibt es nicht']);
  await chief.open('/users?q=lunney');
  expect(chief.page.hasLink('changes.profile')).toBe(true);
});

test('an address that nothing has answers a stranger in the language of their browser', async () => {
  const stranger = new Visitor(rollcall.address);
  for (const [asked, heading] of [
    ['de-AT,de;q=0.9,en;q=0.5', 'Diese Seite gibt es nicht'],
    ['ar', 'لا توجد صفحة كهذه'],
    ['xx', 'There is no such page'],
  ]) {
    const { status, text } = await stranger.get('/nothing/here', { headers: { 'Accept-Language': asked } });
    expect(status).toBe(404);
    expect(text).toContain(heading);
    expect(text.includes('dir="rtl"')).toBe(asked === 'ar');
  }
});

test('a profile that cannot be saved says why beside the field and keeps what was typed', async () => {
  const agent = await newcomer(rollcall, chief, 'long.name', []);
  await agent.open('/account');
  await agent.form('Save Profile').fill('First Name', 'x'.repeat(101)).press('Save Profile');
  expect(agent.page.status).toBe(422);
  expect(agent.page.problems).toEqual(['First Name: Use 100 characters at the most.']);
  expect(agent.page.value('First Name')).toBe('x'.repeat(101));
});

test('a second tab does not overwrite the first', async () => {
  const agent = await newcomer(rollcall, chief, 'two.tabs', []);
  await agent.open('/account');
  const late = agent.copy();
  await late.open('/account');
  await agent.form('Save Profile').fill('First Name', 'Ada').press('Save Profile');
  const page = await late.form('Save Profile').fill('First Name', 'Eve').press('Save Profile');
  expect(page.status).toBe(409);
  expect(page.table('Both versions').slice(1)).toEqual([['First Name', 'Ada', 'Eve']]);
});

test('AZ-7: username, email and roles cannot be sent with the profile', async () => {
  await chief.open('/account');
  const version = chief.page.root.querySelector('input[name=version]')!.getAttribute('value')!;
  for (const field of ['username', 'email', 'roles', 'active', 'passwordHash']) {
    const answer = await chief.post('/account', { version, firstName: 'A', lastName: '', [field]: '1' });
    expect([field, answer.status]).toEqual([field, 400]);
  }
});

test('SE-8: a session that is ended elsewhere is over at its next request', async () => {
  const second = await signIn(rollcall, administrator, password);
  await second.open('/users');
  expect(second.page.heading).not.toBe('Sign In');
  await chief.open('/account');
  const end = chief.page.buttons
    .map((button) => button.text.replace(/\s+/g, ' ').trim())
    .find((name) => /^End Session \d+$/.test(name));
  await chief.press(end!);
  expect(chief.page.flash).toBe('The session was ended.');
  await second.open('/users');
  expect(second.page.heading).toBe('Sign In');
});

test('SE-8: all other sessions end at once, this one stays', async () => {
  const others = [
    await signIn(rollcall, administrator, password),
    await signIn(rollcall, administrator, password),
  ];
  await chief.open('/account');
  await chief.press('End All Other Sessions');
  expect(chief.page.flash).toBe('2 other sessions were ended.');
  for (const other of others) {
    await other.open('/users');
    expect(other.page.heading).toBe('Sign In');
  }
  await chief.open('/users');
  expect(chief.page.path).toBe('/users');
});

test('SE-8: nobody ends a session of somebody else', async () => {
  const agent = await newcomer(rollcall, chief, 'meddler', []);
  for (let id = 1; id < 40; id++) await agent.post(`/account/sessions/${id}/end`, {});
  await chief.open('/users');
  expect(chief.page.path).toBe('/users');
});
