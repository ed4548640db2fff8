import { decideReceivable, opensReceivable } from './receivable.js';

const order = {
  state: 'posting',
  draft: false,
  paymentMethod: 'on-account',
  totalMinor: 5000,
} as const;

describe('something is owed', () => {
  it('once a pay-later order is accepted for good, short or not', () => {
    expect(opensReceivable(order)).toBe(true);
    expect(opensReceivable({ ...order, state: 'short', paymentMethod: 'invoice' })).toBe(true);
  });

  it.each([
    ['a draft', { draft: true }],
    ['an order not accepted yet', { state: 'received' }],
    ['a held order', { state: 'held' }],
    ['a cancelled order', { state: 'cancelled' }],
    ['an order paid by card', { paymentMethod: 'card' }],
    ['an order for nothing', { totalMinor: 0 }],
  ] as const)('not for %s', (_, change) => {
    expect(opensReceivable({ ...order, ...change })).toBe(false);
  });
});

describe('a receivable', () => {
  it('follows the newest total, also while the order is held by the POS', () => {
    expect(decideReceivable(true, { ...order, state: 'held', totalMinor: 4200 })).toEqual({
      state: 'open',
      amountMinor: 4200,
    });
  });

  it('is void when the order is cancelled, emptied or paid otherwise', () => {
    const nothing = { state: 'void', amountMinor: 0 };
    expect(decideReceivable(true, { ...order, state: 'cancelled', totalMinor: 0 })).toEqual(
      nothing,
    );
    expect(decideReceivable(true, { ...order, totalMinor: 0 })).toEqual(nothing);
    expect(decideReceivable(true, { ...order, paymentMethod: 'card' })).toEqual(nothing);
  });

  it('is never there when no view of the order opened one', () => {
    expect(decideReceivable(false, order)).toBeUndefined();
  });
});
