// What is measured, one function for each budget or group of budgets of one engine. Each returns lines of the table.
import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { fileOfUsers } from './administrator.mjs';
import { floorOfHashing, floorOfImport } from './floor.mjs';
import { full, trickle } from './load.mjs';
import { dyingWithUs, inTime, makeHome, startServer } from './server.mjs';
import { median } from './statistics.mjs';
import { settle, timed } from './tenant.mjs';

/**
 * A line of the table. A budget limits what was measured, or its ratio to the floor or to a peer.
 * @typedef {object} Line
 * @property {number} [budget] its number; missing = no budget, good to know
 * @property {string} what
 * @property {number} measured
 * @property {string} unit
 * @property {{ value: number, what: string }} [floor] measured in this run, in the same unit
 * @property {{ most?: number, least?: number, ratio?: boolean }} [limit]
 * @property {number[]} [samples]
 */

/** @typedef {import('./tenant.mjs').Tenant} Tenant */
/** @typedef {import('./administrator.mjs').Administrator} Administrator */

const rows = 500;
const manyRows = 10_000;
const rounds = 7;

/** Walls of other products for the same 500 users, in seconds (measured once, on a machine like this one). */
const peers = { 'Moodle 4.5': { seconds: 3.1, times: 6 }, 'Directus 11': { seconds: 54, times: 100 } };

/**
 * Budget 10: from the command to the first page, and the memory of a server that nobody uses.
 * @param {string} [cluster]
 * @returns {Promise<Line[]>}
 */
export async function measureStart(cluster) {
  const home = await makeHome(cluster);
  const starts = [];
  const sizes = [];
  const bare = [];
  for (let round = 0; round < 5; round++) {
    const begun = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    bare.push(performance.now() - begun);
    const server = await startServer(home, { watched: false });
    starts.push(server.startedIn);
    await pause(2000);
    sizes.push(server.rss());
    await server.stop();
  }
  await home.remove();
  const [first, ...later] = starts;
  const limit = { most: 1500 };
  const floor = { value: median(bare), what: 'node that does nothing' };
  return [
    {
      budget: 10,
      what: 'first start, with migrations, to the first page',
      measured: first,
      unit: 'ms',
      floor,
      limit,
    },
    {
      budget: 10,
      what: 'start to the first page',
      measured: median(later),
      unit: 'ms',
      floor,
      limit,
      samples: later,
    },
    {
      budget: 10,
      what: 'idle memory (RSS)',
      measured: median(sizes),
      unit: 'MB',
      limit: { most: 180 },
      samples: sizes,
    },
  ];
}

/**
 * Budgets 1 and 4: an import of 500 users with generated passwords.
 * @param {string} [cluster]
 * @returns {Promise<Line[]>}
 */
export async function measureImport(cluster) {
  const tenant = await settle(cluster);
  const bare = await settle(cluster);
  await bare.server.stop();
  const { admin } = tenant;
  const walls = [];
  const wizards = [];
  const floors = [];
  for (let round = 0; round < rounds; round++) {
    floors.push(await floorOfImport(bare.home, fileOfUsers(rows, `floor${round}`)));
    walls.push(await timed(() => importFile(admin, fileOfUsers(rows, `quick${round}`))));
    wizards.push(await timed(() => throughWizard(admin, fileOfUsers(rows, `wizard${round}`))));
  }
  const statements = await statementsOf(tenant);
  await tenant.stop();
  await bare.home.remove();
  const [cold, ...warm] = walls;
  const floor = { value: median(floors.slice(1)), what: 'the same by raw driver, with both reports' };
  const measured = median(warm);
  return [
    {
      budget: 1,
      what: '500 users, upload to finished',
      measured,
      unit: 'ms',
      floor,
      limit: { most: 500 },
      samples: warm,
    },
    {
      budget: 1,
      what: '500 users, the first import of a server',
      measured: cold,
      unit: 'ms',
      floor: { ...floor, value: floors[0] },
      limit: { most: 500 },
    },
    {
      what: '500 users, all pages of a person, both reports',
      measured: median(wizards.slice(1)),
      unit: 'ms',
      floor,
      samples: wizards.slice(1),
    },
    ...Object.entries(peers).map(([peer, { seconds, times }]) => ({
      budget: 1,
      what: `500 users, times faster than ${peer} (${seconds} s)`,
      measured: (seconds * 1000) / measured,
      unit: 'x',
      limit: { least: times },
    })),
    ...statements,
  ];
}

/**
 * Budget 3: passwords of digits only cost an argon2id each, and little else.
 * @param {string} [cluster]
 * @returns {Promise<Line[]>}
 */
