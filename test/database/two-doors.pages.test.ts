// The two doors of src/database/database.ts on a real database, with requests that get in each other's way: on one shared
// connection each of these cases loses rows that were said to be saved, or keeps rows that were rolled back.
import { setTimeout as passing } from 'node:timers/promises';
import { DataSource, type EntityManager } from 'typeorm';
import { Database, isReferred, isTaken, type Reader } from '../../src/database/database.js';
import { insertAll } from '../../src/database/insert-all.js';
import { writerOptions } from '../../src/database/options.js';
import { Setting } from '../../src/settings/setting.entity.js';
import { UserRole } from '../../src/users/user.entity.js';
import { emptyData, onPostgres, onSqlite, removeData } from '../support/rollcall.js';

let database: Database;
let writer: DataSource;
let data: Awaited<ReturnType<typeof emptyData>>;

beforeAll(async () => {
  data = await emptyData();
  Object.assign(process.env, { DATA_DIR: data.dataDir, DATABASE_URL: data.databaseUrl ?? '' });
  writer = await new DataSource({ ...writerOptions(), entities: [Setting, UserRole] }).initialize();
  database = new Database(writer);
  await database.onModuleInit();
});

beforeEach(() => database.write((manager) => manager.clear(Setting)));

afterAll(async () => {
  await database.onApplicationShutdown();
  await writer.destroy();
  await removeData(data);
});

test('two writers at once both keep what they wrote', async () => {
  await Promise.all([
    database.write(async (manager) => {
      await add(manager, 'a1');
      await passing(30);
      await add(manager, 'a2');
    }),
    database.write(async (manager) => {
      await add(manager, 'b1');
      await passing(10);
      await add(manager, 'b2');
    }),
  ]);
  expect(await names()).toEqual(['a1', 'a2', 'b1', 'b2']);
});

test('what is rolled back leaves nothing, and takes nothing of a write beside it along', async () => {
  const refused = database.write(async (manager) => {
    await add(manager, 'gone');
    await passing(40);
    throw new Error('refused');
  });
  const kept = passing(10).then(() => database.write((manager) => add(manager, 'kept')));
  const early = database.write((manager) => add(manager, 'early'));
  await expect(refused).rejects.toThrow('refused');
  await Promise.all([kept, early]);
  expect(await names()).toEqual(['early', 'kept']);
});

test('what is remembered is never older than the last commit, and never of an open transaction', async () => {
  const remembered = () => inRequest(() => database.remember('names', (read) => names(read)));
  expect(await remembered()).toEqual([]);
  await database.write(async (manager) => {
    await add(manager, 'one');
    await expect(remembered()).rejects.toThrow('inside a write');
  });
  expect(await remembered()).toEqual(['one']);
  const [written, isWritten] = signal();
  const [looked, hasLooked] = signal();
  const second = database.write(async (manager) => {
    await add(manager, 'two');
    isWritten();
    await looked;
  });
  await written;
  expect(await remembered()).toEqual(['one']);
  hasLooked();
  await second;
  expect(await remembered()).toEqual(['one', 'two']);
});

test('a request that has written remembers its own change', async () => {
  const remembered = () => database.remember('names', (read) => names(read));
  await inRequest(async () => {
    expect(await remembered()).toEqual([]);
    await database.write((manager) => add(manager, 'own'));
    expect(await remembered()).toEqual(['own']);
  });
});

test('work that goes on after its request is not kept at the moment of that one', async () => {
  const remembered = () => database.remember('names', (read) => names(read));
  const [changed, hasChanged] = signal();
  const later = await inRequest(async () => {
    expect(await remembered()).toEqual([]);
    return [new Promise((resolve) => database.apart(() => void changed.then(remembered).then(resolve)))];
  });
  await database.write((manager) => add(manager, 'since'));
  hasChanged();
  expect(await later[0]).toEqual(['since']);
});

test('what is remembered is read once, and again after another process has changed something', async () => {
  let reads = 0;
  const remembered = () =>
    inRequest(() =>
      database.remember('count', (read) => {
        reads++;
        return read.count(Setting);
      }),
    );
  expect([await remembered(), await remembered(), await remembered()]).toEqual([0, 0, 0]);
  // On PostgreSQL transactions of other databases in the same cluster count as changes, too.
  if (!data.databaseUrl) expect(reads).toBe(1);
  const before = reads;
  const other = await new DataSource({ ...writerOptions(), entities: [Setting] }).initialize();
  await add(other.manager, 'beside');
  await other.destroy();
  expect(await remembered()).toBe(1);
  expect(reads).toBe(before + 1);
});

test('what could not be read is not remembered', async () => {
  const failing = inRequest(() =>
    database.remember('broken', () => Promise.reject(new Error('away for a moment'))),
  );
  await expect(failing).rejects.toThrow('away for a moment');
  expect(await inRequest(() => database.remember('broken', () => Promise.resolve('back')))).toBe('back');
});

test('a reader beside an open write sees what is committed, and is not held up', async () => {
  await database.write((manager) => add(manager, 'before'));
  let open = true;
  const opened = deferred();
  const closing = deferred();
  const write = database.write(async (manager) => {
    await add(manager, 'open');
    opened.resolve();
    await closing.promise;
    open = false;
  });
  await opened.promise;
  for (let times = 0; times < 5; times++) expect(await names()).toEqual(['before']);
  expect(open).toBe(true);
  closing.resolve();
  await write;
  expect(await names()).toEqual(['before', 'open']);
});

