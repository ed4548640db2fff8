import { AvailabilityChanged, ConfigurationChanged, OrderAllocated } from '@tillbridge/contracts';
import { ConfigurationKeeper } from '@tillbridge/postgres';
import {
  ConfigurationInForce,
  type Configuration,
  type ConfigurationFile,
  type FoundConfiguration,
} from '@tillbridge/runtime';
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import {
  aCount,
  aDeduction,
  aLine,
  aMerchant,
  anOrder,
  ONLINE,
  SHOP,
  TILL,
  type InventoryUnderTest,
} from '../../test/inventory-under-test.js';
import { ComparedSystems } from '../../test/compared-systems.js';
import { SharedInventory } from '../../test/shared-inventory.js';
import { MerchantChanges } from './merchant-changes.js';

type Plain = ReturnType<typeof aMerchant>;

const shared = new SharedInventory();
let inventory: InventoryUnderTest;
let merchant: Plain;

/** A process of the service, with the file that it finds. */
class Process {
  found: FoundConfiguration | undefined;
  readonly inForce: ConfigurationInForce;
  readonly keeper: ConfigurationKeeper;

  constructor(configuration: Configuration) {
    const { database, channels, orders, clock } = inventory;
    this.inForce = new ConfigurationInForce(configuration);
    this.keeper = new ConfigurationKeeper({
      database,
      inForce: this.inForce,
      file: { look: async () => this.found } as unknown as ConfigurationFile,
      path: 'tillbridge.yaml',
      now: () => clock.now(),
      logger: pino({ level: 'silent' }),
    });
    channels.use(configuration);
    new MerchantChanges(this.keeper, channels, orders, clock).onModuleInit();
  }

  async finds(configuration: Configuration): Promise<void> {
    this.found = { configuration };
    await this.keeper.look();
    this.found = undefined;
  }
}

let hub: Process;

/** 24 A and 5 B in the north, 12 A in the south; the shop shows nothing of them yet. */
beforeEach(async () => {
  merchant = aMerchant();
  inventory = await shared.begin(merchant);
  hub = new Process(merchant);
  await hub.keeper.look();
  await inventory.deliver([
    aCount('A', 24, 0),
    aCount('B', 5, 0),
    aCount('A', 12, 0, { locationId: 'south' }),
  ]);
  for (const sku of ['A', 'B', 'CASE', 'KIT']) await inventory.channelShows(sku, 0, 1);
});
afterAll(() => shared.close());

function withProducts(change: Partial<Plain['products']>): Configuration {
  return { ...merchant, products: { ...merchant.products, ...change } };
}

function withLocations(
  change: (location: Plain['locations'][number]) => Plain['locations'][number][],
): Configuration {
  return { ...merchant, locations: merchant.locations.flatMap(change) };
}

const told = () => inventory.sent<ConfigurationChanged>(ConfigurationChanged);

