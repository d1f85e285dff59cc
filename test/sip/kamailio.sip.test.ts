// The phones are real: Rollcall's users at Kamailio, from the file that brings them in to the call (PRODUCT.md section 8).
import { Client } from 'pg';
import { eventually } from '../support/eventually.js';
import { chooseKamailio, type Kamailio } from '../support/kamailio.mjs';
import { importFile, successDetails, type Success } from '../support/imports.js';
import { newAgent } from '../support/newcomers.js';
import { setUp } from '../support/people.js';
import { rowsOf } from '../support/peek.js';
import { startCluster } from '../support/postgres.mjs';
import { onPostgres, type Rollcall, startRollcall } from '../support/rollcall.js';
import { SecurePhone } from '../support/sip-phone.js';
import { type Login, newPhone, type Phone, statusOf } from '../support/sipp.js';
import type { Visitor } from '../support/visitor.js';

let cluster: Awaited<ReturnType<typeof startCluster>>;
let kamailio: Kamailio;
let rollcall: Rollcall;
let chief: Visitor;
let phone: Phone;
// A foreign PBX.
let other: Phone;
const people = new Map<string, Success>();

beforeAll(async () => {
  // A cluster of our own, to be stopped.
  cluster = process.env.ROLLCALL_TEST_POSTGRES ? await startCluster() : null;
  if (cluster) process.env.ROLLCALL_TEST_POSTGRES = cluster.url;
  kamailio = await chooseKamailio();
  rollcall = await startRollcall({ env: kamailio.environment });
  await kamailio.start(rollcall);
  chief = await setUp(rollcall);
  [phone, other] = [await newPhone(kamailio), await newPhone(kamailio)];
  await other.answer();
  await chief.open('/pbx-domains/new');
  await chief
    .form('Create PBX Domain')
    .fill('Name', 'Classic')
    .fill('Host', 'pbx-eu.test')
    .fill('Next Hop', `127.0.0.1:${other.port}`)
    .press('Create PBX Domain');
  await importFile(
    chief,
    [
      'Username,Email,SIP Settings,Virtual Extension,PBX Domain,PBX Device,Custom URI',
      'ann,ann@example.com,builtin_pbx,1501,,,',
      'bob,bob@example.com,builtin_pbx,1502,,,',
      `cleo,cleo@example.com,custom_uri,1503,,,agent7@127.0.0.1:${other.port}`,
      'dan,dan@example.com,classic_pbx,1504,Classic,204,',
      'eve,eve@example.com,builtin_pbx,1505,,,',
      'fay,fay@example.com,webrtc,1506,,,',
      'gus,gus@example.com,builtin_pbx,1507,,,',
      'hal,hal@example.com,builtin_pbx,1508,,,',
      'ivy,ivy@example.com,builtin_pbx,1510,,,',
    ].join('\n'),
  );
  for (const line of await successDetails(chief)) people.set(line.Username, line);
});

function login(username: string): Login {
  const { 'SIP Username': extension, 'SIP Password': secret } = people.get(username)!;
  return { extension, secret };
}

/** Presses a button on the page of a user. */
async function press(username: string, button: string): Promise<void> {
  await chief.open(`/users/${people.get(username)!.ID}`);
  await chief.press(button);
}

/** When the one phone of a user was registered, as their page says it. */
async function registeredSince(username: string): Promise<number> {
  await chief.open(`/users/${people.get(username)!.ID}`);
  const times = chief.page.root.querySelectorAll('[aria-labelledby=phone-state] time');
  expect(chief.page.text).toMatch(/Registered .* since/);
  return Date.parse(times[0].getAttribute('datetime')!);
}

afterAll(async () => {
  await kamailio?.stop();
  await rollcall?.stop();
  await cluster?.stop();
});

/** Until the SIP server was told of everything. */
async function phonesTakenDown(): Promise<void> {
  await eventually(async () => expect(await rowsOf(rollcall, 'SELECT * FROM sip_kicks')).toEqual([]));
}

