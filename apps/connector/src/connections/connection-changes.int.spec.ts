import type { ConfigurationKeeper, ConfigurationUser } from '@tillbridge/postgres';
import type { Configuration, ConfigurationInForce } from '@tillbridge/runtime';
import { eventually } from '@tillbridge/testing';
import { aReading, aVendor } from '../../test/a-vendor.js';
import { aConnection, ConnectorRig } from '../../test/connector-rig.js';
import type { Feed } from '../vendor.js';
import { ConnectionChanges } from './connection-changes.js';

let rig: ConnectorRig;
/** Each poll, as `<till's location>: <its mark>`, and when one was made to end. */
let polls: string[];
/** Holds the next poll until it is called. */
let letGo: (() => void) | undefined;

beforeAll(async () => {
  rig = await ConnectorRig.open();
});
beforeEach(async () => {
  await rig.stop();
  await rig.database.query('truncate entity, poll_mark, outbox');
  polls = [];
});
afterAll(() => rig.close());

interface Change {
  readonly place?: string;
  readonly pollSeconds?: number;
  readonly bufferUnits?: number;
}

function aConfiguration({ place = 'L1', pollSeconds = 1, bufferUnits = 0 }: Change = {}) {
  const master = { connection: 'till', vendorLocationId: place };
  return {
    connections: [aConnection({ pollSeconds })],
    locations: [{ id: 'shop', master, feeds: [], bufferUnits }],
    products: { packs: [], kits: [], renamed: [] },
  } as unknown as Configuration;
}

/** Reads one cart at each poll. */
function aTill({ locations }: Configuration) {
  const place = locations[0]?.master.vendorLocationId ?? '';
  const things: Feed = {
    name: 'things',
    everyMs: 20,
    minPauseMs: 10,
    async *poll(mark) {
      polls.push(`${place}: ${mark}`);
      if (letGo !== undefined) await new Promise<void>((go) => (letGo = go));
      yield { observations: [aReading('cart', 'A')], mark: 'read' };
      polls.push(`${place} ended`);
    },
  };
  return aVendor({ feeds: [things], mapped: { feeds: ['things'], kinds: ['thing'], refs: [] } });
}

/** A connector that works by this file, and has taken it in. */
async function aConnector(): Promise<ConfigurationUser> {
  const configuration = aConfiguration();
  const hosted = rig.host(aTill(configuration));
  const users: ConfigurationUser[] = [];
  new ConnectionChanges(
    { add: (user: ConfigurationUser) => users.push(user) } as unknown as ConfigurationKeeper,
    hosted,
    rig.database,
    (_, now) => aTill(now),
    { whole: configuration } as ConfigurationInForce,
  ).onModuleInit();
  await eventually(() => expect(polls).toContain('L1: read'));
  return users[0] as ConfigurationUser;
}

/** Waits until a poll is under way, which then goes on when what is returned is called. */
async function holdAPoll(): Promise<() => void> {
  const nobody = (): void => undefined;
  letGo = nobody;
  await eventually(() => expect(letGo).not.toBe(nobody));
  const go = letGo;
  letGo = undefined;
  return go;
}

const revisions = async () =>
  (await rig.sent('purchase-observed')).map(({ data }) => data.revision as number);

it('another place of the vendor is read from the beginning, and told, with no start between', async () => {
  const changes = await aConnector();
  expect(await revisions()).toEqual([1]);
  await changes.taken?.(aConfiguration({ place: 'L2' }));
  await eventually(() => expect(polls).toContain('L2: read'));
  expect(polls.find((poll) => poll.startsWith('L2'))).toBe('L2: null');
  expect(await revisions()).toEqual([1, 2]);
  expect(polls.slice(polls.indexOf('L2: null')).filter((poll) => poll.startsWith('L1'))).toEqual(
    [],
  );
});

it('what is under way comes to its end before anything is done by the new file', async () => {
  const changes = await aConnector();
  const end = await holdAPoll();
  const taken = changes.taken?.(aConfiguration({ place: 'L2' }));
  await rig.database.query('select pg_sleep(0.2)');
  expect(polls.some((poll) => poll.startsWith('L2'))).toBe(false);
  end();
  await taken;
  await eventually(() => expect(polls).toContain('L2: read'));
});

it('other settings go on where it was', async () => {
  const changes = await aConnector();
  await changes.taken?.(aConfiguration({ pollSeconds: 2 }));
  const before = polls.length;
  await eventually(() => expect(polls.length).toBeGreaterThan(before));
  expect(polls.filter((poll) => poll === 'L1: null')).toHaveLength(1);
  expect(await revisions()).toEqual([1]);
});

it('what is no matter of a connection leaves it alone', async () => {
  const changes = await aConnector();
  const end = await holdAPoll();
  // It would wait for the poll under way.
  await changes.taken?.(aConfiguration({ bufferUnits: 5 }));
  end();
});
