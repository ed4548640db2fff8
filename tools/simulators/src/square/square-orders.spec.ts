import fc from 'fast-check';

import { spread } from './order-pricing.js';
import { STORE, SquareCaller } from './testing/square-caller.js';

describe('orders of the simulated Square', () => {
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

  it('are open, in version 1 and owing their total when created', async () => {
    const order = await square.createOrder(mug, 3);
    expect(order).toMatchObject({
      state: 'OPEN',
      version: 1,
      total_money: { amount: 1350, currency: 'GBP' },
      net_amount_due_money: { amount: 1350 },
      fulfillments: [{ uid: 'f1', state: 'PROPOSED' }],
    });
    expect(square.sim.count(STORE, 'MUG')).toBe(20);
  });

  it('come back as they were when the same request is sent again', async () => {
    const first = await square.createOrder(mug, 3);
    const second = await square.createOrder(mug, 3);
    expect(second).toEqual(first);
    expect(square.sim.orders()).toHaveLength(1);
    expect(square.world.journal.map(({ detail }) => detail)).toMatchObject([
      { replayed: false },
      { replayed: true },
    ]);
  });

  it('refuse a key that was used for something else', async () => {
    await square.createOrder(mug, 3);
    const again = await square.post('/v2/orders', {
      idempotency_key: `order-${mug}-3`,
      order: { location_id: STORE, line_items: [{ catalog_object_id: mug, quantity: '4' }] },
    });
    expect(again).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] },
    });
  });

  it('take every repeat for a new order when keys are ignored on purpose', async () => {
    const careless = new SquareCaller({ controls: { ignoreIdempotencyKeys: true } });
    const cup = careless.sim.addVariation({ sku: 'CUP', name: 'Cup', priceMinor: 1, stock: {} });
    await careless.start();
    await careless.createOrder(cup, 1);
    await careless.createOrder(cup, 1);
    expect(careless.sim.orders()).toHaveLength(2);
    await careless.stop();
  });

  it('spread a discount over lines and ad hoc lines to the cent', async () => {
    const order = await square.createOrder(mug, 1, {
      line_items: [
        { uid: 'a', catalog_object_id: mug, quantity: '1' },
        { uid: 'b', name: 'Postage', quantity: '1', base_price_money: pounds(250) },
        { uid: 'c', name: 'Card', quantity: '3', base_price_money: pounds(83) },
      ],
      discounts: [
        { uid: 'd', name: 'Order discount', type: 'FIXED_AMOUNT', amount_money: pounds(100) },
      ],
    });
    expect(order.total_money.amount).toBe(500 + 250 + 249 - 100);
    const parts = order.line_items.map((line: Line) => line.total_discount_money.amount);
    expect(parts.reduce((sum: number, part: number) => sum + part, 0)).toBe(100);
  });

  it.each([
    [{ reference_id: 'x'.repeat(41) }, 'VALUE_TOO_LONG', 'order.reference_id'],
    [{ ticket_name: 'x'.repeat(31) }, 'VALUE_TOO_LONG', 'order.ticket_name'],
    [{ metadata: { 'po number': '1' } }, 'VALUE_REGEX_MISMATCH', 'order.metadata'],
    [{ purchase_order: '1' }, 'UNKNOWN_BODY_PARAMETER', 'order.purchase_order'],
    [{ taxes: [] }, 'NOT_IMPLEMENTED', 'order.taxes'],
    [{ line_items: [{ quantity: '1' }] }, 'MISSING_REQUIRED_PARAMETER', 'order.line_items[0].name'],
    [
      { line_items: [{ catalog_object_id: 'NONE', quantity: '1' }] },
      'NOT_FOUND',
      'order.line_items[0].catalog_object_id',
    ],
    [
      { line_items: [{ name: 'x', quantity: '1.5', base_price_money: pounds(1) }] },
      'INVALID_VALUE',
      'order.line_items[0].quantity',
    ],
  ])('refuse %j with %s', async (more, code, field) => {
    const { status, body } = await square.post('/v2/orders', {
      idempotency_key: 'k',
      order: { location_id: STORE, ...more },
    });
    expect(status).toBe(code === 'NOT_FOUND' ? 404 : 400);
    expect(body.errors).toMatchObject([{ code, field }]);
    expect(square.sim.orders()).toEqual([]);
  });

  it('refuse an update of a version that is not the latest', async () => {
    const order = await square.createOrder(mug, 3);
    const rename = (version: number): Promise<{ status: number; body: unknown }> =>
      square.call('PUT', `/v2/orders/${order.id}`, {
        order: { version, ticket_name: `v${version}` },
      });
    expect(await rename(1)).toMatchObject({ status: 200, body: { order: { version: 2 } } });
    expect(await rename(1)).toMatchObject({
      status: 409,
      body: { errors: [{ code: 'VERSION_MISMATCH' }] },
    });
    expect(square.sim.orders()).toMatchObject([{ ticketName: 'v1' }]);
  });

  it('stay open when paid until what they ship is gone', async () => {
    const order = await square.createOrder(mug, 3);
    await square.pay(order);
    const paid = await square.call('GET', `/v2/orders/${order.id}`);
    expect(paid.body.order).toMatchObject({
      state: 'OPEN',
      version: 2,
      net_amount_due_money: { amount: 0 },
      tenders: [{ type: 'OTHER', amount_money: { amount: 1350 } }],
    });
    square.sim.dispatch(order.id, { carrier: 'DPD', trackingNumber: '15' });
    const gone = await square.call('GET', `/v2/orders/${order.id}`);
    expect(gone.body.order).toMatchObject({
      state: 'COMPLETED',
      version: 3,
      fulfillments: [
        { state: 'COMPLETED', shipment_details: { carrier: 'DPD', tracking_number: '15' } },
      ],
    });
    expect(square.sim.orders()).toMatchObject([
      { dispatchedAtMs: expect.any(Number) as number, createdByApi: true },
    ]);
  });

  it('are complete at payment when there is nothing to ship', async () => {
    const order = await square.createOrder(mug, 3, { fulfillments: [] });
    await square.pay(order);
    expect(square.sim.orders()).toMatchObject([{ state: 'COMPLETED' }]);
  });

  it('keep their lines once paid', async () => {
    const order = await square.createOrder(mug, 3);
    const update = (
      version: number,
      quantity: string,
    ): Promise<{ status: number; body: unknown }> =>
      square.call('PUT', `/v2/orders/${order.id}`, {
        order: { version, line_items: [{ uid: 'l1', quantity }] },
      });
    expect(await update(1, '2')).toMatchObject({
      body: { order: { total_money: { amount: 900 }, line_items: [{ uid: 'l1', quantity: '2' }] } },
    });
    await square.pay({ ...order, total_money: pounds(900) });
    expect(await update(3, '1')).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'BAD_REQUEST', field: 'order.line_items' }] },
    });
  });

  it('of the till have no version and take no update', async () => {
    const id = square.sim.tillSale(STORE, [{ sku: 'MUG', units: 1, priceMinor: 500 }]);
    const { body } = await square.call('GET', `/v2/orders/${id}`);
    expect(body.order).toMatchObject({ state: 'COMPLETED', total_money: { amount: 500 } });
    expect(body.order).not.toHaveProperty('version');
    const update = await square.call('PUT', `/v2/orders/${id}`, {
      order: { version: 1, ticket_name: 'x' },
    });
    expect(update.status).toBe(400);
  });

  it('of the till may hold what is no stock', async () => {
    square.sim.tillSale(STORE, [
      { sku: 'MUG', units: 2, priceMinor: 500 },
      { sku: null, title: 'Postage', units: 1, priceMinor: 300 },
    ]);
    square.sim.tillReturn(STORE, [{ sku: null, title: 'Goodwill', units: 1, priceMinor: 100 }]);
    expect(square.sim.orders()).toMatchObject([
      {
        totalMinor: 1300,
        lines: [
          { sku: 'MUG', units: 2 },
          { sku: null, name: 'Postage' },
        ],
      },
      { totalMinor: 0, createdByApi: false },
    ]);
    expect(square.world.effects).toMatchObject([{ lines: [{ sku: 'MUG', units: -2 }] }]);
  });

  it('are found by when they changed, page by page', async () => {
    const ids = new Set<string>();
    for (let sale = 0; sale < 5; sale += 1) {
      ids.add(square.sim.tillSale(STORE, [{ sku: 'MUG', units: 1, priceMinor: 500 }]));
    }
    const query = {
      filter: { date_time_filter: { updated_at: { start_at: '2020-01-01T00:00:00Z' } } },
      sort: { sort_field: 'UPDATED_AT', sort_order: 'ASC' },
    };
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await square.post('/v2/orders/search', {
        location_ids: [STORE],
        limit: 2,
        query,
        cursor,
      });
      found.push(...page.body.orders.map(({ id }: { id: string }) => id));
      cursor = page.body.cursor as string | undefined;
    } while (cursor !== undefined);
    expect(new Set(found)).toEqual(ids);
    expect(found).toHaveLength(5);
    const unsorted = await square.post('/v2/orders/search', {
      location_ids: [STORE],
      query: { ...query, sort: { sort_field: 'CREATED_AT' } },
    });
    expect(unsorted.status).toBe(400);
  });
});

describe('a sum that is spread', () => {
  it('comes out whole, and no part is more than its weight', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, noNaN: true }), (of, share) => {
        const sum = of.reduce((total, weight) => total + weight, 0);
        const whole = Math.floor(sum * share);
        const parts = spread(whole, of);
        expect(parts.reduce((total, part) => total + part, 0)).toBe(whole);
        parts.forEach((part, index) => expect(part).toBeLessThanOrEqual(of[index] ?? 0));
      }),
    );
  });
});

interface Line {
  total_discount_money: { amount: number };
}

function pounds(amount: number): { amount: number; currency: string } {
  return { amount, currency: 'GBP' };
}
