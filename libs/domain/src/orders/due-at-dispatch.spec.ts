import { dueAtDispatch } from './due-at-dispatch.js';
import type { OrderFinancialStatus, OrderPaymentMethod } from './order-facts.js';

const due = (paymentMethod: OrderPaymentMethod, financialStatus?: OrderFinancialStatus) =>
  dueAtDispatch({ paymentMethod, ...(financialStatus === undefined ? {} : { financialStatus }) });

describe('what is due when goods leave', () => {
  it('is an invoice for what is paid later, and the money of a card', () => {
    expect(due('on-account', 'pending')).toBe('invoice');
    expect(due('invoice')).toBe('invoice');
    expect(due('card', 'authorized')).toBe('capture');
    expect(due('other')).toBe('nothing');
  });

  it('is nothing where the platform has the money, however the buyer meant to pay', () => {
    for (const method of ['on-account', 'invoice', 'card', 'other'] as const) {
      for (const status of ['paid', 'partially-refunded', 'refunded'] as const) {
        expect([method, status, due(method, status)]).toEqual([method, status, 'nothing']);
      }
    }
  });

  it('is an invoice for what a part payment or a lapsed card leaves open', () => {
    expect(due('on-account', 'partially-paid')).toBe('invoice');
    expect(due('card', 'partially-paid')).toBe('invoice');
    expect(due('card', 'expired')).toBe('invoice');
    expect(due('card', 'voided')).toBe('invoice');
  });

  it('is an invoice where the platform has terms, whatever the order says of its payment', () => {
    const paymentTerms = { name: 'Net 30', type: 'net', dueInDays: 30 } as const;
    expect(dueAtDispatch({ paymentMethod: 'other', paymentTerms })).toBe('invoice');
  });
});
