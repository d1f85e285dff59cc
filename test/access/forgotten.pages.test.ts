// A forgotten password: what is answered, what is mailed to whom, and what a link is good for (SECURITY.md AU-12, AU-10).
import { Clock, describeWithClock, minutes } from '../support/clock.js';
import { linkIn, Mailbox } from '../support/mailbox.js';
import { addUser, firstSignIn, ownPassword, shownPassword } from '../support/newcomers.js';
import { countOf, rowsOf } from '../support/peek.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { raw, request } from '../support/raw.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { type Answer, Visitor, withoutNumber } from '../support/visitor.js';

const newPassword = 'marble-thunder-orchard-58';
const subject = 'Choose a new password';
/** Not where the server listens: links must come from here. */
const publicUrl = 'http://localhost:3999';

describeWithClock('a forgotten password', () => {
  const clock = new Clock();
  const mailbox = new Mailbox();
  let rollcall: Rollcall;
  let chief: Visitor;
  let addresses = 0;

  beforeAll(async () => {
    await mailbox.start();
    rollcall = await startRollcall({
      env: { ...clock.env, SMTP_URL: mailbox.url, PUBLIC_URL: publicUrl, TRUSTED_PROXIES: '127.0.0.1' },
    });
    chief = await setUp(rollcall);
  });

  afterAll(async () => {
    await mailbox.stop();
    expect(rollcall.failures()).toEqual([]);
  });

  /** Somebody at an address of their own. */
  function stranger(address = `198.51.100.${++addresses}`): Visitor {
    return new Visitor(rollcall.address, { 'X-Forwarded-For': address });
  }

  async function person(username: string): Promise<Visitor> {
    return firstSignIn(rollcall, username, await addUser(await inCharge(), username, 'Agent'));
  }

  // The clock moves: the administrator signs in anew.
  async function inCharge(): Promise<Visitor> {
    return (chief = await signIn(rollcall, administrator, password));
  }

  async function openUser(username: string): Promise<void> {
    await inCharge();
    await chief.open(`/users?q=${username}`);
    await chief.follow(username);
  }

  async function saveUser(username: string, name: string, value: string): Promise<void> {
    await openUser(username);
    const form = chief.form('Save Changes');
    await (name === 'Email' ? form.fill(name, value) : form.choose(name, value)).press('Save Changes');
    expect(chief.page.problems).toEqual([]);
  }

  async function ask(name: string, visitor = stranger()): Promise<Answer> {
    return visitor.post('/forgotten', { name });
  }

  /** Asks for a link and takes it out of the mail; `count`: the how manyth mail to this person it is. */
  async function linkFor(username: string, count = 1, asked = subject): Promise<string> {
    expect((await ask(username)).status).toBe(303);
    return new URL(linkIn(await mailbox.waitFor(`${username}@example.com`, asked, count))).pathname;
  }

  async function choose(visitor: Visitor, wanted: string, repeated = wanted): Promise<void> {
    await visitor
      .form('Save Password')
      .fill('New Password', wanted)
      .fill('Repeat New Password', repeated)
      .press('Save Password');
  }

  async function comesIn(username: string, secret: string): Promise<boolean> {
    return (await signIn(rollcall, username, secret)).page.path === '/account';
  }

  function linksTo(username: string): number {
    return mailbox.to(`${username}@example.com`).filter((mail) => mail.subject === subject).length;
  }

  test('AU-12: the sign-in page leads to a mail, the mail to a page, and the new password opens the account', async () => {
    const signedIn = await person('forgetful');
    const visitor = stranger();
    await visitor.open('/sign-in');
    await visitor.follow('Forgot your password?');
    await visitor.form('Send Link').fill('Username or Email', 'FORGETFUL').press('Send Link');
    expect([visitor.page.path, visitor.page.heading]).toEqual(['/forgotten/sent', 'Look into Your Mail']);
    expect(visitor.page.text).toContain('If there is such an account, a link is on its way');
    const mail = await mailbox.waitFor('forgetful@example.com', subject);
    expect(mail.to).toEqual(['forgetful@example.com']);
    await visitor.open(new URL(linkIn(mail)).pathname);
    expect(visitor.page.text).toContain('For the account forgetful.');
    await choose(visitor, newPassword);
    expect([visitor.page.path, visitor.page.flash]).toEqual([
      '/sign-in?why=password',
      'Your new password is saved. Sign in with it.',
    ]);
    expect((await visitor.get('/account')).headers.get('location')).toMatch(/^\/sign-in/);
    await signedIn.open('/account');
    expect(signedIn.page.flash).toMatch(/because the password of this account was changed/);
    expect([await comesIn('forgetful', ownPassword), await comesIn('forgetful', newPassword)]).toEqual([
      false,
      true,
    ]);
    const told = await mailbox.waitFor('forgetful@example.com', 'Your password was changed');
    expect(told.text).toContain('with the link that was mailed to you, from 198.51.100.');
    await inCharge();
    await chief.open('/audit');
    for (const words of ['Asked for a link to choose a new password', 'Chose a password by a link'])
      expect(chief.page.text).toContain(words);
  });

  test('AU-12: the link leads to the configured address whatever the request calls the server, and its token is in no table, log or page', async () => {
    await person('host.header');
    const body = 'name=host.header';
    const answer = await raw(
      rollcall,
      request(
        'POST /forgotten',
        [
          'X-Forwarded-Host: evil.example',
          'X-Forwarded-For: 198.51.100.250',
          'Sec-Fetch-Site: same-origin',
          'Content-Type: application/x-www-form-urlencoded',
          `Content-Length: ${body.length}`,
        ],
        body,
      ).replace('Host: rollcall.example', 'Host: evil.example'),
    );
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/forgotten/sent']);
    const link = new URL(linkIn(await mailbox.waitFor('host.header@example.com', subject)));
    expect(link.origin).toBe(publicUrl);
    const token = link.pathname.split('/').at(-1)!;
    expect(Buffer.from(token, 'base64url').length).toBeGreaterThanOrEqual(16);
    const visitor = stranger();
    await visitor.open(link.pathname);
    await visitor.get(link.pathname.replace('reset', 'RESET'));
    expect(visitor.page.headers.get('cache-control')).toBe('no-store');
    expect(visitor.page.headers.get('referrer-policy')).toBe('same-origin');
    await choose(visitor, newPassword);
    await inCharge();
    const kept = [
      await rowsOf(rollcall, 'SELECT * FROM mail_links'),
      await rowsOf(rollcall, 'SELECT * FROM mails'),
      await rowsOf(rollcall, 'SELECT * FROM audit_entries'),
      (await chief.get('/audit')).text,
      rollcall.log(),
    ];
    expect(JSON.stringify(kept)).not.toContain(token);
    expect(rollcall.log()).toContain('"url":"/reset/…"');
  });

  test('AU-12: programs that open the link change nothing; it works once, and of two at once one wins', async () => {
    await person('twice');
    const link = await linkFor('twice');
    for (let time = 1; time <= 3; time++) expect((await stranger().get(link)).status).toBe(200);
    expect(await comesIn('twice', ownPassword)).toBe(true);
    const bodies = [newPassword, `${newPassword}-too`].map((wanted) => ({
      newPassword: wanted,
      repeatPassword: wanted,
    }));
    const answers = await Promise.all(bodies.map((body) => stranger().post(link, body)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 410]);
    const again = await stranger().post(link, { newPassword: 'never-saved-this-one', repeatPassword: '' });
    expect(again.status).toBe(410);
  });

  test('AU-12: a used, an old, a replaced and an invented link are answered alike, with the way to a new one', async () => {
    const [used, old, replaced] = ['link.used', 'link.old', 'link.replaced'];
    for (const username of [used, old, replaced]) await person(username);
    const tooOld = await linkFor(old);
    clock.forward(29 * minutes);
    expect((await stranger().get(tooOld)).status).toBe(200);
    clock.forward(2 * minutes);
    const spent = await linkFor(used);
    const visitor = stranger();
    await visitor.open(spent);
    await choose(visitor, newPassword);
    const older = await linkFor(replaced);
    const newest = await linkFor(replaced, 2);
    const links = [spent, tooOld, older, '/reset/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', '/reset/x'];
    const answers = await Promise.all(links.map((link) => stranger().get(link)));
    for (const answer of answers)
      expect([answer.status, withoutNumber(answer)]).toEqual([410, withoutNumber(answers[0])]);
    await visitor.open(tooOld);
    expect(visitor.page.heading).toBe('This Link Is No Longer Good');
    await visitor.follow('Ask for a New Link');
    expect(visitor.page.heading).toBe('Forgotten Password');
    expect((await stranger().get(newest)).status).toBe(200);
    // Nothing is left of those that are over.
    expect(await countOf(rollcall, 'mail_links')).toBe(1);
  });

  test('AU-12: mail and page speak the person’s language', async () => {
    await person('german');
    await saveUser('german', 'User Language', 'Deutsch');
    const link = await linkFor('german', 1, 'Wählen Sie ein neues Passwort');
    const visitor = stranger();
    await visitor.open(link);
    expect(visitor.page.heading).toBe('Neues Passwort wählen');
    await visitor.form('Passwort speichern').fill('Neues Passwort', 'kurz').press('Passwort speichern');
    expect(visitor.page.problems[0]).toMatch(/^Verwenden Sie mindestens 15 Zeichen/);
  });

  test('AU-12: the rules for passwords hold, with their reasons, and a refused one costs no link', async () => {
    const temporary = await addUser(await inCharge(), 'first.time', 'Agent');
    const visitor = stranger();
    await visitor.open(await linkFor('first.time'));
    const refused: [string, string, RegExp][] = [
      ['too short', 'too short', /^Use at least 15 characters/],
      ['passwordpassword', 'passwordpassword', /^Many people use this password/],
      [newPassword, ownPassword, /^The two passwords differ/],
      [temporary, temporary, /^Choose a password that differs from the present one/],
    ];
    for (const [wanted, repeated, reason] of refused) {
      await choose(visitor, wanted, repeated);
      expect([visitor.page.status, visitor.page.problems]).toEqual([422, [expect.stringMatching(reason)]]);
    }
    await choose(visitor, newPassword);
    expect(visitor.page.heading).toBe('Sign In');
    expect([await comesIn('first.time', temporary), await comesIn('first.time', newPassword)]).toEqual([
      false,
      true,
    ]);
  });

  test('AU-12: an account that wrong passwords have locked is open again; the second factor is asked as ever', async () => {
    await person('locked.with.code');
    await saveUser('locked.with.code', 'Two-Factor Authentication Type', 'Email - with one-time code');
    for (let time = 1; time <= 5; time++)
      expect(await comesIn('locked.with.code', 'not-the-password-at-all')).toBe(false);
    const visitor = stranger();
    await visitor.open(await linkFor('locked.with.code'));
    await choose(visitor, newPassword);
    const back = await signIn(rollcall, 'locked.with.code', newPassword);
    expect(back.page.path).toBe('/sign-in/code');
    expect((await back.get('/account')).headers.get('location')).toBe('/sign-in/code');
  });

  test('AU-12: known, unknown and inactive people get one answer in equal time, and only the known one a mail', async () => {
    const names = { known: 'equal.known', inactive: 'equal.inactive', unknown: 'equal.unknown' };
    for (const username of [names.known, names.inactive]) await person(username);
    await openUser(names.inactive);
    await chief.press('Deactivate');
    const times: Record<string, number[]> = {};
    const answers: Answer[] = [];
    for (let round = 1; round <= 3; round++) {
      for (const name of Object.values(names)) {
        const begun = performance.now();
        answers.push(await ask(name));
        (times[name] ??= []).push(performance.now() - begun);
      }
    }
    const told = answers.map(({ status, headers, text }) => {
      const { 'x-request-id': _, date: __, ...rest } = Object.fromEntries(headers);
      return { status, text, headers: rest };
    });
    expect([told[0].status, told[0].headers.location]).toEqual([303, '/forgotten/sent']);
    for (const one of told) expect(one).toEqual(told[0]);
    const medians = Object.values(times).map((list) => list.toSorted((a, b) => a - b)[1]);
    // Without evening out, an answer takes a tenth of this.
    expect(Math.min(...medians)).toBeGreaterThan(245);
    // A busy machine may need another quarter of a second; what was done within it does not show.
    for (const median of medians) expect(median % 250).toBeLessThan(120);
    // Those that a newer one overtook were taken back.
    await mailbox.waitFor(`${names.known}@example.com`, subject);
    expect(linksTo(names.inactive)).toBe(0);
    await inCharge();
    await chief.open('/audit?action=password.link_refused');
    expect(chief.page.text).toContain('Why: the user is inactive');
    expect(chief.page.text).toContain('Why: nobody has the name');
    const { text } = await stranger().post('/forgotten', { name: ' ' });
    expect(text).toContain('Enter your username or your email address.');
  });

  test('AU-12: three links in half an hour for a name, whoever has it; under another name the same account gets no more', async () => {
    await person('often');
    for (const name of ['often', 'of.nobody']) {
      for (const [index, spelling] of [name, ` ${name} `, name.toUpperCase()].entries()) {
        expect((await ask(spelling)).status).toBe(303);
        if (name === 'often') await mailbox.waitFor('often@example.com', subject, index + 1);
      }
      const fourth = await ask(name);
      expect(fourth.status).toBe(429);
      expect(Number(fourth.headers.get('retry-after'))).toBeGreaterThan(29 * minutes);
      expect(fourth.text).toContain('Three links were asked for under this name');
    }
    expect((await ask('often@example.com')).status).toBe(303);
    const newest = linkIn(await mailbox.waitFor('often@example.com', subject, 3));
    // Mails leave in order: with this one all are there.
    await person('after.often');
    await linkFor('after.often');
    expect(linksTo('often')).toBe(3);
    const visitor = stranger();
    await visitor.open(new URL(newest).pathname);
    await choose(visitor, newPassword);
    expect((await ask('often@example.com')).status).toBe(303);
    await mailbox.waitFor('often@example.com', subject, 4);
  });

  test('AU-12: an address asks twenty times in ten minutes, and keeps nobody else from asking', async () => {
    const busy = () => stranger('203.0.113.9');
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, index) => ask(`of.nobody.${index}`, busy())),
    );
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(20);
    const refused = await ask('of.nobody.30', busy());
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(9 * minutes);
    expect((await ask('of.nobody.30')).status).toBe(303);
    clock.forward(10 * minutes + 1);
    expect((await ask('of.nobody.31', busy())).status).toBe(303);
  });

  describe('what ends a link', () => {
    const changes: [string, (username: string) => Promise<void>][] = [
      [
        'a moment in which the user was inactive',
        async (username) => {
          await openUser(username);
          await chief.press('Deactivate');
          await openUser(username);
          await chief.press('Activate');
        },
      ],
      ['a change of the email address', (username) => saveUser(username, 'Email', 'elsewhere@example.com')],
      [
        'a reset by an administrator',
        async (username) => {
          await openUser(username);
          await chief.press('Reset Password');
        },
      ],
      [
        'a change of the password',
        async (username) => {
          const visitor = await signIn(rollcall, username, ownPassword);
          await visitor.open('/password');
          visitor.form('Save Password').fill('Current Password', ownPassword);
          await choose(visitor, 'another-tall-giraffe-31');
        },
      ],
    ];

    test.each(changes)('AU-12: a link is no longer good after %s', async (_, change) => {
      const username = `changes.${changes.findIndex(([, one]) => one === change)}`;
      await person(username);
      const link = await linkFor(username);
      expect((await stranger().get(link)).status).toBe(200);
      await change(username);
      const body = { newPassword, repeatPassword: newPassword };
      expect((await stranger().post(link, body)).status).toBe(410);
      expect(await comesIn(username, newPassword)).toBe(false);
    });
  });

  test('AU-12: whoever is signed in here is signed out for a new own password, and stays for somebody else’s', async () => {
    const own = await person('same.browser');
    await own.open(await linkFor('same.browser'));
    await choose(own, newPassword);
    expect(own.page.flash).toBe('Your new password is saved. Sign in with it.');
    const other = await signIn(rollcall, 'same.browser', newPassword);
    await person('other.browser');
    await other.open(await linkFor('other.browser'));
    await choose(other, newPassword);
    expect([other.page.path, other.page.flash]).toEqual([
      '/account',
      'The new password of other.browser is saved.',
    ]);
  });

  test('AU-12: from an address that is not listed nobody gets a link or uses one', async () => {
    const office = '203.0.113.50';
    await person('in.the.office');
    const good = await linkFor('in.the.office');
    await setLists(`127.0.0.1\n${office}`, true);
    const outside = stranger();
    await outside.open('/forgotten');
    expect(outside.page.text).toContain('Nobody can sign in from your address, 198.51.100.');
    expect((await ask('in.the.office', outside)).status).toBe(303);
    await outside.open(good);
    expect([outside.page.status, outside.page.heading]).toEqual([403, 'Not from This Address']);
    const body = { newPassword, repeatPassword: newPassword };
    expect((await outside.post(good, body)).status).toBe(403);
    expect((await ask('in.the.office', stranger(office))).status).toBe(303);
    await mailbox.waitFor('in.the.office@example.com', subject, 2);
    expect(linksTo('in.the.office')).toBe(2);
    await setLists('', false);
  });

  async function setLists(base: string, on: boolean): Promise<void> {
    await inCharge();
    await chief.open('/settings');
    const form = chief.form('Save Settings').fill('Base address list', base);
    const name = 'Sign in from listed addresses only';
    await (on ? form.check(name) : form.uncheck(name)).press('Save Settings');
    expect(chief.page.problems).toEqual([]);
  }

  test('AU-10: whose password an administrator resets is told by mail, by name of who did it; a temporary one that is replaced is not', async () => {
    for (const username of ['told.one', 'told.two']) await person(username);
    await addUser(chief, 'told.never', 'Agent');
    await openUser('told.one');
    await chief.press('Reset Password');
    const secret = shownPassword(chief);
    const mail = await mailbox.waitFor('told.one@example.com', 'Your password was reset');
    expect(mail.text).toContain(`${administrator} has reset your password.`);
    expect(mail.text).not.toContain(secret);
    await chief.open('/users?q=told');
    const form = chief.form('Apply to Selected Users').choose('Mass action', 'Reset Passwords');
    for (const username of ['told.one', 'told.two', 'told.never']) form.check(`Select ${username}`);
    await form.press('Apply to Selected Users');
    await chief.press('Reset Passwords');
    await mailbox.waitFor('told.two@example.com', 'Your password was reset');
    for (const [username, count] of [
      ['told.one', 1],
      ['told.never', 0],
    ] as const)
      expect(
        mailbox
          .to(`${username}@example.com`)
          .filter((letter) => letter.subject === 'Your password was reset'),
      ).toHaveLength(count);
  });
});

test('AU-12: without a mail server the sign-in page sends to an administrator, and nobody can ask for a link', async () => {
  const rollcall = await startRollcall();
  const visitor = new Visitor(rollcall.address);
  await visitor.open('/sign-in');
  expect(visitor.page.hasLink('Forgot your password?')).toBe(false);
  expect(visitor.page.text).toContain('Ask your administrator for a new one.');
  const asked = await visitor.post('/forgotten', { name: administrator });
  expect(asked.status).toBe(404);
  expect(asked.text).toContain('Mail is not set up here, so no link can be sent.');
});