export async function measureDigits(cluster) {
  const tenant = await settle(cluster);
  const { admin } = tenant;
  await importFile(admin, fileOfUsers(rows, 'warm'));
  const walls = [];
  const floors = [await floorOfHashing(rows)];
  for (let round = 0; round < 3; round++) {
    walls.push(await timed(() => importFile(admin, fileOfUsers(rows, `digits${round}`), true)));
    floors.push(await floorOfHashing(rows));
  }
  await tenant.stop();
  return [
    {
      budget: 3,
      what: '500 users, digits only (argon2id)',
      measured: median(walls),
      unit: 'ms',
      floor: { value: median(floors), what: '500 argon2id on all cores, before and after' },
      limit: { most: 1.15, ratio: true },
      samples: walls,
    },
  ];
}

/**
 * Budget 5: a server that imports answers others meanwhile.
 * @param {string} [cluster]
 * @returns {Promise<Line[]>}
 */
export async function measureManners(cluster) {
  const tenant = await settle(cluster, manyRows);
  const { admin, server } = tenant;
  const late = [];
  for (let round = 0; round < rounds; round++) {
    await server.begin();
    await importFile(admin, fileOfUsers(rows, `late${round}`));
    late.push(await server.end());
  }
  // Another page each time, as nobody asks for the same one again: that would be answered from memory while nothing runs.
  let asked = 0;
  const usersPage = () => admin.get(`/users?after=1.late${asked++}`);
  const idle = await trickleDuring(usersPage, () => pause(5000));
  await server.begin();
  const busy = await trickleDuring(usersPage, () => importFile(admin, fileOfUsers(manyRows, 'busy')));
  const many = await server.end();
  await tenant.stop();
  const p99 = late.slice(1).map(({ delayP99 }) => delayP99);
  return [
    {
      budget: 5,
      what: 'event-loop delay p99, 500 rows',
      measured: median(p99),
      unit: 'ms',
      limit: { most: 20 },
      samples: p99,
    },
    {
      what: 'event-loop delay max, 500 rows',
      measured: Math.max(...late.slice(1).map(({ delayMax }) => delayMax)),
      unit: 'ms',
    },
    {
      what: 'CPU of the server for 500 rows',
      measured: median(late.slice(1).map(({ cpu }) => cpu)),
      unit: 'ms',
    },
    {
      budget: 5,
      what: 'event-loop delay p99, 10,000 rows',
      measured: many.delayP99,
      unit: 'ms',
      limit: { most: 20 },
    },
    {
      budget: 5,
      what: `users page p99 during 10,000 rows (${busy.count} requests)`,
      measured: busy.p99,
      unit: 'ms',
      floor: { value: idle.p99, what: 'the same page, idle' },
      limit: { most: 3, ratio: true },
    },
  ];
}

/**
 * Beyond the budgets: 10,000 rows cost twenty times as much as 500, and no more memory than their file explains.
 * @param {string} [cluster]
 * @returns {Promise<Line[]>}
 */
export async function measureManyRows(cluster) {
  const lines = [];
  const some = (/** @type {number} */ index) => (index % 2 ? String(300_000 + index) : '');
  for (const { what, extension } of [
    { what: 'all extensions generated', extension: undefined },
    { what: 'every other extension given', extension: some },
  ]) {
    const tenant = await settle(cluster, manyRows);
    const { admin, server } = tenant;
    const few = [];
    for (let round = 0; round < 4; round++)
      few.push(await timed(() => importFile(admin, fileOfUsers(rows, `few${round}`))));
    const before = server.rss();
    const wall = await timed(() => importFile(admin, fileOfUsers(manyRows, 'many', extension)));
    const after = server.rss();
    await tenant.stop();
    lines.push(
      {
        what: `10,000 users, ${what}`,
        measured: wall,
        unit: 'ms',
        floor: { value: median(few.slice(1)) * (manyRows / rows), what: '20 times the import of 500' },
      },
      { what: `memory at the end beyond that after 500 (${what})`, measured: after - before, unit: 'MB' },
    );
  }
  return lines;
}

/**
 * Budget 8: the users page of 50 rows.
 * @param {string} [cluster]
 * @returns {Promise<Line[]>}
 */
