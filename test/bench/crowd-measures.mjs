// Budgets 7 and 9: the table of users and free extensions in tenants of a thousand to a million users.
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { commonName, fill, rareName } from './crowd.mjs';
import { dyingWithUs, inTime } from './server.mjs';
import { settle, timed } from './tenant.mjs';
import { median } from './statistics.mjs';

/** @typedef {import('./measures.mjs').Line} Line */
/** @typedef {import('./tenant.mjs').Tenant} Tenant */

const sizes = (process.env.BENCH_USERS ?? '1000,100000,1000000').split(',').map(Number);
const looks = 15;

/** Addresses of the table, by what is looked at; the limit is the ratio to the smallest tenant. */
const pages = {
  'first page': { query: () => '', most: 1.5 },
  'page in the middle, by username': { query: middle('username', (i) => `agent.${i}`), most: 1.5 },
  'page in the middle, by name': { query: middle('name', () => `anna kim`), most: 1.5 },
  'page in the middle, by extension': { query: middle('extension', (i) => String(99_999 + i)), most: 1.5 },
  'newest first': { query: () => 'sort=-id', most: 1.5 },
  'last signed in first': { query: () => 'sort=-signedIn', most: 1.5 },
  'search for one of all': { query: () => `q=${rareName}` },
  'search for one of ten': { query: () => `q=${encodeURIComponent(commonName)}` },
  'filter by desk': { query: () => 'desk=1' },
  'filter by role': { query: () => 'role=3' },
  'filter by SIP settings': { query: () => 'sip=builtin_pbx' },
  'filter: inactive, one of a thousand': { query: () => 'status=inactive' },
  'filter: second factor that nobody has': { query: () => 'twoFactor=google' },
};

/**
 * @param {string} [cluster]
 * @returns {Promise<Line[]>}
 */
export async function measureCrowds(cluster) {
  const tenant = await settle(cluster, 10_000);
  const lines = [];
  /** @type {Record<string, number>} */
  const smallest = {};
  let present = 0;
  try {
    for (const size of sizes) {
      const filled = await timed(() => fill(tenant.home, size, present));
      console.log(`  ${size} users after ${Math.round(filled / 1000)} s`);
      present = size;
      // Filling may have kept us from seeing that the server has closed its idle connection.
      await pause(100);
      for (const [what, { query, ...page }] of Object.entries(pages)) {
        const samples = await look(tenant, query(size));
        const measured = median(samples);
        smallest[what] ??= measured;
        const first = size === sizes[0];
        lines.push({
          ...('most' in page && !first && { budget: 7, limit: { most: page.most, ratio: true } }),
          what: `${size} users: ${what}`,
          measured,
          unit: 'ms',
          ...(!first && { floor: { value: smallest[what], what: `the same of ${sizes[0]} users` } }),
          samples,
        });
      }
      lines.push(await searchAlone(tenant, size));
    }
  } finally {
    await tenant.stop();
  }
  return lines;
}

/**
 * Budget 9: 500 free extensions while 100,000 are taken.
 * @param {string} [cluster]
 * @returns {Promise<Line[]>}
 */
export async function measureFree(cluster) {
  const tenant = await settle(cluster, 10_000);
  await fill(tenant.home, 100_000, 0);
  await tenant.server.stop();
  // As a tenant looks from which every tenth user has left again.
  const taken = 'extension BETWEEN 100000 AND 199999';
  await tenant.home.query(`DELETE FROM users WHERE ${taken} AND extension % 10 = 0 AND extension < 110000`);
  const [program, ...programArguments] = dyingWithUs([
    fileURLToPath(new URL('free-extensions.mjs', import.meta.url)),
  ]);
  const { dataDir, databaseUrl } = tenant.home;
  const child = spawn(program, programArguments, {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir, ...(databaseUrl && { DATABASE_URL: databaseUrl }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const printed = await inTime(new Promise((resolve) => child.stdout.once('data', resolve)), 'extensions');
  const samples = JSON.parse(String(printed));
  await tenant.home.remove();
  return [
    {
      budget: 9,
      what: '500 free extensions among 100,000 taken',
      measured: median(samples),
      unit: 'ms',
      limit: { most: 50 },
      samples,
    },
  ];
}

// Each page is asked for after a change elsewhere, so that none is answered from memory.
/** @param {Tenant} tenant @param {string} query */
async function look({ home, admin }, query) {
  const samples = [];
  for (let round = -3; round < looks; round++) {
    await home.query('UPDATE settings SET updated_at = updated_at + 1');
    const time = await timed(() => admin.get(`/users${query && `?${query}`}`));
    if (round >= 0) samples.push(time);
  }
  return samples;
}

/** @param {Tenant} tenant @param {number} size @returns {Promise<Line>} */
async function searchAlone({ home }, size) {
  const sql = home.databaseUrl
    ? `SELECT user_id FROM user_search WHERE words LIKE '%${rareName}%' ORDER BY user_id DESC LIMIT 1001`
    : `SELECT rowid FROM user_search WHERE words MATCH '"${rareName}"' ORDER BY rowid DESC LIMIT 1001`;
  const samples = await home.times(sql, looks);
  return {
    budget: 7,
    what: `${size} users: rare search in the database`,
    measured: median(samples),
    unit: 'ms',
    limit: { most: 5 },
    samples,
  };
}

/** @param {string} sort @param {(i: number) => string} key */
function middle(sort, key) {
  return (/** @type {number} */ size) => {
    const place = `${Math.floor(size / 2)}.${key(Math.floor(size / 2))}`;
    return `sort=${sort}&after=${encodeURIComponent(place)}`;
  };
}
