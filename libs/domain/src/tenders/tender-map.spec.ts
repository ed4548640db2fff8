import { tenderFor } from './tender-map.js';

const mappings = [
  { paymentMethod: 'on-account', name: 'On Account', kind: 'STORED_BALANCE' },
  { paymentMethod: 'invoice', name: 'Invoice', kind: 'OTHER' },
];

it('names the tender of a payment method', () => {
  expect(tenderFor(mappings, 'invoice')).toEqual({ name: 'Invoice', kind: 'OTHER' });
});

it('names none for a method that the merchant did not map', () => {
  expect(tenderFor(mappings, 'card')).toBeUndefined();
});
