// How long a sign-in lasts (SECURITY.md SE-4).
import { Clock, describeWithClock, hours, minutes } from '../support/clock.js';
import { fileOf, importOf, result, successDetails, toReview } from '../support/imports.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

describeWithClock('a session', () => {
  const clock = new Clock();
  let rollcall: Rollcall;

  beforeAll(async () => {
    rollcall = await startRollcall({ env: clock.env });
    await setUp(rollcall);
  });

  test('ends after an hour without a request', async () => {
    const chief = await signIn(rollcall, administrator, password);
    clock.forward(59 * minutes);
    expect(await isSignedIn(chief)).toBe(true);
    clock.forward(59 * minutes);
    expect(await isSignedIn(chief)).toBe(true);
    clock.forward(61 * minutes);
    const answer = await chief.get('/imports');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in?next=%2Fimports']);
  });

  test('ends twelve hours after the sign-in, however busy it was', async () => {
    const chief = await signIn(rollcall, administrator, password);
    for (let half = 1; half < 24; half++) {
      clock.forward(30 * minutes);
      expect([half, await isSignedIn(chief)]).toEqual([half, true]);
    }
    clock.forward(31 * minutes);
    expect(await isSignedIn(chief)).toBe(false);
  });

  test('lasts as long as the user’s own setting says', async () => {
    const chief = await signIn(rollcall, administrator, password);
    const id = await toReview(chief, fileOf(1, 'short'));
    await chief.open(`/imports/${id}/security`);
    await chief.form('Next').choose('User Session Expires After', '30 minutes').press('Skip to Review');
    await chief.press('Import Users');
    await result(chief, importOf(chief));
    const [line] = await successDetails(chief);
    const agent = await signIn(rollcall, line.Username, line['Temporary Password']);
    clock.forward(29 * minutes);
    expect((await agent.get('/password')).status).toBe(200);
    clock.forward(2 * minutes);
    expect((await agent.get('/password')).headers.get('location')).toMatch(/^\/sign-in/);
  });

  test('does not come back to life when the clock is put back', async () => {
    const chief = await signIn(rollcall, administrator, password);
    clock.forward(13 * hours);
    expect(await isSignedIn(chief)).toBe(false);
    // Somebody signs in, which sweeps what has expired.
    await signIn(rollcall, administrator, password);
    clock.forward(-13 * hours);
    expect(await isSignedIn(chief)).toBe(false);
  });

  async function isSignedIn(visitor: Visitor): Promise<boolean> {
    return (await visitor.get('/account')).status === 200;
  }
});
