// What a cell of a workbook holds, as text. A number keeps all its digits whatever its format rounds away; a format adds only
// what the number cannot say: leading zeros, and that it is a date.

/** The first section of a number format says how positive numbers look. Dates have letters outside quotes and brackets. */
const builtInDates = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 30, 36, 45, 46, 47, 50, 57]);
const builtInTimes = new Set([18, 19, 20, 21, 45, 46, 47]);

export type CellFormat = 'plain' | 'date' | 'time' | { zeros: string };

/** @param id of the format, @param code its text when the workbook defines it */
export function cellFormat(id: number, code = ''): CellFormat {
  if (code === '') return builtInTimes.has(id) ? 'time' : builtInDates.has(id) ? 'date' : 'plain';
  const first = code.split(';')[0].replace(/\[[^\]]*\]/g, '');
  const shown = first.replace(/"([^"]*)"/g, '$1').replace(/\\(.)/g, '$1');
  if (/^[-0 ./()]*00[-0 ./()]*$/.test(shown) && !shown.includes('.')) return { zeros: shown };
  const letters = first.replace(/"[^"]*"|\\./g, '');
  if (/[yd]/i.test(letters) && !/general/i.test(letters)) return 'date';
  return /h|:?ss?|m:/i.test(letters) && !/[#0?]/.test(letters.replace(/\.0+/, '')) ? 'time' : 'plain';
}

/** A number as its workbook holds it, e.g. `101`, `1.01E+3`, `45292.5`. */
export function numberText(value: string, format: CellFormat, from1904: boolean): string {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) return value;
  if (format === 'date' || format === 'time')
    return dateText(number, format, from1904) ?? plainNumber(number);
  const text = plainNumber(number);
  return typeof format === 'object' && /^\d+$/.test(text) ? withZeros(text, format.zeros) : text;
}

// 15 digits are what a spreadsheet has; the rest is noise of the arithmetic (0.30000000000000004).
function plainNumber(number: number): string {
  const rounded = Number(number.toPrecision(15));
  return Number.isInteger(rounded) ? BigInt(rounded).toString() : String(rounded);
}

// "000-0000" shows 15551 as 001-5551.
function withZeros(digits: string, pattern: string): string {
  const places = pattern.replace(/[^0]/g, '').length;
  const padded = digits.padStart(places, '0');
  const before = padded.slice(0, padded.length - places);
  let at = 0;
  const rest = padded.slice(padded.length - places);
  return before + pattern.replace(/0/g, () => rest[at++]);
}

const day = 86_400_000;

// Days since 1899-12-31, and a 29th of February 1900 that never was; or since 1904 (ECMA-376, 18.17.4.1).
function dateText(number: number, format: 'date' | 'time', from1904: boolean): string | undefined {
  if (number < 0 || number > 2_958_466) return undefined;
  const start = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, number < 60 ? 31 : 30);
  const text = new Date(start + Math.round(number * 86_400) * 1000).toISOString();
  const time = text.slice(11, 19);
  if (format === 'time' && number < 1) return time;
  return (number * day) % day === 0 ? text.slice(0, 10) : `${text.slice(0, 10)} ${time}`;
}
