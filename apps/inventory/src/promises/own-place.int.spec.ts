import { AdjustChannelStock, AdjustStock, type StockCause } from '@tillbridge/contracts';
import type { Configuration } from '@tillbridge/runtime';
import { randomUUID } from 'node:crypto';
import {
  aCount,
  aLine,
  aMerchant,
  anOrder,
  at,
  SHOP,
  type InventoryUnderTest,
} from '../../test/inventory-under-test.js';
import { SharedInventory } from '../../test/shared-inventory.js';

const shared = new SharedInventory();
/** A counter where the shop sells by its own point of sale. */
const COUNTER = 'gid://shop/Location/9';
const AT_COUNTER = { connectionId: SHOP, channelLocationId: COUNTER };

let inventory: InventoryUnderTest;
let orderId: string;

beforeEach(async () => {
  const merchant = aMerchant({ locations: ['north'], retailOrders: 'separate-location' });
  const counter = {
    id: 'counter',
    name: 'Counter',
    master: { connection: SHOP, vendorLocationId: COUNTER },
    feeds: [],
    bufferUnits: 0,
    promisedGoodsAreSetAside: false,
  };
  const locations = [...merchant.locations, counter];
  inventory = await shared.begin({ ...merchant, locations } as Configuration);
  orderId = randomUUID();
  await inventory.deliver([aCount('A', 20, 0)]);
  await shelf('A', 30, 1);
});
afterAll(() => shared.close());

/** The shop's own figure of its counter. */
async function shelf(sku: string, units: number, second: number, causes: StockCause[] = []) {
  const count = aCount(sku, units, second, { locationId: 'counter', causes });
  await inventory.deliver([Object.assign(count, { connectionId: SHOP })]);
}

function soldAtCounter(sku: string, quantity: number, change: object = {}) {
  const sold = { orderedQuantity: quantity, fulfilledQuantity: quantity };
  const lines = [aLine({ sku, ...sold, channelLocationId: COUNTER })];
  return anOrder({ orderId, trade: false, paymentMethod: 'card', lines, ...change });
}

async function counter() {
  const { locations } = await inventory.queries.stockOfSku({ sku: 'A' });
  const own = locations.find(({ locationId }) => locationId === 'counter');
  return [own?.onHandUnits, own?.committedUnits];
}

describe('at a Shopify POS location', () => {
  it('the figure is the platform’s own: its orders are in it from the beginning, and it is never set', async () => {
    await inventory.channelShows('A', 30, 1, AT_COUNTER);
    await inventory.deliver([soldAtCounter('A', 4)]);
    expect(await counter()).toEqual([30, 0]);
    await shelf('A', 26, 5);
    expect(await counter()).toEqual([26, 0]);
    await inventory.poll();
    expect(await inventory.publish()).toEqual([]);
    expect(await inventory.sent(AdjustChannelStock)).toEqual([]);
    expect(await inventory.openExceptions()).toEqual([]);
  });

  it('a pack is told what the shelf makes, and its units are taken out once for each that is sold', async () => {
    await inventory.channelShows('CASE', 0, 1, AT_COUNTER);
    inventory.nowMs += 1_000;
    await inventory.poll();
    const [told] = await inventory.publish();
    expect(told?.items).toEqual([
      { channelLocationId: COUNTER, sku: 'CASE', fromUnits: 0, toUnits: 2 },
    ]);
    await inventory.accept(told!, 2);
    // The shop sells one case: its figure of cases falls by itself, that of units does not.
    await inventory.deliver([soldAtCounter('CASE', 1)]);
    await inventory.channelShows('CASE', 1, 3, AT_COUNTER);
    await inventory.deliver([soldAtCounter('CASE', 1, { revision: 2 })]);
    expect(await counter()).toEqual([30, 12]);
    const [adjustment, ...more] = await inventory.sent(AdjustChannelStock);
    expect(more).toEqual([]);
    expect(adjustment).toMatchObject({
      connectionId: SHOP,
      locationId: 'counter',
      changes: [{ sku: 'A', units: -12 }],
    });
    const causeId = adjustment!.adjustmentId;
    const cause = { causeId, kind: 'retail-dispatch' as const, orderId, units: -12, at: at(6) };
    await shelf('A', 18, 6, [cause]);
    expect(await counter()).toEqual([18, 0]);
    expect(await inventory.desired()).toEqual({ CASE: 1 });
    expect(await inventory.publish()).toEqual([]);
    expect(await inventory.sent(AdjustStock)).toEqual([]);
  });

  it('the units of a pack that was given back are for people to put on the shelf', async () => {
    await inventory.deliver([soldAtCounter('CASE', 1)]);
    const [adjustment] = await inventory.sent(AdjustChannelStock);
    const causeId = adjustment!.adjustmentId;
    const cause = { causeId, kind: 'retail-dispatch' as const, orderId, units: -12, at: at(6) };
    await shelf('A', 18, 6, [cause]);
    await inventory.deliver([soldAtCounter('CASE', 1, { revision: 2, status: 'cancelled' })]);
    expect(await inventory.openExceptions()).toEqual([`restock-pending ${orderId}`]);
    expect(await counter()).toEqual([18, 0]);
  });
});
