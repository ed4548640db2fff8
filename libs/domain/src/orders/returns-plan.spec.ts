import fc from 'fast-check';
import {
  aLine,
  after,
  allocated,
  anOrder,
  aPart,
  aPolicy,
  commandsOf,
  dispatched,
  observed,
  posted,
  postingIdAt,
  reported,
  tenderDecided,
} from './an-order.js';
import { PATHS } from './order-walks.js';
import type { ObservedOrderState, OrderFact, OrderRefund, ReturnedGoods } from './order-facts.js';

const MILL_LANE = 'mill-lane';
const inPos = [observed(anOrder()), allocated(), tenderDecided(), posted()];
const gone = [...inPos, dispatched(), reported()];
const parts = [aPart({ quantity: 1 }), aPart({ quantity: 2, locationId: MILL_LANE })];
const goneFromBoth = [
  ...[observed(anOrder()), allocated(parts), tenderDecided(), posted(), posted(MILL_LANE)],
  ...[dispatched(), dispatched(MILL_LANE), reported(), reported(MILL_LANE)],
];

const back = (goods: Partial<ReturnedGoods> = {}): ReturnedGoods => ({
  lineId: 'line-1',
  quantity: 1,
  restocked: true,
  amountMinor: 1000,
  ...goods,
});
const aRefund = (refund: Partial<OrderRefund> = {}): OrderRefund => {
  const goods = refund.goods ?? [back()];
  return {
    refundId: 'refund-1',
    refundedAt: '2026-03-09T08:00:00Z',
    creditMinor: goods.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    paidBackMinor: 0,
    goods,
    ...refund,
  };
};
const refunded = (
  refunds: readonly OrderRefund[],
  order: Partial<ObservedOrderState> = {},
): OrderFact => {
  const returnedQuantity = refunds
    .flatMap(({ goods }) => goods)
    .reduce((sum, { quantity }) => sum + quantity, 0);
  const lines = [aLine({ fulfilledQuantity: 3, returnedQuantity })];
  return observed(anOrder({ revision: 5, lines, refunds, ...order }));
};
const asks = (facts: readonly OrderFact[], policy = aPolicy()) =>
  commandsOf(after(facts, policy).commands, 'reverse-order').map(
    ({ reversalId, locationId, amountMinor, changes, whole, returned }) => ({
      ...{ reversalId, locationId, amountMinor, whole, returned },
      units: changes.map(({ sku, units }) => `${units} ${sku}`),
    }),
  );
const returnId = (place = 'high-street', refund = 'refund-1') =>
  `${postingIdAt(place)}/return/${refund}`;
const answered = (id: string, outcome: 'done' | 'refused' | 'not-sent'): OrderFact => ({
  kind: 'reversed',
  reversalId: id,
  outcome,
  reason: 'it said so',
});

