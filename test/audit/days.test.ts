import fc from 'fast-check';
import { dayAfter, startOfDay } from '../../src/audit/days.js';

const iso = (date: string, timezone: string) => {
  const moment = startOfDay(date, timezone);
  return moment === undefined ? undefined : new Date(moment).toISOString();
};

test.each([
  ['2027-03-28', 'UTC', '2027-03-28T00:00:00.000Z'],
  ['2027-03-28', 'Europe/Berlin', '2027-03-27T23:00:00.000Z'],
  ['2027-03-29', 'Europe/Berlin', '2027-03-28T22:00:00.000Z'],
  ['2027-01-01', 'Pacific/Kiritimati', '2026-12-31T10:00:00.000Z'],
  ['2027-01-01', 'Pacific/Pago_Pago', '2027-01-01T11:00:00.000Z'],
  ['2027-01-01', 'Asia/Kathmandu', '2026-12-31T18:15:00.000Z'],
  ['2028-02-29', 'UTC', '2028-02-29T00:00:00.000Z'],
])('%s in %s begins at %s', (date, timezone, moment) => {
  expect(iso(date, timezone)).toBe(moment);
});

test('a day whose midnight was skipped begins an hour later', () => {
  expect(iso('2018-11-04', 'America/Sao_Paulo')).toBe('2018-11-04T03:00:00.000Z');
});

test('a day whose midnight came twice begins at the second one', () => {
  expect(iso('2018-02-18', 'America/Sao_Paulo')).toBe('2018-02-18T03:00:00.000Z');
});

test('a day that a country left out begins with the next one', () => {
  expect(startOfDay('2011-12-30', 'Pacific/Apia')).toBe(startOfDay('2011-12-31', 'Pacific/Apia'));
});

test.each([
  '2027-02-29',
  '2027-13-01',
  '2027-1-1',
  '20270101',
  '1.1.2027',
  '',
  '0001-01-01',
  '2027-01-01T00:00',
])('%s is no day', (text) => {
  expect(startOfDay(text, 'UTC')).toBeUndefined();
});

test('days of every timezone follow each other', () => {
  const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  const moments = fc.date({ min: new Date('1975-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(zones, moments, (zone, moment) => {
      const date = moment.toISOString().slice(0, 10);
      const [begin, end] = [startOfDay(date, zone)!, startOfDay(dayAfter(date), zone)!];
      const hours = (end - begin) / 3_600_000;
      expect(hours === 0 || (hours >= 22 && hours <= 48)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
