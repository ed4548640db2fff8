import { Failure, OrderPosted, OrderRefused, PostOrder } from '@tillbridge/contracts';
import type { SquareConnection } from '@tillbridge/runtime';
import type { Act, ActResult, ActRun, Questions } from '../vendor.js';
import { toCreateOrder, toCreatePayment, type OrderFacts } from './pos-order-body.js';
import type { Order } from './square-model.js';
import type { SquareLocations } from './square-locations.js';
import { orderRef, postingRef, type SquareRefs } from './square-refs.js';
import type { SquareClient } from './square.client.js';
import { TicketFacts } from './ticket-facts.js';

interface CreatedOrder {
  readonly id: string;
  readonly totalMinor: number;
  /** The request that records its payment, kept with the order: a write less. */
  readonly payment: ReturnType<typeof toCreatePayment>;
}

/**
 * Posts an order in two recorded steps: create it open with a shipment proposed, then record one
 * external payment over all of it. Stock leaves at the payment, at one known moment; settling the
 * debt later never touches Square.
 */
export class PostOrderAct implements Act<PostOrder> {
  readonly command = PostOrder;
  private readonly facts: TicketFacts;

  constructor(
    private readonly connection: SquareConnection,
    private readonly parts: {
      readonly client: SquareClient;
      readonly refs: SquareRefs;
      readonly locations: SquareLocations;
      readonly asker: Questions;
    },
  ) {
    this.facts = new TicketFacts(connection.id, parts);
  }

  async perform(command: PostOrder, run: ActRun): Promise<ActResult> {
    const { client } = this.parts;
    const body = await run.fixed('order', async () =>
      toCreateOrder(command, await this.lookUp(command), this.connection.poNumberTo),
    );
    const { location_id: vendorLocationId, customer_id: customerId } = body.order;
    const created = await run.step('create', async (): Promise<CreatedOrder> => {
      const { order } = await client.post<{ order: Order }>('/v2/orders', body);
      const { id, total_money: total } = order;
      const payment = toCreatePayment(command, { id, vendorLocationId }, customerId);
      return { id, totalMinor: total?.amount ?? 0, payment };
    });
    const paymentId = await this.orWithdraw(created, run, async () => {
      if (created.totalMinor !== command.totalMinor) {
        const totals = `${created.totalMinor} in Square, ${command.totalMinor} here`;
        throw new Failure('vendor-refused', 'never', `the total of the order differs: ${totals}`);
      }
      return run.step('pay', () => this.pay(created));
    });
    const posted = { posOrderId: created.id, ...(paymentId ? { paymentId } : {}) };
    return {
      messages: () => [this.toPosted(command, created)],
      refs: [orderRef(created.id, command), postingRef(command.postingId, posted)],
    };
  }

  refused(command: PostOrder, failure: Failure): object[] {
    const code = failure.code === 'not-found' ? 'unmapped-sku' : 'vendor-refused';
    return [this.toRefused(command, code, failure.message)];
  }

  notSent(command: PostOrder): object[] {
    return [this.toRefused(command, 'observe', 'the connection only observes')];
  }

  /** @throws Failure `not-found` when the catalogue has no such SKU. */
  private async lookUp(command: PostOrder): Promise<OrderFacts> {
    const { locations } = this.parts;
    const vendorLocationId = locations.vendorId(command.locationId);
    if (vendorLocationId === undefined) {
      const what = `location '${command.locationId}' is no location of '${this.connection.id}'`;
      throw new Failure('configuration', 'never', what);
    }
    const skus = [...new Set(command.lines.flatMap((line) => line.sku ?? []))];
    const variations = await this.facts.variations(skus);
    const unknown = skus.filter((sku) => !variations.has(sku));
    if (unknown.length > 0) {
      const what = `the Square catalogue has no SKU ${unknown.slice(0, 20).join(', ')}`;
      throw new Failure('not-found', 'never', what);
    }
    const { orderId, storefrontConnectionId, customerId } = command;
    const [text, posCustomerId] = await Promise.all([
      this.facts.text(orderId),
      customerId === undefined
        ? null
        : this.facts.posCustomer({ storefrontConnectionId, customerId }),
    ]);
    return { vendorLocationId, variations, text, ...(posCustomerId ? { posCustomerId } : {}) };
  }

  /** The payment's id; null when there was nothing to pay. */
  private async pay({ id, totalMinor, payment }: CreatedOrder): Promise<string | null> {
    const { client } = this.parts;
    if (totalMinor === 0) {
      const body = { idempotency_key: payment.idempotency_key, payment_ids: [] };
      await client.post(`/v2/orders/${id}/pay`, body);
      return null;
    }
    const answer = await client.post<{ payment: { id: string } }>('/v2/payments', payment);
    return answer.payment.id;
  }

  /** An order that will never be paid must not stay in front of the staff. */
  private async orWithdraw<T>(
    created: CreatedOrder,
    run: ActRun,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Failure) || error.retry !== 'never') throw error;
      await run.step('withdraw', () => this.withdraw(created.id));
      throw error;
    }
  }

  private async withdraw(id: string): Promise<string> {
    const { client } = this.parts;
    const order = await client.order(id);
    const { version, location_id, state } = order;
    if (state !== 'OPEN') return state;
    const fulfillments = (order.fulfillments ?? []).map(({ uid }) => ({ uid, state: 'CANCELED' }));
    const change = { location_id, version, state: 'CANCELED', fulfillments };
    try {
      await client.put(`/v2/orders/${id}`, {
        idempotency_key: `tb-withdraw-${id}-v${version}`,
        order: change,
      });
      return 'CANCELED';
    } catch (error) {
      // The refusal that led here is what people have to read; they find the order by its name.
      if (error instanceof Failure && error.retry === 'never') return `left ${state}`;
      throw error;
    }
  }

  private toPosted(command: PostOrder, created: CreatedOrder): OrderPosted {
    const { postingId, orderId, locationId } = command;
    return Object.assign(new OrderPosted(), {
      postingId,
      connectionId: this.connection.id,
      orderId,
      locationId,
      posOrderId: created.id,
      paidMinor: created.totalMinor,
    });
  }

  private toRefused(command: PostOrder, code: OrderRefused['code'], reason: string): OrderRefused {
    const { postingId, orderId } = command;
    return Object.assign(new OrderRefused(), {
      postingId,
      connectionId: this.connection.id,
      orderId,
      code,
      reason,
    });
  }
}
