import type { EffectEvidence, Evidence, PosOrderEvidence, TradeEvidence } from './evidence.js';
import { judgeDay } from './judge-day.js';

const TENDERS: Evidence['tenderOf'] = {
  paymentOnAccount: { type: 'STORED_BALANCE', source: 'On Account' },
  paymentByInvoice: { type: 'OTHER', source: 'Invoice' },
  upfrontPayment: { type: 'CARD', source: 'Card' },
};

const aTrade = (trade: Partial<TradeEvidence> = {}): TradeEvidence => ({
  ref: 'r1',
  poNumber: 'PO-1',
  paymentType: 'paymentOnAccount',
  shopOrderName: '#1',
  live: true,
  totalMinor: 1200,
  lines: [{ sku: 'CASE', currentQuantity: 1, fulfilledQuantity: 1 }],
  reports: [{ trackingNumber: 'T1', units: new Map([['A', 12]]) }],
  hubState: 'closed',
  leftToPeople: false,
  shownAsSent: true,
  ...trade,
});

const aPosOrder = (order: Partial<PosOrderEvidence> = {}): PosOrderEvidence => ({
  id: 'p1',
  postingId: 'posting-1',
  store: 'high-street',
  poNumber: 'PO-1',
  poNumberShown: true,
  part: '',
  units: new Map([['A', 12]]),
  totalMinor: 1200,
  refundedMinor: 0,
  reversedUnits: new Map(),
  tenders: [TENDERS.paymentOnAccount],
  dispatched: true,
  trackingNumber: 'T1',
  cancelled: false,
  ...order,
});

/** A day with 20 + 0 on the shelves, one case of 12 sold and sent. */
const aDay = (day: Partial<Evidence> = {}): Evidence => ({
  products: [
    {
      sku: 'A',
      title: 'A',
      priceMinor: 1,
      opening: { 'high-street': 20, dockside: 0 },
      short: false,
    },
  ],
  assemblies: [
    { kind: 'case', sku: 'CASE', title: 'C', priceMinor: 1, components: [{ sku: 'A', units: 12 }] },
  ],
  trade: [aTrade()],
  retailSent: new Map(),
  retailWaiting: new Map(),
  posOrders: [aPosOrder()],
  shipments: [],
  purchasesWritten: 0,
  countOf: (store) => (store === 'high-street' ? 8 : 0),
  availableOf: (sku) => (sku === 'A' ? 8 : 0),
  effects: [],
  polls: [],
  outages: [],
  receivables: [{ orderName: '#1', amountMinor: 1200, state: 'open' }],
  tenderOf: TENDERS,
  ...day,
});

const anEffect = (effect: Partial<EffectEvidence>): EffectEvidence => ({
  atMs: 0,
  kind: 'promise',
  store: null,
  ref: null,
  units: new Map([['A', 1]]),
  deliveredAtMs: 0,
  vendor: 'shopify',
  ...effect,
});

