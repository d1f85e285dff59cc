// Users from a file who are invited by mail instead of being handed temporary passwords.
import { eventually } from '../support/eventually.js';
import { csvRows, importOf, result, upload } from '../support/imports.js';
import { Mailbox, linkIn } from '../support/mailbox.js';
import { ownPassword } from '../support/newcomers.js';
import { countOf, rowsOf } from '../support/peek.js';
import { setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import { Visitor } from '../support/visitor.js';

const mailbox = new Mailbox();
let rollcall: Rollcall;
let chief: Visitor;
let id: number;

beforeAll(async () => {
  await mailbox.start();
  rollcall = await startRollcall({ env: { SMTP_URL: mailbox.url } });
  chief = await setUp(rollcall);
  await upload(
    chief,
    'Username,Email,Activate User\nin.time,in.time@example.com,yes\nlate.one,late.one@example.com,\nasleep,asleep@example.com,no',
  );
  await chief.form('Next').choose('Role from Dialer', 'Agent').press('Next');
  await chief.press('Next');
  await chief
    .form('Next')
    .check('Invite users by email instead of temporary passwords')
    .press('Skip to Review');
  expect(chief.page.text).toContain('Passwords chosen by each user, with a link by email');
  await chief.press('Import Users');
  id = importOf(chief);
  expect((await result(chief, id)).counts.created).toBe(3);
});

afterAll(() => mailbox.stop());

/** Opens the link of a mail in a browser of its own and chooses a password. */
async function choose(link: string): Promise<Visitor> {
  const visitor = new Visitor(rollcall.address);
  await visitor.open(new URL(link).pathname);
  await visitor
    .form('Save Password')
    .fill('New Password', ownPassword)
    .fill('Repeat New Password', ownPassword)
    .press('Save Password');
  return visitor;
}

test('get a link that is good once, choose a password, and sign in with it', async () => {
  const mail = await mailbox.waitFor('in.time@example.com', 'Your new account');
  expect(mail.text).toContain('Your username is in.time.');
  expect(mail.text).toContain('It works once, within 168 hours.');
  const link = linkIn(mail);
  const guest = await choose(link);
  expect(guest.page.path).toBe('/sign-in?why=password');
  expect((await signIn(rollcall, 'in.time', ownPassword)).page.path).toBe('/account');
  const again = await guest.get(new URL(link).pathname);
  expect(again.status).toBe(410);
  expect(again.text).toContain('An invitation works once');
});

test('the import tells how the mails fare; its success details say invited, and hold no password', async () => {
  await mailbox.waitFor('late.one@example.com', 'Your new account');
  await chief.open(`/imports/${id}`);
  expect(chief.page.text).toContain('Invitations by email');
  expect(chief.page.hasLink('Send Invitations Again')).toBe(true);
  const [head, ...rows] = csvRows(await chief.download('Download Success Details'));
  const secrets = rows.map((row) => row[head.indexOf('Temporary Password')]);
  expect(new Set(secrets)).toEqual(new Set(['invited']));
  expect(await countOf(rollcall, 'import_rows WHERE secret IS NOT NULL')).toBe(0);
});

test('TP-10: the link stands in the mail alone: hashed in the database, in no log and on no page', async () => {
  const link = linkIn(await mailbox.waitFor('late.one@example.com', 'Your new account'));
  const token = link.split('/').pop()!;
  const guest = new Visitor(rollcall.address);
  await guest.open(new URL(link).pathname);
  expect(guest.page.heading).toBe('Choose Your Password');
  await eventually(async () => expect(rollcall.log()).toContain('"/invitation/…"'));
  expect(rollcall.log()).not.toContain(token);
  const links = await rowsOf<{ expires_at: number | string }>(rollcall, 'SELECT * FROM mail_links');
  const days = (Number(links[0].expires_at) - Date.now()) / 86_400_000;
  expect([links.length, Math.round(days)]).toEqual([1, 7]);
  expect(JSON.stringify(links)).not.toContain(token);
  expect(JSON.stringify(await rowsOf(rollcall, 'SELECT * FROM mails'))).not.toContain(token);
});

test('are invited again when they never came: the new link counts, the old one does not', async () => {
  const before = linkIn(await mailbox.waitFor('late.one@example.com', 'Your new account'));
  await chief.open(`/imports/${id}`);
  await chief.follow('Send Invitations Again');
  await chief.press('Send Invitations Again');
  expect(chief.page.table('Left out').slice(1)).toEqual([['asleep', 'This user is inactive.']]);
  const after = linkIn(await mailbox.waitFor('late.one@example.com', 'Your new account', 2));
  const visitor = new Visitor(rollcall.address);
  expect((await visitor.get(new URL(before).pathname)).status).toBe(410);
  expect((await visitor.get(new URL(after).pathname)).status).toBe(200);
  // Whoever knows a name can ask for a link of the other kind; that takes nothing away.
  await visitor.open('/forgotten');
  await visitor.form('Send Link').fill('Username or Email', 'late.one').press('Send Link');
  expect((await visitor.get(new URL(after).pathname)).status).toBe(200);
});

test('who cannot read mail gets a temporary password after all, and the link is dead', async () => {
  const link = linkIn(await mailbox.waitFor('late.one@example.com', 'Your new account', 2));
  await chief.open(`/imports/${id}`);
  await chief.follow('Reissue Passwords');
  await chief.press('Reissue Passwords');
  const [head, ...rows] = csvRows(await chief.download('Download New Passwords'));
  const line = rows.find((row) => row[head.indexOf('Username')] === 'late.one')!;
  const late = await signIn(rollcall, 'late.one', line[head.indexOf('Temporary Password')]);
  expect(late.page.path).toBe('/password');
  expect((await late.get(new URL(link).pathname)).status).toBe(410);
});
