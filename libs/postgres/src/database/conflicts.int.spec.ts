import { freshDatabase, untilBlocked, type FreshDatabase } from '@tillbridge/testing';
import type { Database } from './database.js';
import { openDatabase } from './open-database.js';
import type { Transaction } from './transaction.js';

let place: FreshDatabase;
let one: Database;
let other: Database;

beforeAll(async () => {
  place = await freshDatabase();
  const open = () => openDatabase({ url: place.url, service: 'orders', migrations: [], pool: 1 });
  [one, other] = [await open(), await open()];
  await one.query('CREATE TABLE shelf (sku text PRIMARY KEY, units int NOT NULL)');
});

beforeEach(async () => {
  await one.query('TRUNCATE shelf');
  await one.query("INSERT INTO shelf VALUES ('CUP', 0), ('MUG', 0)");
});

afterAll(async () => {
  await one.close();
  await other.close();
  await place.drop();
});

/** Resolves for both when both have come. */
function meeting(): () => Promise<void> {
  let come = 0;
  let open = (): void => undefined;
  const both = new Promise<void>((resolve) => (open = resolve));
  return () => {
    come += 1;
    if (come === 2) open();
    // A second try finds the door open.
    return both;
  };
}

const units = async () => one.query('SELECT sku, units FROM shelf ORDER BY sku');

it('a deadlock is resolved by the server and run again: both do their work, once', async () => {
  const meet = meeting();
  let runs = 0;
  const take = (first: string, second: string) => async (tx: Transaction) => {
    runs += 1;
    await tx.query('UPDATE shelf SET units = units + 1 WHERE sku = $1', [first]);
    await meet();
    await tx.query('UPDATE shelf SET units = units + 1 WHERE sku = $1', [second]);
  };
  await Promise.all([
    one.inTransaction(take('CUP', 'MUG')),
    other.inTransaction(take('MUG', 'CUP')),
  ]);
  expect(runs).toBeGreaterThan(2);
  expect(await units()).toEqual([
    { sku: 'CUP', units: 2 },
    { sku: 'MUG', units: 2 },
  ]);
});

it('a serialization failure is run again on what the other has written', async () => {
  const meet = meeting();
  let runs = 0;
  const add = async (tx: Transaction) => {
    runs += 1;
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    const [row] = await tx.query("SELECT units FROM shelf WHERE sku = 'MUG'");
    await meet();
    await tx.query("UPDATE shelf SET units = $1 WHERE sku = 'MUG'", [row.units + 1]);
  };
  await Promise.all([one.inTransaction(add), other.inTransaction(add)]);
  expect(runs).toBe(3);
  expect(await units()).toContainEqual({ sku: 'MUG', units: 2 });
});

it('a conflict that work has caught is run again all the same', async () => {
  const meet = meeting();
  const add = async (tx: Transaction) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    const [row] = await tx.query("SELECT units FROM shelf WHERE sku = 'MUG'");
    await meet();
    await tx
      .query("UPDATE shelf SET units = $1 WHERE sku = 'MUG'", [row.units + 1])
      .catch(() => undefined);
  };
  await Promise.all([one.inTransaction(add), other.inTransaction(add)]);
  expect(await units()).toContainEqual({ sku: 'MUG', units: 2 });
});

it('batches with the same messages in another order do not deadlock over their marks', async () => {
  let runs = 0;
  const handle = (database: Database, ...ids: string[]) => {
    const batch = ids.map((id) => ({ id, subject: '', consumer: 'c', time: '', data: {} }));
    return database.inTransaction(async () => {
      runs += 1;
      await database.handleOnce(batch, () => Promise.resolve());
    });
  };
  const blocker = await openDatabase({ url: place.url, service: 'orders', migrations: [] });
  const both: Promise<void>[] = [];
  const held = blocker.inTransaction(async (tx) => {
    await tx.query("INSERT INTO inbox (consumer, message_id) VALUES ('c', 'm')");
    // In the order they came, each would have its first mark now and then want the other's.
    both.push(handle(one, 'a', 'm', 'z'), handle(other, 'z', 'm', 'a'));
    await untilBlocked(place.url, 2);
    throw new Error('not handled after all');
  });
  await expect(held).rejects.toThrow('not handled after all');
  await Promise.all(both);
  await blocker.close();
  expect(runs).toBe(2);
});
