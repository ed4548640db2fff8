import type { MasterStockPage, PosOrderPage } from '@tillbridge/contracts';
import type { SquareConnection } from '@tillbridge/runtime';
import { RateBudget } from '../budget/rate-budget.js';
import type {
  Act,
  EntityKey,
  Feed,
  Observation,
  OrdersQuestion,
  RawWebhook,
  StockQuestion,
  Vendor,
  VendorTools,
  WebhookVerdict,
} from '../vendor.js';
import { AdjustStockAct } from './adjust-stock.act.js';
import { CatalogueFeed } from './catalogue.feed.js';
import { CompleteFulfilmentAct } from './complete-fulfilment.act.js';
import { CustomersFeed } from './customers.feed.js';
import { OrderPages } from './order-pages.js';
import { OrdersFeed } from './orders.feed.js';
import { PostOrderAct } from './post-order.act.js';
import { ReverseOrderAct } from './reverse-order.act.js';
import { SquareLocations } from './square-locations.js';
import { SquareRefs } from './square-refs.js';
import { ensureSubscription } from './square-subscription.js';
import { SquareClient } from './square.client.js';
import { observeCustomer } from './square.observations.js';
import { verifyWebhook } from './square.webhooks.js';
import { StockChanges } from './stock-changes.js';
import { StockPages } from './stock-pages.js';
import { StockFeed } from './stock.feed.js';

/** Catalogue and customers change seldom, and webhooks tell: they are read this much less often. */
const SELDOM = 10;
const SELDOM_MS = 600_000;

/** Each waits for two or three answers: so many keep the allowance busy while a till is slow. */
const ACTS_AT_ONCE = 16;

export function createSquare(connection: SquareConnection, tools: VendorTools): Vendor {
  return new SquareVendor(connection, tools);
}

class SquareVendor implements Vendor {
  readonly feeds: readonly Feed[];
  readonly acts: readonly Act[];
  readonly aside = { feeds: ['orders', 'catalogue', 'customers'], kinds: ['customer'] };
  readonly mapped = { feeds: ['stock'], kinds: ['count'], refs: ['count'] };
  readonly actConcurrency = ACTS_AT_ONCE;
  private readonly client: SquareClient;
  private readonly stock: StockFeed;
  private readonly pages: StockPages;
  private readonly orders: OrderPages;

  constructor(
    readonly connection: SquareConnection,
    tools: VendorTools,
  ) {
    const { id, ordersFrom, pollSeconds, requestsPerSecond } = connection;
    const { clock, timeScale, asker } = tools;
    const perSecond = requestsPerSecond;
    // Calls that leave evenly may arrive together: what was held up must still find room.
    const budget = new RateBudget({ perSecond, burst: perSecond, clock });
    const client = new SquareClient(connection, budget, timeScale);
    const refs = new SquareRefs(tools.refs, tools.configuration.products.renamed);
    const locations = new SquareLocations(tools.configuration, connection);
    const oftenMs = pollSeconds * 1_000;
    const seldomMs = Math.max(oftenMs * SELDOM, SELDOM_MS);
    const catalogue = new CatalogueFeed(client, refs, locations, seldomMs);
    const stock = { client, refs, locations, catalogue, timeScale, clock };
    const changes = new StockChanges(client, refs, locations, clock);
    this.client = client;
    this.stock = new StockFeed(id, ordersFrom, stock, oftenMs);
    this.pages = new StockPages({ client, refs, locations, catalogue });
    this.orders = new OrderPages(client, locations);
    this.feeds = [
      catalogue,
      // Asked for no location Square answers for all of them.
      ...(locations.countedIds.length > 0 ? [this.stock] : []),
      new OrdersFeed(id, ordersFrom, { client, locations, refs, timeScale }, oftenMs),
      new CustomersFeed(id, client, seldomMs),
    ];
    this.acts = [
      new PostOrderAct(connection, { client, refs, locations, asker }),
      new CompleteFulfilmentAct({ client, refs, timeScale }),
      new ReverseOrderAct(id, { client, refs, changes, timeScale }),
      new AdjustStockAct(id, changes),
    ];
  }

  fetchBatch(kind: string): number {
    return kind === 'count' ? 500 : 1;
  }

  /** A customer that is gone or names no platform customer is nothing to tell. */
  async fetch(keys: readonly EntityKey[]): Promise<Observation[]> {
    const ids = (kind: string) => keys.filter((key) => key.kind === kind).map((key) => key.id);
    const observations: Observation[] = [];
    if (ids('count').length > 0) observations.push(...(await this.stock.fetch(ids('count'))));
    for (const id of ids('customer')) {
      const customer = await this.client.customer(id);
      if (customer === undefined) continue;
      observations.push(...[observeCustomer(this.connection.id, customer) ?? []].flat());
    }
    return observations;
  }

  readStock(question: StockQuestion): Promise<MasterStockPage> {
    return this.pages.read(question);
  }

  readOrders(question: OrdersQuestion): Promise<PosOrderPage> {
    return this.orders.read(question);
  }

  verify(webhook: RawWebhook): WebhookVerdict {
    const { webhookUrl: url, webhookSignatureKey: signatureKey } = this.connection;
    return verifyWebhook(webhook, { url, signatureKey });
  }

  connect(): Promise<void> {
    return ensureSubscription(this.client, this.connection);
  }

  callsWaiting(): number {
    return this.client.callsWaiting();
  }

  mayWait(allowed: boolean): void {
    this.client.mayWait(allowed);
  }
}
