import type { ConfigurationChanged } from '@tillbridge/contracts';
import {
  ConfigurationErrors,
  ConfigurationInForce,
  type Configuration,
  type ConfigurationFile,
  type FoundConfiguration,
} from '@tillbridge/runtime';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import { pino } from 'pino';
import type { Database } from '../database/database.js';
import { openDatabase } from '../database/open-database.js';
import { ConfigurationKeeper, type ConfigurationStep } from './configuration-keeper.js';

let fresh: FreshDatabase;
let database: Database;

beforeAll(async () => {
  fresh = await freshDatabase();
  database = await openDatabase({ url: fresh.url, service: 'orders', migrations: [] });
});
beforeEach(() => database.query('truncate configuration_taken, exception, outbox'));
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

function aConfiguration(change: { mode?: string; token?: string } = {}): Configuration {
  const { mode = 'observe', token = 'hush' } = change;
  return {
    currency: 'GBP',
    connections: [{ id: 'shop', vendor: 'shopify', mode, accessToken: token }],
    locations: [],
    products: { packs: [], kits: [], renamed: [] },
    tenders: [],
  } as unknown as Configuration;
}

/** A process that works by `own`, and by what it is shown. */
function aProcess(own: Configuration) {
  const inForce = new ConfigurationInForce(own);
  const steps: ConfigurationStep[] = [];
  const taken: Configuration[] = [];
  let found: FoundConfiguration | undefined;
  const keeper = new ConfigurationKeeper({
    database,
    inForce,
    file: { look: async () => found } as unknown as ConfigurationFile,
    path: '/etc/tillbridge/tillbridge.yaml',
    now: () => new Date(),
    logger: pino({ level: 'silent' }),
  });
  keeper.add({
    take: async (_, step) => void steps.push(step),
    taken: (configuration) => void taken.push(configuration),
  });
  const look = async (next?: FoundConfiguration): Promise<void> => {
    found = next;
    await keeper.look();
  };
  return { keeper, inForce, steps, taken, look };
}

async function told(): Promise<ConfigurationChanged[]> {
  const rows = await database.query<{ payload: string }>(
    `select payload from outbox where subject = 'evt.orders.configuration-changed.v1'
      order by sequence`,
  );
  return rows.map(({ payload }) => JSON.parse(payload) as ConfigurationChanged);
}

async function openExceptions(): Promise<string[]> {
  const rows = await database.query<{ subject: string; cause: string }>(
    'select subject, cause from exception where cleared_at is null',
  );
  return rows.map(({ subject, cause }) => `${subject}: ${cause}`);
}

it('the first start is the beginning: nothing has changed', async () => {
  const { look, steps } = aProcess(aConfiguration());
  await look();
  await look();
  expect([steps, await told()]).toEqual([[], []]);
});

it('a changed file is taken and told, and its credentials are nowhere', async () => {
  const { look, steps, inForce, taken } = aProcess(aConfiguration());
  await look();
  const next = aConfiguration({ mode: 'live', token: 'secret' });
  await look({ configuration: next });
  expect(steps).toMatchObject([{ kept: aKept('observe'), to: next }]);
  expect([inForce.whole, taken.at(-1)]).toEqual([next, next]);
  expect((await told()).map(({ changes }) => changes.map(({ kind }) => kind))).toEqual([
    ['connection-changed', 'credentials-changed'],
  ]);
  const [row] = await database.query('select * from configuration_taken');
  expect(JSON.stringify([row, await told()])).not.toMatch(/hush|secret/);
});

it('a file with mistakes leaves the one before in force, and people are told until one has none', async () => {
  const { look, inForce } = aProcess(aConfiguration());
  await look();
  const wrong = (message: string) =>
    new ConfigurationErrors('tillbridge.yaml', [{ path: 'currency', message }]);
  await look({ errors: wrong('is a code') });
  await look({ errors: wrong('is missing') });
  expect(inForce.whole).toEqual(aConfiguration());
  expect(await openExceptions()).toEqual([
    'tillbridge.yaml: tillbridge.yaml is not right:\n  currency: is missing',
  ]);
  await look({ configuration: aConfiguration() });
  expect(await openExceptions()).toEqual([]);
  expect(await told()).toEqual([]);
});

it('several processes of a service tell it once, and each brings up what it did before', async () => {
  const [one, other] = [aProcess(aConfiguration()), aProcess(aConfiguration())];
  await one.look();
  await other.look();
  const next = aConfiguration({ mode: 'live' });
  await one.look({ configuration: next });
  await other.look({ configuration: next });
  expect(other.steps).toEqual([{ kept: undefined, own: aConfiguration(), to: next }]);
  expect(await told()).toHaveLength(1);
});

it('what was begun and not committed is taken by the next look, or the next start', async () => {
  const before = aProcess(aConfiguration());
  await before.look();
  const kept: Configuration[] = [];
  before.keeper.add({
    take: () => Promise.reject(new Error('the process dies')),
    keep: (configuration) => void kept.push(configuration),
  });
  const next = aConfiguration({ mode: 'live' });
  await expect(before.look({ configuration: next })).rejects.toThrow('dies');
  expect([before.inForce.whole, kept]).toEqual([aConfiguration(), [aConfiguration()]]);
  const after = aProcess(next);
  await after.look();
  expect(after.steps).toMatchObject([{ kept: aKept('observe'), own: undefined }]);
  expect(await told()).toHaveLength(1);
});

function aKept(mode: string) {
  return { connections: [{ id: 'shop', mode }] };
}
