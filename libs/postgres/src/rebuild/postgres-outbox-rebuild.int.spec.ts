import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { OrderChanged } from '@tillbridge/contracts';
import { Publisher, type OutgoingMessage, type PublishOutcome } from '@tillbridge/runtime';
import { eventually, freshDatabase, untilBlocked, type FreshDatabase } from '@tillbridge/testing';
import { pino } from 'pino';
import type { Database } from '../database/database.js';
import { openDatabase } from '../database/open-database.js';
import { OutboxRelay } from '../outbox/outbox-relay.js';
import { PostgresOutboxRebuild } from './postgres-outbox-rebuild.js';

class Stream extends Publisher {
  readonly taken: OutgoingMessage[] = [];
  during: () => Promise<void> = () => Promise.resolve();

  async publish(messages: readonly OutgoingMessage[]): Promise<PublishOutcome[]> {
    this.taken.push(...messages);
    await this.during();
    return messages.map(() => ({ kind: 'published' }));
  }
}

let place: FreshDatabase;
let database: Database;
let stream: Stream;
let relay: OutboxRelay;
let rebuild: PostgresOutboxRebuild;

beforeAll(async () => {
  place = await freshDatabase();
  database = await openDatabase({ url: place.url, service: 'orders', migrations: [] });
});

beforeEach(async () => {
  await database.query('TRUNCATE outbox, outbox_rebuild');
  stream = new Stream();
  relay = new OutboxRelay(database, stream, pino({ level: 'silent' }));
  rebuild = new PostgresOutboxRebuild(database);
});

afterEach(() => relay.stop());

afterAll(async () => {
  await database.close();
  await place.drop();
});

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

const say = (count: number): Promise<string[]> =>
  database.inTransaction(async (tx) =>
    tx.send(
      Array.from({ length: count }, () =>
        Object.assign(new OrderChanged(), { orderId: randomUUID() }),
      ),
    ),
  );

/** Sends and publishes; as if it had been `days` ago. */
async function published(count: number, days = 0): Promise<string[]> {
  const ids = await say(count);
  await relay.pass();
  await database.query(
    `UPDATE outbox SET published_at = now() - $2 * interval '1 day',
            first_published_at = now() - $2 * interval '1 day' WHERE message_id = ANY($1)`,
    [ids, days],
  );
  stream.taken.length = 0;
  return ids;
}

const takenIds = () => stream.taken.map(({ headers }) => headers['ce-id']);

it('publishes again what was published since then, under its old id', async () => {
  await published(3, 2);
  const ids = await published(2, 0.5);
  await rebuild.begin(daysAgo(1));
  await rebuild.work();
  await relay.pass();
  expect(takenIds()).toEqual(ids);
  expect(await rebuild.latest()).toMatchObject({
    messages: 2,
    pending: 0,
    finishedAt: expect.stringMatching(/Z$/),
  });
});

it('is over when its own messages are out, whatever a busy service says meanwhile', async () => {
  await published(1);
  await rebuild.begin(daysAgo(1));
  await rebuild.work();
  await say(1);
  expect(await rebuild.latest()).toMatchObject({ messages: 1, pending: 1 });
  await relay.pass();
  await say(1);
  expect(await rebuild.latest()).toMatchObject({ messages: 1, pending: 0 });
});

it('is a round of its own for a stream that remembers ids', async () => {
  const [id] = await published(1);
  for (let round = 1; round <= 2; round += 1) {
    await rebuild.begin(daysAgo(1));
    await rebuild.work();
    await relay.pass();
  }
  expect(stream.taken.map((message) => message.id)).toEqual([`${id}.1`, `${id}.2`]);
  expect(takenIds()).toEqual([id, id]);
});

