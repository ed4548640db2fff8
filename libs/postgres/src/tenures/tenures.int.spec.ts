import { eventually, freshDatabase, untilBlocked, type FreshDatabase } from '@tillbridge/testing';
import pg from 'pg';
import { pino } from 'pino';
import type { Database } from '../database/database.js';
import { openDatabase } from '../database/open-database.js';
import { Tenures, type Tenant } from './tenures.js';

const NAME = 'connection till';
const logger = pino({ level: 'silent' });

let place: FreshDatabase;
let database: Database;
let running: Tenures[];
/** Lets what holds a process up go on, whatever became of the test. */
let release: () => void;
let released: Promise<void>;

beforeAll(async () => {
  place = await freshDatabase();
  database = await openDatabase({ url: place.url, service: 'connector', migrations: [], pool: 1 });
});
beforeEach(() => {
  running = [];
  released = new Promise((resolve) => (release = resolve));
});
afterEach(async () => {
  release();
  await Promise.all(running.map((tenures) => tenures.stop()));
});
afterAll(async () => {
  await database.close();
  await place.drop();
});

/** As in a process of its own; what it does is noted. */
function aProcess(name: string, log: string[], ends: () => Promise<void> = async () => undefined) {
  const tenures = new Tenures(database, logger);
  const tenant: Tenant = {
    name: NAME,
    begin: () => void log.push(`${name} begins`),
    end: async () => {
      await ends();
      log.push(`${name} ends`);
    },
  };
  tenures.start([tenant]);
  running.push(tenures);
  return tenures;
}

/** The sessions that have asked for the lock since then, whatever they were told. */
async function askers(since = '-infinity'): Promise<number[]> {
  const rows = await database.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database()
        AND application_name = 'tillbridge-tenures' AND state = 'idle'
        AND query LIKE '%pg_try_advisory_lock%' AND query_start > $1`,
    [since],
  );
  return rows.map(({ pid }) => pid);
}

const untilAsked = (processes: number) =>
  eventually(async () => expect(await askers()).toHaveLength(processes));

/** Twice, so that what the answer to the first time led to has happened. */
async function untilAskedAgain(): Promise<void> {
  for (let times = 0; times < 2; times += 1) {
    const [{ now }] = await database.query('SELECT clock_timestamp()::text AS now');
    await eventually(async () => expect(await askers(now)).not.toEqual([]));
  }
}

async function breakSessions(): Promise<void> {
  for (const pid of await askers()) {
    await database.query('SELECT pg_terminate_backend($1)', [pid]);
  }
}

it('a second process begins when the first has ended, and not before', async () => {
  const log: string[] = [];
  const first = aProcess('first', log, () => released);
  await eventually(() => expect(log).toEqual(['first begins']));
  const second = aProcess('second', log);
  await untilAsked(2);
  const stopped = first.stop();
  await untilAskedAgain();
  expect(log).toEqual(['first begins']);
  release();
  await stopped;
  await eventually(() => expect(log).toEqual(['first begins', 'first ends', 'second begins']));
  expect([first.count, second.count]).toEqual([0, 1]);
});

it('a second process begins when the first is dead', async () => {
  const log: string[] = [];
  const first = aProcess('first', log, () => new Promise(() => undefined));
  await eventually(() => expect(log).toEqual(['first begins']));
  aProcess('second', log);
  await untilAsked(2);
  // A process that is killed ends nothing and asks for nothing; its session is gone.
  running.splice(running.indexOf(first), 1);
  void first.stop();
  await breakSessions();
  await eventually(() => expect(log).toEqual(['first begins', 'second begins']));
});

it('work goes on over a session that breaks while nobody else wants it', async () => {
  const log: string[] = [];
  const tenures = aProcess('first', log);
  await untilAsked(1);
  const [before] = await askers();
  await breakSessions();
  await eventually(async () => {
    const [after] = await askers();
    expect(after).toBeDefined();
    expect(after).not.toBe(before);
  });
  expect(log).toEqual(['first begins']);
  expect(tenures.count).toBe(1);
});

it('work ends when its session broke and another process was faster', async () => {
  const log: string[] = [];
  const tenures = aProcess('first', log);
  await eventually(() => expect(tenures.count).toBe(1));
  const other = new pg.Client({ connectionString: place.url });
  await other.connect();
  try {
    // It waits in line, so the lock is its the moment the session is gone.
    const key = [716_355, NAME];
    const locked = other.query('SELECT pg_advisory_lock($1, hashtext($2))', key);
    await untilBlocked(place.url, 1);
    await breakSessions();
    await locked;
    await eventually(() => expect(log).toEqual(['first begins', 'first ends']));
    expect(tenures.count).toBe(0);
  } finally {
    await other.end();
  }
  await eventually(() => expect(log.at(-1)).toBe('first begins'));
});
