// Loaded into the server before it starts (node --import): counts SQL statements, watches the event loop and the memory,
// and tells the benchmark when asked. The server itself is the built one, unchanged.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import Sqlite from 'libsql';
import pg from 'pg';

/**
 * What the benchmark is told.
 * @typedef {object} Sighting
 * @property {number} rss MB, now
 * @property {number} cpu ms of all cores, since the last `begin`
 * @property {number} delayP99 ms that the event loop was late, since the last `begin`
 * @property {number} delayMax ms
 * @property {string[]} statements their beginnings, in order, since the last `begin`
 */

const resolution = 1;
const delay = monitorEventLoopDelay({ resolution });
/** @type {string[]} */
let statements = [];
let counting = false;
let cpuBefore = process.cpuUsage();

/** @param {unknown} sql */
function count(sql) {
  if (!counting) return;
  const text = String(typeof sql === 'object' && sql && 'text' in sql ? sql.text : sql);
  statements.push(text.slice(0, 120));
}

/** @type {(this: any, sql: string) => any} */
const prepare = Reflect.get(Sqlite.prototype, 'prepare');
Object.assign(Sqlite.prototype, {
  /** @param {string} sql */
  prepare(sql) {
    const statement = prepare.call(this, sql);
    for (const method of ['run', 'get', 'all']) {
      const call = statement[method].bind(statement);
      statement[method] = (/** @type {unknown[]} */ ...parameters) => {
        count(sql);
        return call(...parameters);
      };
    }
    return statement;
  },
});

const query = Reflect.get(pg.Client.prototype, 'query');
Object.assign(pg.Client.prototype, {
  query(/** @type {unknown[]} */ ...parameters) {
    count(parameters[0]);
    return Reflect.apply(query, this, parameters);
  },
});

process.on('message', (question) => {
  if (question === 'begin') {
    counting = true;
    statements = [];
    cpuBefore = process.cpuUsage();
    delay.reset();
    delay.enable();
  } else {
    counting = false;
    delay.disable();
  }
  process.send?.(sighting());
});

/** @returns {Sighting} */
function sighting() {
  // The histogram holds whole intervals between two looks; a look is due every `resolution`.
  const late = (/** @type {number} */ nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolution);
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    cpu: (user + system) / 1000,
    rss: process.memoryUsage.rss() / 1e6,
    delayP99: late(delay.percentile(99)),
    delayMax: late(delay.max),
    statements,
  };
}
