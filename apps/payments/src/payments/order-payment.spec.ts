import { takeViews, type OrderPayment } from './order-payment.js';

const TENDERS = [
  { paymentMethod: 'card', name: 'Card', kind: 'CARD' },
  { paymentMethod: 'invoice', name: 'Invoice', kind: 'OTHER' },
];

const aView = (view: Partial<NonNullable<OrderPayment['newest']>> = {}) => ({
  revision: 1,
  name: '#1',
  connectionId: 'shop',
  state: 'received' as const,
  draft: false,
  paymentMethod: 'card' as const,
  currency: 'GBP',
  totalMinor: 100,
  ...view,
});

const NOTHING: OrderPayment = { orderId: 'o1', everOpened: false, receivableRevision: 0 };

/** What is told for each batch of views. */
function toldAfter(...batches: ReturnType<typeof aView>[][]): boolean[] {
  let payment = NOTHING;
  return batches.map((views) => {
    const decision = takeViews(payment, views, TENDERS);
    payment = decision.payment;
    return decision.tellsTender;
  });
}

it('tells a tender once for a payment method that stays', () => {
  const later = aView({ revision: 2, state: 'promised' });
  expect(toldAfter([aView()], [later], [aView()])).toEqual([true, false, false]);
});

it('tells the tender again when the method changed and changed back before it looked', () => {
  const away = aView({ revision: 2, paymentMethod: 'invoice' });
  const back = aView({ revision: 3 });
  expect(toldAfter([aView()], [away, back])).toEqual([true, true]);
  expect(toldAfter([aView()], [back], [away])).toEqual([true, true, false]);
});
