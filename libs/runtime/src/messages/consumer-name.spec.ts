import { OrderPosted, PostOrder, RecordDispatch, ReplayDeadLetters } from '@tillbridge/contracts';
import { consumerName } from './consumer-name.js';

describe('the durable consumer', () => {
  it('of an event is named for the service and the subject', () => {
    expect(consumerName('orders', OrderPosted)).toBe('orders-pos-order-posted-v1');
  });

  it('of a command is named for the connection too', () => {
    expect(consumerName('connector', PostOrder, 'tills')).toBe('connector-tills-post-order-v1');
    expect(() => consumerName('connector', PostOrder)).toThrow('PostOrder');
  });

  it('of what every service takes itself, or one is told, is named for the service', () => {
    expect(consumerName('orders', RecordDispatch)).toBe('orders-record-dispatch-v1');
    expect(consumerName('orders', ReplayDeadLetters)).toBe('orders-replay-dead-letters-v1');
  });
});
