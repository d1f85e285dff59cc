// Where people are signed in: how a session begins, how many there may be, and what ends one (SECURITY.md SE).
import { addRole, addUser, firstSignIn, newcomer } from '../support/newcomers.js';
import { duplicateNames } from '../support/page.js';
import { rowsOf } from '../support/peek.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { Visitor } from '../support/visitor.js';

/** Of everybody that `newcomer` makes. */
const ownPassword = 'copper-meadow-whistle-17';
const elsewhere =
  'You were signed out here, because you are signed in in as many other browsers as you may be. If that was not you, change your password.';

let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall();
  chief = await setUp(rollcall);
});

async function isSignedIn(visitor: Visitor): Promise<boolean> {
  return (await visitor.get('/account')).status === 200;
}

async function liveOf(visitors: Visitor[]): Promise<number> {
  const answers = await Promise.all(visitors.map(isSignedIn));
  return answers.filter(Boolean).length;
}

async function edit(username: string): Promise<void> {
  await chief.open(`/users?q=${username}`);
  await chief.follow(username);
}

async function limit(username: string, choice: string): Promise<void> {
  await edit(username);
  await chief.form('Save Changes').choose('Max User Concurrent Sessions', choice).press('Save Changes');
  expect(chief.page.problems).toEqual([]);
}

async function atLimit(choice: string): Promise<void> {
  await chief.open('/settings');
  await chief.form('Save Settings').choose('At that limit', choice).press('Save Settings');
  expect(chief.page.flash).toBe('The settings were saved.');
}

describe('a session ID', () => {
  test('SE-1: is long, stored as a hash only, and its cookie is for this site and not for scripts', async () => {
    const visitor = new Visitor(rollcall.address);
    const answer = await visitor.post('/sign-in', { name: administrator, password });
    const [line] = answer.headers.getSetCookie();
    expect(line).toMatch(/^rollcall=[^;]{40,}; Path=\/; HttpOnly; SameSite=Lax$/);
    const id = /^s:([^.]+)\./.exec(decodeURIComponent(visitor.cookie('rollcall')!))![1];
    expect(Buffer.from(id, 'base64url').length).toBeGreaterThanOrEqual(16);
    const rows = await rowsOf<{ id_hash: string; data: string }>(
      rollcall,
      'SELECT id_hash, data FROM sessions',
    );
    expect(rows.map(({ id_hash: hash }) => hash).join()).not.toContain(id);
    expect(rows.map(({ data }) => data).join()).not.toContain(id);
  });

  test('SE-2: that somebody else planted is never taken on', async () => {
    const planted = `rollcall=${encodeURIComponent('s:planted.signature')}`;
    const visitor = new Visitor(rollcall.address);
    const answer = await visitor.post(
      '/sign-in',
      { name: administrator, password },
      { headers: { Cookie: planted } },
    );
    expect(answer.headers.getSetCookie().join()).not.toContain('planted');
    expect(
      (await new Visitor(rollcall.address).get('/account', { headers: { Cookie: planted } })).status,
    ).toBe(303);
  });

  test('SE-2: is a new one after each sign-in and after a new password, and the old one is good for nothing', async () => {
    const temporary = await addUser(chief, 'rotates', 'Agent');
    const first = await signIn(rollcall, 'rotates', temporary);
    const before = first.copy();
    await first
      .form('Save Password')
      .fill('New Password', ownPassword)
      .fill('Repeat New Password', ownPassword)
      .press('Save Password');
    expect(first.cookie('rollcall')).not.toBe(before.cookie('rollcall'));
    expect([await isSignedIn(first), await isSignedIn(before)]).toEqual([true, false]);
    const stale = first.copy();
    await first.post('/sign-in', { name: 'rotates', password: ownPassword });
    expect([await isSignedIn(first), await isSignedIn(stale)]).toEqual([true, false]);
  });
});

