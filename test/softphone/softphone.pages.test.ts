// The pages of phones: the softphone's credential and page, the phone set-up of a user, new SIP passwords. No SIP server runs.
import { createHmac } from 'node:crypto';
import { setUp, signIn } from '../support/people.js';
import { addUser, firstSignIn, newcomer, ownPassword } from '../support/newcomers.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

const server = 'wss://phones.example.com:5443/';
const env = {
  SIP_REALM: 'sip.example.com',
  SIP_SERVER: 'sip.example.com:5061',
  // Nothing listens there.
  SIP_RPC_URL: 'http://127.0.0.1:9/RPC',
  SIP_RPC_SECRET: 'secret-of-the-rpc-listener',
  SIP_WS_URL: server,
  SIP_ICE_SERVERS: 'stun:stun.example.com:3478, turn:turn.example.com:3478?transport=udp',
  SIP_TURN_SECRET: 'secret-of-the-turn-server',
};

let rollcall: Rollcall;
let chief: Visitor;
let agent: Visitor;

beforeAll(async () => {
  rollcall = await startRollcall({ env });
  chief = await setUp(rollcall);
  agent = await firstSignIn(rollcall, 'agent', await addUser(chief, 'agent', 'Agent'));
});

describe('the softphone', () => {
  test('is found on My Account, and says what it needs without JavaScript', async () => {
    await agent.open('/account');
    const page = await agent.follow('Open Softphone');
    expect(page.heading).toBe('Softphone');
    expect(page.root.querySelector('noscript')?.text).toContain('needs JavaScript and a microphone');
  });

  test('NW-2: may talk to the SIP server and use the microphone, which no other page may', async () => {
    const { headers } = await agent.get('/softphone');
    expect(headers.get('content-security-policy')).toContain(`connect-src 'self' ${server};`);
    expect(headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(headers.get('permissions-policy')).toContain('microphone=(self)');
    const other = (await agent.get('/account')).headers;
    expect(other.get('content-security-policy')).toContain("connect-src 'self';");
    expect(other.get('permissions-policy')).toContain('microphone=()');
  });

  test('SC-5: gets a credential of its own for each page, kept by no cache, page, or log', async () => {
    const answer = await agent.post('/softphone/lines');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const [one, two] = [line(answer.text), line((await agent.post('/softphone/lines')).text)];
    expect(one).toEqual({
      id: expect.any(Number),
      username: `1001.s${one.id}`,
      address: 'sip:1001@sip.example.com',
      realm: 'sip.example.com',
      ha1: expect.stringMatching(/^[0-9a-f]{32}$/),
      iceServers: expect.any(Array),
    });
    expect(two.id).toBeGreaterThan(one.id);
    expect(two.ha1).not.toBe(one.ha1);
    expect((await agent.get('/softphone')).text).not.toContain(two.ha1);
    expect(rollcall.log()).not.toContain(two.ha1);
  });

  test('is told of the STUN and TURN servers, with a credential that the TURN server can verify, and ends', async () => {
    const { id, iceServers } = line((await agent.post('/softphone/lines')).text);
    const [stun, turn] = iceServers;
    expect(stun).toEqual({ urls: 'stun:stun.example.com:3478' });
    expect(turn.urls).toBe('turn:turn.example.com:3478?transport=udp');
    const [until] = turn.username!.split(':');
    expect(Number(until) - Date.now() / 1000).toBeGreaterThan(11 * 3600);
    expect(Number(until) - Date.now() / 1000).toBeLessThan(13 * 3600);
    expect(turn.credential).toBe(
      createHmac('sha1', env.SIP_TURN_SECRET).update(turn.username!).digest('base64'),
    );
    const later = line((await agent.post(`/softphone/lines/${id}/alive`)).text);
    expect(later.iceServers).toHaveLength(2);
  });

  test('ends with its page, for its own person alone', async () => {
    const { id } = line((await agent.post('/softphone/lines')).text);
    expect((await agent.post(`/softphone/lines/${id}/alive`)).status).toBe(200);
    expect((await chief.post(`/softphone/lines/${id}/alive`)).status).toBe(404);
    await chief.post(`/softphone/lines/${id}/end`);
    expect((await agent.post(`/softphone/lines/${id}/alive`)).status).toBe(200);
    expect((await agent.post(`/softphone/lines/${id}/end`)).status).toBe(204);
    expect((await agent.post(`/softphone/lines/${id}/alive`)).status).toBe(404);
  });

  test('of a sixth page of a browser takes the place of the first', async () => {
    const ids: number[] = [];
    for (let page = 0; page < 6; page++) ids.push(line((await agent.post('/softphone/lines')).text).id);
    const alive = ids.map(async (id) => (await agent.post(`/softphone/lines/${id}/alive`)).status);
    expect(await Promise.all(alive)).toEqual([404, 200, 200, 200, 200, 200]);
  });

  test('is told when the sign-in is over', async () => {
    const other = await signIn(rollcall, 'agent', ownPassword);
    const { id } = line((await other.post('/softphone/lines')).text);
    const page = other.copy();
    await other.post('/sign-out');
    const answer = await page.post(`/softphone/lines/${id}/alive`);
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      expect.stringContaining('/sign-in'),
    ]);
    expect((await page.post('/softphone/lines')).status).toBe(303);
  });
});

