import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  OrderChanged,
  OrderPosted,
  PostOrder,
  StockCounted,
  TenderDecided,
  type Received,
} from '@tillbridge/contracts';
import { consumerName } from '@tillbridge/runtime';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import type { QueryRunner } from 'typeorm';
import { ExceptionBook } from '../exceptions/exception-book.js';
import type { Database } from './database.js';
import { openDatabase } from './open-database.js';

class CreateShelf1800000000000 {
  up(runner: QueryRunner) {
    return runner.query('CREATE TABLE shelf (sku text PRIMARY KEY, units int NOT NULL)');
  }
  down() {
    return Promise.resolve();
  }
}

let place: FreshDatabase;
let database: Database;

beforeAll(async () => {
  place = await freshDatabase();
});

beforeEach(async () => {
  database = await open();
  await database.query('TRUNCATE shelf, inbox, outbox, exception, dead_letter');
});

afterEach(() => database.close());
afterAll(() => place.drop());

/** With one connection: whatever needs a second one inside a transaction would hang. */
const open = (migrations = [CreateShelf1800000000000]) =>
  openDatabase({ url: place.url, service: 'orders', migrations, pool: 1 });

const CONSUMER = consumerName('orders', OrderPosted);

const received = (id: string): Received<object> => ({
  id,
  subject: 'evt.pos.order-posted.v1',
  consumer: CONSUMER,
  time: new Date(0).toISOString(),
  data: {},
});

const anOrder = () =>
  Object.assign(new OrderChanged(), { orderId: randomUUID(), connectionId: 'shop', revision: 1 });

