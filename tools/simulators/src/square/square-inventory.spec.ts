import fc from 'fast-check';

import { InventoryBook } from './inventory-book.js';
import type { NewChange } from './inventory-book.js';
import { SquareClock, toSortable } from './square-clock.js';
import { SquareIds } from './square-ids.js';
import { OTHER_STORE, STORE, SquareCaller } from './testing/square-caller.js';

describe('stock in the simulated Square', () => {
  let square: SquareCaller;
  let mug: string;

  beforeEach(async () => {
    square = new SquareCaller();
    mug = square.sim.addVariation({
      sku: 'MUG',
      name: 'Mug',
      priceMinor: 500,
      stock: { [STORE]: 20, [OTHER_STORE]: 0 },
    });
    await square.start();
  });
  afterEach(() => square.stop());

  function adjust(change: Record<string, unknown>, key = 'k'): ReturnType<SquareCaller['post']> {
    return square.post('/v2/inventory/changes/batch-create', {
      idempotency_key: key,
      changes: [
        {
          type: 'ADJUSTMENT',
          adjustment: {
            catalog_object_id: mug,
            location_id: STORE,
            quantity: '4',
            occurred_at: new Date().toISOString(),
            from_state: 'IN_STOCK',
            to_state: 'SOLD',
            reference_id: 'ours-1',
            ...change,
          },
        },
      ],
    });
  }

  it('moves with every act in the store, each with its cause in the ledger', async () => {
    const sale = square.sim.tillSale(STORE, [{ sku: 'MUG', units: 5, priceMinor: 500 }]);
    square.sim.receive(STORE, 'MUG', 12);
    square.sim.waste(STORE, 'MUG', 1);
    square.sim.tillReturn(STORE, [{ sku: 'MUG', units: 2, priceMinor: 500 }]);
    // A caller dates by milliseconds, Square by microseconds.
    await new Promise((resolve) => setTimeout(resolve, 5));
    await adjust({});
    expect(square.sim.count(STORE, 'MUG')).toBe(20 - 5 + 12 - 1 + 2 - 4);
    const { body } = await square.post('/v2/inventory/changes/batch-retrieve', { limit: 10 });
    expect(body.changes.map((change: Change) => shortly(change))).toEqual([
      'NONE>IN_STOCK 20',
      `IN_STOCK>SOLD 5 by ${sale} SQUARE_POS`,
      'NONE>IN_STOCK 12',
      'IN_STOCK>WASTE 1',
      expect.stringMatching(/^UNLINKED_RETURN>IN_STOCK 2 by \w+ SQUARE_POS$/),
      'IN_STOCK>SOLD 4 ref ours-1 EXTERNAL_API',
    ]);
    expect(square.world.effects.map(({ kind, lines }) => [kind, lines[0]?.units])).toEqual([
      ['till-sale', -5],
      ['receipt', 12],
      ['waste', -1],
      ['till-return', 2],
      ['adjust', -4],
    ]);
  });

  it('shows counts newest first, and later than the changes they contain', async () => {
    square.sim.tillSale(STORE, [{ sku: 'MUG', units: 5, priceMinor: 500 }]);
    const counts = await square.post('/v2/inventory/counts/batch-retrieve', {
      catalog_object_ids: [mug],
      states: ['IN_STOCK'],
    });
    expect(counts.body.counts).toMatchObject([
      { location_id: STORE, quantity: '15' },
      { location_id: OTHER_STORE, quantity: '0' },
    ]);
    const ledger = await square.post('/v2/inventory/changes/batch-retrieve', {});
    const newest = ledger.body.changes.at(-1).adjustment.created_at as string;
    expect(counts.body.counts[0].calculated_at > newest).toBe(true);
    const since = await square.post('/v2/inventory/counts/batch-retrieve', {
      updated_after: counts.body.counts[1].calculated_at,
    });
    expect(since.body.counts).toHaveLength(1);
  });

  it('is what the last count says, whatever was sold offline before it', async () => {
    const beforeMs = Date.now() - 60_000;
    square.sim.recount(STORE, 'MUG', 8);
    square.sim.tillSale(STORE, [{ sku: 'MUG', units: 5, priceMinor: 500 }], beforeMs);
    expect(square.sim.count(STORE, 'MUG')).toBe(8);
    square.sim.tillSale(STORE, [{ sku: 'MUG', units: 1, priceMinor: 500 }]);
    expect(square.sim.count(STORE, 'MUG')).toBe(7);
    const { body } = await square.post('/v2/inventory/changes/batch-retrieve', {});
    const quantities = body.changes.map(
      (change: Change) => (change.adjustment ?? change.physical_count)?.quantity,
    );
    expect(quantities[0]).toBe('5');
    expect(square.world.effects.map(({ lines }) => lines[0]?.units)).toEqual([-12, 0, -1]);
  });

  it('is adjusted once for a key', async () => {
    const at = new Date().toISOString();
    await adjust({ occurred_at: at });
    const again = await adjust({ occurred_at: at });
    expect(again).toMatchObject({ status: 200, body: { counts: [{ quantity: '16' }] } });
    expect(square.sim.count(STORE, 'MUG')).toBe(16);
    expect((await adjust({ occurred_at: at, quantity: '5' })).status).toBe(400);
  });

  it.each([
    [{ to_state: 'RESERVED_FOR_SALE' }, 'INVALID_VALUE'],
    [{ quantity: '0' }, 'VALUE_TOO_LOW'],
    [{ occurred_at: new Date(Date.now() + 60_000).toISOString() }, 'INVALID_TIME'],
    [{ occurred_at: new Date(Date.now() - 25 * 3_600_000).toISOString() }, 'INVALID_TIME'],
    [{ occurred_at: 'yesterday' }, 'INVALID_TIME'],
    [{ location_id: 'NOWHERE' }, 'NOT_FOUND'],
    [{ from_location_id: STORE }, 'UNKNOWN_BODY_PARAMETER'],
  ])('stays as it is when %j is refused', async (change, code) => {
    expect((await adjust(change)).body.errors).toMatchObject([{ code }]);
    expect(square.sim.count(STORE, 'MUG')).toBe(20);
  });
});

