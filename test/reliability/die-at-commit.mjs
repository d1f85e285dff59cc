// Loaded into the server before it starts (node --import): once armed by SIGUSR2 the process dies at its n-th commit, as by
// a power cut. DIE_AT names a file that says when: `3 before` or `3 after`. The server itself is the built one, unchanged.
import { readFileSync } from 'node:fs';
import Sqlite from 'libsql';
import pg from 'pg';

let left = Infinity;
let after = false;

process.on('SIGUSR2', () => {
  const [commits, side] = readFileSync(String(process.env.DIE_AT), 'utf8').trim().split(' ');
  left = Number(commits);
  after = side === 'after';
  console.log('Armed');
});

/** @param {boolean} isAfter */
function dieIfDue(isAfter) {
  if (!isAfter) left--;
  if (left <= 0 && isAfter === after) process.kill(process.pid, 'SIGKILL');
}

/** @param {unknown} sql */
function isCommit(sql) {
  return /^commit\b/i.test(String(typeof sql === 'object' && sql && 'text' in sql ? sql.text : sql));
}

/** @type {(this: any, sql: string) => any} */
const prepare = Reflect.get(Sqlite.prototype, 'prepare');
Object.assign(Sqlite.prototype, {
  /** @param {string} sql */
  prepare(sql) {
    const statement = prepare.call(this, sql);
    if (!isCommit(sql)) return statement;
    for (const method of ['run', 'get', 'all']) {
      const call = statement[method].bind(statement);
      statement[method] = (/** @type {unknown[]} */ ...parameters) => {
        dieIfDue(false);
        const result = call(...parameters);
        dieIfDue(true);
        return result;
      };
    }
    return statement;
  },
});

const query = Reflect.get(pg.Client.prototype, 'query');
Object.assign(pg.Client.prototype, {
  /** @param {unknown[]} parameters */
  query(...parameters) {
    if (!isCommit(parameters[0])) return Reflect.apply(query, this, parameters);
    dieIfDue(false);
    const result = Reflect.apply(query, this, parameters);
    void Promise.resolve(result).then(() => dieIfDue(true));
    return result;
  },
});