describe('a phone registers', () => {
  test('with what the success details say', async () => {
    expect(await phone.register(login('ann'))).toEqual([401, 200]);
  });

  test('and the page of its user says since when, however often it renews', async () => {
    const begun = await registeredSince('ann');
    expect(Math.abs(Date.now() - begun)).toBeLessThan(60_000);
    // The SIP server counts in seconds.
    await eventually(async () => {
      expect(await phone.register(login('ann'))).toEqual([401, 200]);
      expect(Date.now()).toBeGreaterThan(begun + 2000);
    });
    expect(await registeredSince('ann')).toBe(begun);
  });

  test('with its domain behind the name', async () => {
    expect(await phone.register({ ...login('ann'), name: `1501@${kamailio.realm}` })).toEqual([401, 200]);
  });

  test('with a password of digits only', async () => {
    const form = await newAgent(chief, 'pad', 1509, 'Use Built-in PBX');
    await form.check('Generate user passwords with digits only (not recommended)').press('Add User');
    const secret = chief.page.root.querySelectorAll('.secret').at(-1)!.text;
    expect(secret).toMatch(/^\d{20}$/);
    expect(await phone.register({ extension: '1509', secret })).toEqual([401, 200]);
  });

  test.each([
    ['a wrong password', () => ({ ...login('bob'), secret: 'wrong' })],
    ['the temporary password', () => ({ ...login('bob'), secret: people.get('bob')!['Temporary Password'] })],
    ['a name that nobody has', () => ({ extension: '1999', secret: 'nobody' })],
    ['a user of a custom URI', () => ({ extension: '1503', secret: '' })],
    ['a softphone user', () => ({ extension: '1506', secret: '' })],
    ['the address of somebody else', () => ({ ...login('ann'), name: '1501', extension: '1502' })],
  ])('never with %s, and all get the same answer', async (_, credentials) => {
    expect(await phone.register(credentials())).toEqual([401, 403]);
  });

  test('over TLS, and an Authorization that was overheard is not good again', async () => {
    const secure = await SecurePhone.overTls(kamailio);
    try {
      expect(await secure.register(login('bob'))).toEqual([401, 200]);
      expect(statusOf(await secure.exchange(secure.sent.replace('CSeq: 2', 'CSeq: 9')))).toBe(401);
    } finally {
      secure.close();
    }
  });

  test('over a secure WebSocket, from pages of Rollcall alone', async () => {
    const secure = await SecurePhone.overWebSocket(kamailio, rollcall.address);
    try {
      expect(await secure.register(login('bob'))).toEqual([401, 200]);
    } finally {
      secure.close();
    }
    await expect(SecurePhone.overWebSocket(kamailio, 'https://evil.example')).rejects.toThrow(
      '403 Forbidden',
    );
  });

  test('as one of five of its user; a sixth reads why not', async () => {
    const six = await Promise.all(Array.from({ length: 6 }, () => newPhone(kamailio)));
    const answers = [];
    for (const one of six) answers.push(...(await one.register(login('ivy'))));
    expect(answers).toEqual([401, 200, 401, 200, 401, 200, 401, 200, 401, 200, 401, 403]);
    expect(six[5].heard.at(-1)).toMatch(/^SIP\/2\.0 403 Too Many Phones\r?\n/);
    expect(await six[0].register(login('ivy'))).toEqual([401, 200]);
  });

  test('ten wrong passwords from one address ban the name there, also with the right one', async () => {
    const wrong = Array.from({ length: 10 }, (_, count) => ({ ...login('hal'), secret: `wrong${count}` }));
    expect(await phone.register(...wrong)).toEqual(wrong.flatMap(() => [401, 403]));
    expect(await phone.register(login('hal'))).toEqual([401, 403]);
    expect(await phone.register(login('ann'))).toEqual([401, 200]);
  });
});

describe('a call', () => {
  test('reaches the phone of the extension', async () => {
    const callee = await newPhone(kamailio);
    expect(await callee.register(login('bob'))).toEqual([401, 200]);
    await callee.answer();
    expect(await phone.call(login('ann'), '1502')).toEqual([407, 200, 200]);
    expect(callee.received().map((text) => text.split(' ')[0])).toEqual(['INVITE', 'ACK', 'BYE']);
  });

  test('to a user of a custom URI goes to that URI', async () => {
    const before = other.received().length;
    expect(await phone.call(login('ann'), '1503')).toEqual([407, 200, 200]);
    expect(other.received()[before]).toMatch(new RegExp(`^INVITE sip:agent7@127.0.0.1:${other.port} `));
  });

  test('to a user of a classic PBX goes to the device by the next hop, without our credentials', async () => {
    const before = other.received().length;
    expect(await phone.call(login('ann'), '1504')).toEqual([407, 200, 200]);
    const invite = other.received()[before];
    expect(invite).toMatch(/^INVITE sip:204@pbx-eu\.test /);
    expect(invite).not.toMatch(/^Proxy-Authorization/im);
  });

  test.each([
    ['nobody', '1998', 404],
    ['a user without a registered phone', '1507', 480],
  ])('to %s says so', async (_, extension, status) => {
    expect(await phone.call(login('ann'), extension)).toEqual([407, status]);
  });

  test('between a browser and an ordinary phone is refused while rtpengine is not there: nobody would hear anything', async () => {
    const browser = await SecurePhone.overWebSocket(kamailio, rollcall.address);
    try {
      expect(await browser.register(login('eve'))).toEqual([401, 200]);
      expect(await phone.call(login('ann'), '1505')).toEqual([407, 488]);
    } finally {
      browser.close();
    }
  });

  test('is relayed for nobody who was not let in, whatever To tag and Route they make up', async () => {
    const before = other.received().length;
    expect(await phone.intrude(`agent7@127.0.0.1:${other.port}`)).toEqual([481]);
    expect(other.received()).toHaveLength(before);
  });
});