describe('the ledger', () => {
  it('ends at the last count and what happened after it, whatever the order of arrival', () => {
    const happened = fc.array(
      fc.record({
        units: fc.integer({ min: 1, max: 9 }),
        kind: fc.constantFrom('in', 'out', 'count'),
        seed: fc.integer(),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(happened, (events) => {
        const changes = events.map(({ units, kind }, second) =>
          aChange(kind as 'in' | 'out' | 'count', units, second),
        );
        const shuffled = changes
          .map((change, index) => ({ change, seed: events[index]?.seed ?? 0 }))
          .toSorted((a, b) => a.seed - b.seed)
          .map(({ change }) => change);
        expect(countAfter(shuffled)).toBe(countAfter(changes));
      }),
    );
  });
});

describe('the clock of the account', () => {
  it('never gives the same time twice, and its texts sort', () => {
    const clock = new SquareClock(() => 1_000_000);
    const stamps = Array.from({ length: 2_000 }, () => clock.stamp());
    expect(stamps.toSorted()).toEqual(stamps);
    expect(new Set(stamps).size).toBe(2_000);
  });

  it('reads any form of a time', () => {
    expect(toSortable('2026-03-04T10:15:30Z')).toBe('2026-03-04T10:15:30.000000Z');
    expect(toSortable('2026-03-04T12:15:30.1234567+02:00')).toBe('2026-03-04T10:15:30.123456Z');
  });
});

function aChange(kind: 'in' | 'out' | 'count', units: number, second: number): NewChange {
  const origin = {
    variationId: 'V',
    locationId: STORE,
    units,
    product: 'SQUARE_POS' as const,
    occurredAt: toSortable(new Date(second * 1_000).toISOString()),
  };
  if (kind === 'count') return { type: 'PHYSICAL_COUNT', ...origin };
  const [from, to] =
    kind === 'in' ? (['NONE', 'IN_STOCK'] as const) : (['IN_STOCK', 'SOLD'] as const);
  return { type: 'ADJUSTMENT', from, to, ...origin };
}

function countAfter(changes: readonly NewChange[]): number {
  const book = new InventoryBook(new SquareClock(() => 1_000_000), new SquareIds(1));
  for (const change of changes) book.apply([change]);
  return book.count('V', STORE);
}

interface Change {
  adjustment?: {
    from_state: string;
    to_state: string;
    quantity: string;
    transaction_id?: string;
    reference_id?: string;
    source: { product: string };
  };
  physical_count?: { quantity: string };
}

function shortly({ adjustment }: Change): string {
  if (adjustment === undefined) return 'count';
  const { from_state, to_state, quantity, transaction_id: by, reference_id: ref } = adjustment;
  const cause = by === undefined ? (ref === undefined ? '' : ` ref ${ref}`) : ` by ${by}`;
  const product = cause === '' ? '' : ` ${adjustment.source.product}`;
  return `${from_state}>${to_state} ${quantity}${cause}${product}`;
}
