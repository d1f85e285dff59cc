import { setTimeout as passing } from 'node:timers/promises';
import { sideBySide } from '../../src/jobs/side-by-side.js';

test('results stand in the order of the items, whoever is ready first', async () => {
  const waits = [30, 1, 15, 0];
  expect(await sideBySide(waits, 3, (wait) => passing(wait, wait))).toEqual(waits);
});

test('never more than so many are at work, and never fewer while some are left', async () => {
  const seen: number[] = [];
  let busy = 0;
  await sideBySide(Array.from({ length: 20 }), 3, async () => {
    seen.push(++busy);
    await passing(1);
    busy--;
  });
  expect(Math.max(...seen)).toBe(3);
  expect(seen).toHaveLength(20);
});

test('one failure fails all', async () => {
  const work = (item: number) => (item === 2 ? Promise.reject(new Error('no room')) : Promise.resolve(item));
  await expect(sideBySide([1, 2, 3], 2, work)).rejects.toThrow('no room');
});

test('of nothing comes nothing', async () => {
  expect(await sideBySide([], 4, () => Promise.reject(new Error('never asked')))).toEqual([]);
});
