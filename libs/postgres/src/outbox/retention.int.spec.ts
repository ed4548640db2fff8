import { randomUUID } from 'node:crypto';
import { OrderChanged } from '@tillbridge/contracts';
import { Publisher, type OutgoingMessage, type PublishOutcome } from '@tillbridge/runtime';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import { pino } from 'pino';
import type { Database } from '../database/database.js';
import { openDatabase } from '../database/open-database.js';
import { OutboxRelay } from './outbox-relay.js';
import { deleteExpired, RETENTION } from './retention.js';

class Stream extends Publisher {
  publish(messages: readonly OutgoingMessage[]): Promise<PublishOutcome[]> {
    return Promise.resolve(messages.map(() => ({ kind: 'published' })));
  }
}

let place: FreshDatabase;
let database: Database;

beforeAll(async () => {
  place = await freshDatabase();
  database = await openDatabase({ url: place.url, service: 'orders', migrations: [] });
});

beforeEach(() => database.query('TRUNCATE inbox, outbox'));

afterAll(async () => {
  await database.close();
  await place.drop();
});

/** Rows as old as `days`, published and handled. */
async function fill(count: number, days: number): Promise<void> {
  await database.query(
    `INSERT INTO outbox (message_id, subject, headers, payload, published_at, first_published_at)
     SELECT 'o' || n, 's', '{}', '{}', now() - $2 * interval '1 day', now() - $2 * interval '1 day'
       FROM generate_series(1, $1::int) n`,
    [count, days],
  );
  await database.query(
    `INSERT INTO inbox (consumer, message_id, at)
     SELECT 'c', 'i' || n, now() - $2 * interval '1 day' FROM generate_series(1, $1::int) n`,
    [count, days],
  );
}

const left = async (table: 'inbox' | 'outbox') =>
  (await database.query(`SELECT message_id FROM ${table} ORDER BY message_id`)).map(
    (row) => row.message_id,
  );

it('keeps the marks of messages longer than the messages, by fifteen days', () => {
  expect(RETENTION.inboxDays - RETENTION.outboxDays).toBe(15);
});

it('deletes what is published and old, and nothing else', async () => {
  await fill(1, 31);
  await database.query(
    `INSERT INTO outbox (message_id, subject, headers, payload, created_at, first_published_at)
     VALUES ('stuck', 's', '{}', '{}', now() - interval '90 days', NULL),
            ('rebuilt', 's', '{}', '{}', now() - interval '90 days', now() - interval '31 days')`,
  );
  await database.query(
    `INSERT INTO inbox (consumer, message_id, state, at)
     VALUES ('c', 'old', 'handled', now() - interval '46 days'),
            ('c', 'waits', 'waiting', now() - interval '46 days'),
            ('c', 'parked', 'parked', now() - interval '46 days')`,
  );
  expect(await deleteExpired(database)).toBe(2);
  expect(await left('outbox')).toEqual(['rebuilt', 'stuck']);
  expect(await left('inbox')).toEqual(['i1', 'parked', 'waits']);
});

it('never forgets a mark as long as an outbox may still hold the message', async () => {
  await fill(1, RETENTION.outboxDays + 14);
  await deleteExpired(database);
  expect(await left('outbox')).toEqual([]);
  expect(await left('inbox')).toEqual(['i1']);
});

it('deletes in batches of a thousand, with a pause, and ends when it is told to', async () => {
  await fill(2_500, 31);
  const sizes: number[] = [];
  const stopping = new AbortController();
  const counting = Object.create(database, {
    query: {
      value: async (sql: string, params: unknown[]) => {
        const rows = await database.query(sql, params);
        if (sql.includes('DELETE FROM outbox') && sizes.push(rows.length) === 1) stopping.abort();
        return rows;
      },
    },
  }) as Database;
  expect(await deleteExpired(counting, { signal: stopping.signal })).toBe(1_000);
  const beganMs = performance.now();
  expect(await deleteExpired(counting, { pauseMs: 200 })).toBe(1_500);
  expect(performance.now() - beganMs).toBeGreaterThan(190);
  expect(sizes).toEqual([1_000, 1_000, 500]);
});

it('waits for nobody and keeps nobody waiting: rows in use are left for the next time', async () => {
  await fill(10, 31);
  const other = await openDatabase({ url: place.url, service: 'orders', migrations: [] });
  await other.inTransaction(async (tx) => {
    await tx.query("SELECT 1 FROM outbox WHERE message_id = 'o1' FOR UPDATE");
    // Would wait for this transaction, which waits for it.
    expect(await deleteExpired(database)).toBe(9);
    tx.send([Object.assign(new OrderChanged(), { orderId: randomUUID() })]);
  });
  const relay = new OutboxRelay(other, new Stream(), pino({ level: 'silent' }));
  await database.inTransaction(async (tx) => {
    await tx.query('DELETE FROM outbox WHERE message_id = $1', ['o1']);
    // While rows are being deleted, the relay publishes.
    expect((await relay.pass()).taken).toBe(1);
  });
  await other.close();
});
