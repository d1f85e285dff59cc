import fc from 'fast-check';
import { countFree, lowestFree } from '../../src/sip/extensions.js';

const among = (numbers: number[]) => (number: number) => numbers.includes(number);

test('the lowest free numbers come in rising order, around what is taken', () => {
  expect(lowestFree({ from: 1000, to: 1010 }, among([1000, 1002, 1003]), [], 4)).toEqual([
    1001, 1004, 1005, 1006,
  ]);
});

test('an emergency number is never given', () => {
  expect(lowestFree({ from: 110, to: 114 }, among([]), [112], 9)).toEqual([110, 111, 113, 114]);
  expect(countFree({ from: 110, to: 114 }, 1, [112, 911, 112])).toBe(3);
});

test('fewer come back when the range is used up', () => {
  expect(lowestFree({ from: 100, to: 102 }, among([101]), [], 5)).toEqual([100, 102]);
  expect(lowestFree({ from: 100, to: 102 }, among([100, 101, 102]), [], 5)).toEqual([]);
  expect(countFree({ from: 100, to: 102 }, 3, [])).toBe(0);
});

test('a number that is named twice as taken does no harm', () => {
  expect(lowestFree({ from: 100, to: 104 }, among([100, 100, 101, 101]), [], 2)).toEqual([102, 103]);
});

test('whatever is taken, the free ones are exactly the others', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 90, max: 160 }), { maxLength: 60 });
  fc.assert(
    fc.property(numbers, numbers, fc.nat(60), (taken, emergency, count) => {
      const range = { from: 100, to: 150 };
      const within = taken.filter((number) => number >= 100 && number <= 150).sort((a, b) => a - b);
      const others = Array.from({ length: 51 }, (_, index) => 100 + index).filter(
        (number) => !taken.includes(number) && !emergency.includes(number),
      );
      expect(lowestFree(range, among(within), emergency, count)).toEqual(others.slice(0, count));
      const both = within.filter((number) => emergency.includes(number)).length;
      expect(countFree(range, within.length - both, emergency)).toBe(others.length);
    }),
  );
});