export async function measureUsersPage(cluster) {
  const tenant = await settle(cluster);
  const { admin, server } = tenant;
  await importFile(admin, fileOfUsers(rows, 'page'));
  const html = await admin.get('/users');
  const address = `${server.address}/users`;
  await full(address, admin.cookie, 3);
  const floor = await bareFloor();
  const loads = [];
  for (let round = 0; round < 3; round++) loads.push(await full(address, admin.cookie));
  await tenant.stop();
  return [
    {
      budget: 8,
      what: 'users page at 8 connections',
      measured: median(loads.map(({ perSecond }) => perSecond)),
      unit: '/s',
      floor: { value: floor.perSecond, what: 'Express + Handlebars, 50 rows, nothing else' },
      limit: cluster ? undefined : { least: 1000 },
    },
    {
      budget: 8,
      what: 'users page p99 at 8 connections',
      measured: median(loads.map(({ p99 }) => p99)),
      unit: 'ms',
      floor: { value: floor.p99, what: 'the same' },
      limit: { most: 20 },
    },
    {
      budget: 8,
      what: 'users page, HTML',
      measured: Buffer.byteLength(html) / 1000,
      unit: 'kB',
      limit: { most: 100 },
    },
  ];
}

// As a script does it: the header says everything, so nothing is left to answer.
/** @param {Administrator} admin @param {Buffer} file */
async function importFile(admin, file, digitsOnly = false) {
  const path = await admin.upload(file);
  if (digitsOnly) await admin.wantDigits(path);
  if (file.includes('Virtual Extension')) await admin.post(`${path}/generate`, {});
  await admin.run(path);
  await admin.finished(path, rowsOf(file), digitsOnly ? 100 : 25);
}

// The six clicks of a person with a clean file.
/** @param {Administrator} admin @param {Buffer} file */
async function throughWizard(admin, file) {
  const path = await admin.upload(file);
  await admin.get(`${path}/fields`);
  await admin.get(`${path}/review`);
  await admin.run(path);
  await admin.finished(path, rowsOf(file));
  await admin.get(path);
  const success = await admin.download(`${path}/success.csv`);
  await admin.get(`${path}/errors.csv`, 'text/csv');
  if (success.trim().split('\n').length !== rowsOf(file) + 1) throw new Error('a password is missing');
}

/** @param {Buffer} file */
function rowsOf(file) {
  return file.toString().trim().split('\n').length - 1;
}

/**
 * Budget 4. What runs by the clock (audit seal, leases) may fall into a count: the least of three has none of it.
 * @param {Tenant} tenant
 * @returns {Promise<Line[]>}
 */
async function statementsOf(tenant) {
  /** @type {{ run: number, all: number }[]} */
  const counts = [];
  for (let round = 0; round < 3; round++)
    counts.push(await countStatements(tenant, fileOfUsers(rows, `counted${round}`)));
  const least = (/** @type {'run' | 'all'} */ part) => Math.min(...counts.map((count) => count[part]));
  return [
    {
      budget: 4,
      what: 'SQL statements of the run of 500 rows',
      measured: least('run'),
      unit: '',
      limit: { most: 20 + rows / 5 },
    },
    { what: 'SQL statements with the requests for upload and start', measured: least('all'), unit: '' },
  ];
}

// The end is watched from outside, so that no request but the import's own two is counted.
/** @param {Tenant} tenant @param {Buffer} file */
export async function countStatements({ home, server, admin }, file) {
  await server.begin();
  const path = await admin.upload(file);
  await admin.run(path);
  const id = Number(path.split('/').pop());
  const isOver = async () =>
    (await home.query('SELECT state FROM imports WHERE id = $1', [id]))[0].state === 'finished';
  for (let look = 0; !(await isOver()); look++) {
    if (look > 600) throw new Error('the counted import did not end');
    await pause(50);
  }
  const { statements } = await server.end();
  if (process.env.SHOW_STATEMENTS) console.log(statements.join('\n'));
  // The worker begins with the transaction that claims the job; the question for it stands before.
  const claim = statements.findIndex((sql) => sql.startsWith('UPDATE "jobs"')) - 2;
  return { run: statements.length - claim, all: statements.length };
}

/** @param {() => Promise<unknown>} ask @param {() => Promise<unknown>} work */
async function trickleDuring(ask, work) {
  const signal = { stopped: false };
  const [times] = await Promise.all([trickle(ask, signal), work().finally(() => (signal.stopped = true))]);
  return times;
}

async function bareFloor() {
  const [program, ...programArguments] = dyingWithUs([
    fileURLToPath(new URL('bare-page.mjs', import.meta.url)),
  ]);
  const child = spawn(program, programArguments, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const line = await inTime(new Promise((resolve) => child.stdout.once('data', resolve)), 'the bare page');
    const address = `${/http:\S+/.exec(String(line))?.[0]}/users`;
    await full(address, 'none=1', 2);
    return await full(address, 'none=1', 3);
  } finally {
    child.kill();
  }
}