it('goes in small helpings, so that news is published meanwhile', async () => {
  for (let batch = 0; batch < 6; batch += 1) await published(1_000);
  await rebuild.begin(daysAgo(1));
  const steps = jest.spyOn(database, 'inTransaction');
  const work = rebuild.work();
  // One that does not wait for the relay is through with all six thousand in seven steps.
  await eventually(() => expect(steps.mock.calls.length).toBeGreaterThan(8));
  steps.mockRestore();
  expect(await rebuild.latest()).toMatchObject({ pending: 2_000, messages: 2_000 });
  relay.start();
  await work;
  await eventually(() => expect(new Set(takenIds()).size).toBe(6_000));
  expect(await rebuild.latest()).toMatchObject({ messages: 6_000 });
});

it('is finished by another process when one dies, or is stopped, in the middle', async () => {
  for (let batch = 0; batch < 3; batch += 1) await published(1_000);
  await rebuild.begin(daysAgo(1));
  const stopping = new AbortController();
  const work = rebuild.work(stopping.signal);
  await eventually(async () => expect((await rebuild.latest()).pending).toBe(2_000));
  stopping.abort();
  await work;
  expect((await rebuild.latest()).finishedAt).toBeUndefined();
  relay.start();
  await new PostgresOutboxRebuild(database).work();
  await eventually(() => expect(new Set(takenIds()).size).toBe(3_000));
  expect((await rebuild.latest()).finishedAt).toBeDefined();
});

it('does not miss what a relay had given to the lost stream and not yet marked', async () => {
  await published(1, 0.5);
  const [id] = await database.inTransaction(async (tx) =>
    tx.send([Object.assign(new OrderChanged(), { orderId: randomUUID() })]),
  );
  let mark = (): void => undefined;
  const given = new Promise<void>((told) => {
    stream.during = () => {
      told();
      return new Promise((go) => (mark = go));
    };
  });
  const pass = relay.pass();
  await given;
  // The stream is lost here, with the message in it.
  stream.taken.length = 0;
  await rebuild.begin(daysAgo(1));
  const work = rebuild.work();
  // The rebuild has come to the row. One that does not wait for it is through by now.
  await Promise.race([untilBlocked(place.url, 1), work]);
  mark();
  await Promise.all([pass, work]);
  stream.during = () => Promise.resolve();
  await relay.pass();
  expect(takenIds()).toContain(id);
});

it('refuses a moment from which the inboxes no longer know what they handled', async () => {
  await expect(rebuild.begin(daysAgo(46))).rejects.toMatchObject({
    code: 'rebuild-refused',
    retry: 'never',
    message: expect.stringContaining('the inboxes know what was handled in the last 45 days'),
  });
  await expect(rebuild.begin(daysAgo(-1))).rejects.toMatchObject({ code: 'rebuild-refused' });
  await expect(rebuild.latest()).rejects.toMatchObject({ code: 'not-found' });
  expect(await rebuild.begin(daysAgo(44))).toMatchObject({ messages: 0 });
});

it('does not make a message younger: what was rebuilt yesterday is deleted on its old day', async () => {
  await published(1, 46);
  // A rebuild, the day before yesterday, of what was first published long ago.
  await database.query("UPDATE outbox SET published_at = now() - interval '2 days'");
  await rebuild.begin(daysAgo(3));
  await rebuild.work();
  await relay.pass();
  expect(takenIds()).toEqual([]);
});

it('leaves parked rows to a person', async () => {
  await published(1);
  await database.query('UPDATE outbox SET parked_at = now()');
  await rebuild.begin(daysAgo(1));
  await rebuild.work();
  expect(await rebuild.latest()).toMatchObject({ messages: 0 });
});

it('asked for again while it goes on, begins again from the earlier moment', async () => {
  await published(1, 3);
  await rebuild.begin(daysAgo(4));
  await rebuild.begin(daysAgo(1));
  await rebuild.work();
  expect(await rebuild.latest()).toMatchObject({ messages: 1 });
  expect(await database.query('SELECT 1 FROM outbox_rebuild')).toHaveLength(1);
});
