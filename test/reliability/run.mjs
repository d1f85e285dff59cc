// npm run reliability: everything in SECURITY.md section 3, in full: each test whose name begins with R-…, on both engines.
//   npm run reliability                       everything: takes hours
//   npm run reliability -- sqlite R-01 R-08   one engine, some of it
//   npm run reliability -- --write            also writes what was found to docs/reliability.md
// MODEL_RUNS, FUZZ_RUNS and SOAK_MINUTES make shorter or longer. The short form of most is in `npm test`.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { findFaketime } from '../support/faketime.mjs';
import { startCluster } from '../support/postgres.mjs';
import { report } from './report.mjs';

/** @typedef {import('./report.mjs').Run} Run */

const engines = { sqlite: 'SQLite', postgres: 'PostgreSQL' };
const given = process.argv.slice(2);
const isWritten = given.includes('--write');
const words = given.filter((word) => word in engines);
const ids = given.filter((word) => /^R-\d\d$/.test(word));
const unknown = given.find((word) => word !== '--write' && !words.includes(word) && !ids.includes(word));
if (unknown) fail(`${unknown}? Name any of: ${Object.keys(engines).join(', ')}, R-01, R-02, …, --write`);
if (!existsSync('dist/main.js')) fail('dist/main.js is missing: run `npm run build` first.');

const wanted = ids.length > 0 ? `(${ids.join('|')})\\b` : 'R-\\d\\d\\b';
const machine = {
  cores: availableParallelism(),
  processor: cpus()[0]?.model ?? 'unknown',
  node: process.version,
  busy: loadavg()[0],
  at: new Date(),
};
/** @type {Run[]} */
const runs = [];
const missing = findFaketime() ? [] : ['R-09: faketime is not installed (apt-get install faketime)'];
if (process.getuid?.() !== 0) missing.push('R-06: only root can make the small disk that it fills');
mkdirSync('test-results', { recursive: true });
for (const [word, engine] of Object.entries(engines)) {
  if (words.length > 0 && !words.includes(word)) continue;
  const cluster = word === 'postgres' ? await startCluster() : undefined;
  if (cluster === null) {
    missing.push('PostgreSQL is not installed (apt-get install postgresql): half of everything is left out');
    continue;
  }
  console.log(`\n=== ${engine}`);
  try {
    runs.push({ engine, ...(await play(word, cluster?.url)) });
  } finally {
    await cluster?.stop();
  }
}
const text = report(machine, runs, missing);
console.log(`\n${text}`);
if (isWritten) writeFileSync('docs/reliability.md', text);
for (const line of missing) console.log(`!!! LEFT OUT: ${line}`);
process.exitCode = runs.some(({ tests }) => tests.some(({ status }) => status === 'failed')) ? 1 : 0;

/**
 * Plays the tests on one engine.
 * @param {string} word
 * @param {string} [cluster]
 * @returns {Promise<Omit<Run, 'engine'>>}
 */
async function play(word, cluster) {
  const [found, figures] = ['json', 'jsonl'].map((end) => join('test-results', `reliability-${word}.${end}`));
  for (const file of [found, figures]) rmSync(file, { force: true });
  // ROLLCALL_TEST_POSTGRES of the caller's own would turn both engines into one.
  const { ROLLCALL_TEST_POSTGRES: _, ...ours } = process.env;
  const env = {
    ...ours,
    THOROUGH: '1',
    FIGURES: figures,
    ...(cluster && { ROLLCALL_TEST_POSTGRES: cluster }),
  };
  const jestArguments = [
    ...['--selectProjects', 'reliability', '--maxWorkers=1', '--json', `--outputFile=${found}`],
    ...['--testNamePattern', wanted, '--runTestsByPath', ...filesOf(word === 'postgres')],
  ];
  const child = spawn(process.execPath, [join('node_modules', 'jest', 'bin', 'jest.js'), ...jestArguments], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await new Promise((resolve) => child.once('exit', resolve));
  if (!existsSync(found)) fail('jest ended without a report');
  const { testResults } = JSON.parse(readFileSync(found, 'utf8'));
  return {
    tests: testResults.flatMap((/** @type {{ assertionResults: Run['tests'] }} */ file) =>
      file.assertionResults.filter(({ title }) => new RegExp(wanted).test(title)),
    ),
    figures: existsSync(figures)
      ? readFileSync(figures, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
      : [],
  };
}

/** @param {boolean} pagesOnly what needs no database is the same on the second engine */
function filesOf(pagesOnly) {
  const hasWanted = new RegExp(`['"\`]([A-Z]{1,2}-\\d+, )*${wanted}`);
  return readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter(
      (name) => name.endsWith(pagesOnly ? '.pages.test.ts' : '.test.ts') || name.endsWith('.long.test.ts'),
    )
    .map((name) => join('test', name))
    .filter((path) => !path.includes('/browser/') && hasWanted.test(readFileSync(path, 'utf8')));
}

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(message);
  process.exit(1);
}
