import { aDraft, allocated, anOrder, aPolicy, observed, tenderDecided } from './an-order.js';
import { cartStandings } from './cart-standing.js';
import { decideOrder } from './decide-order.js';
import type { OrderFact } from './order-facts.js';
import { emptyOrder, type OrderRecord } from './order-record.js';

const EARLY = '2026-03-02T09:00:00.000Z';
const LATE = '2026-03-02T10:00:00.000Z';

interface SeenOrder {
  readonly record: OrderRecord;
  readonly facts: readonly OrderFact[];
}

function seen(orderId: string, ...facts: OrderFact[]): SeenOrder {
  return { record: decideOrder(emptyOrder(orderId), facts, aPolicy()).record, facts: [] };
}

function standings(...orders: SeenOrder[]) {
  return Object.fromEntries(cartStandings(orders));
}

const draftAt = (placedAt: string) => observed(aDraft({ placedAt }));

it('the order placed later is blocked by the one placed first', () => {
  const first = seen('b', draftAt(EARLY));
  const copy = seen('a', draftAt(LATE));
  expect(standings(first, copy)).toEqual({ a: 'b', b: null });
  expect(standings(copy, first)).toEqual({ a: 'b', b: null });
});

it('of two placed at once the greater id is blocked', () => {
  expect(standings(seen('b', draftAt(EARLY)), seen('a', draftAt(EARLY)))).toEqual({
    a: null,
    b: 'a',
  });
});

it('an order keeps the place of the draft that it was', () => {
  const became = seen('a', draftAt(EARLY), observed(anOrder({ placedAt: LATE })));
  const copy = seen('b', draftAt('2026-03-02T09:30:00.000Z'));
  expect(standings(became, copy)).toEqual({ a: null, b: 'a' });
});

it('a posted order stands, whoever turns up later with an earlier time', () => {
  const posted = seen('a', observed(anOrder({ placedAt: LATE })), allocated(), tenderDecided());
  expect(standings(posted, seen('b', draftAt(EARLY)))).toEqual({ a: null, b: 'a' });
});

it('a deleted draft blocks nobody, also when its deletion is only now told', () => {
  const first = seen('a', draftAt(EARLY));
  const deleted = observed(aDraft({ placedAt: EARLY, revision: 2, status: 'deleted' }));
  const copy = seen('b', draftAt(LATE));
  expect(standings({ ...first, facts: [deleted] }, copy)).toEqual({ a: null, b: null });
});