describe('another file of the merchant', () => {
  it('is in force at once: a pack of another size shows other figures, and people are told', async () => {
    expect(await inventory.desired()).toMatchObject({ A: 36, CASE: 3 });
    await hub.finds(withProducts({ packs: [{ sku: 'CASE', of: 'A', units: 10 }] }));
    expect(await inventory.desired()).toMatchObject({ A: 36, CASE: 3 });
    await hub.finds(withProducts({ packs: [{ sku: 'CASE', of: 'A', units: 8 }] }));
    expect(await inventory.desired()).toMatchObject({ A: 36, CASE: 4 });
    expect((await told()).map(({ version, changes }) => [version, changes])).toEqual([
      [2, [aChange('pack-changed', 'CASE', '12 of A to 10 of A')]],
      [3, [aChange('pack-changed', 'CASE', '10 of A to 8 of A')]],
    ]);
    // The facts that come now are taken by it.
    await inventory.deliver([aCount('A', 16, 10)]);
    expect(await inventory.desired()).toMatchObject({ A: 28, CASE: 3 });
  });

  it('has what waits for a rise wait for a poll after it', async () => {
    inventory.nowMs += 1_000;
    await inventory.poll();
    inventory.nowMs += 1_000;
    await hub.finds(withProducts({ packs: [{ sku: 'CASE', of: 'A', units: 6 }] }));
    const sent = (await inventory.publish()).flatMap(({ items }) => items.map(({ sku }) => sku));
    expect(sent).toContain('A');
    expect(sent).not.toContain('CASE');
    inventory.nowMs += 1_000;
    await inventory.poll();
    const [batch] = await inventory.publish();
    expect(batch?.items).toMatchObject([{ sku: 'CASE', toUnits: 6 }]);
  });

  it('that is the same changes and tells nothing', async () => {
    const before = (await inventory.sent(AvailabilityChanged)).length;
    await hub.finds(structuredClone(merchant));
    expect(await told()).toEqual([]);
    expect(await inventory.sent(AvailabilityChanged)).toHaveLength(before);
  });

  it('closes a store: what it has is for sale no more', async () => {
    await hub.finds(withLocations((each) => (each.id === 'south' ? [] : [each])));
    expect(await inventory.desired()).toMatchObject({ A: 24, CASE: 2, KIT: 5 });
    const [{ changes }] = (await told()) as [ConfigurationChanged];
    expect(changes).toMatchObject([{ kind: 'location-closed', subject: 'south', restart: false }]);
  });

  it('adds a store: its goods are for sale when it is counted, and all is compared', async () => {
    const [north] = merchant.locations;
    const master = { connection: TILL, vendorLocationId: 'WEST' };
    const west = { ...north!, id: 'west', name: 'west', master };
    await hub.finds({ ...merchant, locations: [...merchant.locations, west] });
    expect(await inventory.desired()).toMatchObject({ A: 36 });
    await inventory.deliver([aCount('A', 4, 10, { locationId: 'west' })]);
    expect(await inventory.desired()).toMatchObject({ A: 40 });
    inventory.nowMs += 1_000;
    const { runs } = new ComparedSystems(inventory);
    const scopes = async () => {
      await runs.beginWhenDue();
      await runs.work();
      return inventory.database.query('select since from reconciliation_run');
    };
    await inventory.database.query(
      `insert into reconciliation_run (run_id, scope, asked_by, started_at, finished_at, complete)
       values ($1, 'all', 'schedule', $2, $2, true)`,
      [randomUUID(), new Date(inventory.nowMs - 2_000)],
    );
    expect(await scopes()).toEqual([{ since: null }, { since: null }]);
    expect(await scopes()).toHaveLength(2);
  });

  it('turns a store to another shelf: nothing of it is for sale until that was counted', async () => {
    const master = { connection: TILL, vendorLocationId: 'ANNEX' };
    const moved = withLocations((each) => [each.id === 'south' ? { ...each, master } : each]);
    await hub.finds(moved);
    expect(await inventory.desired()).toMatchObject({ A: 24 });
    // By the other shelf's clock it was counted before.
    await inventory.deliver([aCount('A', 7, -100, { locationId: 'south' })]);
    expect(await inventory.desired()).toMatchObject({ A: 31 });
    // Another process that finds the file takes nothing back.
    inventory.channels.use(merchant);
    const late = new Process(merchant);
    await late.finds(moved);
    expect(await inventory.desired()).toMatchObject({ A: 31 });
    expect(await told()).toHaveLength(1);
  });

  it('takes no late figure of the shelf that a store was before for one of the new shelf', async () => {
    const master = { connection: TILL, vendorLocationId: 'ANNEX' };
    await hub.finds(withLocations((each) => [each.id === 'south' ? { ...each, master } : each]));
    const counted = (units: number, second: number, vendorLocationId: string) =>
      Object.assign(aCount('A', units, second, { locationId: 'south' }), { vendorLocationId });
    // It was on its way while the file was taken over, and is younger than what the annex says.
    const late = inventory.deliver([counted(12, 50, 'SOUTH')]);
    await expect(late).rejects.toThrow("'till' counted 'SOUTH' for 'south', which is 'ANNEX' now");
    expect(await inventory.desired()).toMatchObject({ A: 24 });
    await inventory.deliver([counted(7, 10, 'ANNEX')]);
    expect(await inventory.desired()).toMatchObject({ A: 31 });
  });

  it('keeps back another buffer, of a store and of a SKU', async () => {
    await hub.finds(withLocations((each) => [{ ...each, bufferUnits: 2 }]));
    expect(await inventory.desired()).toMatchObject({ A: 32, B: 3, KIT: 3 });
    await hub.finds(withProducts({ bufferUnits: { A: 20 } } as Partial<Plain['products']>));
    expect(await inventory.desired()).toMatchObject({ A: 4, B: 5, CASE: 0, KIT: 2 });
  });

  it('feeds another place of a channel, and the place before is not ours to set any more', async () => {
    const annex = 'gid://shop/Location/2';
    const feeds = [{ connection: SHOP, vendorLocationId: annex }];
    await hub.finds(withLocations((each) => [{ ...each, feeds }]));
    await inventory.channelShows('A', 1, 1, { connectionId: SHOP, channelLocationId: annex });
    const rows = await inventory.database.query(
      `select channel_location_id as place, desired_units as desired from publication
        where sku = 'A' order by 1`,
    );
    expect(rows).toEqual([
      { place: ONLINE, desired: null },
      { place: annex, desired: 36 },
    ]);
  });

  it('lets an order have goods that it waited for', async () => {
    const lines = [aLine({ sku: 'BOX', orderedQuantity: 2 })];
    const orderId = randomUUID();
    await inventory.deliver([anOrder({ orderId, lines })]);
    const packs = [...merchant.products.packs, { sku: 'BOX', of: 'B', units: 2 }];
    await hub.finds(withProducts({ packs }));
    const allocated = await inventory.sent<OrderAllocated>(OrderAllocated);
    expect(allocated.map(({ unallocated }) => unallocated.length)).toEqual([1, 0]);
    expect(allocated[1]?.allocations).toMatchObject([
      { locationId: 'north', components: [{ sku: 'B', units: 4 }] },
    ]);
    expect(await inventory.desired()).toMatchObject({ B: 1 });
  });

  it('that this process took and could not keep leaves the one before in force', async () => {
    const full = new Error('the disk is full');
    const failing = { take: (): Promise<void> => Promise.reject(full) };
    hub.keeper.add(failing);
    const next = withProducts({ packs: [{ sku: 'CASE', of: 'A', units: 6 }] });
    await expect(hub.finds(next)).rejects.toThrow('the disk is full');
    expect(await inventory.desired()).toMatchObject({ CASE: 3 });
    await inventory.deliver([aCount('A', 36, 10)]);
    expect(await inventory.desired()).toMatchObject({ CASE: 4 });
    expect(await told()).toEqual([]);
    // Nobody is in the way any more: the next look tries again, without another change of the file.
    failing.take = () => Promise.resolve();
    await hub.keeper.look();
    expect(await inventory.desired()).toMatchObject({ CASE: 8 });
    expect(await told()).toHaveLength(1);
  });

  it('that was changed while nothing ran is taken at the start', async () => {
    const started = new Process(withProducts({ packs: [{ sku: 'CASE', of: 'A', units: 6 }] }));
    await started.keeper.look();
    expect(await inventory.desired()).toMatchObject({ CASE: 6 });
    expect(await told()).toMatchObject([{ version: 2 }]);
  });
});

