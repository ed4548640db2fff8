import type { StreamState } from '@tillbridge/runtime';
import { freshDatabase, untilBlocked, type FreshDatabase } from '@tillbridge/testing';
import type { Database } from '../database/database.js';
import { openDatabase } from '../database/open-database.js';
import { PostgresOutboxRebuild } from '../rebuild/postgres-outbox-rebuild.js';
import { PostgresStreamMemory } from './postgres-stream-memory.js';

let place: FreshDatabase;
let database: Database;
let now: Date;
let memory: PostgresStreamMemory;

beforeAll(async () => {
  place = await freshDatabase();
  database = await openDatabase({ url: place.url, service: 'orders', migrations: [] });
});

beforeEach(async () => {
  await database.query('TRUNCATE outbox, exception, stream_memory, outbox_rebuild');
  now = new Date(Date.now() - 3_600_000);
  memory = new PostgresStreamMemory(database, () => now);
});

afterAll(async () => {
  await database.close();
  await place.drop();
});

const see = (over: Partial<StreamState> = {}, by = memory) =>
  by.compare('EVENTS', () =>
    Promise.resolve({
      stream: 'EVENTS',
      created: 'A',
      firstSequence: 1,
      lastSequence: 100,
      lastAt: now.toISOString(),
      maxAgeMs: 86_400_000,
      ...over,
    }),
  );

const open = () =>
  database.query('SELECT code, subject, cause FROM exception WHERE cleared_at IS NULL');

it('tells once, over a restart of the process, that a stream was made anew', async () => {
  await see();
  const wholeAt = now.toISOString();
  now = new Date(now.getTime() + 30_000);
  const restarted = new PostgresStreamMemory(database, () => now);
  await see({ created: 'B', lastSequence: 3 }, restarted);
  await see({ created: 'B', lastSequence: 4 }, restarted);
  const [raised, ...others] = await open();
  expect(raised).toMatchObject({ code: 'stream-recreated', subject: 'EVENTS' });
  expect(raised.cause).toBe(
    `The stream EVENTS was made anew. It was last seen whole at ${wholeAt}, with messages up to ` +
      'number 100; now it ends with number 3.',
  );
  expect(others).toEqual([]);
});

it('says nothing of a stream that is whole, or cannot be seen', async () => {
  await see();
  await memory.compare('EVENTS', () => Promise.resolve(null));
  await see({ lastSequence: 150 });
  expect(await open()).toEqual([]);
});

it('raises no alarm when two processes look at the same time', async () => {
  const aState = (lastSequence: number): StreamState => ({
    stream: 'EVENTS',
    created: 'A',
    firstSequence: 1,
    lastSequence,
    lastAt: now.toISOString(),
    maxAgeMs: 86_400_000,
  });
  const elsewhere = await openDatabase({ url: place.url, service: 'orders', migrations: [] });
  const other = new PostgresStreamMemory(elsewhere, () => now);
  let second: Promise<void> | undefined;
  await memory.compare('EVENTS', async () => {
    const older = aState(110);
    second = other.compare('EVENTS', () => Promise.resolve(aState(120)));
    // The second one waits for us. If it does not, it has written what is newer than ours by now.
    await Promise.race([untilBlocked(place.url, 1), second]);
    return older;
  });
  await second;
  await elsewhere.close();
  expect(await open()).toEqual([]);
});

it('is content again after a rebuild from before the first loss, and not before', async () => {
  const rebuildSince = async (since: Date) => {
    const rebuild = new PostgresOutboxRebuild(database);
    await rebuild.begin(since);
    await rebuild.work();
  };
  await see();
  const wholeAt = now;
  now = new Date(now.getTime() + 30_000);
  await see({ created: 'B' });
  now = new Date(now.getTime() + 30_000);
  await see({ created: 'C' });
  await rebuildSince(new Date(wholeAt.getTime() + 1_000));
  expect(await open()).toHaveLength(1);
  await rebuildSince(wholeAt);
  expect(await open()).toEqual([]);
});
