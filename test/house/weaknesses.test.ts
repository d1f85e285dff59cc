import { judge } from '../weaknesses.mjs';

const answer = JSON.stringify({
  vulnerabilities: {
    left: { severity: 'high' },
    right: { severity: 'critical' },
    small: { severity: 'moderate' },
  },
});
const exception = { package: 'left', until: '2026-12-24', reason: 'Only reached by an administrator' };

test('DP-1: high and critical weaknesses of packages count, smaller ones do not', () => {
  expect(judge(answer, [], '2026-12-01')).toEqual({
    asked: true,
    weak: ['left (high)', 'right (critical)'],
    excepted: [],
  });
});

test('DP-1: an exception is for one package, with a reason, until its day is over', () => {
  expect(judge(answer, [exception], '2026-12-24')).toEqual({
    asked: true,
    weak: ['right (critical)'],
    excepted: ['left (high)'],
  });
  expect(judge(answer, [exception], '2026-12-25').weak).toContain('left (high)');
  expect(judge(answer, [{ ...exception, reason: '' }], '2026-12-24').weak).toContain('left (high)');
});

test.each(['', 'npm error network', '{"message":"405 Method Not Allowed","error":{}}'])(
  'a registry that answers %j was not asked',
  (text) => {
    expect(judge(text, [], '2026-12-01').asked).toBe(false);
  },
);
