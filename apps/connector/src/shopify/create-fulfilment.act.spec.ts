import { Failure, type CreateFulfilment, type FulfilmentCreated } from '@tillbridge/contracts';

import { CreateFulfilmentAct } from './create-fulfilment.act.js';
import { FulfilmentClaims } from './fulfilment-claims.js';
import { aRun, someRefs } from './shop-builders.js';
import type { ShopifyClient } from './shopify.client.js';

describe('telling the platform of a dispatch', () => {
  it('makes one fulfilment of the dispatched units', async () => {
    const shop = new FakeOrder({ tea: 5 });
    expect(await shop.dispatch('d1', { tea: 2 })).toBe('F1');
    expect(shop.remaining).toEqual({ tea: 3 });
  });

  it('makes none when staff have reported it all, and says so by an empty id', async () => {
    const shop = new FakeOrder({ tea: 0 });
    expect(await shop.dispatch('d1', { tea: 2 })).toBe('');
    expect(shop.made).toEqual([]);
  });

  it('finds the one whose answer was lost instead of making a second', async () => {
    const shop = new FakeOrder({ tea: 5 });
    const steps = new Map<string, unknown>();
    shop.loseAnswers = 1;
    await expect(shop.dispatch('d1', { tea: 2 }, { steps })).rejects.toThrow(Failure);
    expect(await shop.dispatch('d1', { tea: 2 }, { steps, attempt: 2 })).toBe('F1');
    expect(shop.remaining).toEqual({ tea: 3 });
  });

  it('makes it after all when the call that got no answer had not arrived', async () => {
    const shop = new FakeOrder({ tea: 5 });
    const steps = new Map<string, unknown>();
    shop.loseCalls = 1;
    await expect(shop.dispatch('d1', { tea: 2 }, { steps })).rejects.toThrow(Failure);
    expect(await shop.dispatch('d1', { tea: 2 }, { steps, attempt: 2 })).toBe('F1');
    expect(shop.remaining).toEqual({ tea: 3 });
  });

  it("does not take another dispatch's fulfilment of the same units for its own", async () => {
    const shop = new FakeOrder({ tea: 5 });
    const steps = new Map<string, unknown>();
    shop.loseCalls = 1;
    await expect(shop.dispatch('d1', { tea: 2 }, { steps })).rejects.toThrow(Failure);
    expect(await shop.dispatch('d2', { tea: 2 })).toBe('F1');
    expect(await shop.dispatch('d1', { tea: 2 }, { steps, attempt: 2 })).toBe('F2');
    expect(shop.remaining).toEqual({ tea: 1 });
  });

  it('is refused for good when the platform does not know the order', async () => {
    const shop = new FakeOrder(null);
    await expect(shop.dispatch('d1', { tea: 2 })).rejects.toMatchObject({ retry: 'never' });
  });
});

/** One order at one place, by the platform's rules: no key, a repeat fulfils again. */
class FakeOrder {
  readonly made: { id: string; lines: Record<string, number> }[] = [];
  private readonly claims = new FulfilmentClaims(someRefs());
  loseAnswers = 0;
  loseCalls = 0;

  constructor(readonly remaining: Record<string, number> | null) {}

  async dispatch(
    dispatchId: string,
    lines: Record<string, number>,
    { attempt = 1, steps = new Map<string, unknown>() } = {},
  ): Promise<string> {
    const client = { send: this.send.bind(this) } as unknown as ShopifyClient;
    const command: CreateFulfilment = {
      dispatchId,
      connectionId: 'shop',
      orderId: '0b6f3c1e-6d1e-4b0a-9c58-3f1e9a2d7f10',
      vendorOrderId: 'gid://shopify/Order/4001',
      lines: Object.entries(lines).map(([lineId, quantity]) => ({ lineId, quantity })),
      carrier: 'DHL',
      trackingNumber: 'T1',
    };
    const act = new CreateFulfilmentAct(client, this.claims);
    const { messages } = await act.perform(command, aRun(attempt, steps));
    const [created] = messages(new Map()) as [FulfilmentCreated];
    return created.fulfilmentId;
  }

  private async send(operation: { name: string }, variables: never): Promise<unknown> {
    switch (operation.name) {
      case 'FulfilmentOrders':
        return { order: this.remaining === null ? null : this.fulfilmentOrders(this.remaining) };
      case 'Fulfilments':
        return {
          order: { fulfillments: this.fulfilments() },
        };
      case 'FulfilmentLines':
        return this.linesOf(variables);
      default:
        return this.create(variables);
    }
  }

  private fulfilmentOrders(remaining: Record<string, number>) {
    const nodes = Object.entries(remaining).map(([line, remainingQuantity]) => ({
      id: line,
      remainingQuantity,
      lineItem: { id: line },
    }));
    const open = {
      id: 'FO1',
      status: 'OPEN',
      assignedLocation: { location: { id: 'A' } },
      lineItems: page(nodes),
    };
    return { fulfillments: this.fulfilments(), fulfillmentOrders: page([open]) };
  }

  private fulfilments() {
    return this.made.map(({ id }) => ({ id, status: 'SUCCESS' }));
  }

  private linesOf({ id }: { id: string }) {
    const { lines } = this.made.find((fulfilment) => fulfilment.id === id)!;
    const nodes = Object.entries(lines).map(([line, quantity]) => ({
      quantity,
      lineItem: { id: line },
    }));
    return { node: { fulfillmentLineItems: page(nodes) } };
  }

  private create({
    fulfillment,
  }: {
    fulfillment: {
      lineItemsByFulfillmentOrder: {
        fulfillmentOrderLineItems: { id: string; quantity: number }[];
      }[];
    };
  }) {
    if (this.loseCalls > 0) {
      this.loseCalls -= 1;
      throw new Failure('vendor-unavailable', { afterMs: 1 }, 'never arrived');
    }
    const lines: Record<string, number> = {};
    for (const { fulfillmentOrderLineItems } of fulfillment.lineItemsByFulfillmentOrder) {
      for (const { id, quantity } of fulfillmentOrderLineItems) {
        lines[id] = quantity;
        this.remaining![id]! -= quantity;
      }
    }
    const id = `F${this.made.length + 1}`;
    this.made.push({ id, lines });
    if (this.loseAnswers > 0) {
      this.loseAnswers -= 1;
      throw new Failure('vendor-unavailable', { afterMs: 1 }, 'lost');
    }
    return { fulfillmentCreate: { fulfillment: { id, status: 'SUCCESS' }, userErrors: [] } };
  }
}

function page<N>(nodes: N[]) {
  return { nodes, pageInfo: { hasNextPage: false, endCursor: null } };
}
