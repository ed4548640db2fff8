import type { PlantedBug } from './planted-bug.js';

const ORDERS = 'libs/domain/src/orders';
const FACTS = `${ORDERS}/order-facts.ts`;
const HOLDS = `${ORDERS}/order-holds.ts`;
const PLAN = `${ORDERS}/posting-plan.ts`;
const SHARES = `${ORDERS}/line-shares.ts`;
const RETURNS = `${ORDERS}/returns-plan.ts`;
const CARTS = `${ORDERS}/cart-standing.ts`;
const SOAK = {
  spec: 'tools/soak/src/orders/play-life.spec.ts',
  test: 'orders keep their rules in 300 lives',
};

export const ORDER_BUGS: readonly PlantedBug[] = [
  {
    guard: 'an older revision of an order that comes late changes nothing',
    without: 'the POS gets what the buyer had changed since',
    file: FACTS,
    find: 'return held !== undefined && held.revision >= seen.revision ? held : seen;',
    replacement: 'return held !== undefined && held === seen ? held : seen;',
    ...SOAK,
  },
  {
    guard: 'the order takes the place of its draft',
    without: 'edits of the order are never seen',
    file: FACTS,
    find: 'return facts.order ?? facts.draft;',
    replacement: 'return facts.draft ?? facts.order;',
    ...SOAK,
  },
  {
    guard: 'a tender that was mapped later takes the place of none',
    without: 'orders stay held after the tender map was completed',
    file: FACTS,
    find: "const completes = held?.revision === seen.revision && held.outcome === 'unmapped';",
    replacement: 'const completes = false;',
    ...SOAK,
  },
  {
    guard: 'a tender for an earlier payment method does not count',
    without: 'an order on account reaches the POS as paid by card',
    file: `${ORDERS}/wanted-content.ts`,
    find: 'return asked?.method === methods.at(-1)?.method ? tender : undefined;',
    replacement: 'return asked === undefined ? undefined : tender;',
    ...SOAK,
  },
  {
    guard: 'an order that is still received is answered anew by payments',
    without: 'a payment method that changed and changed back leaves the order waiting for ever',
    file: 'apps/payments/src/payments/order-payment.ts',
    find: "const waits = newest !== held.newest && newest?.state === 'received';",
    replacement: 'const waits = false;',
    spec: 'apps/payments/src/payments/order-payment.spec.ts',
    test: 'tells the tender again when the method changed and changed back before it looked',
  },
  {
    guard: 'of two orders with one cart id one is held',
    without: 'a duplicated draft is sent to the buyer twice',
    file: HOLDS,
    find: '...(facts.blockedBy === null',
    replacement: '...(facts.blockedBy !== undefined',
    ...SOAK,
  },
  {
    guard: 'the order that was posted stands before one that was placed earlier',
    without: 'the second order of a cart is posted too, and the first is held with its goods gone',
    file: CARTS,
    find: 'Number(b.acts.postings.length > 0) - Number(a.acts.postings.length > 0) ||',
    replacement: '',
    spec: `${ORDERS}/cart-standing.spec.ts`,
    test: 'a posted order stands, whoever turns up later with an earlier time',
  },
  {
    guard: 'an order whose money does not add up is held',
    without: 'finance finds another total in the POS than on the platform',
    file: HOLDS,
    find: 'if (lines + charges === order.totalMinor && empty === undefined) return [];',
    replacement: 'if (empty === undefined) return [];',
    ...SOAK,
  },
  {
    guard: 'an order in another currency is held',
    without: 'euros are posted as pounds',
    file: HOLDS,
    find: 'if (order.currency === policy.currency) return [];',
    replacement: 'if (order.currency !== undefined) return [];',
    ...SOAK,
  },
  {
    guard: 'a discount on the order is spread over its POS orders',
    without: 'the POS charges what the buyer was let off',
    file: PLAN,
    find: 'const discountMinor = shares[index] ?? 0;',
    replacement: 'const discountMinor = index === 0 ? (shares[index] ?? 0) : 0;',
    ...SOAK,
  },
  {
    guard: 'a pack is exploded once on its way to the POS',
    without: 'a case of twelve takes a gross off the shelf',
    file: PLAN,
    find: 'splitCents(slot.component.units, slot.moneyMinor)',
    replacement:
      'splitCents((slot.component.units * slot.component.units) / share.quantity, slot.moneyMinor)',
    ...SOAK,
  },
  {
    guard: 'the cents that no unit price holds are on units of their own',
    without: 'the lines of the POS order are some cents short of its total',
    file: 'libs/domain/src/money/cents.ts',
    find: '{ units: dearer, unitPriceMinor: low + 1 },',
    replacement: '{ units: dearer, unitPriceMinor: low },',
    ...SOAK,
  },
  {
    guard: 'an order is posted when every unit has its location',
    without: 'what an edit added is forgotten when inventory has not placed it yet',
    file: SHARES,
    find: '>= remainingOf(line);',
    replacement: '>= 0;',
    ...SOAK,
  },
  {
    guard: 'a return is asked of the POS once, however often its refund is read',
    without: 'the POS pays a refund with every poll, and its shelf fills up',
    file: RETURNS,
    find: 'const before = asked.filter(({ refundId }) => refundId === refund.refundId);',
    replacement: 'const before: ReturnAct[] = [];',
    ...SOAK,
  },
  {
    guard: 'goods that came back broken stay off the shelf',
    without: 'the shop sells what was thrown away',
    file: RETURNS,
    find: '.filter(({ restocked }) => restocked)',
    replacement: '.filter(({ restocked }) => restocked !== undefined)',
    ...SOAK,
  },
  {
    guard: 'what came back has left, whatever is said of its shipment since',
    without: 'the void of a POS order puts on the shelf what already lies there',
    file: `${ORDERS}/reversal-plan.ts`,
    find: 'Math.min(left, cameBack(postingId, lineId, acts))',
    replacement: '0 * cameBack(postingId, lineId, acts)',
    spec: `${ORDERS}/given-back.spec.ts`,
    test: 'what a return gave back lies on the shelf once, though its shipment is called off afterwards',
  },
];
