// A forgotten password (SECURITY.md AU-12).
import { appOn, setUpApp } from '../support/authenticator.js';
import { Clock, describeWithClock, minutes } from '../support/clock.js';
import { linkIn, Mailbox } from '../support/mailbox.js';
import { addUser, firstSignIn, ownPassword } from '../support/newcomers.js';
import { rowsOf } from '../support/peek.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { Visitor, withoutNumber } from '../support/visitor.js';

const newPassword = 'marble-thunder-orchard-58';
const subject = 'Choose a new password';

describeWithClock('a forgotten password', () => {
  const clock = new Clock();
  const mailbox = new Mailbox();
  let rollcall: Rollcall;

  beforeAll(async () => {
    await mailbox.start();
    rollcall = await startRollcall({ env: { ...clock.env, SMTP_URL: mailbox.url } });
    await setUp(rollcall);
  });

  afterAll(async () => mailbox.stop());

  async function person(username: string): Promise<Visitor> {
    const chief = await signIn(rollcall, administrator, password);
    return firstSignIn(rollcall, username, await addUser(chief, username, 'Agent'));
  }

  async function ask(name: string): Promise<Visitor> {
    const stranger = new Visitor(rollcall.address);
    await stranger.open('/sign-in');
    await stranger.follow('Forgotten Password');
    await stranger.form('Send Link').fill('Username or Email', name).press('Send Link');
    return stranger;
  }

  async function choose(visitor: Visitor, password: string): Promise<void> {
    await visitor
      .form('Save Password')
      .fill('New Password', password)
      .fill('Repeat New Password', password)
      .press('Save Password');
  }

  test('AU-12: is replaced by a link that works once, ends all sessions and signs nobody in', async () => {
    const signedIn = await person('forgetful');
    const stranger = await ask('FORGETFUL');
    const mail = await mailbox.waitFor('forgetful@example.com', subject);
    expect(mail.to).toEqual(['forgetful@example.com']);
    const path = new URL(linkIn(mail)).pathname;
    await stranger.open(path);
    await choose(stranger, 'short');
    expect(stranger.page.status).toBe(422);
    await choose(stranger, newPassword);
    expect(stranger.page.heading).toBe('Sign In');
    expect(stranger.page.flash).toBe('Your new password is saved. Sign in with it.');
    expect((await signedIn.get('/account')).headers.get('location')).toMatch(/^\/sign-in/);
    expect((await stranger.get('/account')).headers.get('location')).toMatch(/^\/sign-in/);
    await stranger.open(path);
    expect(stranger.page.status).toBe(404);
    expect(stranger.page.text).toContain('This link was used already');
    expect((await signIn(rollcall, 'forgetful', newPassword)).page.path).toBe('/account');
    expect((await signIn(rollcall, 'forgetful', ownPassword)).page.status).toBe(422);
    await mailbox.waitFor('forgetful@example.com', 'Your password was changed');
  });

  test('AU-12: the link is built from the configured address, whatever the request says, and stored as a hash', async () => {
    await person('host.header');
    const stranger = new Visitor(rollcall.address);
    await stranger.post(
      '/forgotten',
      { name: 'host.header' },
      { headers: { 'X-Forwarded-Host': 'evil.example', Forwarded: 'host=evil.example' } },
    );
    const link = new URL(linkIn(await mailbox.waitFor('host.header@example.com', subject)));
    expect(link.origin).toBe(rollcall.address);
    const token = link.pathname.split('/').at(-1)!;
    expect(Buffer.from(token, 'base64url').length).toBeGreaterThanOrEqual(16);
    const stored = await rowsOf<{ tokenHash: string }>(
      rollcall,
      'SELECT token_hash AS "tokenHash" FROM mail_links',
    );
    for (const { tokenHash } of stored) expect(tokenHash).not.toContain(token);
    clock.forward(30 * minutes + 1);
    expect((await stranger.get(link.pathname)).status).toBe(404);
  });

  test('AU-12: the answer is the same for a name that nobody has, and nobody gets more than three links in an hour', async () => {
    await person('often');
    const stranger = new Visitor(rollcall.address);
    const known = await stranger.post('/forgotten', { name: 'often' });
    const unknown = await stranger.post('/forgotten', { name: 'nobody.at.all' });
    expect([known.status, withoutNumber(known)]).toEqual([unknown.status, withoutNumber(unknown)]);
    for (let count = 0; count < 4; count++) await stranger.post('/forgotten', { name: 'often' });
    await mailbox.waitFor('often@example.com', subject, 3);
    await person('after.often');
    await stranger.post('/forgotten', { name: 'after.often' });
    await mailbox.waitFor('after.often@example.com', subject);
    expect(mailbox.to('often@example.com').filter((mail) => mail.subject === subject)).toHaveLength(3);
  });

  test('AU-12: the second factor is asked as ever', async () => {
    await person('with.app');
    const visitor = await signIn(rollcall, 'with.app', ownPassword);
    await visitor.follow('Set Up Authenticator');
    expect(appOn(visitor).secret).toHaveLength(32);
    await setUpApp(visitor, () => clock.now);
    const stranger = await ask('with.app@example.com');
    await stranger.open(new URL(linkIn(await mailbox.waitFor('with.app@example.com', subject))).pathname);
    await choose(stranger, newPassword);
    const again = await signIn(rollcall, 'with.app', newPassword);
    expect(again.page.path).toBe('/sign-in/code');
  });
});
