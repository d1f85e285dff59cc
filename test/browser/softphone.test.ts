// Two people talk through softphones in Chromium, with the real SIP server between them.
import type { Browser, Page } from 'playwright-core';
import { openBrowser, withMicrophone } from '../support/chromium.js';
import { eventually } from '../support/eventually.js';
import { chooseKamailio, findKamailio, type Kamailio } from '../support/kamailio.mjs';
import { addUser, firstSignIn, newAgent, ownPassword } from '../support/newcomers.js';
import { setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';
import { type Tab, look, openTab, press, signInInBrowser } from './tour.js';

// test/run.mjs says so when they are left out.
const withKamailio = findKamailio() ? describe : describe.skip;

let kamailio: Kamailio;
let rollcall: Rollcall;
let chief: Visitor;
let browser: Browser;
let anna: Tab;
let ben: Tab;

withKamailio('softphones', () => {
  beforeAll(async () => {
    kamailio = await chooseKamailio();
    // A server that does not answer holds no call up.
    rollcall = await startRollcall({ env: { ...kamailio.environment, SIP_ICE_SERVERS: 'stun:127.0.0.1:9' } });
    await kamailio.start(rollcall);
    chief = await setUp(rollcall);
    browser = await openBrowser(withMicrophone);
    anna = await softphone('anna');
    ben = await softphone('ben');
  });

  afterAll(async () => kamailio?.stop());

  test('an open softphone is registered, and the page of its user says so', async () => {
    await ready(anna.page, 1001);
    await ready(ben.page, 1002);
    await chief.open('/users?q=ben');
    await chief.follow('ben');
    expect(chief.page.text).toContain('Rollcall Softphone');
    await chief.open('/settings');
    expect(chief.page.text).toMatch(/Reachable.*answers/);
  });

  test('a call rings, is answered, carries sound both ways, and ends for both when one hangs up', async () => {
    await anna.page.getByLabel('Extension to Call', { exact: true }).fill('1002');
    await press(anna.page, 'Call');
    await anna.page.getByText('It rings at 1002 …').waitFor();
    await ben.page.getByRole('alert').filter({ hasText: '1001 is calling' }).waitFor();
    expect(await ben.page.title()).toMatch(/^1001 is calling/);
    await look(ben.page, 'softphone-ringing');
    await press(ben.page, 'Answer');
    for (const { page } of [anna, ben])
      await page.getByText('In a call with', { exact: false }).first().waitFor();
    expect(await ben.page.evaluate(() => document.activeElement?.textContent)).toBe('Hang Up');
    await eventually(async () => {
      for (const { page } of [anna, ben]) {
        const { received, sent } = await packets(page);
        expect(Math.min(received, sent)).toBeGreaterThan(20);
      }
    });
    for (const { page } of [anna, ben]) expect(await iceServers(page)).toEqual(['stun:127.0.0.1:9']);
    await press(anna.page, '5');
    await anna.page.getByText('Tones sent: 5').waitFor();
    await press(anna.page, 'Mute');
    await anna.page.getByText('who does not hear you now').waitFor();
    await look(anna.page, 'softphone-call');
    await press(ben.page, 'Hang Up');
    await anna.page.getByText('The call with 1002 is over.').waitFor();
    await ben.page.getByText('The call with 1001 is over.').waitFor();
    await look(anna.page, 'softphone');
  });

  test('a call that is declined, one to nobody, and one to who is no browser end in plain words', async () => {
    await call(anna.page, '1002');
    await press(ben.page, 'Decline');
    await anna.page.getByText('1002 is busy or does not want to talk now.').waitFor();
    await call(anna.page, '4711');
    await anna.page.getByText('There is no extension 4711, or its user is not active.').waitFor();
    // There is no rtpengine.
    const form = await newAgent(chief, 'cleo', 1503, 'Use Custom URI');
    await form.fill('Custom URI', 'agent7@127.0.0.1:5099').press('Add User');
    await call(anna.page, '1503');
    await anna.page.getByText('1503 has a desk phone or is at another phone system').waitFor();
  });

  test('SE-7: the softphone of a user who is deactivated is cut off at once, in the middle of a call too', async () => {
    await call(anna.page, '1002');
    await press(ben.page, 'Answer');
    await anna.page.getByText('In a call with 1002').waitFor();
    await chief.open('/users?q=ben');
    await chief.follow('ben');
    await chief.press('Deactivate');
    // By itself the page asks every half minute only.
    await ben.page
      .getByText('You are signed out, so calls no longer ring here.')
      .waitFor({ timeout: 10_000 });
    await anna.page.getByText('The call with 1002 is over.').waitFor();
    await call(anna.page, '1002');
    await anna.page.getByText('There is no extension 1002, or its user is not active.').waitFor();
    anna.console.expectClean();
    ben.console.expectClean();
  });
});

async function softphone(username: string): Promise<Tab> {
  await firstSignIn(rollcall, username, await addUser(chief, username, 'Agent'));
  const context = await browser.newContext();
  await context.addInitScript(keepConnections);
  const tab = await openTab(context);
  await signInInBrowser(tab.page, rollcall, username, ownPassword);
  await tab.page.goto(`${rollcall.address}/softphone`);
  return tab;
}

async function ready(page: Page, extension: number) {
  await page.getByText(`Ready: calls to ${extension} ring here`).waitFor();
}

async function call(page: Page, extension: string) {
  await page.getByLabel('Extension to Call', { exact: true }).fill(extension);
  await press(page, 'Call');
}

type Keeping = typeof globalThis & { connections: RTCPeerConnection[] };

// Runs in the page before its own script: what the tests count is held by nothing that the page gives away.
function keepConnections() {
  const kept: RTCPeerConnection[] = ((globalThis as Keeping).connections = []);
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      kept.push(this);
    }
  };
}

/** The servers that the browser asked for a way through NATs in the last call. */
async function iceServers(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    (globalThis as Keeping).connections
      .at(-1)!
      .getConfiguration()
      .iceServers!.flatMap(({ urls }) => urls),
  );
}

/** Sound packets of the last call, as the browser counts them. */
async function packets(page: Page): Promise<{ received: number; sent: number }> {
  return page.evaluate(async () => {
    const stats = await (globalThis as Keeping).connections.at(-1)!.getStats();
    const found = { received: 0, sent: 0 };
    for (const one of stats.values() as Iterable<{
      type: string;
      packetsReceived: number;
      packetsSent: number;
    }>) {
      if (one.type === 'inbound-rtp') found.received = one.packetsReceived;
      if (one.type === 'outbound-rtp') found.sent = one.packetsSent;
    }
    return found;
  });
}
