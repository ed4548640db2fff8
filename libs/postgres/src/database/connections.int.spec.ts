import { setTimeout as sleep } from 'node:timers/promises';
import {
  eventually,
  freshDatabase,
  freshPostgres,
  type FreshDatabase,
  type FreshPostgres,
} from '@tillbridge/testing';
import type { DataSource, QueryRunner } from 'typeorm';
import { Database } from './database.js';
import { openDataSource } from './open-data-source.js';
import { openDatabase } from './open-database.js';

let place: FreshDatabase;
let dataSource: DataSource;
let database: Database;

beforeAll(async () => {
  place = await freshDatabase();
});

beforeEach(async () => {
  // One connection: whatever is not given back is missed at once.
  dataSource = await openDataSource({ url: place.url, migrations: [], pool: 1 });
  database = new Database(dataSource, 'orders');
  await database.query('CREATE TABLE IF NOT EXISTS shelf (sku text PRIMARY KEY)');
  await database.query('TRUNCATE shelf');
});

afterEach(() => database.close());
afterAll(() => place.drop());

const put = (sku: string) =>
  database.inTransaction((tx) => tx.query('INSERT INTO shelf VALUES ($1)', [sku]));

const shelf = async () =>
  (await database.query('SELECT sku FROM shelf ORDER BY sku')).map(({ sku }) => sku);

/** Of the one connection. */
const backend = async () => (await database.query('SELECT pg_backend_pid() AS pid'))[0].pid;

/** The next runner is as `alter` makes it. */
function alterNextRunner(alter: (runner: QueryRunner) => void): void {
  const create = dataSource.createQueryRunner.bind(dataSource);
  dataSource.createQueryRunner = (...args) => {
    dataSource.createQueryRunner = create;
    const runner = create(...args);
    alter(runner);
    return runner;
  };
}

describe('with one connection', () => {
  it('it comes back after success and after every kind of failure', async () => {
    for (let times = 0; times < 5; times += 1) {
      await put(`MUG-${times}`);
      await expect(put(`MUG-${times}`)).rejects.toThrow('duplicate key');
      await expect(database.query('SELECT nonsense')).rejects.toThrow('nonsense');
      await expect(
        database.inTransaction(() => Promise.reject(new Error('changed my mind'))),
      ).rejects.toThrow('changed my mind');
    }
    expect(await shelf()).toHaveLength(5);
  });

  it('a statement that failed fails the transaction, caught or not', async () => {
    await put('MUG');
    const work = database.inTransaction(async (tx) => {
      await tx.query("INSERT INTO shelf VALUES ('CUP')");
      await tx.query("INSERT INTO shelf VALUES ('MUG')").catch(() => undefined);
    });
    await expect(work).rejects.toThrow('duplicate key');
    expect(await shelf()).toEqual(['MUG']);
  });

  it('nobody gets one on which a roll-back failed', async () => {
    const before = await backend();
    alterNextRunner((runner) => {
      runner.rollbackTransaction = () => Promise.reject(new Error('no answer in time'));
    });
    const work = database.inTransaction(async (tx) => {
      await tx.query("INSERT INTO shelf VALUES ('MUG')");
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await backend()).not.toBe(before);
    expect(await shelf()).toEqual([]);
  });

  it('a commit whose answer never came is a lost database, and the next one works', async () => {
    alterNextRunner((runner) => {
      runner.commitTransaction = async () => {
        await runner.query('SELECT pg_terminate_backend(pg_backend_pid())');
      };
    });
    await expect(put('MUG')).rejects.toMatchObject({ code: 'database-unavailable' });
    await put('CUP');
    expect(await shelf()).toEqual(['CUP']);
  });

  it('a transaction left alone for a minute is given up by the server', async () => {
    const [{ setting }] = await database.query(
      "SELECT setting FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout'",
    );
    expect(Number(setting)).toBe(60_000);
    const frozen = database.inTransaction(async (tx) => {
      await tx.query("SET LOCAL idle_in_transaction_session_timeout = '50ms'");
      await tx.query("INSERT INTO shelf VALUES ('MUG')");
      await sleep(300);
      await tx.query('SELECT 1');
    });
    await expect(frozen).rejects.toMatchObject({ code: 'database-unavailable' });
    expect(await shelf()).toEqual([]);
  });

  it('what comes after the end of a transaction is a bug, and is called one', async () => {
    const ended = await database.inTransaction((tx) => Promise.resolve(tx));
    await expect(ended.query('SELECT 1')).rejects.toThrow('after the transaction had ended');
    expect(() => ended.send([])).toThrow('after the transaction had ended');
  });
});

describe('when the server is killed and comes back', () => {
  let server: FreshPostgres;
  let own: Database;

  beforeAll(async () => {
    server = await freshPostgres();
    own = await openDatabase({ url: server.url, service: 'orders', migrations: [], pool: 1 });
    await own.query('CREATE TABLE shelf (sku text PRIMARY KEY)');
  });

  afterAll(async () => {
    await own.close();
    await server.drop();
  });

  it('work in between fails as unavailable, nothing is half there, and the pool works on', async () => {
    let begun = (): void => undefined;
    const running = new Promise<void>((resolve) => (begun = resolve));
    const work = own.inTransaction(async (tx) => {
      await tx.query("INSERT INTO shelf VALUES ('MUG')");
      begun();
      await tx.query('SELECT pg_sleep(30)');
    });
    const outcome = expect(work).rejects.toMatchObject({ code: 'database-unavailable' });
    await running;
    await server.kill();
    await outcome;
    for (let times = 0; times < 3; times += 1) {
      await expect(own.query('SELECT 1')).rejects.toMatchObject({ code: 'database-unavailable' });
      await expect(own.inTransaction((tx) => tx.query('SELECT 1'))).rejects.toMatchObject({
        code: 'database-unavailable',
      });
    }
    await server.restart();
    await eventually(() => own.inTransaction((tx) => tx.query("INSERT INTO shelf VALUES ('CUP')")));
    expect(await own.query('SELECT sku FROM shelf')).toEqual([{ sku: 'CUP' }]);
  });
});
