// What the reliability tests found, as a page of docs/.

/**
 * What one requirement came to on one engine.
 * @typedef {object} Played
 * @property {string} id
 * @property {string} at time, ISO 8601
 * @property {number} busy processes that wanted a core in the minute before
 * @property {{ title: string, status: string, duration?: number | null }[]} tests
 * @property {{ what: string, value: string }[]} figures
 */

/**
 * @param {{ cores: number, processor: string, node: string }} machine
 * @param {{ engine: string, played: Played[], left: string[] }[]} runs left: what was not played in full yet
 * @param {string[]} missing what this machine cannot play
 */
export function report({ cores, processor, node }, runs, missing) {
  const all = runs.flatMap(({ played }) => played);
  const days = [...new Set(all.map(({ at }) => at.slice(0, 10)))].toSorted();
  const busy = Math.max(0, ...all.map((played) => played.busy));
  return [
    '# What was tried to break it',
    '',
    'Played by `npm run reliability`, written by `npm run reliability -- --write`; [test/security.md](../test/security.md) says what each requirement asks.',
    `Measured on ${days.join(', ')} with ${cores} cores (${processor}), Node ${node}.`,
    ...(busy > cores / 2
      ? [
          `The machine was busy with other work (up to ${Math.round(busy)} processes for ${cores} cores): times are too long.`,
        ]
      : []),
    '',
    ...missing.flatMap((line) => [`**Left out:** ${line}`, '']),
    ...runs.flatMap(section),
  ].join('\n');
}

/** @param {{ engine: string, played: Played[], left: string[] }} run */
function section({ engine, played, left }) {
  const scenarios = played.flatMap(({ id, tests }) =>
    tests.map(({ title, status, duration }) =>
      [id, sentence(title), status, `${((duration ?? 0) / 1000).toFixed(1)} s`].join(' | '),
    ),
  );
  const measured = played.flatMap(({ id, figures }) =>
    figures.map(({ what, value }) => [id, what, value].join(' | ')),
  );
  return [
    `## ${engine}`,
    '',
    ...(left.length > 0
      ? [`**Not played in full yet** (the short form is in \`npm test\`): ${left.join(', ')}.`, '']
      : []),
    ...table(['', 'What', 'Outcome', 'Took'], scenarios),
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
function sentence(title) {
  return title.replace(/^([A-Z]{1,2}-\d+(, )?)+: /, '').replaceAll('|', '\\|');
}
