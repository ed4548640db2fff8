import { FAULTS, FaultDice } from '../wire/fault-dice.js';
import { createWorld } from '../wire/simulated-world.js';
import { STORE, SquareCaller } from './testing/square-caller.js';

describe('the door of the simulated Square', () => {
  const open: SquareCaller[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((square) => square.stop()));
  });

  async function aSquare(
    options: ConstructorParameters<typeof SquareCaller>[0] = {},
  ): Promise<SquareCaller> {
    const square = new SquareCaller(options);
    await square.start();
    open.push(square);
    return square;
  }

  it('wants the token, the version, and nothing that does not exist', async () => {
    const square = await aSquare();
    const wrong = await square.call('GET', '/v2/locations', undefined, {
      authorization: 'Bearer x',
    });
    expect(wrong).toMatchObject({
      status: 401,
      body: { errors: [{ category: 'AUTHENTICATION_ERROR', code: 'UNAUTHORIZED' }] },
    });
    const old = await square.call('GET', '/v2/locations', undefined, {
      'square-version': '2020-01-01',
    });
    expect(old.body.errors).toMatchObject([{ code: 'API_VERSION_INCOMPATIBLE' }]);
    const asked = await square.call('GET', '/v2/locations?page=2');
    expect(asked.body.errors).toMatchObject([{ code: 'UNKNOWN_QUERY_PARAMETER' }]);
    expect((await square.call('GET', '/v2/nothing')).status).toBe(404);
    const fine = await square.call('GET', '/v2/locations');
    expect(fine.body.locations).toMatchObject([{ id: STORE }, { id: 'LSTORE2' }]);
  });

  it('lets in a burst and then so many a second', async () => {
    let nowMs = 1_700_000_000_000;
    const world = createWorld({ seed: 1, now: () => nowMs });
    const square = await aSquare({ world, requestsPerSecond: 10, burst: 3 });
    const statuses: number[] = [];
    for (let call = 0; call < 5; call += 1) {
      statuses.push((await square.call('GET', '/v2/locations')).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    nowMs += 100;
    expect((await square.call('GET', '/v2/locations')).status).toBe(200);
    const refused = await square.call('GET', '/v2/locations');
    expect(refused.body.errors).toMatchObject([
      { category: 'RATE_LIMIT_ERROR', code: 'RATE_LIMITED' },
    ]);
  });

  it('lists the catalogue page by page, items and variations', async () => {
    const square = await aSquare();
    for (let item = 0; item < 120; item += 1) {
      square.sim.addVariation({ sku: `S${item}`, name: `Item ${item}`, priceMinor: 1, stock: {} });
    }
    const first = await square.call('GET', '/v2/catalog/list?types=ITEM_VARIATION');
    const cursor = encodeURIComponent(first.body.cursor as string);
    const second = await square.call(
      'GET',
      `/v2/catalog/list?types=ITEM_VARIATION&cursor=${cursor}`,
    );
    const skus = [...first.body.objects, ...second.body.objects].map(
      (object: { item_variation_data: { sku: string } }) => object.item_variation_data.sku,
    );
    expect(new Set(skus).size).toBe(120);
    expect(second.body.cursor).toBeUndefined();
    const other = await square.call('GET', `/v2/catalog/list?types=ITEM&cursor=${cursor}`);
    expect(other.body.errors).toMatchObject([{ code: 'INVALID_CURSOR' }]);
    const found = await square.post('/v2/catalog/search', {
      object_types: ['ITEM_VARIATION'],
      query: { set_query: { attribute_name: 'sku', attribute_values: ['S7', 'S8', 'none'] } },
    });
    expect(found.body.objects).toHaveLength(2);
  });

  it('takes customers, duplicates too, and finds them by reference', async () => {
    const square = await aSquare();
    square.sim.addCustomer({ referenceId: 'c-1', companyName: 'Harbour Cafe', email: 'a@b.test' });
    const again = { reference_id: 'c-1', company_name: 'Harbour Cafe' };
    expect((await square.post('/v2/customers', again)).status).toBe(200);
    expect((await square.post('/v2/customers', {})).status).toBe(400);
    const found = await square.post('/v2/customers/search', {
      query: { filter: { reference_id: { exact: 'c-1' } } },
    });
    expect(found.body.customers).toHaveLength(2);
    expect((await square.call('GET', '/v2/customers?limit=1')).body.customers).toHaveLength(1);
  });

  it('has written down every call, and what was refused', async () => {
    const square = await aSquare();
    await square.call('GET', '/v2/locations');
    await square.post('/v2/orders', { order: { location_id: 'NOWHERE' } });
    expect(square.world.journal).toMatchObject([
      { vendor: 'square', call: 'read:locations', accepted: true },
      { call: 'orders.create', accepted: false, detail: { code: 'NOT_FOUND', status: 404 } },
    ]);
  });

  it('takes an order whose answer was lost only once', async () => {
    const rates = { ...FAULTS.off, timeoutAfterWrite: 0.2, error500: 0.2, throttle: 0.1 };
    const dice = new FaultDice(4, rates);
    const square = await aSquare({ world: { ...createWorld({ seed: 4 }), dice } });
    const mug = square.sim.addVariation({ sku: 'MUG', name: 'Mug', priceMinor: 5, stock: {} });
    for (let order = 1; order <= 10; order += 1) {
      let taken = false;
      for (let tries = 0; tries < 10 && !taken; tries += 1) {
        const answer = await square
          .post('/v2/orders', {
            idempotency_key: `k${order}`,
            order: {
              location_id: STORE,
              line_items: [{ catalog_object_id: mug, quantity: String(order) }],
            },
          })
          .catch(() => ({ status: 0 }));
        taken = answer.status === 200;
      }
      expect(taken).toBe(true);
    }
    expect(dice.counts.timeoutAfterWrite).toBeGreaterThan(0);
    expect(dice.counts.error500).toBeGreaterThan(0);
    expect(square.sim.orders()).toHaveLength(10);
  });
});
