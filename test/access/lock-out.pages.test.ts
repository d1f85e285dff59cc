// Wrong passwords: what is answered, what is counted, and who is locked out for how long (SECURITY.md AU).
import { Clock, describeWithClock, minutes } from '../support/clock.js';
import { addUser, newcomer, shownPassword } from '../support/newcomers.js';
import { rowsOf } from '../support/peek.js';
import { administrator, password, setUp, signIn } from '../support/people.js';
import { onSqlite, type Rollcall, startRollcall } from '../support/rollcall.js';
import { type Answer, Visitor, withoutNumber } from '../support/visitor.js';

/** Of everybody that `newcomer` makes. */
const ownPassword = 'copper-meadow-whistle-17';
const refusal = 'The username or the password is not right, or this account cannot sign in.';
const wrong = 'a-password-of-nobody-here';

describeWithClock('signing in with wrong passwords', () => {
  const clock = new Clock();
  let rollcall: Rollcall;
  let chief: Visitor;
  let addresses = 0;

  beforeAll(async () => {
    rollcall = await startRollcall({ env: { ...clock.env, TRUSTED_PROXIES: '127.0.0.1' } });
    chief = await setUp(rollcall);
  });

  /** Posts the form from an address of its own, unless one is named. */
  async function attempt(name: string, secret: string, address = newAddress()): Promise<Answer> {
    const headers = { 'X-Forwarded-For': address };
    return new Visitor(rollcall.address).post('/sign-in', { name, password: secret }, { headers });
  }

  function newAddress(): string {
    addresses++;
    return `198.51.${Math.floor(addresses / 250)}.${1 + (addresses % 250)}`;
  }

  async function comesIn(name: string, secret = ownPassword): Promise<boolean> {
    return (await attempt(name, secret)).status === 303;
  }

  async function fail(name: string, times: number): Promise<void> {
    for (let time = 1; time <= times; time++) expect(await comesIn(name, wrong)).toBe(false);
  }

  async function userPage(username: string): Promise<void> {
    chief = await signIn(rollcall, administrator, password);
    await chief.open(`/users?q=${username}`);
    await chief.follow(username);
  }

  test('AU-1: unknown, wrong, inactive, locked and expired get the same answer', async () => {
    await addUser(chief, 'answer.new', 'Agent');
    for (const username of ['answer.known', 'answer.off', 'answer.locked'])
      await newcomer(rollcall, chief, username, []);
    await fail('answer.locked', 5);
    await userPage('answer.off');
    await chief.press('Deactivate');
    const answers = [
      await attempt('answer.nobody', wrong),
      await attempt('answer.known', wrong),
      await attempt('answer.off', ownPassword),
      await attempt('answer.locked', ownPassword),
      await attempt('answer.new', wrong),
    ];
    const told = answers.map((answer) => {
      const { 'x-request-id': _, date: __, ...headers } = Object.fromEntries(answer.headers);
      const text = withoutNumber(answer)
        .replace(/answer\.\w+/g, '')
        .replace(/\s+/g, ' ');
      return { status: answer.status, text, headers: { ...headers, 'content-length': '', etag: '' } };
    });
    expect(told[0].status).toBe(422);
    expect(told[0].text).toContain(refusal);
    for (const one of told) expect(one).toEqual(told[0]);
  });

  test('AU-1: an unknown name, a locked and an inactive account answer no sooner than a wrong password', async () => {
    await newcomer(rollcall, chief, 'time.known', []);
    const times: Record<string, number[]> = {
      'time.nobody': [],
      'answer.off': [],
      'answer.locked': [],
      'time.known': [],
    };
    for (let round = 0; round < 9; round++) {
      for (const name of Object.keys(times)) {
        const begun = performance.now();
        await attempt(name, round % 4 === 3 && name === 'time.known' ? ownPassword : wrong);
        // A right one keeps the account from being locked; it is not measured.
        if (round % 4 !== 3) times[name].push(performance.now() - begun);
      }
    }
    // A busy machine only adds to a time. Without a hash an answer takes a tenth of the others.
    const quickest = Object.values(times).map((list) => Math.min(...list));
    for (const time of quickest) expect(time).toBeGreaterThan(0.5 * Math.max(...quickest));
  });

  test('AU-3: after five wrong passwords the right one waits for 30 seconds, and success forgets them', async () => {
    await newcomer(rollcall, chief, 'five.times', []);
    await fail('five.times', 5);
    expect(await comesIn('five.times')).toBe(false);
    clock.forward(29);
    expect(await comesIn('five.times')).toBe(false);
    clock.forward(2);
    expect(await comesIn('five.times')).toBe(true);
    await fail('five.times', 4);
    expect(await comesIn('five.times')).toBe(true);
  });

  test('AU-3: the delay doubles with each further wrong one; a try while it is locked counts nothing', async () => {
    await newcomer(rollcall, chief, 'doubles', []);
    await fail('doubles', 5);
    for (const delay of [30, 60, 120]) {
      await fail('doubles', 3);
      clock.forward(delay - 2);
      expect(await comesIn('doubles')).toBe(false);
      clock.forward(3);
      await fail('doubles', 1);
    }
    clock.forward(4 * minutes + 1);
    expect(await comesIn('doubles')).toBe(true);
  });

  test('AU-3: the count is the account’s, whichever of its names and spellings is typed', async () => {
    await newcomer(rollcall, chief, 'Spelling', []);
    await fail('Spelling', 2);
    await fail('SPELLING', 1);
    await fail(' spelling ', 1);
    await fail('Spelling@Example.com', 1);
    expect(await comesIn('spelling')).toBe(false);
  });

  test('AU-3: an administrator reads of the lock, finds it in the audit log, and unlocks with a new password', async () => {
    await newcomer(rollcall, chief, 'locked.out', []);
    await fail('locked.out', 5);
    await userPage('locked.out');
    expect(chief.page.text).toMatch(/Locked Wrong passwords: sign-in is locked until/);
    await chief.open('/audit?action=sign_in_locked');
    expect(chief.page.text).toContain('Sign-in was locked after wrong passwords');
    expect(chief.page.text).toContain('Failures in a row: 5');
    await userPage('locked.out');
    await chief.press('Reset Password');
    const temporary = shownPassword(chief);
    expect(await comesIn('locked.out', temporary)).toBe(true);
    await userPage('locked.out');
    expect(chief.page.text).not.toContain('locked until');
  });

  onSqlite('AU-3: after a hundred wrong ones in a row only a new password helps', async () => {
    await newcomer(rollcall, chief, 'hundred', []);
    await fail('hundred', 5);
    for (let failures = 6; failures <= 100; failures++) {
      clock.forward(61 * minutes);
      await fail('hundred', 1);
    }
    clock.forward(61 * minutes);
    expect(await comesIn('hundred')).toBe(false);
    await userPage('hundred');
    expect(chief.page.text).toContain('it stays locked until the password is reset');
    await chief.press('Reset Password');
    expect(await comesIn('hundred', shownPassword(chief))).toBe(true);
  });

  test('AU-4: of a hundred guesses at once, under three names, five are taken', async () => {
    await newcomer(rollcall, chief, 'at.once', []);
    const names = ['at.once', 'AT.ONCE', 'at.once@example.com'];
    const before = await taken();
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => attempt(names[index % 3], `${wrong}${index}`)),
    );
    expect((await taken()) - before).toBe(5);
    expect(await comesIn('at.once')).toBe(false);
  });

  async function taken(): Promise<number> {
    const [{ sum }] = await rowsOf<{ sum: number }>(
      rollcall,
      'SELECT COALESCE(SUM(failures), 0) AS sum FROM tries',
    );
    return Number(sum);
  }

  test('AU-6: after 20 wrong ones in a minute an address waits, and nobody else does', async () => {
    const victim = await newcomer(rollcall, chief, 'same.office', []);
    const answers: Answer[] = [];
    for (let time = 1; time <= 25; time++)
      answers.push(await attempt(`unknown.${time}`, wrong, '203.0.113.9'));
    expect(answers.map(({ status }) => status)).toEqual([...Array(20).fill(422), ...Array(5).fill(429)]);
    expect(Number(answers[24].headers.get('retry-after'))).toBeGreaterThan(30);
    expect(answers[24].text).toContain('Wait a minute and try again.');
    expect((await attempt('same.office', ownPassword, '203.0.113.9')).status).toBe(429);
    expect((await attempt('same.office', ownPassword, '203.0.113.10')).status).toBe(303);
    expect((await victim.get('/account')).status).toBe(200);
    clock.forward(61);
    expect((await attempt('same.office', ownPassword, '203.0.113.9')).status).toBe(303);
  });

  test('AU-6: people who sign in with the right password never use up their office’s tries', async () => {
    await newcomer(rollcall, chief, 'busy.office', []);
    for (let time = 1; time <= 30; time++)
      expect((await attempt('busy.office', ownPassword, '203.0.113.77')).status).toBe(303);
  });

  test('AU-3: guesses at names that nobody has are counted too, and end with 429 from one address', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => attempt(`stranger.${index}`, wrong, '2001:db8:1:2::7')),
    );
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(20);
    // The whole /64 belongs to one customer.
    expect((await attempt('stranger.100', wrong, '2001:db8:1:2:ffff::1')).status).toBe(429);
    const kept = await rowsOf(rollcall, 'SELECT key_hash FROM limits UNION ALL SELECT key_hash FROM tries');
    expect(JSON.stringify(kept)).not.toMatch(/stranger|2001:db8|203\.0/);
  });
});
