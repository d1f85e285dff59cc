// Phones that register while Rollcall imports: Kamailio reads the database that is written to.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseKamailio } from '../support/kamailio.mjs';
import { fileOfUsers } from './administrator.mjs';
import { countStatements } from './measures.mjs';
import { settle, timed } from './tenant.mjs';

/** @typedef {import('./measures.mjs').Line} Line */
/** @typedef {import('./tenant.mjs').Tenant} Tenant */

const phones = 500;
const manyRows = 10_000;
const seconds = 15;
/** More than is asked for, so that the rate is met in spite of a late start. */
const offered = 1100;

/**
 * Phones register while 10,000 others are imported.
 * @param {string} [cluster]
 * @returns {Promise<Line[]>}
 */
export async function measureSip(cluster) {
  const kamailio = await chooseKamailio();
  const tenant = await settle(cluster, manyRows, kamailio.environment);
  const { home, server } = tenant;
  try {
    await kamailio.start({ address: server.address, ...home });
    const accounts = join(home.dataDir, 'accounts.csv');
    writeFileSync(accounts, ['SEQUENTIAL', ...(await importedAccounts(tenant)), ''].join('\n'));
    const { run } = await countStatements(tenant, withPhones(phones, 'counted'));
    const idle = await timed(() => imported(tenant, 'idle'));
    const load = registered(kamailio, accounts, home.dataDir);
    const busy = await timed(() => imported(tenant, 'busy'));
    const { perSecond, failed } = await load;
    return [
      {
        what: `registrations while ${manyRows.toLocaleString('en')} Built-in PBX users are imported`,
        measured: perSecond,
        unit: '/s',
        limit: { least: 1000 },
      },
      { what: 'registrations of these that failed', measured: failed, unit: '', limit: { most: 0 } },
      {
        what: 'the import meanwhile',
        measured: busy,
        unit: 'ms',
        floor: { value: idle, what: 'the same without phones' },
      },
      {
        budget: 4,
        what: `SQL statements of the run of ${phones} Built-in PBX users`,
        measured: run,
        unit: '',
        limit: { most: 20 + phones / 5 },
      },
    ];
  } finally {
    await kamailio.stop();
    await tenant.stop();
  }
}

/** @param {number} count @param {string} prefix */
function withPhones(count, prefix) {
  return Buffer.from(fileOfUsers(count, prefix).toString().replaceAll(',webrtc,', ',builtin_pbx,'));
}

/** @param {Tenant} tenant @param {string} prefix */
async function imported({ admin }, prefix) {
  const path = await admin.upload(withPhones(manyRows, prefix));
  await admin.run(path);
  await admin.finished(path, manyRows, 100);
}

/** Extension and password of each phone, as sipp's scenario wants them. @param {Tenant} tenant */
async function importedAccounts({ admin }) {
  const path = await admin.upload(withPhones(phones, 'phone'));
  await admin.run(path);
  await admin.finished(path, phones);
  const [header, ...rows] = (await admin.download(`${path}/success.csv`))
    .replace(/^\uFEFF/, '')
    .trim()
    .split('\r\n');
  const columns = header.split(',');
  const [name, password] = [columns.indexOf('SIP Username'), columns.indexOf('SIP Password')];
  return rows
    .map((row) => row.split(','))
    .map((row) => `${row[name]};[authentication username=${row[name]} password=${row[password]}]`);
}

/**
 * @param {import('../support/kamailio.mjs').Kamailio} kamailio
 * @param {string} accounts
 * @param {string} folder
 */
async function registered(kamailio, accounts, folder) {
  const statistics = join(folder, 'sipp.csv');
  const child = spawn(
    '/usr/bin/setpriv',
    [
      ...['--pdeathsig=KILL', 'sipp', `127.0.0.1:${kamailio.port}`, '-sf', 'test/sip/sipp/register.xml'],
      ...['-i', '127.0.0.1', '-key', 'realm', kamailio.realm, '-nostdin', '-inf', accounts],
      ...[
        '-r',
        String(offered),
        '-m',
        String(offered * seconds),
        '-trace_stat',
        '-stf',
        statistics,
        '-fd',
        '1',
      ],
    ],
    { stdio: 'ignore' },
  );
  const begun = performance.now();
  await once(child, 'exit');
  const took = (performance.now() - begun) / 1000;
  const [header, ...rows] = readFileSync(statistics, 'utf8').trim().split('\n');
  const last = rows[rows.length - 1].split(';');
  // Those that were let in: sipp is content with every answer that its scenario names, a 503 among them.
  const letIn = Number(last[header.split(';').indexOf('registered(C)')]);
  return { perSecond: letIn / took, failed: offered * seconds - letIn };
}
