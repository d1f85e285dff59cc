import {
  decide,
  effectiveTwoFactor,
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
  expect(effectiveTwoFactor(['google', 'email', null], 'disabled')).toBe('google');
});

test('a role that says nothing leaves it to the tenant', () => {
  expect(decide(null, [agent<number>(null)], 720, strictTime)).toEqual({ value: 720, by: 'tenant' });
  expect(effectiveTwoFactor([null], 'email')).toBe('email');
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
