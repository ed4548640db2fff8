import fc from 'fast-check';
import {
  aDraft,
  after,
  allocated,
  anOrder,
  dispatched,
  observed,
  ORDER_ID,
  posted,
  postingIdAt,
  reported,
  tenderDecided,
} from './an-order.js';
import { identifiersOf, lookupValue, newIdentifiers } from './order-identifiers.js';
import { emptyOrder } from './order-record.js';
import { placesOf } from './order-places.js';

const STORY = [
  observed(aDraft({ cartId: 'Cart-9', vendorId: 'gid://shop/DraftOrder/55' })),
  { kind: 'purchase', purchase: { revision: 1, poNumber: 'po 12' } } as const,
  observed(anOrder({ cartId: 'Cart-9', vendorId: 'gid://shop/Order/77', poNumber: undefined })),
  allocated(),
  tenderDecided(),
  posted(),
  dispatched(),
  reported(),
];

it('an order is known by every name that any system gives it', () => {
  const values = identifiersOf(after(STORY).record).map(({ kind, value }) => `${kind} ${value}`);
  expect(values.sort()).toEqual(
    [
      'cart cart-9',
      'customer customer-1',
      `dispatch ${postingIdAt('high-street')}/dispatch`,
      'draft 55',
      'draft gid://shop/draftorder/55',
      'fulfilment f-high-street',
      'name 1001',
      'name d1',
      'platform-order 77',
      'platform-order gid://shop/order/77',
      'po-number po 12',
      'po-number po-7',
      'pos-order pos-high-street',
      `posting ${postingIdAt('high-street')}`,
    ].sort(),
  );
});

it('only what a record gained is new', () => {
  const held = after(STORY.slice(0, 5)).record;
  expect(newIdentifiers(held, after(STORY.slice(0, 6)).record)).toEqual([
    { kind: 'pos-order', value: 'pos-high-street' },
  ]);
  expect(newIdentifiers(held, held)).toEqual([]);
  expect(newIdentifiers(emptyOrder(ORDER_ID), held)).toEqual(identifiersOf(held));
});

it('a number is found with its hash and without, in any case, with blanks around it', () => {
  expect([' #1042', '1042 ', '#1042'].map(lookupValue)).toEqual(['1042', '1042', '1042']);
  expect(lookupValue(' PO  77/a ')).toBe('po 77/a');
});

it('what is kept is what is asked for: looking a kept text up again changes nothing', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[#A-Za-z0-9/ -]{1,20}$/), (text) => {
      const value = lookupValue(text);
      expect(lookupValue(value)).toBe(value);
      expect(lookupValue(` #${value} `)).toBe(value);
    }),
  );
});

it('every system stands beside the others, in the order of the way', () => {
  const places = placesOf(after(STORY).record, 'trade');
  expect(
    places.map(({ system, kind, vendorId, state }) => [system, kind, vendorId, state]),
  ).toEqual([
    ['trade', 'cart', 'Cart-9', 'purchase'],
    ['shop', 'draft', 'gid://shop/DraftOrder/55', 'open'],
    ['shop', 'order', 'gid://shop/Order/77', 'open'],
    ['tills', 'posting', 'pos-high-street', 'completed'],
    ['shop', 'dispatch', 'f-high-street', 'reported'],
  ]);
  expect(places.map(({ amountMinor }) => amountMinor)).toEqual([null, 3000, 3000, 3000, null]);
});