describe('the number of sessions', () => {
  test('SE-5: the oldest of three ends at a limit of two, and its browser says why', async () => {
    const first = await newcomer(rollcall, chief, 'two.places', []);
    await limit('two.places', '2');
    const second = await signIn(rollcall, 'two.places', ownPassword);
    const third = await signIn(rollcall, 'two.places', ownPassword);
    await first.open('/account');
    expect([first.page.heading, first.page.flash]).toEqual(['Sign In', elsewhere]);
    expect(await liveOf([second, third])).toBe(2);
  });

  test('SE-5: twenty sign-ins at once leave exactly two', async () => {
    await newcomer(rollcall, chief, 'twenty.at.once', []);
    await limit('twenty.at.once', '2');
    const visitors = Array.from({ length: 20 }, () => new Visitor(rollcall.address));
    const answers = await Promise.all(
      visitors.map((visitor) => visitor.post('/sign-in', { name: 'twenty.at.once', password: ownPassword })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(303));
    expect(await liveOf(visitors)).toBe(2);
  });

  test('SE-5: signing in again in the same browser does not count twice', async () => {
    const first = await newcomer(rollcall, chief, 'same.browser', []);
    await limit('same.browser', '2');
    const second = await signIn(rollcall, 'same.browser', ownPassword);
    for (let again = 1; again <= 3; again++)
      await second.post('/sign-in', { name: 'same.browser', password: ownPassword });
    expect(await liveOf([first, second])).toBe(2);
  });

  test('SE-5: lowering the limit ends the oldest at their next request', async () => {
    const first = await newcomer(rollcall, chief, 'lowered', []);
    const later = [
      await signIn(rollcall, 'lowered', ownPassword),
      await signIn(rollcall, 'lowered', ownPassword),
    ];
    expect(await liveOf([first, ...later])).toBe(3);
    await limit('lowered', '1');
    await first.open('/account');
    expect(first.page.flash).toBe(elsewhere);
    expect([await isSignedIn(later[0]), await isSignedIn(later[1])]).toEqual([false, true]);
  });

  test('SE-5: the tenant can have the new sign-in refused instead, also of twenty at once', async () => {
    const first = await newcomer(rollcall, chief, 'refused.new', []);
    await limit('refused.new', '2');
    await atLimit('The new sign-in is refused');
    const second = await signIn(rollcall, 'refused.new', ownPassword);
    const visitors = Array.from({ length: 20 }, () => new Visitor(rollcall.address));
    const third = await signIn(rollcall, 'refused.new', ownPassword);
    expect(third.page.problems).toEqual([
      'You are signed in in as many browsers as you may be. Sign out in one of them, then sign in here.',
    ]);
    await second.press('Sign Out');
    await Promise.all(
      visitors.map((visitor) => visitor.post('/sign-in', { name: 'refused.new', password: ownPassword })),
    );
    expect(await liveOf([first, ...visitors])).toBe(2);
    expect(await isSignedIn(first)).toBe(true);
    await atLimit('The oldest session ends, and its browser says why');
  });

  test('SE-5: 0 is no number of sessions', async () => {
    await edit('lowered');
    const version = chief.page.root.querySelector('input[name=version]')!.getAttribute('value')!;
    const form = chief.form('Save Changes');
    const body = new URLSearchParams(String(form.submission('Save Changes').body));
    body.set('maxSessions', '0');
    body.set('version', version);
    expect((await chief.post(new URL(chief.page.address).pathname, body)).status).toBe(422);
  });
});

describe('the end of a session', () => {
  test('SE-6: signing out ends it on the server and clears what the browser kept', async () => {
    const visitor = await signIn(rollcall, administrator, password);
    const replayed = visitor.copy();
    const answer = await visitor.post('/sign-out');
    expect(answer.headers.get('clear-site-data')).toBe('"cache", "storage"');
    expect(await isSignedIn(replayed)).toBe(false);
  });

  test('SE-7: a deactivated or deleted user is out at the next request', async () => {
    for (const [username, button] of [
      ['deactivated', 'Deactivate'],
      ['deleted', 'Delete'],
    ]) {
      const agent = await newcomer(rollcall, chief, username, []);
      await edit(username);
      if (button === 'Delete') await chief.follow('Delete');
      await chief.press(button === 'Delete' ? 'Delete User' : button);
      const answer = await agent.get('/account');
      expect([username, answer.status, answer.headers.get('location')]).toEqual([
        username,
        303,
        '/sign-in?next=%2Faccount',
      ]);
    }
  });

  test('SE-7: a permission that is taken from a role is gone at the next request', async () => {
    await addRole(chief, 'Keeper of desks', ['Manage desks, skill groups and queues']);
    const keeper = await firstSignIn(rollcall, 'keeper', await addUser(chief, 'keeper', 'Keeper of desks'));
    expect((await keeper.get('/desks/new')).status).toBe(200);
    await chief.open('/roles');
    await chief.follow('Edit Keeper of desks');
    await chief.form('Save Changes').uncheck('Manage desks, skill groups and queues').press('Save Changes');
    expect((await keeper.post('/desks', { name: 'Too late' })).status).toBe(403);
    expect(await isSignedIn(keeper)).toBe(true);
  });

  test('SE-7: a role that is taken from a user is gone at the next request', async () => {
    const helper = await newcomer(rollcall, chief, 'demoted', ['See users']);
    expect((await helper.get('/users')).status).toBe(200);
    await edit('demoted');
    await chief.form('Save Changes').uncheck('Role of demoted').check('Agent').press('Save Changes');
    expect((await helper.get('/users')).status).toBe(403);
  });

  test('SE-9: a form of an ended session is kept, and sent again after the next sign-in', async () => {
    const visitor = await signIn(rollcall, administrator, password);
    await visitor.open('/desks/new');
    await endElsewhere();
    await visitor.form('Create Desk').fill('Name', 'Typed with care').press('Create Desk');
    expect([visitor.page.status, visitor.page.heading]).toEqual([401, 'You Are Signed Out']);
    // In another tab.
    await visitor.post('/sign-in', { name: administrator, password });
    await visitor.press('Send Again');
    expect(visitor.page.path).toBe('/desks');
    expect(visitor.page.text).toContain('Typed with care');
  });

  test('SE-9: no password is kept so', async () => {
    const visitor = await signIn(rollcall, administrator, password);
    await endElsewhere();
    const form = { newEmail: 'kept@example.com', proofPassword: 'of-no-use-here' };
    const { status, text } = await visitor.post('/account/email', form);
    expect([status, text.includes('kept@example.com'), text.includes('of-no-use-here')]).toEqual([
      401,
      true,
      false,
    ]);
  });

  test('SE-9: a fragment that an ended session asks for leads to the whole sign-in page', async () => {
    const visitor = await signIn(rollcall, administrator, password);
    await visitor.copy().post('/sign-out');
    const answer = await visitor.get('/users/table?q=a', { headers: { 'HX-Request': 'true' } });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.headers.get('hx-redirect')).toMatch(/^\/sign-in/);
  });
});

