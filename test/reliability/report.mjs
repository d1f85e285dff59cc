// What a run of the reliability tests found, as a page of docs/.

/**
 * @typedef {object} Run
 * @property {string} engine
 * @property {{ title: string, status: string, duration?: number | null }[]} tests
 * @property {{ id: string, what: string, value: string }[]} figures
 */

/**
 * @param {{ cores: number, processor: string, node: string, busy: number, at: Date }} machine
 * @param {Run[]} runs
 * @param {string[]} missing what this machine cannot play, in sentences
 */
export function report(machine, runs, missing) {
  const { cores, processor, node, busy, at } = machine;
  return [
    '# What was tried to break it',
    '',
    'Written by `npm run reliability -- --write`; the scenarios are those of [test/security.md](../test/security.md).',
    `Measured on ${at.toISOString().slice(0, 10)} with ${cores} cores (${processor}), Node ${node}` +
      `${busy > cores / 2 ? `; the machine was busy with other work (load ${busy.toFixed(1)}), so times are too long` : ''}.`,
    '',
    ...missing.flatMap((line) => [`**Left out:** ${line}`, '']),
    ...runs.flatMap(section),
  ].join('\n');
}

/** @param {Run} run */
function section({ engine, tests, figures }) {
  const played = tests.filter(({ status }) => status === 'passed' || status === 'failed');
  const rows = played.map(({ title, status, duration }) =>
    [idsOf(title), sentence(title), status, `${((duration ?? 0) / 1000).toFixed(1)} s`].join(' | '),
  );
  const measured = figures
    .toSorted((a, b) => a.id.localeCompare(b.id))
    .map(({ id, what, value }) => `${id} | ${what} | ${value}`);
  return [
    `## ${engine}`,
    '',
    ...table(['', 'What', 'Outcome', 'Took'], rows.toSorted()),
    ...table(['', 'Figure', 'Measured'], measured),
  ];
}

/** @param {string[]} headers @param {string[]} rows */
function table(headers, rows) {
  if (rows.length === 0) return [];
  const line = headers.map(() => '---').join(' | ');
  return [`| ${headers.join(' | ')} |`, `| ${line} |`, ...rows.map((row) => `| ${row} |`), ''];
}

/** @param {string} title */
function idsOf(title) {
  return (/^((?:[A-Z]{1,2}-\d+(?:, )?)+): /.exec(title) ?? ['', ''])[1];
}

/** @param {string} title */
function sentence(title) {
  return title.slice(idsOf(title).length + 2).replaceAll('|', '\\|');
}