describe('the oracle', () => {
  it('finds nothing wrong with a day that balances', () => {
    expect(judgeDay(aDay()).ok).toBe(true);
  });

  it('takes two parts of one order for what they are', () => {
    const halves = ['1/2', '2/2'].map((part) =>
      aPosOrder({ id: part, part, units: new Map([['A', 6]]), totalMinor: 600 }),
    );
    const { posOrders } = judgeDay(aDay({ posOrders: halves }));
    expect([posOrders.duplicated, posOrders.wrongUnits, posOrders.wrongCents]).toEqual([0, 0, 0]);
  });

  it('finds a POS order that is there twice', () => {
    const { posOrders } = judgeDay(aDay({ posOrders: [aPosOrder(), aPosOrder({ id: 'p2' })] }));
    expect(posOrders.duplicated).toBe(1);
    expect(posOrders.wrongUnits).toBe(1);
  });

  it('takes what was added after goods had left for what it is, and else for a double', () => {
    const both = (dispatched: boolean) =>
      judgeDay(
        aDay({
          posOrders: [
            aPosOrder({ dispatched }),
            aPosOrder({ id: 'p2', postingId: 'posting-2', dispatched: false }),
          ],
        }),
      ).posOrders.duplicated;
    expect([both(true), both(false)]).toEqual([0, 1]);
  });

  it('takes an order that was called off and made anew for one', () => {
    const voided = aPosOrder({
      id: 'p0',
      cancelled: true,
      refundedMinor: 1200,
      reversedUnits: new Map([['A', 12]]),
    });
    const { posOrders } = judgeDay(aDay({ posOrders: [voided, aPosOrder()] }));
    expect([posOrders.duplicated, posOrders.wrongUnits, posOrders.wrongCents]).toEqual([0, 0, 0]);
  });

  it('finds an order that never reached the POS', () => {
    expect(judgeDay(aDay({ posOrders: [] })).posOrders).toMatchObject({
      wrongUnits: 1,
      wrongCents: 1,
    });
  });

  it('finds a case posted as one unit, a lost cent, a wrong tender and a hidden PO number', () => {
    const wrong = aPosOrder({
      units: new Map([['A', 1]]),
      totalMinor: 1199,
      tenders: [TENDERS.upfrontPayment],
      poNumberShown: false,
    });
    expect(judgeDay(aDay({ posOrders: [wrong] })).posOrders).toMatchObject({
      wrongUnits: 1,
      wrongCents: 1,
      wrongTender: 1,
      missingPoNumber: 1,
    });
  });

  it('finds a shelf figure that nothing explains', () => {
    const { stock } = judgeDay(aDay({ countOf: (store) => (store === 'high-street' ? -4 : 0) }));
    expect(stock.mismatches).toContainEqual({ sku: 'A', where: 'pos', expected: 8, actual: -4 });
  });

  it('finds buyers told another figure than the shelves can serve', () => {
    const { stock } = judgeDay(aDay({ availableOf: (sku) => (sku === 'A' ? 20 : 0) }));
    expect(stock.mismatches).toEqual([{ sku: 'A', where: 'channel', expected: 8, actual: 20 }]);
  });

  it('finds goods that left and that the buyer is not told of', () => {
    expect(judgeDay(aDay({ trade: [aTrade({ shownAsSent: false })] })).fulfilment.missing).toEqual([
      '#1',
    ]);
  });

  describe('of an order that leaves in parts', () => {
    const open = aPosOrder({ dispatched: false, trackingNumber: null });
    const partly = (units: number, trade: Partial<TradeEvidence> = {}) =>
      judgeDay(
        aDay({
          posOrders: [open],
          shipments: [
            {
              ...{ poNumber: 'PO-1', posOrderId: 'p1', trackingNumber: 'T2' },
              units: new Map([['A', units]]),
            },
          ],
          trade: [
            aTrade({
              lines: [
                { sku: 'CASE', currentQuantity: 1, fulfilledQuantity: 0 },
                { sku: 'A', currentQuantity: 3, fulfilledQuantity: 2 },
              ],
              reports: [{ trackingNumber: 'T2', units: new Map([['A', 2]]) }],
              hubState: 'part-dispatched',
              shownAsSent: false,
              ...trade,
            }),
          ],
        }),
      ).fulfilment;
    const nothing = { missing: [], wrongTracking: [], wrongState: [] };

    it('lets what is no whole pack wait', () => {
      const case11 = { lines: [{ sku: 'CASE', currentQuantity: 2, fulfilledQuantity: 1 }] };
      expect(partly(12 + 11, case11)).toMatchObject({ ...nothing, waitingUnits: 11 });
      expect(partly(12 + 12, case11).missing).toEqual(['#1']);
      expect(partly(3).missing).toEqual(['#1']);
      expect(partly(2)).toMatchObject({ ...nothing, reported: 1, waitingUnits: 0 });
    });

    it('finds what buyers are told too much of', () => {
      expect(partly(1).missing).toEqual(['#1']);
      expect(partly(2, { shownAsSent: true }).missing).toEqual(['#1']);
    });

    it('finds a number that no parcel has, and a state that is not so', () => {
      const stray = [{ trackingNumber: 'T9', units: new Map([['A', 2]]) }];
      expect(partly(2, { reports: stray }).wrongTracking).toEqual(['#1']);
      expect(partly(2, { hubState: 'closed' }).wrongState).toEqual(['#1']);
      expect(judgeDay(aDay({ trade: [aTrade({ hubState: 'dispatched' })] })).ok).toBe(false);
    });
  });

  it('finds a dispatch that was written to SparkLayer beside the shop', () => {
    expect(judgeDay(aDay({ purchasesWritten: 1 })).ok).toBe(false);
  });

  it('finds a receivable that is missing, wrong or nobody owes', () => {
    expect(judgeDay(aDay({ receivables: [] })).receivables.missing).toBe(1);
    const stray = { orderName: '#9', amountMinor: 5, state: 'open' };
    const wrong = [{ orderName: '#1', amountMinor: 1, state: 'open' }, stray];
    expect(judgeDay(aDay({ receivables: wrong })).receivables.wrongAmount).toBe(2);
  });
});

describe('of an order that the platform cancelled while the store sent it', () => {
  const lines = [{ sku: 'CASE', currentQuantity: 0, fulfilledQuantity: 0 }];
  const cancelled = { live: false, totalMinor: 0, lines, reports: [], hubState: 'cancelled' };
  const judged = (trade: Partial<TradeEvidence>) =>
    judgeDay(aDay({ trade: [aTrade({ ...cancelled, shownAsSent: false, ...trade })] }));

  it('leaves to people what they were told of', () => {
    expect(judged({ leftToPeople: true })).toMatchObject({ ok: true, leftToPeople: ['#1'] });
  });

  it('finds it when nobody was told, or when it still stands', () => {
    expect(judged({})).toMatchObject({ ok: false, leftToPeople: [] });
    expect(judged({ leftToPeople: true, live: true })).toMatchObject({ ok: false });
  });
});

