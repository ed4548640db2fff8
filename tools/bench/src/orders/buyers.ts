import { SHOP } from '../bench-configuration.js';
import { Load } from '../ingress/load.js';
import { signedWebhook } from '../ingress/signed-webhooks.js';
import { platformIdOf } from './canned-shop.js';
import { madeOrder } from './made-orders.js';

/** Places orders in the shop, one after the other, each told by one webhook. */
export class Buyers {
  /** When the webhook of each order was due, by the order's number and `performance.now`. */
  readonly dueMs: number[] = [];
  private readonly load: Load;

  constructor(connectorUrl: string) {
    this.load = new Load(connectorUrl, `/webhooks/${SHOP.connection}`, (dueMs) => {
      const number = this.dueMs.push(dueMs) - 1;
      return signedWebhook('orders/create', webhookBody(number));
    });
  }

  /** @throws Error when a webhook was not answered: no order that was told of may be lost. */
  async place(orders: number, perSecond: number): Promise<void> {
    const { errors } = await this.load.paced(perSecond, orders / perSecond);
    if (errors > 0) throw new Error(`${errors} webhooks were refused`);
  }

  close(): Promise<void> {
    return this.load.close();
  }
}

/** As the platform tells it; the hub takes the id from it and reads the rest. */
function webhookBody(number: number): string {
  const { name, poNumber, customer, lines, totalMinor } = madeOrder(number);
  const id = platformIdOf(number);
  return JSON.stringify({
    id,
    admin_graphql_api_id: `gid://shopify/Order/${id}`,
    name,
    po_number: poNumber,
    currency: 'GBP',
    financial_status: 'pending',
    tags: 'b2b',
    updated_at: new Date().toISOString(),
    total_price: (totalMinor / 100).toFixed(2),
    customer: { id: customer },
    line_items: lines.map(({ sku, units, unitMinor }, line) => ({
      id: id * 100 + line,
      sku,
      quantity: units,
      price: (unitMinor / 100).toFixed(2),
      title: `A thing called ${sku}`,
      fulfillment_status: null,
    })),
  });
}