describe('goods that come back after they left', () => {
  it('are taken back by the POS once, money and goods in one act, the shipment left as it is', () => {
    const seenAgain = refunded([aRefund()], { revision: 6 });
    expect(asks([...gone, refunded([aRefund()]), seenAgain])).toEqual([
      {
        reversalId: returnId(),
        locationId: 'high-street',
        amountMinor: 1000,
        units: ['1 MUG'],
        whole: false,
        returned: true,
      },
    ]);
  });

  it('change neither the state of the order nor what was sent, and are owed for no more', () => {
    const { record, state, codes } = after([
      ...gone,
      refunded([aRefund()]),
      answered(returnId(), 'done'),
    ]);
    expect([state, codes]).toEqual(['closed', []]);
    expect(record.view).toMatchObject({ totalMinor: 2000, leftUnits: 3, returnedQuantity: 1 });
  });

  it('and are for sale no more give back their money alone', () => {
    const refund = aRefund({ goods: [back({ restocked: false })] });
    expect(asks([...gone, refunded([refund])])).toMatchObject([{ amountMinor: 1000, units: [] }]);
  });

  it('without money go onto the shelf alone', () => {
    const refund = aRefund({ creditMinor: 0 });
    expect(asks([...gone, refunded([refund])])).toMatchObject([
      { amountMinor: 0, units: ['1 MUG'] },
    ]);
  });

  it('without money, and for sale no more, are recorded and asked of nobody', () => {
    const refund = aRefund({ creditMinor: 0, goods: [back({ restocked: false })] });
    const { record, commands, codes } = after([...gone, refunded([refund])]);
    expect(commandsOf(commands, 'reverse-order')).toEqual([]);
    expect(record.acts.returns).toMatchObject([{ refundId: 'refund-1', asks: false }]);
    expect(codes).toEqual([]);
  });

  it('of a case are as many units as the case holds', () => {
    const cases = [
      observed(anOrder({ lines: [aLine({ sku: 'CASE', orderedQuantity: 2 })] })),
      allocated([aPart({ quantity: 2, components: [{ sku: 'MUG', units: 24 }] })]),
      ...[tenderDecided(), posted(), dispatched(), reported()],
    ];
    const lines = [aLine({ sku: 'CASE', orderedQuantity: 2, returnedQuantity: 1 })];
    const refunds = [aRefund()];
    expect(asks([...cases, observed(anOrder({ revision: 5, lines, refunds }))])).toMatchObject([
      { units: ['12 MUG'] },
    ]);
  });

  it('go back to the store that is named, else to the stores in their order', () => {
    const named = aRefund({ goods: [back({ locationId: MILL_LANE })] });
    expect(asks([...goneFromBoth, refunded([named])])).toMatchObject([{ locationId: MILL_LANE }]);
    const both = aRefund({ goods: [back({ quantity: 2, amountMinor: 2000 })] });
    expect(
      asks([...goneFromBoth, refunded([both])]).map((one) => [one.locationId, one.units]),
    ).toEqual([
      ['high-street', ['1 MUG']],
      [MILL_LANE, ['1 MUG']],
    ]);
  });

  it('in several refunds are each asked once', () => {
    const second = aRefund({ refundId: 'refund-2', refundedAt: '2026-03-10T08:00:00Z' });
    const facts = [...gone, refunded([aRefund()]), refunded([aRefund(), second], { revision: 6 })];
    expect(asks(facts).map(({ reversalId }) => reversalId)).toEqual([
      returnId(),
      returnId('high-street', 'refund-2'),
    ]);
  });

  it('that are taken in at the till are asked of nobody, money neither', () => {
    const policy = aPolicy({ returnedGoods: 'booked-at-till' });
    const { commands, codes, record } = after([...gone, refunded([aRefund()])], policy);
    expect([commandsOf(commands, 'reverse-order'), codes]).toEqual([[], []]);
    expect(record.view?.totalMinor).toBe(2000);
  });
});

describe('money that goes back without goods', () => {
  const goodwill = aRefund({ goods: [], creditMinor: 500, paidBackMinor: 500 });

  it('is taken off the tender in the POS', () => {
    expect(asks([...gone, refunded([goodwill])])).toMatchObject([{ amountMinor: 500, units: [] }]);
  });

  it('waits until goods have left: a POS order that may be made anew would lose it', () => {
    expect(asks([...inPos, refunded([goodwill])])).toEqual([]);
    const leaves = [...inPos, refunded([goodwill]), dispatched()];
    expect(asks(leaves)).toMatchObject([{ amountMinor: 500 }]);
  });

  it('is shared by the POS orders that hold it, and what none of them holds is told to people', () => {
    const most = aRefund({ goods: [], creditMinor: 3500 });
    const { commands, codes } = after([...goneFromBoth, refunded([most])]);
    expect(commandsOf(commands, 'reverse-order').map((one) => one.amountMinor)).toEqual([
      1000, 2000,
    ]);
    expect(codes).toEqual(['refund-exceeds-charged']);
  });
});

describe('money of a refund that no POS order held when it was asked', () => {
  const most = aRefund({ goods: [], creditMinor: 2500 });
  const [early, late] = [returnId(), `${returnId(MILL_LANE)}/after/1000`];
  const half = goneFromBoth.filter(
    (fact) =>
      !(fact.kind === 'pos-fulfilment' && fact.postingId === postingIdAt(MILL_LANE)) &&
      fact.kind !== 'fulfilment-created',
  );

  it('is asked of another as soon as goods of that have left, and named until then', () => {
    const waiting = [...half, refunded([most])];
    expect(asks(waiting)).toMatchObject([{ reversalId: early, amountMinor: 1000 }]);
    expect(after(waiting).codes).toEqual(['refund-exceeds-charged']);
    const all = after([...waiting, answered(early, 'done'), dispatched(MILL_LANE)]);
    expect(commandsOf(all.commands, 'reverse-order').slice(1)).toMatchObject([
      { reversalId: late, amountMinor: 1500, changes: [] },
    ]);
    expect(all.codes).toEqual([]);
  });

  it('is asked once, whatever is seen again', () => {
    const facts = [...half, refunded([most]), dispatched(MILL_LANE)];
    const again = [...facts, answered(late, 'done'), refunded([most], { revision: 6 })];
    expect(asks(again).map(({ reversalId }) => reversalId)).toEqual([early, late]);
  });

  it('and that the platform added later is asked as well', () => {
    const more = refunded([{ ...most, creditMinor: 2700 }], { revision: 6 });
    expect(asks([...goneFromBoth, refunded([most]), more])).toMatchObject([
      { amountMinor: 1000 },
      { amountMinor: 1500 },
      { reversalId: `${returnId(MILL_LANE)}/after/2500`, amountMinor: 200 },
    ]);
  });
});