describe('what is oversold', () => {
  const sale = anEffect({
    kind: 'store',
    store: 'high-street',
    vendor: 'square',
    units: new Map([['A', -20]]),
    atMs: 1_000,
    deliveredAtMs: 1_100,
  });
  const buys = (atMs: number) => anEffect({ atMs, units: new Map([['A', 3]]) });
  const oversold = (effects: EffectEvidence[]) => {
    const { oversoldUnits, oversoldUnitsTotal } = judgeDay(aDay({ effects })).stock;
    return { oversoldUnits, oversoldUnitsTotal };
  };

  it('counts a promise of goods that were known to be gone', () => {
    expect(oversold([sale, buys(7_000)])).toEqual({ oversoldUnits: 3, oversoldUnitsTotal: 3 });
  });

  it('excuses a cause younger than five seconds', () => {
    expect(oversold([sale, buys(5_000)])).toEqual({ oversoldUnits: 0, oversoldUnitsTotal: 3 });
  });

  it('excuses a cause that nobody was told of', () => {
    const untold = { ...sale, deliveredAtMs: null };
    expect(oversold([untold, buys(9_000)])).toEqual({ oversoldUnits: 0, oversoldUnitsTotal: 3 });
  });

  it('excuses what was told while its vendor answered nobody, until five seconds after that', () => {
    const away = { vendor: 'square' as const, beganMs: 1_000, endedMs: 20_000 };
    const unitsAt = (atMs: number) =>
      judgeDay(aDay({ effects: [sale, buys(atMs)], outages: [away] })).stock.oversoldUnits;
    expect([unitsAt(19_000), unitsAt(24_000), unitsAt(26_000)]).toEqual([0, 0, 3]);
  });

  it('does not excuse a lost webhook once a poll has come by', () => {
    const day = aDay({
      effects: [{ ...sale, deliveredAtMs: null }, buys(9_000)],
      polls: [{ vendor: 'square', beganMs: 8_000, endedMs: 8_050 }],
    });
    expect(judgeDay(day).stock.oversoldUnits).toBe(3);
  });

  it('counts a deduction for an order once: it leaves the shelf and the promise together', () => {
    const deducted = anEffect({
      kind: 'deduct',
      store: 'high-street',
      vendor: 'square',
      units: new Map([['A', -12]]),
      atMs: 2_000,
    });
    const order = anEffect({ units: new Map([['A', 12]]), atMs: 1_000 });
    const next = anEffect({ units: new Map([['A', 8]]), atMs: 60_000 });
    expect(oversold([order, deducted, next]).oversoldUnitsTotal).toBe(0);
  });

  it('excuses for five seconds what the shop put back while the POS still holds it as gone', () => {
    const lived = [
      anEffect({ ref: 'r1', units: new Map([['A', 20]]), atMs: 1_000 }),
      anEffect({
        kind: 'deduct',
        store: 'high-street',
        vendor: 'square',
        units: new Map([['A', -20]]),
        atMs: 2_000,
      }),
      anEffect({
        kind: 'release',
        ref: 'r1',
        units: new Map([['A', 4]]),
        atMs: 10_000,
        deliveredAtMs: 10_100,
      }),
    ];
    const next = (atMs: number, units: number) =>
      anEffect({ ref: 'r2', units: new Map([['A', units]]), atMs });
    expect(oversold([...lived, next(14_000, 3)])).toEqual({
      oversoldUnits: 0,
      oversoldUnitsTotal: 3,
    });
    expect(oversold([...lived, next(14_000, 6)])).toEqual({
      oversoldUnits: 2,
      oversoldUnitsTotal: 6,
    });
    expect(oversold([...lived, next(16_000, 3)])).toEqual({
      oversoldUnits: 3,
      oversoldUnitsTotal: 3,
    });
  });

  it.each([[[12]], [[3, 1, 8]]])(
    'lays lines of %j units on both stores that serve them',
    (lines) => {
      const half = (store: 'high-street' | 'dockside', units: number) =>
        aPosOrder({ id: store, store, units: new Map([['A', units]]) });
      const deduct = (store: 'high-street' | 'dockside', units: number) =>
        anEffect({ kind: 'deduct', store, units: new Map([['A', -units]]), atMs: 2_000 });
      const promise = (units: number) =>
        anEffect({ ref: 'r1', units: new Map([['A', units]]), atMs: 1_000 });
      const next = anEffect({ ref: 'r2', units: new Map([['A', 8]]), atMs: 60_000 });
      const [product] = aDay().products;
      const findings = judgeDay(
        aDay({
          products: [{ ...product!, opening: { 'high-street': 10, dockside: 10 } }],
          posOrders: [half('high-street', 8), half('dockside', 4)],
          effects: [...lines.map(promise), deduct('high-street', 8), deduct('dockside', 4), next],
        }),
      );
      expect(findings.stock.oversoldUnitsTotal).toBe(0);
    },
  );
});
