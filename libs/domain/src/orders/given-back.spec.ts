import {
  aLine,
  after,
  allocated,
  anOrder,
  aPart,
  commandsOf,
  dispatched,
  observed,
  posted,
  postingIdAt,
  reported,
  tenderDecided,
} from './an-order.js';
import { cancelled, created, mugs, report, shipment } from './a-shipment.js';
import type { ObservedOrderState, OrderFact, OrderRefund } from './order-facts.js';

const MILL_LANE = 'mill-lane';
const HIGH_STREET = postingIdAt('high-street');
const inPos = [observed(anOrder()), allocated(), tenderDecided(), posted()];
const gone = [...inPos, dispatched(), reported()];
const parts = [aPart({ quantity: 1 }), aPart({ quantity: 2, locationId: MILL_LANE })];
const goneFromBoth = [
  ...[observed(anOrder()), allocated(parts), tenderDecided(), posted(), posted(MILL_LANE)],
  ...[dispatched(), dispatched(MILL_LANE), reported(), reported(MILL_LANE)],
];
const sentByVan = [...inPos, shipment('van', 3), created(report('van'))];
const goodwill = (creditMinor: number): OrderRefund => ({
  refundId: 'refund-1',
  refundedAt: '2026-03-09T08:00:00Z',
  creditMinor,
  paidBackMinor: creditMinor,
  goods: [],
});
const oneBack: OrderRefund = {
  ...goodwill(1000),
  goods: [{ lineId: 'line-1', quantity: 1, restocked: true, amountMinor: 1000 }],
};
const seen = (order: Partial<ObservedOrderState>): OrderFact =>
  observed(anOrder({ revision: 5, ...order }));
const priced = (totalMinor: number) => ({
  totalMinor,
  lines: [aLine({ fulfilledQuantity: 3, totalMinor })],
});
const voided = (outcome: 'done' | 'refused'): OrderFact => ({
  kind: 'reversed',
  reversalId: `${HIGH_STREET}/void`,
  outcome,
});
const asks = (facts: readonly OrderFact[]) =>
  commandsOf(after(facts).commands, 'reverse-order').map(
    ({ reversalId, amountMinor }) => `${reversalId.replace(/^.*posting\//, '')} ${amountMinor}`,
  );

describe('what a return gave back', () => {
  it('is refunded by nothing else: the money comes from where it still is', () => {
    const refunds = [{ ...goodwill(1000) }];
    const cheaper = seen({ revision: 6, ...priced(1500), refunds });
    expect(asks([...goneFromBoth, seen({ refunds }), cheaper])).toEqual([
      'high-street/return/refund-1 1000',
      'mill-lane/refund/1500 1500',
    ]);
  });

  it('is less than is paid back of the same POS order at the same moment', () => {
    const facts = [...gone, seen({ ...priced(1000), refunds: [goodwill(1500)] })];
    expect(asks(facts)).toEqual([
      'high-street/refund/2000 2000',
      'high-street/return/refund-1 1000',
    ]);
    expect(after(facts).codes).toEqual(['refund-exceeds-charged']);
  });

  it('is not paid once more by a cut of what had not left', () => {
    const refunds = [goodwill(2500)];
    const lines = [aLine({ cancelledQuantity: 2, fulfilledQuantity: 1, totalMinor: 1000 })];
    const cut = seen({ lines, refunds, totalMinor: 1000, revision: 6 });
    expect(
      asks([...inPos, shipment('van', 1), created(report('van')), seen({ refunds }), cut]),
    ).toEqual(['high-street/return/refund-1 2500', 'high-street/reversal/line-1=2 500']);
  });

  it('lies on the shelf once, though its shipment is called off afterwards', () => {
    const lines = [aLine({ fulfilledQuantity: 3, returnedQuantity: 1 })];
    const back = seen({ lines, refunds: [oneBack] });
    const other = seen({ lines, refunds: [oneBack], poNumber: 'PO-2', revision: 6 });
    const { commands } = after([...sentByVan, back, cancelled('van'), other]);
    const changes = commandsOf(commands, 'reverse-order').map((command) => command.changes);
    expect(changes).toEqual([mugs(1)]);
  });

  it('is not in the void of its POS order, and is due again from what stands for it', () => {
    const refunds = [goodwill(500)];
    const called = [...sentByVan, seen({ refunds }), cancelled('van')];
    const other = seen({ refunds, poNumber: 'PO-2', revision: 6 });
    const anew = [posted('high-street/revision-2'), dispatched('high-street/revision-2')];
    expect(asks([...called, other, voided('done'), ...anew])).toEqual([
      'high-street/return/refund-1 500',
      'high-street/void 2500',
      'high-street/revision-2/return/refund-1/after/500 500',
    ]);
  });
});

describe('a return of a POS order that is being voided', () => {
  const lines = [aLine({ orderedQuantity: 5, totalMinor: 5000 })];
  const grown = seen({ lines, totalMinor: 5000 });
  const more = allocated([aPart({ quantity: 5 })], { revision: 2 });
  const refunds = [goodwill(500)];
  const waiting = [
    ...[...inPos, grown, more, dispatched()],
    seen({ lines, totalMinor: 5000, refunds, revision: 6 }),
  ];

  it('waits: it may be gone with all its money', () => {
    expect(asks(waiting)).toEqual(['high-street/void 3000']);
    expect(after(waiting).codes).not.toContain('refund-exceeds-charged');
    expect(asks([...waiting, voided('refused')])).toEqual([
      'high-street/void 3000',
      'high-street/return/refund-1 500',
    ]);
  });
});
