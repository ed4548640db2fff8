import { Failure } from '@tillbridge/contracts';
import type { Fulfilment, Order } from './square-model.js';
import type { PostedOrder, SquareRefs } from './square-refs.js';
import type { SquareClient } from './square.client.js';

/** Square bumps an order's version by itself: so often a change is written anew. */
const VERSION_TRIES = 5;
/** Tries before a posting that nobody knows is given up. */
const PATIENCE = 10;

/** @throws Failure `not-found` when Square has shown no such posting for a while. */
export async function findPosting(
  refs: SquareRefs,
  postingId: string,
  { attempt, timeScale }: { readonly attempt: number; readonly timeScale: number },
): Promise<PostedOrder> {
  const posted = await refs.posting(postingId);
  if (posted !== undefined) return posted;
  // After a lost database the orders feed finds it again.
  const retry = attempt < PATIENCE ? { afterMs: 10_000 / timeScale } : 'never';
  throw new Failure('not-found', retry, `no Square order is known for ${postingId}`);
}

/**
 * Changes an order's shipment. `toBody` looks at the order as it is and gives the request, or
 * undefined when there is nothing to do; its key carries the version, since another version is
 * another request.
 *
 * @throws Failure `vendor-conflict` when Square moves the order on again and again.
 */
export async function moveShipment(
  client: SquareClient,
  posOrderId: string,
  toBody: (order: Order, shipment: Fulfilment | undefined) => object | undefined,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const order = await client.order(posOrderId);
    const body = toBody(order, order.fulfillments?.[0]);
    if (body === undefined) return;
    try {
      await client.put(`/v2/orders/${posOrderId}`, body);
      return;
    } catch (error) {
      const moved = error instanceof Failure && error.code === 'vendor-conflict';
      if (!moved || attempt === VERSION_TRIES) throw error;
    }
  }
}
