// What must not leave, and where the server must not go: some twenty secrets are made on the pages as people make them, then
// looked for everywhere; and every address that the server connects to is noted by a module loaded into it.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { randomBytes } from 'node:crypto';
import { appOn, type } from '../support/authenticator.js';
import { everythingStored } from '../support/everything-stored.js';
import { importFile, successDetails } from '../support/imports.js';
import { linkIn, Mailbox } from '../support/mailbox.js';
import { addUser, firstSignIn, ownPassword, shownPassword } from '../support/newcomers.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { onSqlite, type Rollcall, startRollcall } from '../support/rollcall.js';
import { allControllers, pathsOf } from '../support/routes.js';
import type { Visitor } from '../support/visitor.js';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-connections-'));
const connections = join(folder, 'connections');
const mailbox = new Mailbox();
const serverKey = randomBytes(32).toString('base64');
const metricsToken = randomBytes(16).toString('hex');
/** Secrets by what they are. */
const secrets = new Map<string, string>([
  ['the password of the administrator', password],
  ['the password that an agent chose', ownPassword],
  ['the key of the server', serverKey],
  ['the token of the figures', metricsToken],
  ['the password of the mail server', 's3cret-of-smtp'],
]);
/** They are told by mail, and by nothing else. */
const mailed = ['a code by mail', 'the link of a forgotten password'];
let rollcall: Rollcall;
let chief: Visitor;

beforeAll(async () => {
  await allControllers();
  await mailbox.start();
  rollcall = await startRollcall({
    env: {
      SMTP_URL: mailbox.url,
      SECRET_KEY: serverKey,
      METRICS_TOKEN: metricsToken,
      SIP_REALM: 'sip.example.com',
      NODE_OPTIONS: `--require ${resolve('test/support/connections.cjs')}`,
      CONNECTIONS_FILE: connections,
    },
  });
  chief = await setUp(rollcall);
  secrets.set('the token of the set-up', /[^/]+$/.exec(rollcall.setupLink!)![0]);
  secrets.set('a session', decodeURIComponent(chief.cookie('rollcall')!).slice(2).split('.')[0]);
  await makeUsers();
  await makePhones();
  await makeFactors();
  await makeMistakes();
});

afterAll(async () => {
  await mailbox.stop();
  rmSync(folder, { recursive: true });
});

async function makeUsers(): Promise<void> {
  const rows = [1, 2, 3].map((number) => `filed${number},filed${number}@example.com,Built-in PBX`);
  await importFile(chief, ['Username,Email,SIP Settings', ...rows].join('\n'));
  const lines = await successDetails(chief);
  for (const line of lines) {
    secrets.set(`the password of ${line.Username}`, line['Temporary Password']);
    secrets.set(`the SIP password of ${line.Username}`, line['SIP Password']);
  }
  expect([...secrets.values()]).not.toContain('');
  secrets.set('the password of a new user', await addUser(chief, 'single', 'Agent'));
  await open('single');
  await chief.press('Reset Password');
  secrets.set('a password that was reset', shownPassword(chief));
  await chief.open('/users/new');
  await chief.form('Add User').press('Generate Available Virtual Extension');
  await chief
    .form('Add User')
    .fill('Username', 'digits')
    .fill('Email', 'digits@example.com')
    .fill('CalDAV Token', 'Pasted-token_of-the-old-system')
    .check('Agent')
    .check('Generate user passwords with digits only (not recommended)')
    .press('Add User');
  secrets.set('a password of digits', shownPassword(chief));
  secrets.set('a CalDAV token', 'Pasted-token_of-the-old-system');
  await firstSignIn(rollcall, 'filed1', lines[0]['Temporary Password']);
}

async function makePhones(): Promise<void> {
  await open('single');
  await chief.form('Save Changes').choose('SIP Settings', 'Use Built-in PBX').press('Save Changes');
  await open('single');
  await chief.press('Reset SIP Password');
  secrets.set('a SIP password', shownPassword(chief));
}

async function makeFactors(): Promise<void> {
  await chief.open('/account/authenticator');
  const app = appOn(chief);
  secrets.set('the key of an app', app.secret);
  await type(chief, app.code(-1));
  const codes = chief.page.root.querySelectorAll('.recovery-codes code').map(({ text }) => text);
  for (const [index, code] of codes.entries()) secrets.set(`recovery code ${index + 1}`, code);
  await open('filed1');
  await chief
    .form('Save Changes')
    .choose('Two-Factor Authentication Type', 'Email - with one-time code')
    .press('Save Changes');
  await signIn(rollcall, 'filed1', ownPassword);
  secrets.set('a code by mail', await mailbox.code('filed1@example.com'));
  await chief.post('/forgotten', { name: 'filed1' });
  const mail = await mailbox.waitFor('filed1@example.com', 'Choose a new password');
  const link = new URL(linkIn(mail)).pathname;
  await chief.get(link);
  secrets.set('the link of a forgotten password', /[^/]+$/.exec(link)![0]);
}