test('of 20 transactions at once 20 run: 13 commit, 7 roll back', async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      database.write(async (manager) => {
        await add(manager, `n${index}`);
        await passing(index % 4);
        await add(manager, `m${index}`);
        if (index % 3 === 1) throw new Error('refused');
      }),
    ),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(13);
  const committed = Array.from({ length: 20 }, (_, index) => index).filter((index) => index % 3 !== 1);
  expect(await names()).toEqual(committed.flatMap((index) => [`m${index}`, `n${index}`]).sort());
});

test('what must be decided alone is decided one after the other', async () => {
  await database.write((manager) => manager.insert(Setting, { name: 'counter', value: '0', updatedAt: 0 }));
  const count = async (manager: EntityManager) => {
    const { value } = await manager.findOneByOrFail(Setting, { name: 'counter' });
    await passing(1);
    await manager.update(Setting, { name: 'counter' }, { value: String(Number(value) + 1) });
  };
  await Promise.all(Array.from({ length: 20 }, () => database.write(count, { alone: 'counter' })));
  expect(await database.read.findOneByOrFail(Setting, { name: 'counter' })).toMatchObject({ value: '20' });
});

test('two writers that wait for each other in a circle both come through', async () => {
  await database.write(async (manager) => {
    await add(manager, 'x');
    await add(manager, 'y');
  });
  const change = (first: string, second: string) =>
    database.write(async (manager) => {
      await manager.update(Setting, { name: first }, { value: `${first}${second}` });
      await passing(50);
      await manager.update(Setting, { name: second }, { value: `${first}${second}` });
    });
  await Promise.all([change('x', 'y'), change('y', 'x')]);
  const [x, y] = await database.read.find(Setting, { order: { name: 'ASC' } });
  expect(x.value).toBe(y.value);
});

describe('inside a write', () => {
  test('the reading door is shut: it would not see the changes', async () => {
    await expect(database.write(() => Promise.resolve(database.read))).rejects.toThrow(
      'read inside a write: use the manager of the transaction',
    );
  });

  test('the writing door is shut, however deep inside: it would wait for itself', async () => {
    const deep = async () => {
      await passing(5);
      await database.write((manager) => add(manager, 'inner'));
    };
    const outer = database.write(async (manager) => {
      await add(manager, 'outer');
      await Promise.all([passing(1), deep()]);
    });
    await expect(outer).rejects.toThrow('write inside a write: use the manager of the transaction');
    expect(await names()).toEqual([]);
  });

  test('the manager sees what it wrote, and both doors open again afterwards', async () => {
    await database.write(async (manager) => {
      await add(manager, 'own');
      expect(await manager.countBy(Setting, {})).toBe(1);
    });
    expect(await names()).toEqual(['own']);
    await database.write((manager) => add(manager, 'next'));
    expect(await names()).toEqual(['next', 'own']);
  });
});

test('what is taken is told from what is referred to', async () => {
  const twice = database.write(async (manager) => {
    await add(manager, 'same');
    await add(manager, 'same');
  });
  expect(isTaken(await failureOf(twice))).toBe(true);
  const orphan = database.write((manager) => manager.insert(UserRole, { userId: 77, roleId: 1 }));
  const failure = await failureOf(orphan);
  expect(isReferred(failure)).toBe(true);
  expect(isTaken(failure)).toBe(false);
});

test('the schema is brought up to date once, and a second time changes nothing', async () => {
  const before = await writer.query('SELECT name FROM migrations ORDER BY id');
  expect(before).not.toEqual([]);
  const again = new Database(writer);
  await again.onModuleInit();
  await again.onApplicationShutdown();
  expect(await writer.query('SELECT name FROM migrations ORDER BY id')).toEqual(before);
});

onSqlite(
  'the reading door of SQLite cannot write, and the file is kept as durable as SQLite can',
  async () => {
    await expect(database.read.query(`INSERT INTO settings VALUES ('x', '', 0)`)).rejects.toThrow(/readonly/);
    const setting = async (name: string) =>
      Object.values((await writer.query(`PRAGMA ${name}`))[0] as object)[0] as unknown;
    expect([
      await setting('journal_mode'),
      await setting('synchronous'),
      await setting('foreign_keys'),
    ]).toEqual(['wal', 2, 1]);
  },
);

onPostgres('a statement on PostgreSQL does not run or wait for ever', async () => {
  const [limits] = await writer.query(
    `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock`,
  );
  expect(limits).toEqual({ statement: '30s', lock: '10s' });
});

test('many rows go in by one statement: what is there already is left alone', async () => {
  const rows = ['a', 'b', "c'; --"].map((name) => ({ name, value: 'new', updatedAt: 1 }));
  await database.write((manager) => add(manager, 'b'));
  const made = await database.write((manager) =>
    insertAll(manager, Setting, rows, 'ON CONFLICT DO NOTHING RETURNING name'),
  );
  expect(made).toEqual([{ name: 'a' }, { name: "c'; --" }]);
  expect(await names()).toEqual(['a', 'b', "c'; --"]);
  expect(await database.write((manager) => insertAll(manager, Setting, []))).toEqual([]);
});

function inRequest<T>(work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => database.inOneMoment(() => void work().then(resolve, reject)));
}

function signal(): [Promise<void>, () => void] {
  let give = () => {};
  return [new Promise((resolve) => (give = resolve)), () => give()];
}

async function add(manager: EntityManager, name: string): Promise<void> {
  await manager.insert(Setting, { name, value: '', updatedAt: 0 });
}

async function names(read: Reader = database.read): Promise<string[]> {
  return (await read.find(Setting, { order: { name: 'ASC' } })).map(({ name }) => name);
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}
