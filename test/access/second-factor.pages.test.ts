// What is asked beside the password (SECURITY.md group MF, SE-3).
import { type Authenticator, appOn, setUpApp, type } from '../support/authenticator.js';
import { Clock, describeWithClock, days, minutes } from '../support/clock.js';
import { eventually } from '../support/eventually.js';
import { Mailbox } from '../support/mailbox.js';
import { addUser, firstSignIn, newcomer, ownPassword } from '../support/newcomers.js';
import { countOf, rowsOf } from '../support/peek.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

describeWithClock('the second factor', () => {
  const clock = new Clock();
  const mailbox = new Mailbox();
  const now = () => clock.now;
  let rollcall: Rollcall;
  let chief: Visitor;

  beforeAll(async () => {
    await mailbox.start();
    rollcall = await startRollcall({ env: { ...clock.env, SMTP_URL: mailbox.url } });
    chief = await setUp(rollcall);
  });

  afterAll(async () => mailbox.stop());

  // Somebody with a second factor, who has chosen a password and is signed out.
  async function person(username: string, factor: string): Promise<void> {
    const temporary = await addUser(chief, username, 'Agent');
    await firstSignIn(rollcall, username, temporary);
    await setFactor(username, factor);
  }

  async function setFactor(username: string, factor: string): Promise<void> {
    await openUser(username);
    await chief.form('Save Changes').choose('Two-Factor Authentication Type', factor).press('Save Changes');
    expect(chief.page.problems).toEqual([]);
  }

  async function openUser(username: string): Promise<void> {
    await again();
    await chief.open(`/users/${await idOf(username)}`);
  }

  // The clock moves: the administrator signs in again when the session is over.
  async function again(): Promise<void> {
    await chief.open('/users');
    if (chief.page.heading === 'Sign In') chief = await signIn(rollcall, administrator, password);
  }

  async function idOf(username: string): Promise<number> {
    const [{ id }] = await rowsOf<{ id: number }>(
      rollcall,
      `SELECT id FROM users WHERE username = '${username}'`,
    );
    return id;
  }

  async function withApp(username: string): Promise<{ app: Authenticator; recoveryCodes: string[] }> {
    await person(username, google);
    const visitor = await signIn(rollcall, username, ownPassword);
    return setUpApp(visitor, now);
  }

  const email = 'Email - with one-time code';
  const google = 'Google 2FA App - with one-time code';
  const stepOf = (visitor: Visitor) => visitor.page.address.pathname;

  describe('a code by email', () => {
    test('MF-7: is asked after the right password, and lets in once', async () => {
      await person('mail.once', email);
      const visitor = await signIn(rollcall, 'mail.once', ownPassword);
      expect(stepOf(visitor)).toBe('/sign-in/code');
      expect(visitor.page.text).toContain('m…@example.com');
      const mail = await mailbox.waitFor('mail.once@example.com', 'Your sign-in code');
      expect(mail.to).toEqual(['mail.once@example.com']);
      const code = await mailbox.code('mail.once@example.com');
      const copy = visitor.copy();
      await type(visitor, code);
      expect(stepOf(visitor)).toBe('/account');
      expect((await copy.post('/sign-in/code', { code })).headers.get('location')).toMatch(/^\/sign-in/);
    });

    test('SE-3: until then every page leads to the code, and ten minutes later to the sign-in', async () => {
      await person('mail.half', email);
      const visitor = await signIn(rollcall, 'mail.half', ownPassword);
      for (const path of ['/', '/account', '/users', '/password', '/account/authenticator', '/settings']) {
        const answer = await visitor.get(path);
        expect([path, answer.status, answer.headers.get('location')]).toEqual([path, 303, '/sign-in/code']);
      }
      expect((await visitor.post('/account', {})).headers.get('location')).toBe('/sign-in/code');
      const fragment = await visitor.get('/users', { headers: { 'HX-Request': 'true' } });
      expect([fragment.status, fragment.headers.get('HX-Redirect')]).toEqual([204, '/sign-in/code']);
      clock.forward(10 * minutes + 1);
      await visitor.open('/account');
      expect(visitor.page.heading).toBe('Sign In');
    });

    test('SE-3: Sign Out throws away what waits', async () => {
      await person('mail.cancel', email);
      const visitor = await signIn(rollcall, 'mail.cancel', ownPassword);
      await visitor.press('Sign Out');
      expect(stepOf(visitor)).toBe('/sign-in');
      expect(await countOf(rollcall, `half_sessions WHERE user_id = ${await idOf('mail.cancel')}`)).toBe(0);
    });

    test('MF-7: is bound to the browser that asked for it', async () => {
      await person('mail.bound', email);
      const first = await signIn(rollcall, 'mail.bound', ownPassword);
      const code = await mailbox.code('mail.bound@example.com');
      const second = await signIn(rollcall, 'mail.bound', ownPassword);
      await mailbox.code('mail.bound@example.com', 2);
      await type(second, code);
      expect(second.page.status).toBe(422);
      await type(first, code);
      expect(stepOf(first)).toBe('/account');
    });

    test('MF-7: only the newest counts, and there are three in ten minutes', async () => {
      await person('mail.newest', email);
      const visitor = await signIn(rollcall, 'mail.newest', ownPassword);
      const old = await mailbox.code('mail.newest@example.com');
      await visitor.press('Send New Code');
      expect(visitor.page.flash).toContain('A new code is on its way.');
      await visitor.press('Send New Code');
      const newest = await mailbox.code('mail.newest@example.com', 3);
      const fourth = await visitor.post('/sign-in/code/new');
      expect([fourth.status, fourth.headers.get('retry-after')]).toEqual([429, '600']);
      expect(mailbox.to('mail.newest@example.com')).toHaveLength(3);
      await type(visitor, old);
      expect(visitor.page.problems).toHaveLength(1);
      await type(visitor, newest);
      expect(stepOf(visitor)).toBe('/account');
    });

    test('MF-7: is over after ten minutes, and hashed at rest', async () => {
      await person('mail.late', email);
      const visitor = await signIn(rollcall, 'mail.late', ownPassword);
      const code = await mailbox.code('mail.late@example.com');
      const [{ codeHash }] = await rowsOf<{ codeHash: string }>(
        rollcall,
        `SELECT code_hash AS "codeHash" FROM half_sessions WHERE user_id = ${await idOf('mail.late')}`,
      );
      expect(codeHash).toMatch(/^\$hmac-sha256\$/);
      expect(codeHash).not.toContain(code);
      clock.forward(9 * minutes);
      await visitor.open('/sign-in/code');
      clock.forward(minutes + 1);
      expect((await visitor.post('/sign-in/code', { code })).headers.get('location')).toMatch(/^\/sign-in/);
    });

    test('MF-13: while the mail server is away nobody comes in without a code, and everybody is told what to do', async () => {
      await person('mail.away', email);
      await mailbox.stop();
      const visitor = await signIn(rollcall, 'mail.away', ownPassword);
      expect(visitor.page.status).toBe(503);
      expect(visitor.page.text).toContain('The code could not be sent');
      expect((await visitor.get('/account')).headers.get('location')).toBe('/sign-in/code');
      await visitor.press('Send New Code');
      expect(visitor.page.status).toBe(503);
      const other = await signIn(rollcall, administrator, password);
      expect(stepOf(other)).toBe('/users');
      await mailbox.start();
      await visitor.press('Send New Code');
      expect(visitor.page.status).toBe(200);
      await type(visitor, await mailbox.code('mail.away@example.com'));
      expect(stepOf(visitor)).toBe('/account');
    });

    test.each(['Reset Password', 'Deactivate'])(
      'MF-8: %s between password and code ends what waits',
      async (action) => {
        const username = `mail.${action.slice(0, 3).toLowerCase()}`;
        await person(username, email);
        const visitor = await signIn(rollcall, username, ownPassword);
        const code = await mailbox.code(`${username}@example.com`);
        await openUser(username);
        await chief.press(action);
        expect((await visitor.post('/sign-in/code', { code })).headers.get('location')).toMatch(/^\/sign-in/);
        expect((await visitor.get('/account')).headers.get('location')).toMatch(/^\/sign-in\?next/);
      },
    );
  });

  describe('an app', () => {
    test('MF-9: is set up before anything else opens, counts only after a right code, and shows its key once', async () => {
      await person('app.new', google);
      const visitor = await signIn(rollcall, 'app.new', ownPassword);
      expect(stepOf(visitor)).toBe('/account/authenticator');
      expect(visitor.page.headers.get('cache-control')).toBe('no-store');
      expect(visitor.page.root.querySelector('.qr')!.getAttribute('src')).toMatch(
        /^data:image\/svg\+xml;base64,/,
      );
      for (const path of ['/account', '/users', '/password'])
        expect((await visitor.get(path)).headers.get('location')).toBe('/account/authenticator');
      const first = appOn(visitor, now);
      expect(first.secret).toMatch(/^[A-Z2-7]{32}$/);
      await visitor.press('Sign Out');
      const later = await signIn(rollcall, 'app.new', ownPassword);
      const second = appOn(later, now);
      expect(second.secret).not.toBe(first.secret);
      await type(later, first.code());
      expect(later.page.status).toBe(422);
      expect(appOn(later).secret).toBe(second.secret);
      const { app } = await setUpApp(later, now);
      expect(stepOf(later)).toBe('/account');
      await later.follow('Replace Authenticator');
      expect(appOn(later).secret).not.toBe(app.secret);
      const all = await rowsOf<{ secret: string }>(rollcall, 'SELECT secret FROM authenticators');
      for (const { secret } of all) expect(secret).not.toContain(app.secret);
    });

    test('MF-2: codes of the step before, this one and the next are right, others are not', async () => {
      const { app } = await withApp('app.window');
      const visitor = await signIn(rollcall, 'app.window', ownPassword);
      for (const far of [-2, 2]) {
        await type(visitor, app.code(far));
        expect([far, visitor.page.status]).toEqual([far, 422]);
      }
      await type(visitor, app.code(1));
      expect(stepOf(visitor)).toBe('/account');
      clock.forward(90);
      const late = await signIn(rollcall, 'app.window', ownPassword);
      await type(late, app.code(-1));
      expect(stepOf(late)).toBe('/account');
      const present = await signIn(rollcall, 'app.window', ownPassword);
      await type(present, app.code(0));
      expect(stepOf(present)).toBe('/account');
    });

    test('MF-4: a code is accepted once, and none of an earlier step afterwards, also when the clock goes back', async () => {
      const { app } = await withApp('app.once');
      const visitor = await signIn(rollcall, 'app.once', ownPassword);
      const code = app.code(1);
      await type(visitor, code);
      expect(stepOf(visitor)).toBe('/account');
      const again = await signIn(rollcall, 'app.once', ownPassword);
      await type(again, code);
      expect(again.page.status).toBe(422);
      await type(again, app.code(0));
      expect(again.page.status).toBe(422);
      clock.forward(-60);
      await type(again, app.code(1));
      expect(again.page.status).toBe(422);
      clock.forward(60);
    });

    test('MF-4: of twenty at once with the same code exactly one comes in', async () => {
      const { app } = await withApp('app.race');
      const waiting: Visitor[] = [];
      for (let count = 0; count < 20; count++) waiting.push(await signIn(rollcall, 'app.race', ownPassword));
      const code = app.code(0);
      const answers = await Promise.all(waiting.map((visitor) => visitor.post('/sign-in/code', { code })));
      expect(answers.filter(({ headers }) => headers.get('location') === '/')).toHaveLength(1);
    });

    test('MF-5: five wrong codes lead back to the password, the third is told by mail, and the message is always the same', async () => {
      const { app } = await withApp('app.wrong');
      const used = app.code(0);
      await type(await signIn(rollcall, 'app.wrong', ownPassword), used);
      const visitor = await signIn(rollcall, 'app.wrong', ownPassword);
      const said = new Set<string>();
      for (const code of ['000000', used, 'nonsense', app.code(-2)]) {
        await type(visitor, code);
        said.add(visitor.page.problems.join());
      }
      expect([...said]).toEqual([
        'This code is not right, or no longer good. Look again, and type the newest one.',
      ]);
      const mail = await mailbox.waitFor('app.wrong@example.com', 'Wrong codes at your sign-in');
      expect(mail.text).toContain('127.0.0.1');
      await type(visitor, '000000');
      expect(visitor.page.heading).toBe('Sign In');
      expect(visitor.page.flash).toContain('there were five wrong ones');
      expect((await visitor.get('/account')).headers.get('location')).toMatch(/^\/sign-in/);
    });

    test('MF-5: five at once cannot become six', async () => {
      await withApp('app.burst');
      const visitor = await signIn(rollcall, 'app.burst', ownPassword);
      const tries = Array.from({ length: 12 }, () =>
        visitor.copy().post('/sign-in/code', { code: '000000' }),
      );
      const answers = await Promise.all(tries);
      expect(answers.filter(({ status }) => status === 422)).toHaveLength(4);
    });

    test('MF-5: after a hundred wrong codes in a row the account is blocked until it is reset', async () => {
      const { app } = await withApp('app.blocked');
      for (let round = 0; round < 20; round++) {
        const visitor = await signIn(rollcall, 'app.blocked', ownPassword);
        for (let count = 0; count < 5; count++) await visitor.post('/sign-in/code', { code: '000000' });
      }
      const visitor = await signIn(rollcall, 'app.blocked', ownPassword);
      await type(visitor, app.code());
      expect(visitor.page.text).toContain('This account is blocked');
      await mailbox.waitFor(`${administrator}@example.com`, 'An account is blocked after many wrong codes');
      await openUser('app.blocked');
      await chief.follow('Reset Authenticator');
      await chief
        .form('Reset Authenticator')
        .fill('Reason', 'Too many wrong codes')
        .press('Reset Authenticator');
      const after = await signIn(rollcall, 'app.blocked', ownPassword);
      expect(stepOf(after)).toBe('/account/authenticator');
    });
  });

  describe('a lost app', () => {
    test('MF-10: a recovery code lets in once, and is told by mail', async () => {
      const { recoveryCodes } = await withApp('lost.phone');
      expect(new Set(recoveryCodes).size).toBe(10);
      const visitor = await signIn(rollcall, 'lost.phone', ownPassword);
      await visitor.follow('Use Recovery Code');
      await type(visitor, recoveryCodes[3].toUpperCase(), 'Recovery Code');
      expect(stepOf(visitor)).toBe('/account');
      expect(visitor.page.text).toMatch(/Recovery codes left\s+9/);
      await mailbox.waitFor('lost.phone@example.com', 'A recovery code was used');
      const again = await signIn(rollcall, 'lost.phone', ownPassword);
      await type(again, recoveryCodes[3]);
      expect(again.page.status).toBe(422);
      const stored = await rowsOf<{ codeHash: string }>(
        rollcall,
        'SELECT code_hash AS "codeHash" FROM recovery_codes',
      );
      for (const { codeHash } of stored) expect(codeHash).toMatch(/^[0-9a-f]{64}$/);
    });

    test('MF-10: new recovery codes replace the old ones', async () => {
      const { app, recoveryCodes } = await withApp('new.codes');
      const visitor = await signIn(rollcall, 'new.codes', ownPassword);
      await type(visitor, app.code());
      await visitor.press('New Recovery Codes');
      const fresh = visitor.page.root.querySelectorAll('.recovery-codes code').map(({ text }) => text);
      expect(fresh.filter((code) => recoveryCodes.includes(code))).toEqual([]);
      const again = await signIn(rollcall, 'new.codes', ownPassword);
      await type(again, recoveryCodes[0]);
      expect(again.page.status).toBe(422);
      await type(again, fresh[0]);
      expect(stepOf(again)).toBe('/account');
    });

    test('MF-10: an administrator resets it with a reason: sessions end, the user reads why, the next sign-in sets it up anew', async () => {
      const { app } = await withApp('reset.app');
      const visitor = await signIn(rollcall, 'reset.app', ownPassword);
      await type(visitor, app.code());
      await openUser('reset.app');
      await chief.follow('Reset Authenticator');
      await chief.press('Reset Authenticator');
      expect(chief.page.problems).toHaveLength(1);
      await chief
        .form('Reset Authenticator')
        .fill('Reason', 'Phone fell into the sea')
        .press('Reset Authenticator');
      expect(chief.page.flash).toContain('The authenticator of “reset.app” was reset');
      expect((await visitor.get('/account')).headers.get('location')).toMatch(/^\/sign-in/);
      const mail = await mailbox.waitFor('reset.app@example.com', 'Your authenticator was reset');
      expect(mail.text).toContain(
        'chief has reset your authenticator. The reason given: Phone fell into the sea',
      );
      const after = await signIn(rollcall, 'reset.app', ownPassword);
      expect(stepOf(after)).toBe('/account/authenticator');
      expect(appOn(after).secret).not.toBe(app.secret);
    });

    test('MF-10: nobody resets the authenticator of somebody who holds more', async () => {
      const helper = await newcomer(rollcall, chief, 'helper', [
        'See users',
        'Reset passwords and authenticators',
      ]);
      const id = await idOf(administrator);
      expect((await helper.post(`/users/${id}/authenticator`, { reason: 'Because' })).status).toBe(403);
    });
  });

  describe('who decides', () => {
    test('MF-1: the user’s own type, else the strictest of the roles, else the tenant’s, raised to the lowest type', async () => {
      await again();
      await chief.open('/settings');
      await chief
        .form('Save Settings')
        .choose('Lowest Two-Factor Authentication Type', 'Email - with one-time code')
        .press('Save Settings');
      const temporary = await addUser(chief, 'below.floor', 'Agent');
      const visitor = await signIn(rollcall, 'below.floor', temporary);
      expect(stepOf(visitor)).toBe('/sign-in/code');
      await type(visitor, await mailbox.code('below.floor@example.com'));
      expect(stepOf(visitor)).toBe('/password');
      await setFactor('below.floor', 'Disabled - login without 2FA');
      expect(chief.page.text).toContain('Email (by the lowest type that the tenant allows)');
      await chief.open('/settings');
      await chief
        .form('Save Settings')
        .choose('Lowest Two-Factor Authentication Type', 'Disabled - login without 2FA')
        .press('Save Settings');
      await openUser('below.floor');
      expect(chief.page.text).toContain('Disabled (set for this user)');
    });

    test('MF-1: an administrative role cannot be Disabled, has 7 days of grace with a banner, then sets an app up', async () => {
      await again();
      const helper = await newcomer(rollcall, chief, 'graceful', ['See users']);
      expect(helper.page.text).toContain('Your role needs a second factor.');
      await openUser('graceful');
      await chief
        .form('Save Changes')
        .choose('Two-Factor Authentication Type', 'Disabled - login without 2FA')
        .press('Save Changes');
      expect(chief.page.problems).toEqual([
        expect.stringContaining('An administrative role needs a second factor'),
      ]);
      clock.forward(7 * days + 60);
      const due = await signIn(rollcall, 'graceful', ownPassword);
      expect(stepOf(due)).toBe('/account/authenticator');
      expect((await due.get('/users')).headers.get('location')).toBe('/account/authenticator');
      await setUpApp(due, now);
      expect(stepOf(due)).toBe('/users');
      expect(due.page.text).not.toContain('Your role needs a second factor.');
      await eventually(async () => {
        expect(mailbox.to('graceful@example.com').map(({ subject }) => subject)).toContain(
          'An authenticator was set up',
        );
      });
    });
  });
});
