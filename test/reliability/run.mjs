// npm run reliability: everything in SECURITY.md section 3, in full: each test whose name begins with R-…, on both engines.
//   npm run reliability                       everything: takes hours
//   npm run reliability -- sqlite R-01 R-08   one engine, some of it
//   npm run reliability -- --write            plays nothing: writes docs/reliability.md of what was played so far
// MODEL_RUNS, FUZZ_RUNS and SOAK_MINUTES make shorter or longer. The short form of most is in `npm test`.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { findFaketime } from '../support/faketime.mjs';
import { startCluster } from '../support/postgres.mjs';
import { report } from './report.mjs';

/** @typedef {import('./report.mjs').Played} Played */

const engines = { sqlite: 'SQLite', postgres: 'PostgreSQL' };
/** What was played, one file for each engine and requirement: a run that is broken off keeps what it has. */
const folder = join('test-results', 'reliability');
const scenarios = scenariosOf('test');
const given = process.argv.slice(2);
const isWritten = given.includes('--write');
const words = given.filter((word) => word in engines);
const ids = given.filter((word) => scenarios.has(word));
const unknown = given.find((word) => word !== '--write' && !words.includes(word) && !ids.includes(word));
if (unknown)
  fail(`${unknown}? Name any of: ${[...Object.keys(engines), ...scenarios.keys(), '--write'].join(', ')}`);
if (!existsSync('dist/server/main.js')) fail('dist/server/main.js is missing: run `npm run build` first.');

const machine = {
  cores: availableParallelism(),
  processor: cpus()[0]?.model ?? 'unknown',
  node: process.version,
};
const missing = findFaketime() ? [] : ['R-09: faketime is not installed (apt-get install faketime)'];
if (process.getuid?.() !== 0) missing.push('R-06: only root can make the small disk that it fills');
if (!existsSync('/usr/bin/prlimit')) missing.push('R-20, descriptors: prlimit is not there (util-linux)');
mkdirSync(folder, { recursive: true });
let broken = 0;
for (const [word, engine] of Object.entries(engines)) {
  if (isWritten || (words.length > 0 && !words.includes(word))) continue;
  const cluster = word === 'postgres' ? await startCluster() : undefined;
  if (cluster === null) {
    missing.push('PostgreSQL is not installed (apt-get install postgresql): half of everything');
    continue;
  }
  try {
    for (const [id, files] of scenarios) {
      if (ids.length > 0 && !ids.includes(id)) continue;
      console.log(`\n=== ${engine}: ${id}`);
      await play(`${word}-${id}`, id, files, cluster?.url);
    }
  } finally {
    await cluster?.stop();
  }
}
const runs = Object.entries(engines).map(([word, engine]) => {
  const played = playedOn(word);
  const left = [...scenarios.keys()].filter((id) => !played.some((one) => one.id === id));
  return { engine, played, left };
});
const text = report(machine, runs, missing);
console.log(`\n${text}`);
if (isWritten) writeFileSync('docs/reliability.md', text);
for (const line of missing) console.log(`!!! LEFT OUT: ${line}`);
process.exitCode = broken > 0 ? 1 : 0;

/**
 * Plays what one requirement asks and keeps what it came to.
 * @param {string} name of the file that keeps it
 * @param {string} id
 * @param {string[]} files
 * @param {string} [cluster]
 */
async function play(name, id, files, cluster) {
  const [found, figures] = ['found', 'figures'].map((kind) => join(folder, `${name}.${kind}`));
  for (const file of [found, figures]) rmSync(file, { force: true });
  // ROLLCALL_TEST_POSTGRES of the caller's own would turn both engines into one.
  const { ROLLCALL_TEST_POSTGRES: _, ...ours } = process.env;
  const env = {
    ...ours,
    THOROUGH: '1',
    FIGURES: figures,
    ...(cluster && { ROLLCALL_TEST_POSTGRES: cluster }),
  };
  const busy = loadavg()[0];
  const jestArguments = [
    ...['--selectProjects', 'reliability', '--maxWorkers=1', '--json', `--outputFile=${found}`],
    ...['--testNamePattern', `\\b${id}\\b`, '--runTestsByPath', ...files],
  ];
  const child = spawn(process.execPath, [join('node_modules', 'jest', 'bin', 'jest.js'), ...jestArguments], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await new Promise((resolve) => child.once('exit', resolve));
  if (!existsSync(found)) fail('jest ended without a report');
  /** @type {{ testResults: { assertionResults: Played['tests'] }[] }} */
  const { testResults } = JSON.parse(readFileSync(found, 'utf8'));
  const tests = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed' || status === 'failed')
    .map(({ title, status, duration }) => ({ title, status, duration }));
  broken += tests.filter(({ status }) => status === 'failed').length;
  /** @type {Played} */
  const played = { id, at: new Date().toISOString(), busy, tests, figures: linesOf(figures) };
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(played));
}

/** @param {string} file one JSON value a line @returns {Played['figures']} */
function linesOf(file) {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return lines.map((line) => JSON.parse(line));
}

/** @param {string} word @returns {Played[]} */
function playedOn(word) {
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${word}-`) && name.endsWith('.json'))
    .toSorted()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
}

/**
 * The requirements that tests name, in order, each with the files that hold these tests.
 * @param {string} root
 * @returns {Map<string, string[]>}
 */
function scenariosOf(root) {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(root, name));
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const file of files) {
    const names = readFileSync(file, 'utf8').matchAll(/['"`](?:[A-Z]{1,2}-\d+, )*(R-\d\d)\b[^'"`]*: /g);
    for (const [, id] of names) found.set(id, [...new Set([...(found.get(id) ?? []), file])]);
  }
  return new Map([...found].toSorted(([a], [b]) => a.localeCompare(b)));
}

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(message);
  process.exit(1);
}