describe('what is done in Rollcall holds at once:', () => {
  test('a deactivated user is refused and not called, and the phone works again afterwards', async () => {
    const eve = await newPhone(kamailio);
    expect(await eve.register(login('eve'))).toEqual([401, 200]);
    await press('eve', 'Deactivate');
    expect(await eve.register(login('eve'))).toEqual([401, 403]);
    expect(await eve.call(login('eve'), '1501')).toEqual([407, 403]);
    expect(await phone.call(login('ann'), '1505')).toEqual([407, 404]);
    await press('eve', 'Activate');
    expect(await eve.register(login('eve'))).toEqual([401, 200]);
  });

  test('after Reset SIP Password the old one is refused and its phone no longer rings', async () => {
    const old = await newPhone(kamailio);
    expect(await old.register(login('gus'))).toEqual([401, 200]);
    await press('gus', 'Reset SIP Password');
    const secret = chief.page.root.querySelector('.secret')!.text;
    expect(await old.register(login('gus'))).toEqual([401, 403]);
    await phonesTakenDown();
    expect(await phone.call(login('ann'), '1507')).toEqual([407, 480]);
    people.get('gus')!['SIP Password'] = secret;
    expect(await old.register(login('gus'))).toEqual([401, 200]);
  });

  test('a deleted user is refused, and the extension is free once the phone is off', async () => {
    await chief.open(`/users/${people.get('gus')!.ID}/delete`);
    await chief.press('Delete User');
    expect(await phone.register(login('gus'))).toEqual([401, 403]);
    await phonesTakenDown();
    await importFile(
      chief,
      'Username,Email,SIP Settings,Virtual Extension\nheir,heir@example.com,builtin_pbx,1507',
    );
    expect(await phone.call(login('ann'), '1507')).toEqual([407, 480]);
  });
});

test('nobody gives the SIP server commands without the secret', async () => {
  const { SIP_RPC_URL: url, SIP_RPC_SECRET: secret } = kamailio.environment;
  const ask = async (authorization: string, method = 'core.version') => {
    const headers = { authorization, connection: 'close' };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method });
    return (await fetch(url, { method: 'POST', headers, body })).status;
  };
  expect([await ask(''), await ask('Bearer guessed'), await ask(`Bearer ${secret}`, 'core.kill')]).toEqual([
    403, 403, 403,
  ]);
  expect(await ask(`Bearer ${secret}`)).toBe(200);
});

describe('the database', () => {
  onPostgres('shows the SIP server two views and nothing else', async () => {
    const url = new URL(rollcall.databaseUrl!);
    url.username = 'kamailio';
    const client = new Client(url.href);
    await client.connect();
    try {
      await expect(client.query('SELECT * FROM users')).rejects.toThrow('permission denied');
      await expect(client.query('SELECT * FROM sip_credentials')).rejects.toThrow('permission denied');
      expect((await client.query('SELECT * FROM subscriber')).rowCount).toBeGreaterThan(0);
    } finally {
      await client.end();
    }
  });

  onPostgres('that is away makes phones try again: 503, never 403, and nobody is banned', async () => {
    await cluster!.crash();
    const often = Array.from({ length: 12 }, () => login('ann'));
    expect(await phone.register(...often)).toEqual(often.flatMap(() => [401, 503]));
    await cluster!.start();
    await eventually(async () => expect(await phone.register(login('ann'))).toEqual([401, 200]));
    expect(await phone.call(login('ann'), '1998')).toEqual([407, 404]);
  });
});
