// What asks again who sits there, when the last proof is older than ten minutes (SECURITY.md MF-11, TP-6).
import { setUpApp, type as typeCode } from '../support/authenticator.js';
import { Clock, describeWithClock, minutes } from '../support/clock.js';
import { fileOf, importFile } from '../support/imports.js';
import { linkIn, Mailbox } from '../support/mailbox.js';
import { addUser, firstSignIn, ownPassword } from '../support/newcomers.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { Visitor } from '../support/visitor.js';

describeWithClock('a fresh proof', () => {
  const clock = new Clock();
  let rollcall: Rollcall;
  let chief: Visitor;

  const mailbox = new Mailbox();

  beforeAll(async () => {
    await mailbox.start();
    rollcall = await startRollcall({ env: { ...clock.env, SMTP_URL: mailbox.url } });
    chief = await setUp(rollcall);
  });

  afterAll(async () => mailbox.stop());

  test('TP-6: is asked before passwords are downloaded, and the download goes on with it', async () => {
    await importFile(chief, fileOf(2, 'proof'));
    const page = chief.page.path;
    expect((await chief.post(`${page}/success.csv`)).status).toBe(200);
    clock.forward(10 * minutes + 1);
    await chief.press('Download Success Details');
    expect([chief.page.status, chief.page.heading]).toEqual([403, 'Is It You?']);
    await chief.form('Continue').fill('Password', 'not-the-password').press('Continue');
    expect(chief.page.problems).toEqual(['The password is not right. Type it again.']);
    chief.form('Continue').fill('Password', password);
    const answer = await chief.download('Continue');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toContain('rollcall-success.csv');
    expect((await chief.post(`${page}/success.xlsx`)).status).toBe(200);
    expect((await chief.get(`${page}/success.csv`)).status).not.toBe(200);
  });

  test('MF-11: is asked before the own second factor changes, with a code where there is an app', async () => {
    const agent = await firstSignIn(rollcall, 'careful', await addUser(await fresh(), 'careful', 'Agent'));
    clock.forward(10 * minutes + 1);
    await agent.open('/account');
    await agent.follow('Set Up Authenticator');
    expect(agent.page.status).toBe(403);
    expect((await agent.post('/account/recovery-codes')).status).toBe(403);
    expect((await agent.post('/account/authenticator', { code: '000000' })).status).toBe(403);
    await agent.form('Continue').fill('Password', ownPassword).press('Continue');
    expect(agent.page.path).toBe('/account/authenticator');
    const { app } = await setUpApp(agent, () => clock.now);
    clock.forward(10 * minutes + 1);
    await agent.follow('Replace Authenticator');
    await agent.form('Continue').fill('Password', ownPassword).fill('Code', '000000').press('Continue');
    expect(agent.page.problems).toEqual(['The password or the code is not right. Type both again.']);
    const code = app.code();
    await agent.form('Continue').fill('Password', ownPassword).fill('Code', code).press('Continue');
    expect(agent.page.path).toBe('/account/authenticator');
    const again = await signIn(rollcall, 'careful', ownPassword);
    await typeCode(again, code);
    expect(again.page.status).toBe(422);
  });

  test('MF-11: changing a password asks for a code where there is an app', async () => {
    const agent = await firstSignIn(rollcall, 'changer', await addUser(await fresh(), 'changer', 'Agent'));
    await agent.open('/account');
    await agent.follow('Set Up Authenticator');
    const { app } = await setUpApp(agent, () => clock.now);
    clock.forward(10 * minutes + 1);
    const another = 'walnut-harbour-lantern-93';
    const passwords = { currentPassword: ownPassword, newPassword: another, repeatPassword: another };
    const refused = await agent.post('/password', passwords);
    expect([refused.status, refused.headers.get('location')]).toEqual([303, '/password']);
    await agent.open('/password');
    expect([agent.page.status, agent.page.heading]).toEqual([403, 'Is It You?']);
    await agent.form('Continue').fill('Password', ownPassword).fill('Code', app.code()).press('Continue');
    await agent
      .form('Save Password')
      .fill('Current Password', ownPassword)
      .fill('New Password', another)
      .fill('Repeat New Password', another)
      .press('Save Password');
    expect(agent.page.flash).toBe('Your new password is saved. Use it from now on.');
  });

  test('MF-11: a new email of one’s own waits for a confirmation there, and the old one is told', async () => {
    const agent = await firstSignIn(rollcall, 'mover', await addUser(await fresh(), 'mover', 'Agent'));
    clock.forward(10 * minutes + 1);
    await agent.open('/account');
    await agent.follow('Change Email');
    await agent.form('Send Link').fill('New Email', 'mover@elsewhere.example').press('Send Link');
    expect(agent.page.status).toBe(403);
    await agent.form('Continue').fill('Password', ownPassword).press('Continue');
    expect(agent.page.path).toBe('/account');
    expect(agent.page.text).toContain('mover@example.com');
    await mailbox.waitFor('mover@example.com', 'Your email address is about to change');
    const mail = await mailbox.waitFor('mover@elsewhere.example', 'Confirm your new email address');
    expect(mail.to).toEqual(['mover@elsewhere.example']);
    const elsewhere = new Visitor(rollcall.address);
    const path = new URL(linkIn(mail)).pathname;
    await elsewhere.open(path);
    await agent.open('/account');
    expect(agent.page.text).toContain('mover@example.com');
    await elsewhere.press('Confirm Email');
    await agent.open('/account');
    expect(agent.page.text).toContain('mover@elsewhere.example');
    await mailbox.waitFor('mover@example.com', 'Your email address was changed');
    expect((await elsewhere.post(path)).status).toBe(404);
  });

  test.each([
    'a@x.example, b@y.example',
    'a@x.example\r\nBcc: evil@x.example',
    'chief@example.com',
    'nobody',
  ])('IN-4: %j does not become anybody’s email', async (email) => {
    const agent = await signIn(rollcall, 'mover', ownPassword);
    const before = mailbox.mails.length;
    expect((await agent.post('/account/email', { email })).status).toBe(422);
    expect(mailbox.mails.length).toBe(before);
  });

  async function fresh(): Promise<Visitor> {
    return signIn(rollcall, administrator, password);
  }
});
