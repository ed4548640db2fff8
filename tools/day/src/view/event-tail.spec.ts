import { headers, type Msg, type SubscriptionOptions } from '@nats-io/transport-node';
import { EventTail } from './event-tail.js';

/** A tail, and what it hears. */
function aTail(): { tail: EventTail; hear: (id: string) => void } {
  let callback: SubscriptionOptions['callback'];
  const subscribe = (_subject: string, options?: SubscriptionOptions) => {
    callback = options?.callback;
    return {} as never;
  };
  const tail = new EventTail({ subscribe });
  const hear = (id: string): void => {
    const found = headers();
    found.set('ce-id', id);
    found.set('ce-time', '2026-03-02T09:15:04Z');
    found.set('ce-subject', `${id}%20Ltd`);
    void callback?.(null, { subject: 'evt.orders.order-changed.v1', headers: found } as Msg);
  };
  return { tail, hear };
}

it('counts and shows a message once, however often it is sent', () => {
  const { tail, hear } = aTail();
  for (const id of ['first', 'second', 'first', 'second', 'third']) hear(id);
  expect(tail.count()).toBe(3);
  expect(tail.latest()).toHaveLength(3);
  expect(tail.latest()[0]).toMatch(/^09:15:04 {2}evt\.orders\.order-changed\.v1 +first Ltd$/);
});

it('shows the latest eight, and forgets the id of the oldest of ten thousand', () => {
  const { tail, hear } = aTail();
  for (let at = 0; at < 10_001; at += 1) hear(`event-${at}`);
  expect(tail.latest()).toHaveLength(8);
  hear('event-1');
  expect(tail.count()).toBe(10_001);
  hear('event-0');
  expect(tail.count()).toBe(10_002);
});
