import { randomUUID } from 'node:crypto';
import { OrderChanged } from '@tillbridge/contracts';
import { Publisher, type OutgoingMessage, type PublishOutcome } from '@tillbridge/runtime';
import { eventually, freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import { pino } from 'pino';
import type { Database } from '../database/database.js';
import { openDatabase } from '../database/open-database.js';
import { ClaimFloor } from './claim-floor.js';
import { readFigures } from './figures.js';
import { OutboxRelay } from './outbox-relay.js';

/** A stream that remembers what it was given, and can be made to refuse or to fail. */
class Stream extends Publisher {
  readonly taken: string[] = [];
  batches = 0;
  answer: (message: OutgoingMessage) => PublishOutcome = () => ({ kind: 'published' });
  afterwards: () => Promise<void> = () => Promise.resolve();

  async publish(messages: readonly OutgoingMessage[]): Promise<PublishOutcome[]> {
    this.batches += 1;
    const outcomes = messages.map((message) => this.answer(message));
    messages.forEach(({ id }, at) => {
      if (outcomes[at]?.kind === 'published') this.taken.push(id);
    });
    await this.afterwards();
    return outcomes;
  }
}

const logger = pino({ level: 'silent' });
let place: FreshDatabase;
let database: Database;
let stream: Stream;
let relay: OutboxRelay;

beforeAll(async () => {
  place = await freshDatabase();
});

beforeEach(async () => {
  database = await openDatabase({ url: place.url, service: 'orders', migrations: [] });
  await database.query('TRUNCATE inbox, outbox, exception, dead_letter');
  stream = new Stream();
  relay = new OutboxRelay(database, stream, logger);
});

afterEach(async () => {
  await relay.stop();
  await database.close();
});
afterAll(() => place.drop());

const anOrder = () => Object.assign(new OrderChanged(), { orderId: randomUUID() });

const send = (count = 1) =>
  database.inTransaction(async (tx) => tx.send(Array.from({ length: count }, anOrder)));

const unpublished = async () =>
  (await database.query('SELECT message_id FROM outbox WHERE published_at IS NULL')).map(
    (row) => row.message_id,
  );

describe('the relay', () => {
  it('does not wait for the disk to mark, while who sends does', async () => {
    const waits = async () => {
      const [row] = await database.query<{ synchronous_commit: string }>('SHOW synchronous_commit');
      return row?.synchronous_commit;
    };
    await database.query('ALTER ROLE CURRENT_USER SET synchronous_commit = on');
    await database.close();
    database = await openDatabase({ url: place.url, service: 'orders', migrations: [] });
    relay = new OutboxRelay(database, stream, logger);
    const seen: unknown[] = [];
    stream.afterwards = async () => {
      seen.push(await waits());
    };
    await database.inTransaction(async (tx) => {
      seen.push(await waits());
      tx.send([anOrder()]);
    });
    await relay.pass();
    seen.push(await waits());
    expect(seen).toEqual(['on', 'off', 'on']);
    await database.query('ALTER ROLE CURRENT_USER RESET synchronous_commit');
  });

  it('is woken by a commit and publishes in order', async () => {
    relay.start();
    const first = await send(3);
    const second = await send(2);
    await eventually(() => expect(stream.taken).toEqual([...first, ...second]));
    await eventually(async () => expect(await unpublished()).toEqual([]));
    expect(relay.published).toBe(5);
  });

  it('finds what another process left, without being woken', async () => {
    const [id] = await send();
    relay.start();
    await eventually(() => expect(stream.taken).toEqual([id]));
  });

  it('publishes again what it had not marked when it died', async () => {
    const ids = await send(2);
    const other = await openDatabase({ url: place.url, service: 'orders', migrations: [] });
    stream.afterwards = async () => {
      await other.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND state = 'idle in transaction'`,
      );
    };
    await expect(relay.pass()).rejects.toMatchObject({ code: 'database-unavailable' });
    await other.close();
    expect(await unpublished()).toEqual(ids);
    stream.afterwards = () => Promise.resolve();
    await relay.pass();
    expect(stream.taken).toEqual([...ids, ...ids]);
    expect(await unpublished()).toEqual([]);
  });

  it('does not skip a transaction that commits after later ones', async () => {
    let commit = (): void => undefined;
    let late = '';
    const begun = new Promise<void>((resolve) => {
      void database.inTransaction(async (tx) => {
        // Takes its number now and commits last.
        await tx.query(
          `INSERT INTO outbox (message_id, subject, headers, payload)
           VALUES ('late', 'evt.orders.order-changed.v1', '{}', '{}')`,
        );
        late = 'late';
        resolve();
        await new Promise<void>((go) => (commit = go));
      });
    });
    await begun;
    const [early] = await send();
    await relay.pass();
    expect(stream.taken).toEqual([early]);
    commit();
    await eventually(async () => {
      await relay.pass();
      expect(stream.taken).toEqual([early, late]);
    });
  });

  it('shares the rows with another process: none is published by both', async () => {
    const other = new OutboxRelay(database, stream, logger);
    const ids = await send(1_200);
    // The first has published and not yet committed: the moment when another may come.
    let publishedByFirst = (): void => undefined;
    let goOn = (): void => undefined;
    const published = new Promise<void>((resolve) => (publishedByFirst = resolve));
    const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
    stream.afterwards = () => {
      stream.afterwards = () => Promise.resolve();
      publishedByFirst();
      return mayGoOn;
    };
    const first = relay.pass();
    await published;
    const second = await other.pass();
    goOn();
    expect([(await first).taken, second.taken]).toEqual([1_000, 200]);
    expect([...stream.taken].sort()).toEqual([...ids].sort());
  });

  it('loses and doubles nothing when one of several dies in the middle', async () => {
    const ids = await send(2_500);
    const processes = await Promise.all(
      Array.from({ length: 3 }, () =>
        openDatabase({ url: place.url, service: 'orders', migrations: [] }),
      ),
    );
    const streams = processes.map(() => new Stream());
    // The first one dies after the stream took its batch, and before it could mark it.
    streams[0]!.afterwards = async () => {
      await processes[0]!.close().catch(() => undefined);
      throw new Error('killed');
    };
    const relays = processes.map((each, at) => new OutboxRelay(each, streams[at]!, logger));
    const dying = relays[0]!.pass();
    await expect(dying).rejects.toThrow();
    for (const each of relays.slice(1)) each.start();
    await eventually(async () => expect(await unpublished()).toEqual([]));
    await Promise.all(relays.slice(1).map((each) => each.stop()));
    await Promise.all(processes.slice(1).map((each) => each.close()));
    const given = streams.map(({ taken }) => taken);
    expect([...new Set(given.flat())].sort()).toEqual([...ids].sort());
    // Only what the dead one had not marked was given twice, under the same ids.
    const twice = given.flat().filter((id, at, all) => all.indexOf(id) !== at);
    expect(twice.sort()).toEqual([...given[0]!].sort());
    expect(twice).toHaveLength(1_000);
  });

  it('is not held up by the dead index entries of messages gone by', async () => {
    let nowMs = 0;
    const floored = new OutboxRelay(database, stream, logger, new ClaimFloor(() => nowMs));
    await database.query('ALTER TABLE outbox SET (autovacuum_enabled = false)');
    await database.query(
      `INSERT INTO outbox (message_id, subject, headers, payload)
       SELECT 'gone-' || n, 'evt.orders.order-changed.v1', '{}', '{}' FROM generate_series(1, 30000) n`,
    );
    await database.query('UPDATE outbox SET published_at = now(), first_published_at = now()');
    for (; nowMs <= 6_000; nowMs += 500) {
      await send();
      await floored.pass();
    }
    const from = floored.lowest();
    const pagesFrom = async (sequence: bigint | number): Promise<number> => {
      const [row] = await database.query(
        `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT sequence FROM outbox
          WHERE published_at IS NULL AND parked_at IS NULL AND sequence >= ${sequence}
          ORDER BY sequence LIMIT 1000`,
      );
      return row['QUERY PLAN'][0].Plan['Shared Hit Blocks'];
    };
    expect(await pagesFrom(from)).toBeLessThan(10);
    expect(await pagesFrom(0)).toBeGreaterThan(50);
    await database.query('ALTER TABLE outbox RESET (autovacuum_enabled)');
  });

  it('finds a late commit also when it looks from further up', async () => {
    let nowMs = 0;
    const floored = new OutboxRelay(database, stream, logger, new ClaimFloor(() => nowMs));
    const [row] = await database.query(
      `INSERT INTO outbox (message_id, subject, headers, payload, parked_at)
       VALUES ('late', 'evt.orders.order-changed.v1', '{}', '{}', now()) RETURNING sequence`,
    );
    for (; nowMs <= 6_000; nowMs += 500) {
      await send();
      await floored.pass();
    }
    expect(floored.lowest()).toBeGreaterThan(BigInt(row.sequence));
    await database.query('UPDATE outbox SET parked_at = NULL');
    await floored.pass();
    expect(stream.taken).not.toContain('late');
    nowMs += 1_000;
    await floored.pass();
    expect(stream.taken).toContain('late');
  });

  it('parks a row that is refused again and again, and the others go on', async () => {
    const [poison, ...others] = await send(4);
    stream.answer = ({ id }) =>
      id === poison ? { kind: 'refused', reason: 'too large' } : { kind: 'published' };
    for (let tries = 0; tries < 8; tries += 1) {
      await relay.pass();
      await database.query('UPDATE outbox SET next_attempt_at = NULL');
    }
    expect(stream.taken.filter((id) => id !== poison)).toEqual(expect.arrayContaining(others));
    const [row] = await database.query('SELECT * FROM outbox WHERE message_id = $1', [poison]);
    expect(row).toMatchObject({ attempts: 8, error: 'too large', published_at: null });
    expect(row.parked_at).not.toBeNull();
    expect(await database.query('SELECT code, subject FROM exception')).toEqual([
      { code: 'message-dead-lettered', subject: poison },
    ]);
    const next = await send();
    await relay.pass();
    expect(stream.taken).toEqual(expect.arrayContaining(next));
    expect(await readFigures(database, 0)).toMatchObject({ outboxParked: 1, outboxPending: 0 });
  });

  it('counts no try while the road is closed', async () => {
    const ids = await send(3);
    stream.answer = () => ({ kind: 'unavailable', reason: 'no server' });
    for (let tries = 0; tries < 20; tries += 1) expect((await relay.pass()).open).toBe(false);
    stream.answer = () => ({ kind: 'published' });
    await relay.pass();
    expect(stream.taken).toEqual(ids);
  });

  it('lets a closed road cost little', async () => {
    stream.answer = () => ({ kind: 'unavailable', reason: 'no server' });
    relay.start();
    for (let times = 0; times < 30; times += 1) {
      await send();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(stream.batches).toBeLessThan(12);
  });
});
