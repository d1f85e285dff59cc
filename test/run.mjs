// npm test: every leg of the tests, one after the other. The build ran before.
//   npm test                     everything
//   npm test -- sqlite           one leg: sqlite, postgres, browser or sip (several may be named)
//   npm test -- postgres import  one leg, only the test files whose path holds "import"
// ALL_LEGS=1 makes a leg that cannot run, or has no tests, a failure: nothing is left out unnoticed.
// SCREENSHOTS=1 keeps pictures of the journeys in test-results/.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFaketime } from './support/faketime.mjs';
import { findKamailio, installKamailio, missingForPhones } from './support/kamailio.mjs';
import { startCluster } from './support/postgres.mjs';

/**
 * What a leg came to. `left` says why it did not run.
 * @typedef {{ passed: number, failed: number, skipped: number, left?: string }} Outcome
 */

const legs = [
  { word: 'sqlite', title: 'Unit and page tests on SQLite', run: onSqlite },
  { word: 'postgres', title: 'Page tests on PostgreSQL', run: onPostgres },
  { word: 'browser', title: 'Journeys in Chromium', run: inChromium },
  { word: 'sip', title: 'Phones at Kamailio, on both engines', run: atKamailio },
];
const words = legs.map(({ word }) => word);
const given = process.argv.slice(2);
const chosen = given.filter((word) => words.includes(word));
const narrowing = given.filter((word) => !words.includes(word));
const everything = given.length === 0;
const allLegs = process.env.ALL_LEGS === '1';
const cores = availableParallelism();
// Page tests wait for clocks, timers, processes and disks most of the time: two for each core keep the cores busy.
const workers = 2 * cores;
// What these page tests try lies before the database, or others ask the same of it. When everything runs they run on
// SQLite alone: all of it has to fit into a quarter of an hour on two cores. `npm test -- postgres`, or WHOLE_POSTGRES=1,
// runs them on PostgreSQL too.
const beforeTheDatabase = [
  'access/',
  'groups/',
  'import/(clock|files|fuzz|hostile|wizard)',
  'keys/',
  'mail/',
  'reliability/(backup|clock|model|stops|uploads)',
  'roles/',
  'settings/',
  'sip/sip\\.',
  'softphone/',
  'users/user-(edit|form|life)',
  'web/',
];
const asksPostgres = `test/(?!(${beforeTheDatabase.join('|')}))`;

if (!existsSync('dist/server/main.js')) fail('dist/server/main.js is missing: run `npm run build` first.');

const totals = { passed: 0, failed: 0 };
const notes = [];
for (const { word, title, run } of legs) {
  if (chosen.length > 0 && !chosen.includes(word)) continue;
  console.log(`\n=== ${title}`);
  const begun = Date.now();
  const outcome = await run();
  const { passed, failed, skipped } = outcome;
  const left = outcome.left ?? (everything && passed + failed === 0 ? 'has no tests' : undefined);
  totals.passed += passed;
  totals.failed += failed + (left && allLegs ? 1 : 0);
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  const counts = `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
  console.log(`=== ${title}: ${counts} in ${seconds} s`);
  if (left) notes.push(`!!! ${title}: ${left}`);
}
if (totals.passed + totals.failed === 0 && notes.length === 0) fail(`No test matches: ${given.join(' ')}`);
if (!findFaketime()) {
  notes.push('!!! Tests that move the clock: left out. Faketime is not installed: apt-get install faketime');
  if (allLegs) totals.failed++;
}
if (!findKamailio() && chosen.includes('browser') && !chosen.includes('sip')) {
  notes.push(`!!! Softphones that talk: left out. ${installKamailio}`);
  if (allLegs) totals.failed++;
}
console.log(`\n${notes.map((note) => `${note}\n`).join('')}${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed > 0 ? 1 : 0;

/** @returns {Promise<Outcome>} */
async function onSqlite() {
  return jest(['unit', 'pages'], workers);
}

/** @returns {Promise<Outcome>} */
async function onPostgres() {
  const cluster = await startCluster();
  if (!cluster) return leftOut('PostgreSQL is not installed: apt-get install postgresql');
  try {
    const most =
      everything && process.env.WHOLE_POSTGRES !== '1' ? [`--testPathPatterns=${asksPostgres}`] : [];
    return await jest(['pages'], workers, { ROLLCALL_TEST_POSTGRES: cluster.url }, most);
  } finally {
    await cluster.stop();
  }
}

/** @returns {Promise<Outcome>} */
async function inChromium() {
  const program = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (spawnSync(program, ['--version']).status !== 0) {
    return leftOut(`${program} does not run: apt-get install chromium, or name another one in CHROMIUM`);
  }
  return jest(['browser'], cores);
}

/** @returns {Promise<Outcome>} */
async function atKamailio() {
  const missing = missingForPhones();
  if (missing) return leftOut(missing);
  const cluster = await startCluster();
  if (!cluster) return leftOut('PostgreSQL is not installed: apt-get install postgresql');
  try {
    const onFile = await jest(['sip'], 1);
    const onServer = await jest(['sip'], 1, { ROLLCALL_TEST_POSTGRES: cluster.url });
    return {
      passed: onFile.passed + onServer.passed,
      failed: onFile.failed + onServer.failed,
      skipped: onFile.skipped + onServer.skipped,
    };
  } finally {
    await cluster.stop();
  }
}

/**
 * Runs jest on some of the projects in jest.config.mjs and counts by its own report.
 * @param {string[]} projects
 * @param {number} workers
 * @param {Record<string, string>} [env]
 * @param {string[]} [only] more arguments for jest
 * @returns {Promise<Outcome>}
 */
async function jest(projects, workers, env = {}, only = []) {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-report-'));
  const report = join(folder, 'jest.json');
  const jestArguments = ['--json', `--outputFile=${report}`, '--passWithNoTests', `--maxWorkers=${workers}`];
  jestArguments.push(...only);
  try {
    const code = await runJest([...jestArguments, ...narrowing, '--selectProjects', ...projects], env);
    return counted(report, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string[]} jestArguments
 * @param {Record<string, string>} env
 * @returns {Promise<number>} exit code
 */
function runJest(jestArguments, env) {
  const jestProgram = join('node_modules', 'jest', 'bin', 'jest.js');
  // ROLLCALL_TEST_POSTGRES of the caller's own would turn every leg into one on PostgreSQL.
  const { ROLLCALL_TEST_POSTGRES: _, ...ours } = process.env;
  // Jest shows people its results on stderr; with --json its stdout only repeats the report.
  const child = spawn(process.execPath, [jestProgram, ...jestArguments], {
    env: { ...ours, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * @param {string} report
 * @param {number} code
 * @returns {Outcome}
 */
function counted(report, code) {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(readFileSync(report, 'utf8'));
  // A file that cannot even be loaded has no tests to count; nor has a hook that breaks after the last test.
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return {
    passed: result.numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

/**
 * @param {string} reason
 * @returns {Outcome}
 */
function leftOut(reason) {
  console.log(`!!! LEFT OUT: ${reason}`);
  return { passed: 0, failed: 0, skipped: 0, left: `left out. ${reason}` };
}

/** @param {string} message */
function fail(message) {
  console.error(message);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
