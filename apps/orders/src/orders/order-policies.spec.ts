import { Agreed, type Configuration } from '@tillbridge/runtime';
import { OrderPolicies } from './order-policies.js';
import { CONFIGURATION_OF_SPECS } from './orders-world.js';

it('a channel has its own times where the merchant set some, and else those of all', () => {
  const configuration = {
    ...CONFIGURATION_OF_SPECS,
    agreed: Object.assign(new Agreed(), { closeMinutes: 99 }),
    connections: CONFIGURATION_OF_SPECS.connections.map((connection) =>
      connection.id === 'shop' ? { ...connection, agreed: { postMinutes: 7 } } : connection,
    ),
  } as unknown as Configuration;
  const policies = new OrderPolicies(configuration);
  const [shop, unknown] = ['shop', 'gone'].map((id) => policies.policyOf(id).agreed);
  expect(shop).toMatchObject({ postMinutes: 7, closeMinutes: 99 });
  expect(unknown).toMatchObject({ postMinutes: new Agreed().postMinutes, closeMinutes: 99 });
});