/** Ends all sessions of the administrator but a new one. */
async function endElsewhere(): Promise<void> {
  chief = await signIn(rollcall, administrator, password);
  await chief.post('/account/sessions/end');
}

describe('the list of live sessions', () => {
  /** Who stands in the list, page by page. */
  async function listed(visitor: Visitor): Promise<string[][]> {
    const rows: string[][] = [];
    for (await visitor.open('/sessions'); ; await visitor.follow('Next page')) {
      expect(visitor.page.status).toBe(200);
      rows.push(...visitor.page.table('Live Sessions').slice(1));
      if (!visitor.page.hasLink('Next page')) return rows;
    }
  }

  const usernames = (rows: string[][]) => new Set(rows.map(([username]) => username.split(' ')[0]));

  test('SE-8: shows who is signed in since when, from where and with what, and ends a session', async () => {
    const agent = await newcomer(rollcall, chief, 'live.agent', []);
    const headers = {
      'User-Agent':
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
    };
    await agent.post('/sign-in', { name: 'live.agent', password: ownPassword }, { headers });
    const row = (await listed(chief)).find(([username]) => username.startsWith('live.agent'))!;
    expect(row.slice(4, 6)).toEqual(['127.0.0.1', 'Chrome, Linux']);
    expect(duplicateNames(chief.page)).toEqual([]);
    await chief.open('/sessions');
    await chief.press(`End Session ${/\(session (\d+)\)/.exec(row[0])![1]}`);
    expect(chief.page.flash).toBe('The session was ended.');
    await agent.open('/account');
    expect(agent.page.flash).toBe('You were signed out here from another browser, or by an administrator.');
    expect(usernames(await listed(chief))).not.toContain('live.agent');
  });

  test('SE-8: goes on page by page, each session once', async () => {
    for (let time = 1; time <= 55; time++)
      await new Visitor(rollcall.address).post('/sign-in', { name: administrator, password });
    const ids = (await listed(chief)).map(([username]) => /\(session (\d+)\)/.exec(username)?.[1]);
    expect(ids.length).toBeGreaterThan(55);
    expect(new Set(ids).size).toBe(ids.length);
    await chief.follow('Previous page');
    expect(chief.page.table('Live Sessions')).toHaveLength(51);
    await chief.open('/account');
    await chief.press('End All Other Sessions');
  });

  test('SE-8: nobody ends a session of who holds more, or sees those of other desks', async () => {
    const permissions = ['See users', 'See and end sessions of others'];
    const watcher = await newcomer(rollcall, chief, 'watcher', permissions, true);
    await newcomer(rollcall, chief, 'other.desk', []);
    await watcher.open('/sessions');
    expect(watcher.page.text).toContain('Nobody that you meet is signed in');
    const lead = await newcomer(rollcall, chief, 'lead', permissions);
    const rows = await listed(lead);
    expect(usernames(rows)).toContain('other.desk');
    const ofChief = rows.find(([username]) => username.startsWith(administrator))!;
    expect(ofChief.at(-1)).toBe('Permits more than you hold');
    const id = /\(session (\d+)\)/.exec(ofChief[0])![1];
    expect((await lead.post(`/sessions/${id}/end`)).status).toBe(403);
    expect((await watcher.post(`/sessions/${id}/end`)).status).toBe(404);
    const agent = await newcomer(rollcall, chief, 'no.watcher', []);
    expect((await agent.get('/sessions')).status).toBe(403);
    expect(await isSignedIn(chief)).toBe(true);
  });
});
