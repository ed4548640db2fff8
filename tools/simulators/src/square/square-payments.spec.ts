import { STORE, SquareCaller } from './testing/square-caller.js';

describe('payments of the simulated Square', () => {
  let square: SquareCaller;
  let mug: string;

  async function begin(options: ConstructorParameters<typeof SquareCaller>[0] = {}): Promise<void> {
    square = new SquareCaller(options);
    mug = square.sim.addVariation({
      sku: 'MUG',
      name: 'Mug',
      priceMinor: 500,
      stock: { [STORE]: 20 },
    });
    await square.start();
  }
  afterEach(() => square.stop());

  it('take the goods out of stock once, however often they are sent', async () => {
    await begin();
    const order = await square.createOrder(mug, 3);
    const first = await square.pay(order);
    const second = await square.pay(order);
    expect(second.body).toEqual(first.body);
    expect(square.sim.count(STORE, 'MUG')).toBe(17);
    const deductions = square.world.effects.filter(({ kind }) => kind === 'deduct');
    expect(deductions).toMatchObject([{ ref: order.id, lines: [{ sku: 'MUG', units: -3 }] }]);
  });

  it('refuse to pay an order a second time under another key', async () => {
    await begin();
    const order = await square.createOrder(mug, 3);
    await square.pay(order);
    expect((await square.pay(order, 'another')).status).toBe(400);
    expect(square.sim.count(STORE, 'MUG')).toBe(17);
  });

  it('must be what the order owes', async () => {
    await begin();
    const order = await square.createOrder(mug, 3);
    const short = await square.pay({ ...order, total_money: { amount: 1349, currency: 'GBP' } });
    expect(short).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'PAYMENT_AMOUNT_MISMATCH' }] },
    });
    expect(square.sim.count(STORE, 'MUG')).toBe(20);
  });

  it('of nothing are made without a payment', async () => {
    await begin();
    const free = await square.createOrder(mug, 2, {
      line_items: [
        { catalog_object_id: mug, quantity: '2', base_price_money: { amount: 0, currency: 'GBP' } },
      ],
    });
    expect(square.sim.count(STORE, 'MUG')).toBe(20);
    const paid = await square.post(`/v2/orders/${free.id}/pay`, { idempotency_key: 'p' });
    expect(paid).toMatchObject({ status: 200, body: { order: { state: 'OPEN' } } });
    expect(square.sim.count(STORE, 'MUG')).toBe(18);
  });

  it('that are only approved pay the order together', async () => {
    await begin();
    const order = await square.createOrder(mug, 3);
    const ids: string[] = [];
    for (const amount of [1_000, 350]) {
      const { body } = await square.post('/v2/payments', {
        source_id: 'EXTERNAL',
        idempotency_key: `part-${amount}`,
        amount_money: { amount, currency: 'GBP' },
        order_id: order.id,
        autocomplete: false,
        external_details: { type: 'OTHER', source: 'Voucher' },
      });
      ids.push(body.payment.id as string);
    }
    expect(square.sim.count(STORE, 'MUG')).toBe(20);
    const paid = await square.post(`/v2/orders/${order.id}/pay`, {
      idempotency_key: 'p',
      payment_ids: ids,
    });
    expect(paid.body.order.tenders).toHaveLength(2);
    expect(square.sim.count(STORE, 'MUG')).toBe(17);
  });

  it('can be voided by key before they are complete, and nothing can be voided too', async () => {
    await begin();
    const order = await square.createOrder(mug, 3);
    expect((await square.post('/v2/payments/cancel', { idempotency_key: 'none' })).status).toBe(
      200,
    );
    await square.pay(order, 'mine');
    expect((await square.post('/v2/payments/cancel', { idempotency_key: 'mine' })).status).toBe(
      400,
    );
  });

  it('deduct at dispatch instead, if the account does so', async () => {
    await begin({ deductOn: 'completed' });
    const order = await square.createOrder(mug, 3);
    await square.pay(order);
    expect(square.sim.count(STORE, 'MUG')).toBe(20);
    square.sim.dispatch(order.id);
    expect(square.sim.count(STORE, 'MUG')).toBe(17);
  });

  it('deduct twice when that is asked for as a control', async () => {
    await begin({ controls: { deductTwice: true } });
    await square.pay(await square.createOrder(mug, 3));
    expect(square.sim.count(STORE, 'MUG')).toBe(14);
    const { body } = await square.post('/v2/inventory/changes/batch-retrieve', {
      states: ['SOLD'],
    });
    const causes = body.changes.map((change: Change) => change.adjustment.transaction_id);
    expect(causes).toEqual([expect.any(String), undefined]);
  });

  it('are given back up to what was paid, and move no stock', async () => {
    await begin();
    const order = await square.createOrder(mug, 3);
    const { body } = await square.pay(order);
    const refund = (key: string, amount: number): Promise<{ status: number; body: unknown }> =>
      square.post('/v2/refunds', {
        idempotency_key: key,
        payment_id: body.payment.id,
        amount_money: { amount, currency: 'GBP' },
        reason: 'Cancelled',
      });
    expect(await refund('a', 1_000)).toMatchObject({ status: 200 });
    expect(await refund('a', 1_000)).toMatchObject({ status: 200 });
    expect(await refund('b', 351)).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'REFUND_AMOUNT_INVALID', category: 'REFUND_ERROR' }] },
    });
    expect(square.sim.orders()).toMatchObject([{ refundedMinor: 1_000 }]);
    expect(square.sim.count(STORE, 'MUG')).toBe(17);
  });
});

interface Change {
  adjustment: { transaction_id?: string };
}