describe('a refund that cannot be true', () => {
  it('of more than has left waits, is told to people, and is done when the rest has left', () => {
    const all = aRefund({ goods: [back({ quantity: 3, amountMinor: 3000 })] });
    const half = goneFromBoth.filter(
      (fact) =>
        !(fact.kind === 'pos-fulfilment' && fact.postingId === postingIdAt(MILL_LANE)) &&
        fact.kind !== 'fulfilment-created',
    );
    const waiting = after([...half, refunded([all])]);
    expect(waiting.codes).toContain('return-exceeds-dispatched');
    expect(commandsOf(waiting.commands, 'reverse-order')).toEqual([]);
    const done = after([...half, refunded([all]), dispatched(MILL_LANE)]);
    expect(done.codes).not.toContain('return-exceeds-dispatched');
    expect(commandsOf(done.commands, 'reverse-order')).toHaveLength(2);
  });

  it.each([
    ['refused', 'it said so'],
    ['not-sent', 'only observes'],
  ] as const)('or that the POS does not take (%s) is told to people', (outcome, why) => {
    const told = after([...gone, refunded([aRefund()]), answered(returnId(), outcome)]);
    expect(told.codes).toEqual(['return-refused']);
    expect(told.record.exceptions[0]?.cause).toContain(why);
  });
});

describe('returns among everything else', () => {
  const facts = [
    ...gone,
    refunded([aRefund(), aRefund({ refundId: 'refund-2', refundedAt: '2026-03-10T08:00:00Z' })]),
    answered(returnId(), 'done'),
  ];
  const asked = (record: ReturnType<typeof after>['record']) =>
    record.acts.returns.map(({ returnId: id, amountMinor }) => `${id} ${amountMinor}`).sort();

  it('end at the same, and have asked for the same, in any order of arrival', () => {
    const last = after(facts);
    fc.assert(
      fc.property(fc.shuffledSubarray(facts, { minLength: facts.length }), (shuffled) => {
        const { record, state, codes } = after(shuffled);
        expect([state, codes, asked(record), record.view?.totalMinor]).toEqual([
          ...[last.state, last.codes, asked(last.record), last.record.view?.totalMinor],
        ]);
      }),
      { numRuns: 100 },
    );
  });

  it('are said to finance with the next revision of the closing', () => {
    const closings = after(facts).decisions.flatMap(({ closed }) => closed ?? []);
    expect(closings.map((one) => [one.revision, one.creditedMinor, one.totalMinor])).toEqual([
      [1, 0, 3000],
      [2, 2000, 3000],
    ]);
    expect(closings.at(-1)).toMatchObject({
      lines: [{ orderedQuantity: 3, cancelledQuantity: 0, returnedQuantity: 2 }],
      refunds: [{ refundId: 'refund-1', creditMinor: 1000 }, { refundId: 'refund-2' }],
    });
  });
});

describe('a refund', () => {
  it.each(Object.entries(PATHS))('moves an order nowhere that is %s', (_, path) => {
    const lines = [aLine({ fulfilledQuantity: 3 })];
    const plain = after([...path, observed(anOrder({ revision: 9, lines }))]);
    const told = after([...path, refunded([aRefund()], { revision: 9 })]);
    const rest = told.codes.filter((code) => code !== 'return-exceeds-dispatched');
    expect([told.state, rest]).toEqual([plain.state, plain.codes]);
  });
});

describe('an order that is called off after a part of it has left', () => {
  it('is owed for as far as it has left', () => {
    const partly = goneFromBoth.slice(0, 6);
    const cancelled = observed(anOrder({ status: 'cancelled', revision: 7 }));
    const { record, state } = after([...partly, cancelled]);
    expect([state, record.view?.totalMinor]).toEqual(['cancelled', 1000]);
    const nothingLeft = after([...goneFromBoth.slice(0, 5), cancelled]);
    expect([nothingLeft.state, nothingLeft.record.view?.totalMinor]).toEqual(['cancelled', 0]);
  });
});
