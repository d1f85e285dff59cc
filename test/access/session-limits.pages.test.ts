// How long a sign-in lasts (SECURITY.md SE-4).
import { Clock, describeWithClock, hours, minutes } from '../support/clock.js';
import { fileOf, importFile, importOf, result, successDetails, toReview } from '../support/imports.js';
import { newcomer } from '../support/newcomers.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

// Nothing listens there: softphones are offered all the same.
const phoneServer = {
  SIP_REALM: 'sip.example.com',
  SIP_WS_URL: 'wss://phones.example.com:5443',
};

describeWithClock('a session', () => {
  const clock = new Clock();
  let rollcall: Rollcall;

  beforeAll(async () => {
    rollcall = await startRollcall({ env: { ...clock.env, ...phoneServer } });
    await setUp(rollcall);
  });

  test('SE-4: of an agent ends after an hour without a request', async () => {
    clock.forward(minutes);
    const agent = await newcomer(rollcall, await chief(), 'idle.agent', []);
    clock.forward(59 * minutes);
    expect(await isSignedIn(agent)).toBe(true);
    clock.forward(59 * minutes);
    expect(await isSignedIn(agent)).toBe(true);
    clock.forward(61 * minutes);
    const answer = await agent.get('/account');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in?next=%2Faccount']);
    await agent.open('/account');
    expect(agent.page.flash).toBe(
      'You were signed out, because nothing was done here for a while. Sign in to go on.',
    );
    await agent.open('/account');
    expect(agent.page.notices).toEqual([]);
  });

  test('SE-4: of an administrator ends after half an hour without a request', async () => {
    const visitor = await chief();
    clock.forward(29 * minutes);
    expect(await isSignedIn(visitor)).toBe(true);
    clock.forward(31 * minutes);
    const answer = await visitor.get('/imports');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in?next=%2Fimports']);
  });

  test('SE-4: is not kept awake by a page that asks for its progress by itself', async () => {
    const visitor = await chief();
    const { id } = await importFile(visitor, fileOf(1, 'polled'));
    for (let quarter = 1; quarter <= 2; quarter++) {
      clock.forward(14 * minutes);
      const polled = await visitor.get(`/imports/${id}/progress`, { headers: { 'HX-Request': 'true' } });
      expect(polled.headers.get('hx-redirect')).toBeNull();
      expect(polled.status).toBeLessThan(300);
    }
    clock.forward(3 * minutes);
    expect(await isSignedIn(visitor)).toBe(false);
  });

  test('SE-4: ends twelve hours after the sign-in, however busy it was', async () => {
    const visitor = await chief();
    for (let half = 1; half < 24; half++) {
      clock.forward(29 * minutes);
      expect([half, await isSignedIn(visitor)]).toEqual([half, true]);
    }
    clock.forward(25 * minutes);
    expect(await isSignedIn(visitor)).toBe(true);
    clock.forward(29 * minutes);
    expect(await isSignedIn(visitor)).toBe(false);
  });

  test('SE-4: is kept awake by a softphone that is open and registered', async () => {
    const agent = await newcomer(rollcall, await chief(), 'on.the.phone', []);
    const { id } = JSON.parse((await agent.post('/softphone/lines')).text) as { id: number };
    for (let times = 0; times < 2; times++) {
      clock.forward(45 * minutes);
      expect((await agent.post(`/softphone/lines/${id}/alive`)).status).toBe(200);
    }
    clock.forward(45 * minutes);
    expect(await isSignedIn(agent)).toBe(true);
    clock.forward(61 * minutes);
    expect((await agent.post(`/softphone/lines/${id}/alive`)).status).toBe(303);
  });

  test('SE-4: lasts as long as the user’s own setting says', async () => {
    const visitor = await chief();
    const id = await toReview(visitor, fileOf(1, 'short'));
    await visitor.open(`/imports/${id}/security`);
    await visitor.form('Next').choose('User Session Expires After', '30 minutes').press('Skip to Review');
    await visitor.press('Import Users');
    await result(visitor, importOf(visitor));
    const [line] = await successDetails(visitor);
    const agent = await signIn(rollcall, line.Username, line['Temporary Password']);
    clock.forward(29 * minutes);
    expect((await agent.get('/password')).status).toBe(200);
    clock.forward(2 * minutes);
    expect((await agent.get('/password')).headers.get('location')).toMatch(/^\/sign-in/);
  });

  test('SE-4: ends at once when the own setting is made shorter', async () => {
    const visitor = await chief();
    const agent = await newcomer(rollcall, visitor, 'shortened', []);
    clock.forward(31 * minutes);
    expect(await isSignedIn(agent)).toBe(true);
    const again = await chief();
    await again.open('/users?q=shortened');
    await again.follow('shortened');
    await again.form('Save Changes').choose('User Session Expires After', '30 minutes').press('Save Changes');
    expect(await isSignedIn(agent)).toBe(false);
  });

  test('SE-4: does not live longer because the clock is put back', async () => {
    const visitor = await chief();
    clock.forward(13 * hours);
    expect(await isSignedIn(visitor)).toBe(false);
    clock.forward(-13 * hours);
    expect(await isSignedIn(visitor)).toBe(false);
    const other = await chief();
    clock.forward(-hours);
    expect(await isSignedIn(other)).toBe(false);
    clock.forward(hours);
    expect(await isSignedIn(other)).toBe(false);
  });

  async function chief(): Promise<Visitor> {
    return signIn(rollcall, administrator, password);
  }

  async function isSignedIn(visitor: Visitor): Promise<boolean> {
    return (await visitor.get('/account')).status === 200;
  }
});