/** Typed in the wrong place, or refused. */
async function makeMistakes(): Promise<void> {
  const wrong = 'mistyped-lantern-harbour-24';
  secrets.set('a mistyped password', wrong);
  await signIn(rollcall, administrator, wrong);
  await chief.post('/password', { current: wrong, password: wrong, repeated: `${wrong}x` });
  await chief.post('/users', { username: '', password: wrong, caldavToken: wrong });
}

async function open(username: string): Promise<void> {
  await chief.open(`/users?q=${username}`);
  await chief.follow(username);
}

function found(text: string, but: string[] = []): string[] {
  return [...secrets]
    .filter(([what, secret]) => !but.includes(what) && text.includes(secret))
    .map(([what]) => what);
}

describe('of more than twenty secrets none is', () => {
  test('TP-5, TP-10, SC-5: in any table of the database', async () => {
    expect(secrets.size).toBeGreaterThan(20);
    const stored = (await everythingStored(rollcall)).join('\n');
    expect(stored).toContain('filed1@example.com');
    expect(found(stored)).toEqual([]);
  });

  onSqlite('TP-5: in any file of the data folder, whatever was deleted there before', () => {
    const files = readdirSync(rollcall.dataDir).filter((name) => name.startsWith('rollcall.sqlite'));
    expect(files.length).toBeGreaterThan(1);
    for (const name of files)
      expect([name, found(readFileSync(join(rollcall.dataDir, name), 'latin1'))]).toEqual([name, []]);
  });

  test('TP-10, LG-4: in the log', () => {
    expect(rollcall.log()).toContain('"statusCode":303');
    expect(found(rollcall.log().replace(/^Set up Rollcall: .*$/gm, ''))).toEqual([]);
  });

  test('TP-10, SC-6: on any page that is opened afterwards, its address and headers included', async () => {
    const own = await chief.get('/users?q=digits');
    const user = /\/users\/\d+/.exec(own.text)![0];
    for (const path of [...(await pathsOf('GET')), user, `${user}/sessions`, '/users?q=single']) {
      const { text, headers } = await chief.get(path);
      const shown = [text, ...headers].join('\n');
      // The cookie is the browser’s own.
      expect([path, found(shown, ['a session'])]).toEqual([path, []]);
    }
  });

  test('TP-10: in a mail, but what that mail is for', () => {
    expect(mailbox.mails.length).toBeGreaterThan(2);
    for (const { raw, text } of mailbox.mails) expect(found(raw + text, mailed)).toEqual([]);
  });
});

test('IN-6: no name is looked up and nothing is connected to because somebody typed it', async () => {
  const hosts = ['pbx.trap.example', '203.0.113.77', 'sip.trap.example'];
  await chief.open('/pbx-domains/new');
  const form = chief.form('Create PBX Domain').fill('Name', 'Trap').fill('Host', hosts[0]);
  await form.press('Create PBX Domain');
  expect(chief.page.path).toBe('/pbx-domains');
  const rows = hosts.map(
    (host, index) =>
      `trap${index},trap${index}@${hosts[0]},custom uri,sip:7${index}@${host}:5070;transport=tcp,http://${host}/`,
  );
  const { counts } = await importFile(
    chief,
    ['Username,Email,SIP Settings,Custom URI,First Name', ...rows].join('\n'),
  );
  expect(counts).toMatchObject({ read: 3, created: 3 });
  for (const path of ['/forgotten', '/sign-in'])
    await chief.post(
      path,
      { name: 'nobody@trap.example', password: 'x' },
      { headers: { 'X-Forwarded-Host': 'trap.example' } },
    );
  await chief.get('/', { headers: { Referer: 'http://trap.example/', 'X-Forwarded-For': hosts[1] } });
  const noted = readFileSync(connections, 'utf8');
  expect(noted).toContain('127.0.0.1');
  expect(noted.split('\n').filter((line) => /trap|203\.0\.113/.test(line))).toEqual([]);
  const elsewhere = noted
    .split('\n')
    .filter((line) => line && !/127\.0\.0\.1|localhost|\.s\.PGSQL/.test(line));
  expect(elsewhere).toEqual([]);
});
