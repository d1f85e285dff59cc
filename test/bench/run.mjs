// npm run bench: measures what PERFORMANCE budgets promise, against floors of the same run. Not a test: nothing fails.
//   npm run bench                     everything, on both engines
//   npm run bench -- sqlite import    one engine, one measure; several may be named
// Prints a table and writes test-results/bench.json. SHOW_STATEMENTS=1 also prints the SQL of an import.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { missingForPhones } from '../support/kamailio.mjs';
import { startCluster } from '../support/postgres.mjs';
import { measureCrowds, measureFree } from './crowd-measures.mjs';
import { measureBig, measureWizard } from './large-files.mjs';
import * as measures from './measures.mjs';
import { measureSip } from './sip.mjs';
import { table } from './table.mjs';

/** @typedef {import('./measures.mjs').Line} Line */

const engines = { sqlite: 'SQLite', postgres: 'PostgreSQL' };
const subjects = {
  start: measures.measureStart,
  import: measures.measureImport,
  digits: measures.measureDigits,
  manners: measures.measureManners,
  many: measures.measureManyRows,
  big: measureBig,
  wizard: measureWizard,
  page: measures.measureUsersPage,
  crowd: measureCrowds,
  free: measureFree,
  sip: measureSip,
};
const given = process.argv.slice(2);
const unknown = given.find((word) => !(word in engines) && !(word in subjects));
if (unknown) fail(`${unknown}? Name any of: ${Object.keys({ ...engines, ...subjects }).join(', ')}`);
if (!existsSync('dist/server/main.js')) fail('dist/server/main.js is missing: run `npm run build` first.');

const machine = {
  cores: availableParallelism(),
  processor: cpus()[0]?.model,
  memory: `${Math.round(totalmem() / 1e9)} GB`,
  node: process.version,
  /** Processes that wanted a core in the last minute, before we began. */
  busy: loadavg()[0],
  at: new Date().toISOString(),
};
console.log(`${machine.cores} cores (${machine.processor}), ${machine.memory}, Node ${machine.node}`);

/** @type {(Line & { engine: string })[]} */
const lines = [];
const notes = [];
if (machine.busy > machine.cores / 2)
  notes.push(
    `!!! The machine is busy (${machine.busy.toFixed(1)} processes wait for ${machine.cores} cores): times are too long, ratios roughly hold`,
  );
for (const [word, engine] of Object.entries(engines)) {
  if (!isChosen(word, engines)) continue;
  const cluster = word === 'postgres' ? await startCluster() : undefined;
  if (cluster === null) {
    notes.push('!!! PostgreSQL LEFT OUT: it is not installed (apt-get install postgresql)');
    continue;
  }
  try {
    for (const [subject, measure] of Object.entries(subjects)) {
      if (!isChosen(subject, subjects)) continue;
      const missing = subject === 'sip' && missingForPhones();
      if (missing) {
        notes.push(`!!! Phones (sip) LEFT OUT on ${engine}. ${missing}`);
        continue;
      }
      console.log(`… ${engine}: ${subject}`);
      lines.push(...(await measure(cluster?.url)).map((line) => ({ engine, ...line })));
    }
  } finally {
    await cluster?.stop();
  }
}
console.log(`\n${table(lines)}\n${notes.join('\n')}`);
mkdirSync('test-results', { recursive: true });
writeFileSync('test-results/bench.json', `${JSON.stringify({ machine, notes, lines }, null, 2)}\n`);

/** @param {string} word @param {object} among */
function isChosen(word, among) {
  const chosen = given.filter((one) => one in among);
  return chosen.length === 0 || chosen.includes(word);
}

/** @param {string} message */
function fail(message) {
  console.error(message);
  process.exit(1);
}
