import { numericId, orderIdOfDraft, orderIdOfOrder, toGid } from './shopify.identity.js';

describe('the identity of an order', () => {
  // Every order ever taken in hangs on these: they may not change with any release.
  it('is the same for ever', () => {
    expect(orderIdOfDraft('shop', 'gid://shopify/DraftOrder/900')).toBe(
      '970aae2c-9482-5ab9-af3d-eccc92cd1edd',
    );
    expect(orderIdOfOrder('shop', 'gid://shopify/Order/4001')).toBe(
      '82c9b641-a3e5-57e9-958e-abe3136238e6',
    );
  });

  it('does not depend on how the platform writes its id', () => {
    expect(orderIdOfOrder('shop', '4001')).toBe(orderIdOfOrder('shop', toGid('Order', 4001)));
  });

  it('differs between a draft and an order of the same number, and between two shops', () => {
    expect(orderIdOfDraft('shop', '1')).not.toBe(orderIdOfOrder('shop', '1'));
    expect(orderIdOfDraft('shop', '1')).not.toBe(orderIdOfDraft('other', '1'));
  });

  it('reads the number out of a level, which carries its item behind it', () => {
    expect(numericId('gid://shopify/InventoryLevel/5001?inventory_item_id=9001')).toBe('5001');
  });
});