describe('somebody whose calls ring elsewhere', () => {
  test.each([
    ['Use Built-in PBX', {}, 'ring on your own phone'],
    ['Use Custom URI', { 'Custom URI': '204@pbx.example.com' }, 'ring at sip:204@pbx.example.com'],
  ])('reads so instead of a softphone: %s', async (setting, fields, words) => {
    const username = setting.toLowerCase().replaceAll(' ', '.');
    const person = await firstSignIn(rollcall, username, await addUser(chief, username, 'Agent'));
    await setSip(username, setting, fields);
    const page = await person.open('/softphone');
    expect(page.text).toContain(words);
    expect(page.headers.get('permissions-policy')).toContain('microphone=()');
    expect((await person.post('/softphone/lines')).status).toBe(409);
  });
});

describe('a Built-in PBX user', () => {
  let desk: Visitor;

  beforeAll(async () => {
    desk = await firstSignIn(rollcall, 'desk.phone', await addUser(chief, 'desk.phone', 'Agent'));
    await setSip('desk.phone', 'Use Built-in PBX');
  });

  test('has a page that says how to set up the phone, and that the SIP server does not answer', async () => {
    await openUser('desk.phone');
    for (const words of ['sip.example.com:5061', 'SIP Username', 'The SIP server does not answer.'])
      expect(chief.page.text).toContain(words);
  });

  test('SC-5: gets a new SIP password, shown once, which never signs in; the sign-in goes on', async () => {
    await openUser('desk.phone');
    const { path } = chief.page;
    const page = await chief.press('Reset SIP Password');
    const secret = page.root.querySelector('.secret')!.text;
    expect(secret).toMatch(/^[a-z0-9]{20}$/);
    expect((await chief.open(path)).html).not.toContain(secret);
    expect((await desk.open('/account')).heading).toBe('My Account');
    expect((await signIn(rollcall, 'desk.phone', secret)).page.status).toBe(422);
    await chief.open('/audit');
    expect(chief.page.text).toContain('Reset a SIP password');
  });

  test('SC-5: makes an own new SIP password, shown once', async () => {
    await desk.open('/account');
    const page = await desk.press('New SIP Password');
    expect(page.text).toContain('sip.example.com');
    const secret = page.root.querySelector('.secret')!.text;
    expect((await desk.open('/account')).html).not.toContain(secret);
    expect(desk.page.text).toContain('It was shown once');
    expect(rollcall.log()).not.toContain(secret);
  });

  test('keeps the SIP password from people who may not reset passwords', async () => {
    const viewer = await newcomer(rollcall, chief, 'viewer', ['See users']);
    await openUser('desk.phone');
    const { path } = chief.page;
    await viewer.open(path);
    expect(viewer.page.text).toContain('sip.example.com:5061');
    expect(viewer.page.hasButton('Reset SIP Password')).toBe(false);
    expect((await viewer.post(`${path}/sip-password`)).status).toBe(403);
  });
});

test('the settings say that the SIP server cannot be reached, why, and what to do', async () => {
  await chief.open('/settings');
  for (const words of ['Not reachable', 'no answer from SIP_RPC_URL', 'SIP_RPC_SECRET', server])
    expect(chief.page.text).toContain(words);
});

test('people whose phone is not at the SIP server have no SIP password to renew', async () => {
  expect((await agent.post('/account/sip-password')).status).toBe(404);
});

interface Line {
  id: number;
  username: string;
  ha1: string;
  iceServers: { urls: string; username?: string; credential?: string }[];
}

function line(text: string): Line {
  return JSON.parse(text) as Line;
}

async function openUser(username: string) {
  await chief.open(`/users?q=${username}`);
  await chief.follow(username);
}

async function setSip(username: string, setting: string, fields: Record<string, string> = {}) {
  await openUser(username);
  const form = chief.form('Save Changes').choose('SIP Settings', setting);
  for (const [name, value] of Object.entries(fields)) form.fill(name, value);
  await form.press('Save Changes');
  if (chief.page.status !== 200) throw new Error(chief.page.text);
}
