import { readPayment } from './order-payment.js';
import { aDraft, anOrder } from './shop-builders.js';

describe('the payment of an order', () => {
  it('is what the platform says has been paid, and when the rest is due', () => {
    const paymentTerms = {
      paymentTermsName: 'Net 30',
      paymentTermsType: 'NET',
      dueInDays: 30,
      paymentSchedules: { nodes: [{ dueAt: '2026-04-03T10:15:30Z' }] },
    } as const;
    const order = anOrder({ displayFinancialStatus: 'PARTIALLY_PAID', paymentTerms });
    expect(readPayment(order)).toEqual({
      financialStatus: 'partially-paid',
      paymentTerms: { name: 'Net 30', type: 'net', dueInDays: 30, dueAt: '2026-04-03T10:15:30Z' },
    });
  });

  it('of a draft has no status, and no date before there is something to pay', () => {
    const paymentTerms = {
      paymentTermsName: 'Due on fulfillment',
      paymentTermsType: 'FULFILLMENT',
      dueInDays: null,
      paymentSchedules: { nodes: [] },
    } as const;
    expect(readPayment(aDraft({ paymentTerms }))).toEqual({
      paymentTerms: { name: 'Due on fulfillment', type: 'fulfilment' },
    });
  });

  it('is left out where nobody says anything of it', () => {
    expect(readPayment(anOrder({ displayFinancialStatus: null }))).toEqual({});
  });
});
