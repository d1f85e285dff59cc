/** @typedef {import('./measures.mjs').Line} Line */

const headers = ['Budget', 'Engine', 'What', 'Measured', 'Floor', 'Ratio', 'Limit', 'Met'];

/**
 * The lines as text, in columns, with the floors named below.
 * @param {(Line & { engine: string })[]} lines
 */
export function table(lines) {
  const rows = lines.map((line) => [
    line.budget ? String(line.budget) : '-',
    line.engine,
    line.what,
    amount(line.measured, line.unit),
    line.floor ? amount(line.floor.value, line.unit) : '',
    line.floor ? ratio(line).toFixed(2) : '',
    limitText(line),
    line.limit ? (isMet(line) ? 'yes' : 'NO') : '',
  ]);
  const widths = headers.map((header, column) =>
    Math.max(header.length, ...rows.map((row) => row[column].length)),
  );
  const text = (/** @type {string[]} */ cells) =>
    cells
      .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join('  ');
  const floors = new Set(lines.flatMap(({ what, floor }) => (floor ? `${what}: floor = ${floor.what}` : [])));
  return [
    text(headers),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...rows.map(text),
    '',
    ...floors,
  ].join('\n');
}

/** @param {Line} line */
function isMet(line) {
  const { most = Infinity, least = 0 } = line.limit ?? {};
  const value = line.limit?.ratio ? ratio(line) : line.measured;
  return value <= most && value >= least;
}

/** @param {Line} line */
function ratio({ measured, floor }) {
  return measured / (floor?.value ?? 1);
}

/** @param {Line} line */
function limitText({ limit, unit }) {
  if (!limit) return '';
  const value = limit.most ?? limit.least ?? 0;
  return `${limit.most === undefined ? '>=' : '<='} ${limit.ratio ? `${value} x floor` : amount(value, unit)}`;
}

/** @param {number} value @param {string} unit */
function amount(value, unit) {
  const digits = Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0;
  return `${value.toFixed(digits)} ${unit}`.trim();
}

/** @param {number} column */
function isNumber(column) {
  return column >= 3 && column <= 5;
}
