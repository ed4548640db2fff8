import {
  AskDeliveryTexts,
  AskPosCustomers,
  Failure,
  type OrderTexts,
  type PlatformCustomer,
  type PosCustomers,
} from '@tillbridge/contracts';
import { SharedWork } from '../sharing/shared-work.js';
import type { Questions } from '../vendor.js';
import type { OrderFacts } from './pos-order-body.js';
import type { SquareRefs } from './square-refs.js';

/** Of what is under way, should it hang: then there is a question of its own. */
const LONGEST_MS = 100;

/** What a ticket needs besides its command. Orders that are posted side by side ask together. */
export class TicketFacts {
  private readonly texts: SharedWork<string, OrderFacts['text']>;
  private readonly customers: SharedWork<PlatformCustomer, string | null>;
  private readonly known: SharedWork<readonly string[], Map<string, string>>;

  constructor(connectionId: string, parts: { asker: Questions; refs: SquareRefs }) {
    const { asker, refs } = parts;
    this.texts = new SharedWork(async (orderIds) => {
      const question = Object.assign(new AskDeliveryTexts(), { orderIds });
      const { texts } = await asker.ask<OrderTexts>(question);
      const byId = new Map(texts.map((text) => [text.orderId, text]));
      return orderIds.map((orderId) => byId.get(orderId) ?? {});
    }, LONGEST_MS);
    this.customers = new SharedWork(async (customers) => {
      const about = { customers, posConnectionId: connectionId };
      const question = Object.assign(new AskPosCustomers(), about);
      return (await asker.ask<PosCustomers>(question)).posCustomerIds;
    }, LONGEST_MS);
    this.known = new SharedWork(async (wanted) => {
      const variations = await refs.variations([...new Set(wanted.flat())]);
      return wanted.map(() => variations);
    }, LONGEST_MS);
  }

  /** Variation ids by SKU, of these SKUs and of others; what the catalogue lacks is missing. */
  variations(skus: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.known.add(skus);
  }

  /** Words that nobody has are no reason to leave an order unposted; silence is one to wait. */
  text(orderId: string): Promise<OrderFacts['text']> {
    return unlessUnknown<OrderFacts['text']>(this.texts.add(orderId), {});
  }

  /** Null when there is no such customer in the POS. */
  posCustomer(customer: PlatformCustomer): Promise<string | null> {
    return unlessUnknown(this.customers.add(customer), null);
  }
}

async function unlessUnknown<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Failure && error.retry === 'never') return otherwise;
    throw error;
  }
}
