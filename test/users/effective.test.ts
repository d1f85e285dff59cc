import {
  decide,
  dialingOf,
  strictCount,
  strictTime,
  strictTwoFactor,
  type TwoFactor,
} from '../../src/users/effective.js';

const agent = <T>(value: T | null) => ({ role: 'Agent', value });
const lead = <T>(value: T | null) => ({ role: 'Team Lead', value });

test('the user’s own value counts before every other, however weak it is', () => {
  expect(decide('disabled', [agent('google' as const)], 'email', strictTwoFactor)).toEqual({
    value: 'disabled',
    by: 'user',
  });
});

test('of several roles the strictest second factor counts, and the role is named', () => {
  expect(
    decide(null, [agent<TwoFactor>('email'), lead<TwoFactor>('google')], 'disabled', strictTwoFactor),
  ).toEqual({
    value: 'google',
    by: 'role',
    role: 'Team Lead',
  });
});

test('a role that says nothing leaves it to the tenant', () => {
  expect(decide(null, [agent<number>(null)], 720, strictTime)).toEqual({ value: 720, by: 'tenant' });
});

test('the shortest time counts, also when the tenant’s is shorter', () => {
  expect(decide(null, [agent(60), lead(30)], 15, strictTime)).toEqual({
    value: 30,
    by: 'role',
    role: 'Team Lead',
  });
});

test('the fewest sessions count, and unlimited is the most', () => {
  expect(decide(null, [agent(0), lead(3)], 1, strictCount)).toEqual({
    value: 3,
    by: 'role',
    role: 'Team Lead',
  });
  expect(decide(0, [lead(3)], 1, strictCount)).toEqual({ value: 0, by: 'user' });
});

describe('what the dialer does for a user', () => {
  const tenant = { callerId: 7, ppq: true, ppqRatio: 15, ppqSorting: 'weight_desc' as const };
  const plain = { callerIdId: null, ppq: true, ppqRatio: null, ppqSorting: null };

  test('follows the tenant where the user says nothing', () => {
    expect(dialingOf(plain, tenant)).toEqual({ callerId: 7, ppq: { ratio: 15, sorting: 'weight_desc' } });
  });

  test('is the user’s own where they have one', () => {
    const own = { callerIdId: 3, ppq: true, ppqRatio: 50, ppqSorting: 'callback_asc' as const };
    expect(dialingOf(own, tenant)).toEqual({ callerId: 3, ppq: { ratio: 50, sorting: 'callback_asc' } });
  });

  test.each([
    [{ ppq: false }, {}],
    [{}, { ppq: false }],
  ])('has no personal queue with %j of the user and %j of the tenant', (user, of) => {
    expect(dialingOf({ ...plain, ...user }, { ...tenant, ...of }).ppq).toBeUndefined();
  });
});
