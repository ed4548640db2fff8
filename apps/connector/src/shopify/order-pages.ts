import { ListedTradeOrder, type TradeOrderPage } from '@tillbridge/contracts';
import type { OrdersQuestion } from '../vendor.js';
import { isTrade } from './order-header.js';
import { PATIENT, type ShopifyClient } from './shopify.client.js';
import { LISTED_ORDERS } from './shopify.documents.js';

/** The platform's trade orders, a page of all its orders at a time. Retail ones are passed over. */
export class OrderPages {
  constructor(private readonly client: ShopifyClient) {}

  async read({ since, after }: OrdersQuestion): Promise<TradeOrderPage> {
    const query = since === undefined ? '' : `created_at:>='${since}'`;
    const { listed } = await this.client.send(
      LISTED_ORDERS,
      { query, after: after ?? null },
      PATIENT,
    );
    const { hasNextPage, endCursor } = listed.pageInfo;
    const orders = listed.nodes
      .filter(isTrade)
      .map(({ id, name, createdAt }) =>
        Object.assign(new ListedTradeOrder(), { vendorId: id, name, createdAt }),
      );
    return { orders, ...(hasNextPage && endCursor !== null ? { next: endCursor } : {}) };
  }
}