describe('a transaction', () => {
  it('commits rows and messages together', async () => {
    const order = anOrder();
    const ids = await database.inTransaction(async (tx) => {
      await tx.query("INSERT INTO shelf VALUES ('MUG', 12)");
      return tx.send([order]);
    });
    expect(await database.query('SELECT * FROM shelf')).toEqual([{ sku: 'MUG', units: 12 }]);
    const [row] = await database.query('SELECT * FROM outbox');
    expect(row).toMatchObject({
      message_id: ids[0],
      subject: 'evt.orders.order-changed.v1',
      payload: JSON.stringify(order),
      published_at: null,
    });
    expect(row.headers).toMatchObject({
      'ce-id': ids[0],
      'ce-type': 'evt.orders.order-changed.v1',
      'ce-source': '/tillbridge/orders',
      'ce-subject': order.orderId,
      'ce-specversion': '1.0',
    });
  });

  it('that throws leaves neither', async () => {
    const work = database.inTransaction(async (tx) => {
      await tx.query("INSERT INTO shelf VALUES ('MUG', 12)");
      tx.send([anOrder()]);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await database.query('SELECT 1 FROM shelf UNION ALL SELECT 1 FROM outbox')).toEqual([]);
  });

  it('whose messages cannot be written leaves no rows either', async () => {
    const work = database.inTransaction(async (tx) => {
      await tx.query("INSERT INTO shelf VALUES ('MUG', 12)");
      tx.send([anOrder()], { ids: ['\0 is no text for Postgres'] });
    });
    await expect(work).rejects.toThrow('invalid byte sequence');
    expect(await database.query('SELECT 1 FROM shelf UNION ALL SELECT 1 FROM outbox')).toEqual([]);
  });

  it('is joined by what runs inside it, on its one connection', async () => {
    const work = database.inTransaction(async (tx) => {
      await tx.query("INSERT INTO shelf VALUES ('MUG', 12)");
      expect(await database.query('SELECT units FROM shelf')).toEqual([{ units: 12 }]);
      await database.inTransaction(async (inner) => {
        expect(inner).toBe(tx);
        inner.send([anOrder()]);
      });
      throw new Error('all of it goes');
    });
    await expect(work).rejects.toThrow('all of it goes');
    expect(await database.query('SELECT 1 FROM outbox')).toEqual([]);
  });

  it('is not joined by what it started and did not wait for', async () => {
    let late: Promise<unknown[]> | undefined;
    await database.inTransaction(async () => {
      late = sleep(20).then(() => database.query('SELECT 1 AS one'));
    });
    expect(await late).toEqual([{ one: 1 }]);
  });

  it('begins again after a deadlock or a serialization failure, with a clean outbox', async () => {
    let runs = 0;
    await database.inTransaction(async (tx) => {
      runs += 1;
      tx.send([anOrder()]);
      if (runs < 3)
        await tx.query("DO $$ BEGIN RAISE EXCEPTION 'met' USING ERRCODE = '40P01'; END $$");
    });
    expect(runs).toBe(3);
    expect(await database.query('SELECT 1 FROM outbox')).toHaveLength(1);
  });

  it('gives up after some tries', async () => {
    let runs = 0;
    const work = database.inTransaction(async (tx) => {
      runs += 1;
      await tx.query("DO $$ BEGIN RAISE EXCEPTION 'met' USING ERRCODE = '40001'; END $$");
    });
    await expect(work).rejects.toThrow('met');
    expect(runs).toBe(6);
  });

  it('says that the database is gone when it is', async () => {
    const work = database.inTransaction((tx) =>
      tx.query('SELECT pg_terminate_backend(pg_backend_pid())'),
    );
    await expect(work).rejects.toMatchObject({ code: 'database-unavailable' });
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('sending', () => {
  const send = (messages: object[], options?: { connection?: string; ids?: string[] }) =>
    database.inTransaction(async (tx) => tx.send(messages, options));

  it('fills the connection of a command from the option, else from the message', async () => {
    const order = Object.assign(new PostOrder(), { connectionId: 'tills' });
    await send([order]);
    await send([order], { connection: 'other' });
    const rows = await database.query('SELECT subject FROM outbox ORDER BY sequence');
    expect(rows.map(({ subject }) => subject)).toEqual([
      'cmd.pos.tills.post-order.v1',
      'cmd.pos.other.post-order.v1',
    ]);
  });

  it('takes the ids it is given, and one message for one id', async () => {
    const id = randomUUID();
    expect(await send([anOrder()], { ids: [id] })).toEqual([id]);
    expect(await send([anOrder(), anOrder()], { ids: [id, id] })).toEqual([id, id]);
    expect(await database.query('SELECT message_id FROM outbox')).toEqual([{ message_id: id }]);
  });

  it('refuses what this service does not say, and what is no message', async () => {
    await expect(send([new TenderDecided()])).rejects.toThrow('orders does not publish');
    await expect(send([{}])).rejects.toThrow('carries no @Event');
    await expect(send([anOrder()], { ids: [] })).rejects.toThrow('need as many ids');
  });
});

describe('handling once', () => {
  it('gives the work only what this consumer has not handled', async () => {
    const seen: string[][] = [];
    const handle = (...ids: string[]) =>
      database.handleOnce(ids.map(received), async (tx, fresh) => {
        seen.push(fresh.map(({ id }) => id));
        await tx.query('SELECT 1');
      });
    await handle('a', 'b');
    await handle('b', 'c', 'c');
    await handle('a', 'c');
    expect(seen).toEqual([['a', 'b'], ['c']]);
    expect(database.counted).toEqual({ handled: 3, duplicatesAbsorbed: 4 });
  });

  it('marks nothing when the work fails', async () => {
    const failing = database.handleOnce([received('a')], () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    let fresh = 0;
    await database.handleOnce([received('a')], async (_, messages) => {
      fresh = messages.length;
    });
    expect(fresh).toBe(1);
  });

  it('lets one of two processes do the work', async () => {
    const other = await open();
    let works = 0;
    const work = async () => {
      works += 1;
      await sleep(30);
    };
    const batch = ['a', 'b', 'c'].map(received);
    await Promise.all([
      database.handleOnce(batch, work),
      other.handleOnce([...batch].reverse(), work),
    ]);
    await other.close();
    expect(works).toBe(1);
  });

  it('knows which messages its consumer has handled', async () => {
    await database.handleOnce([received('a'), received('b')], () => Promise.resolve());
    await database.inTransaction(async (tx) => {
      const ids = ['a', 'b', 'a', 'c'];
      expect(await tx.handledAmong([OrderPosted, StockCounted], ids)).toEqual(new Set(['a', 'b']));
      expect(await tx.handledAmong([OrderPosted], [])).toEqual(new Set());
      expect(await tx.handledAmong([StockCounted], ids)).toEqual(new Set());
    });
  });
});

describe('exceptions', () => {
  const short = { code: 'order-short', subject: 'order-1' } as const;
  const raise = (cause = 'two units are missing') =>
    database.inTransaction((tx) =>
      tx.raise([
        { ...short, cause },
        { ...short, cause },
      ]),
    );
  const clear = () => database.inTransaction((tx) => tx.clear([short]));
  const subjects = async () =>
    (await database.query('SELECT subject FROM outbox ORDER BY sequence')).map(
      (row) => row.subject,
    );

  it('are open once for a code and subject, and told of once', async () => {
    await raise();
    await raise('three units are missing');
    expect(await new ExceptionBook(database).open()).toMatchObject([
      {
        ...short,
        team: 'operations',
        severity: 'warning',
        system: 'tillbridge',
        cause: 'two units are missing',
        action: expect.stringMatching(/./),
      },
    ]);
    expect(await subjects()).toEqual(['evt.orders.exception-raised.v1']);
  });

  it('close, tell of it once, and may open again', async () => {
    await raise();
    await clear();
    await clear();
    expect(await new ExceptionBook(database).open()).toEqual([]);
    await raise();
    expect(await new ExceptionBook(database).open('order-short')).toHaveLength(1);
    expect(await new ExceptionBook(database).open('sku-unknown')).toEqual([]);
    expect(await subjects()).toEqual([
      'evt.orders.exception-raised.v1',
      'evt.orders.exception-cleared.v1',
      'evt.orders.exception-raised.v1',
    ]);
  });

  it('open once when two processes see the same', async () => {
    const other = await open();
    const from = (each: Database) =>
      each.inTransaction((tx) => tx.raise([{ ...short, cause: 'seen twice' }]));
    await Promise.all([from(database), from(other)]);
    await other.close();
    expect(await subjects()).toEqual(['evt.orders.exception-raised.v1']);
  });
});