describe('a SKU under another name', () => {
  const renamed = [{ from: 'A', to: 'ALPHA' }];
  const merchantAfter = () =>
    withProducts({
      renamed,
      packs: [{ sku: 'CASE', of: 'ALPHA', units: 12 }],
      kits: [],
    } as Partial<Plain['products']>);

  it('has the figures and the promises of the old one, and facts of either name', async () => {
    const orderId = randomUUID();
    const lines = [aLine({ sku: 'A', orderedQuantity: 3 })];
    await inventory.deliver([anOrder({ orderId, lines })]);
    await hub.finds(merchantAfter());
    await inventory.channelShows('ALPHA', 0, 1);
    expect(await inventory.desired()).toMatchObject({ A: 33, ALPHA: 33, CASE: 2 });
    const { locations } = await inventory.queries.stockOfSku({ sku: 'ALPHA' });
    expect(locations).toMatchObject([
      { locationId: 'north', onHandUnits: 24, committedUnits: 3 },
      { locationId: 'south', onHandUnits: 12, committedUnits: 0 },
    ]);
    // The master still says the old name, and its ledger has the deduction under it.
    const causes = [aDeduction(orderId, 3, 10)];
    await inventory.deliver([aCount('A', 21, 10, { causes })]);
    expect(await inventory.desired()).toMatchObject({ A: 33, ALPHA: 33 });
    await inventory.deliver([aCount('ALPHA', 20, 20)]);
    expect(await inventory.desired()).toMatchObject({ A: 32, ALPHA: 32 });
    // The order is seen again under its old name, with more.
    const more = [aLine({ sku: 'A', orderedQuantity: 5 })];
    await inventory.deliver([anOrder({ orderId, revision: 2, lines: more })]);
    expect(await inventory.desired()).toMatchObject({ A: 30, ALPHA: 30 });
  });

  it('is in the ledgers as it is in the figures', async () => {
    await inventory.deliver([
      anOrder({ orderId: randomUUID(), lines: [aLine({ sku: 'A', orderedQuantity: 3 })] }),
    ]);
    await hub.finds(merchantAfter());
    await inventory.channelShows('ALPHA', 0, 1);
    const { verification } = new ComparedSystems(inventory);
    const now = await verification.verify({ sku: 'ALPHA' });
    expect(now.shelves.map((each) => [each.onHandUnits, each.committedUnits])).toEqual([
      [24, 3],
      [12, 0],
    ]);
    expect(now.channels.find(({ sku }) => sku === 'ALPHA')).toMatchObject({ dueUnits: 33 });
  });

  it('that was made one with another keeps its own figure until the master tells the sum', async () => {
    await inventory.deliver([aCount('ALPHA', 2, -50)]);
    await hub.finds(merchantAfter());
    await inventory.channelShows('ALPHA', 0, 1);
    expect(await inventory.desired()).toMatchObject({ ALPHA: 14 });
    await inventory.deliver([aCount('ALPHA', 26, 10)]);
    expect(await inventory.desired()).toMatchObject({ ALPHA: 38 });
  });

  it('agrees with a master that still says the old one', async () => {
    await hub.finds(merchantAfter());
    const systems = new ComparedSystems(inventory);
    systems.tillSays('north', 'A', 24, 0);
    systems.tillSays('south', 'A', 12, 0);
    systems.tillSays('north', 'B', 5, 0);
    for (const [sku, units] of [
      ['A', 36],
      ['B', 5],
      ['CASE', 3],
      ['KIT', 0],
    ] as const) {
      await inventory.channelShows(sku, units, 2);
      systems.shopSays(sku, units);
    }
    const found = await systems.compare();
    expect(found).toEqual({ 'unmapped-sku': 1 });
    expect(await inventory.openExceptions()).toEqual([`sku-unmatched KIT at ${SHOP} ${ONLINE}`]);
  });
});

function aChange(kind: string, subject: string, text: string) {
  return { kind, subject, text, restart: false };
}
