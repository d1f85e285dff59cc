// Days of a calendar as moments: where a day begins depends on the timezone, and not every day begins at midnight.

const oneDay = 86_400_000;

/**
 * The moment at which a day begins.
 * @param date `2027-03-28`
 * @param timezone IANA name
 * @returns milliseconds since 1970, UTC; undefined for what is no date of the calendar
 */
export function startOfDay(date: string, timezone: string): number | undefined {
  if (!/^(19[7-9]|2\d\d)\d-\d\d-\d\d$/.test(date)) return undefined;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight) || isoDate(midnight, 'UTC') !== date) return undefined;
  // Clocks may be changed at midnight: with either offset, the first moment that belongs to the day or a later one.
  const offsets = [midnight - oneDay, midnight + oneDay].map((moment) => offsetAt(moment, timezone));
  const moments = offsets.map((offset) => midnight - offset).sort((a, b) => a - b);
  return moments.find((moment) => isoDate(moment, timezone) >= date);
}

/** The day after: `2027-02-28` -> `2027-03-01`. */
export function dayAfter(date: string): string {
  return isoDate(Date.parse(`${date}T00:00:00Z`) + oneDay, 'UTC');
}

function offsetAt(moment: number, timezone: string): number {
  const { year, month, day, hour, minute, second } = partsOf(moment, timezone);
  return Date.UTC(+year, +month - 1, +day, +hour, +minute, +second) - Math.floor(moment / 1000) * 1000;
}

function isoDate(moment: number, timezone: string): string {
  const { year, month, day } = partsOf(moment, timezone);
  return `${year.padStart(4, '0')}-${month}-${day}`;
}

function partsOf(moment: number, timeZone: string): Record<string, string> {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
}
