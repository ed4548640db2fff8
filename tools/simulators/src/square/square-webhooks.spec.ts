import { signWebhook } from './square-webhooks.js';
import { SIGNATURE_KEY, STORE, SquareCaller } from './testing/square-caller.js';

describe('webhooks of the simulated Square', () => {
  let square: SquareCaller;
  let mug: string;

  beforeEach(async () => {
    square = new SquareCaller();
    mug = square.sim.addVariation({
      sku: 'MUG',
      name: 'Mug',
      priceMinor: 500,
      stock: { [STORE]: 20 },
    });
    await square.start();
  });
  afterEach(() => square.stop());

  it('are signed over the registered URL and the body', () => {
    const body =
      '{"merchant_id":"MLDEMO01","type":"inventory.count.updated",' +
      '"event_id":"0d6c9b1e-7b51-4a38-9f5e-2f0f2a6f3c11","created_at":"2026-03-04T10:15:30.250Z",' +
      '"data":{"type":"inventory_counts","id":"5e0e2c52-7f2a-4a67-8f0c-8a8a1a0d9b77",' +
      '"object":{"inventory_counts":[{"calculated_at":"2026-03-04T10:15:30.101Z",' +
      '"catalog_object_id":"VARDEMO12PK","catalog_object_type":"ITEM_VARIATION",' +
      '"location_id":"LOCDEMO1","quantity":"36","state":"IN_STOCK"}]}}}';
    const url = 'https://hub.example.test/webhooks/square/acct-7';
    expect(signWebhook('sq-demo-signature-key-001', url, body)).toBe(
      'Jt4VYDt7tRs6So1xZwSslPnQ9SD4bWfYZX12yM97zOI=',
    );
  });

  it('tell of all counts of one sale at once, and the books know when they arrived', async () => {
    square.sim.addVariation({ sku: 'CUP', name: 'Cup', priceMinor: 1, stock: { [STORE]: 2 } });
    await square.listen('inventory.count.updated');
    square.sim.tillSale(STORE, [
      { sku: 'MUG', units: 5, priceMinor: 500 },
      { sku: 'CUP', units: 3, priceMinor: 1 },
    ]);
    expect(square.world.effects).toMatchObject([{ deliveredAtMs: null }]);
    const [webhook, ...others] = await square.delivered();
    expect(others).toEqual([]);
    expect(webhook?.event).toMatchObject({
      type: 'inventory.count.updated',
      data: {
        type: 'inventory_counts',
        object: { inventory_counts: [{ quantity: '15' }, { quantity: '-1' }] },
      },
    });
    expect(webhook?.headers['x-square-hmacsha256-signature']).toBe(
      signWebhook(SIGNATURE_KEY, square.hookUrl, webhook?.body ?? ''),
    );
    expect(square.world.effects).toMatchObject([{ deliveredAtMs: expect.any(Number) as number }]);
  });

  it('come again after a refusal, as the same event', async () => {
    await square.listen('inventory.count.updated');
    square.answerWith = 500;
    square.sim.receive(STORE, 'MUG', 1);
    while (square.webhooks.length === 0) await new Promise((soon) => setTimeout(soon, 5));
    square.answerWith = 200;
    const [first, second, ...others] = await square.delivered();
    expect(others).toEqual([]);
    expect(second?.body).toBe(first?.body);
    expect(first?.headers['square-retry-number']).toBeUndefined();
    expect(second?.headers['square-retry-number']).toBe('1');
  });

  it('follow an order through its life', async () => {
    await square.listen(
      'order.created',
      'order.updated',
      'order.fulfillment.updated',
      'payment.updated',
    );
    const order = await square.createOrder(mug, 2);
    await square.delivered();
    await square.pay(order);
    await square.delivered();
    square.sim.dispatch(order.id);
    const received = await square.delivered();
    const told = received.map(({ event }) => [
      event.type,
      (Object.values(event.data.object)[0] as { version?: number; status?: string }).version,
    ]);
    expect(told.toSorted()).toEqual([
      ['order.created', 1],
      ['order.fulfillment.updated', 3],
      ['order.updated', 2],
      ['order.updated', 3],
      ['payment.updated', undefined],
    ]);
    const moved = received.find(({ event }) => event.type === 'order.fulfillment.updated');
    expect(moved?.event.data.object.order_fulfillment_updated.fulfillment_update).toEqual([
      { fulfillment_uid: 'f1', old_state: 'PROPOSED', new_state: 'COMPLETED' },
    ]);
  });

  it('come as the subscription was changed', async () => {
    await square.listen('order.created');
    const path = '/v2/webhooks/subscriptions';
    const [{ id }] = (await square.call('GET', path)).body.subscriptions;
    const changed = await square.call('PUT', `${path}/${id}`, {
      subscription: { event_types: ['inventory.count.updated'] },
    });
    expect(changed.body.subscription).toMatchObject({ id, name: 'test' });
    square.sim.tillSale(STORE, [{ sku: 'MUG', units: 1, priceMinor: 500 }]);
    const types = (await square.delivered()).map(({ event }) => event.type);
    expect(types).toEqual(['inventory.count.updated']);
  });

  it('end with the subscription', async () => {
    await square.listen('inventory.count.updated');
    const { body } = await square.call('GET', '/v2/webhooks/subscriptions');
    expect(body.subscriptions).toHaveLength(1);
    await square.call('DELETE', `/v2/webhooks/subscriptions/${body.subscriptions[0].id}`);
    square.sim.receive(STORE, 'MUG', 1);
    expect(await square.delivered()).toEqual([]);
  });
});
