// Mail leaves by a real mail server, to one address each, and nothing waits for it (SECURITY.md IN-4, R-19).
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Clock, describeWithClock, minutes } from '../support/clock.js';
import { eventually } from '../support/eventually.js';
import { Mailbox } from '../support/mailbox.js';
import { countOf, rowsOf } from '../support/peek.js';
import { administrator, setUp } from '../support/people.js';
import { refusedStart, type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

const address = `${administrator}@example.com`;

describeWithClock('with a mail server', () => {
  const clock = new Clock();
  const mailbox = new Mailbox();
  let rollcall: Rollcall;
  let chief: Visitor;

  beforeAll(async () => {
    await mailbox.start();
    rollcall = await startRollcall({ env: { ...clock.env, SMTP_URL: mailbox.url } });
    chief = await setUp(rollcall);
    await chief.open('/settings');
  });

  afterAll(async () => mailbox.stop());

  test('an administrator sends a mail to themselves, to nobody else, and reads that it went', async () => {
    await chief.press('Send Test Mail');
    expect(chief.page.flash).toBe(`The test mail was handed over for ${address}.`);
    const [mail, ...others] = mailbox.mails;
    expect(others).toEqual([]);
    expect([mail.from, mail.to, mail.subject]).toEqual(['rollcall@example.com', [address], 'Test mail']);
    expect(mail.text).toContain('Mail works.');
    expect(mail.raw).toMatch(/^To: chief@example\.com\r$/m);
    expect(mail.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  });

  test('R-19: a refused mail is given up at once, and the settings page and the audit log say why', async () => {
    mailbox.refuses = 550;
    await chief.press('Send Test Mail');
    mailbox.refuses = undefined;
    expect(chief.page.flash).toMatch(/^The test mail was not sent: .*no such mailbox here/);
    expect(chief.page.text).toMatch(
      /The last failure, in the words of the mail server:.*no such mailbox here/,
    );
    await chief.open('/audit');
    expect(chief.page.text).toContain('Gave up a mail');
    await chief.open('/settings');
  });

  test('R-19: while the mail server is away a mail waits, is tried 5 times with growing pauses, then given up', async () => {
    await mailbox.stop();
    const before = await countOf(rollcall, "mails WHERE state = 'failed'");
    await chief.press('Send Test Mail');
    expect(chief.page.flash).toMatch(/^The test mail was not sent: .*ECONNREFUSED/);
    for (const [tries, pause] of [
      [2, 6],
      [3, 31],
      [4, 2 * minutes + 1],
      [5, 10 * minutes + 1],
    ]) {
      clock.forward(pause);
      await eventually(async () => {
        const [{ attempts }] = await rowsOf<{ attempts: number }>(
          rollcall,
          'SELECT attempts FROM mails ORDER BY id DESC LIMIT 1',
        );
        expect(attempts).toBe(tries);
      });
    }
    await eventually(async () =>
      expect(await countOf(rollcall, "mails WHERE state = 'failed'")).toBe(before + 1),
    );
    await mailbox.start();
  });

  test('R-19: a mail that waited leaves once the mail server is back', async () => {
    await mailbox.stop();
    await chief.press('Send Test Mail');
    const before = mailbox.mails.length;
    await mailbox.start();
    clock.forward(6);
    await eventually(async () => expect(mailbox.mails.length).toBe(before + 1));
  });

  test('R-19: a slow mail server keeps nobody else waiting', async () => {
    mailbox.delay = 2000;
    const slow = chief.copy();
    await slow.open('/settings');
    const sending = slow.press('Send Test Mail');
    const begun = performance.now();
    expect((await chief.get('/users')).status).toBe(200);
    expect(performance.now() - begun).toBeLessThan(1500);
    await sending;
    mailbox.delay = 0;
    expect(slow.page.flash).toMatch(/^The test mail was handed over/);
  });

  test('nothing of a mail is kept once it has left, and the password of the mail server is in no log or page', async () => {
    expect(await countOf(rollcall, 'mails WHERE sealed IS NOT NULL')).toBe(0);
    await chief.open('/settings');
    for (const text of [rollcall.log(), chief.page.html]) expect(text).not.toContain('s3cret-of-smtp');
  });
});

test('without a mail server mail is written as files for the operator’s eyes only, and the settings page says what to do', async () => {
  const rollcall = await startRollcall();
  const chief = await setUp(rollcall);
  await chief.open('/settings');
  expect(chief.page.text).toContain(`No mail server is set: mail is written as files into`);
  expect(chief.page.text).toContain('SMTP_URL');
  await chief.press('Send Test Mail');
  const folder = join(rollcall.dataDir, 'mail');
  const [file] = readdirSync(folder);
  expect(file).toMatch(/^\d+-\d+\.eml$/);
  expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readFileSync(join(folder, file), 'utf8')).toMatch(/^To: chief@example\.com\r?$/m);
});

test('in production without a mail server nothing is written', async () => {
  const rollcall = await startRollcall({
    env: { NODE_ENV: 'production', SECRET_KEY: Buffer.alloc(32, 7).toString('base64') },
  });
  const chief = await setUp(rollcall);
  await chief.open('/settings');
  expect(chief.page.text).toContain('Mail is not set up: no mail leaves Rollcall.');
  expect(chief.page.hasButton('Send Test Mail')).toBe(false);
  await chief.post('/settings/mail');
  expect(readdirSync(rollcall.dataDir)).not.toContain('mail');
});

test.each([
  'mail.example.com',
  'http://mail.example.com',
  'smtp://x/?bcc=a@b.example',
  'smtp://x?from=a,b@c.de',
])('a mail server such as %s stops the start with what is wanted, and without its password', async (url) => {
  const lines = await refusedStart({ env: { SMTP_URL: url.replace('smtp://', 'smtp://me:hush-hush@') } });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^SMTP_URL wants an address such as smtp:\/\//);
  expect(lines[0]).not.toContain('hush-hush');
});
