import { Failure } from '@tillbridge/contracts';

import type { Ref, Refs } from '../vendor.js';
import type { CompletedDrafts, DraftLink, DraftNode, OrderNode } from './shopify.answers.js';
import { cartIdOf } from './order-header.js';
import type { ShopifyClient } from './shopify.client.js';
import { SHOPIFY } from './shopify.capabilities.js';
import { COMPLETED_DRAFTS, DRAFT_LINKS } from './shopify.documents.js';

/** How the platform marks an order that was completed from a draft. */
const FROM_DRAFT = 'shopify_draft_order';
const DRAFT_OF_ORDER = 'draft-of-order';
const DRAFTS_OF_CART = 'draft-by-cart';
const KEEP_DAYS = 400;
/** The platform's search runs behind its books; so long an unfound draft is waited for. */
const SEARCH_LAG_MS = 60_000;
const CLOCK_SLACK_MS = 5_000;
const SEARCH_PAGES = 20;
const ASK_AGAIN_MS = 2_000;

/**
 * Which draft an order was. An order must be known by its draft before anybody is told of it, or
 * one purchase would be promised twice.
 */
export class DraftLinks {
  constructor(
    private readonly client: ShopifyClient,
    private readonly refs: Refs,
    private readonly options: { timeScale: number; clock: { now(): number } },
  ) {}

  /** Remembers what drafts tell of themselves: their cart and, once completed, their order. */
  async remember(drafts: readonly DraftNode[]): Promise<void> {
    const refs = [...drafts.flatMap(toLinkRefs), ...(await this.toCartRefs(drafts))];
    if (refs.length > 0) await this.refs.put(refs);
  }

  /**
   * Draft ids by order id, of those of the orders that began as a draft.
   * @throws Failure `not-ready` while the draft of a new order cannot be found yet.
   */
  async draftsOf(orders: readonly OrderNode[]): Promise<Map<string, string>> {
    const open = orders.filter(({ sourceName }) => sourceName === FROM_DRAFT);
    if (open.length === 0) return new Map();
    const found = await this.refs.get<string>(
      DRAFT_OF_ORDER,
      open.map(({ id }) => id),
    );
    const links = new Map(found);
    await this.findByCart(missing(open, links), links);
    await this.findBySearch(missing(open, links), links);
    const fresh = [...links].filter(([orderId]) => !found.has(orderId));
    if (fresh.length > 0) await this.refs.put(fresh.map(([order, draft]) => toRef(order, draft)));
    this.refuseYoung(missing(open, links));
    return links;
  }

  /** A draft read by its id is as it is now, which a search result is not. */
  private async findByCart(orders: readonly OrderNode[], links: Map<string, string>) {
    const carts = orders.map(cartIdOf).filter((cartId) => cartId !== undefined);
    if (carts.length === 0) return;
    const drafts = await this.refs.get<string[]>(DRAFTS_OF_CART, carts);
    const ids = [...drafts.values()].flat().slice(0, SHOPIFY.listInput);
    if (ids.length === 0) return;
    const { nodes } = await this.client.send(DRAFT_LINKS, { ids });
    for (const draft of nodes) addLink(links, orders, draft);
  }

  /** A draft is last touched when it is completed, so not before its order was made. */
  private async findBySearch(orders: readonly OrderNode[], links: Map<string, string>) {
    if (orders.length === 0) return;
    const oldest = Math.min(...orders.map(({ createdAt }) => Date.parse(createdAt)));
    const since = new Date(oldest - CLOCK_SLACK_MS).toISOString();
    const query = `status:completed updated_at:>='${since}'`;
    let after: string | null = null;
    for (let page = 0; page < SEARCH_PAGES; page += 1) {
      const answer: CompletedDrafts = await this.client.send(COMPLETED_DRAFTS, { query, after });
      const { draftOrders } = answer;
      for (const draft of draftOrders.nodes) addLink(links, orders, draft);
      const last = draftOrders.nodes.at(-1);
      const passed = last === undefined || Date.parse(last.updatedAt) < Date.parse(since);
      after = draftOrders.pageInfo.endCursor;
      if (passed || !draftOrders.pageInfo.hasNextPage) return;
      if (missing(orders, links).length === 0) return;
    }
  }

  /** An older order whose draft is nowhere goes by its own id: the draft was deleted after it. */
  private refuseYoung(orders: readonly OrderNode[]): void {
    const now = this.options.clock.now();
    const lag = SEARCH_LAG_MS / this.options.timeScale;
    const young = orders.find(({ createdAt }) => now - Date.parse(createdAt) < lag);
    if (young === undefined) return;
    const afterMs = Math.max(50, Math.round(ASK_AGAIN_MS / this.options.timeScale));
    throw new Failure('not-ready', { afterMs }, `the draft of ${young.name} is not found yet`);
  }

  private async toCartRefs(drafts: readonly DraftNode[]): Promise<Ref[]> {
    const carts = drafts.flatMap((draft) => {
      const cartId = cartIdOf(draft);
      return cartId === undefined ? [] : [{ cartId, draftId: draft.id }];
    });
    if (carts.length === 0) return [];
    const known = await this.refs.get<string[]>(
      DRAFTS_OF_CART,
      carts.map(({ cartId }) => cartId),
    );
    const byCart = new Map([...known].map(([cartId, ids]) => [cartId, new Set(ids)]));
    const changed = new Set<string>();
    for (const { cartId, draftId } of carts) {
      const ids = byCart.get(cartId) ?? new Set<string>();
      byCart.set(cartId, ids);
      if (!ids.has(draftId)) changed.add(cartId);
      ids.add(draftId);
    }
    return [...changed].map((key) => ({
      kind: DRAFTS_OF_CART,
      key,
      value: [...(byCart.get(key) ?? [])],
      keepDays: KEEP_DAYS,
    }));
  }
}

function missing(orders: readonly OrderNode[], links: ReadonlyMap<string, string>): OrderNode[] {
  return orders.filter(({ id }) => !links.has(id));
}

function addLink(
  links: Map<string, string>,
  orders: readonly OrderNode[],
  draft: DraftLink | null,
): void {
  const orderId = draft?.order?.id;
  if (draft === null || orderId === undefined) return;
  if (orders.some(({ id }) => id === orderId)) links.set(orderId, draft.id);
}

function toLinkRefs(draft: DraftNode): Ref[] {
  return draft.order === null ? [] : [toRef(draft.order.id, draft.id)];
}

function toRef(orderId: string, draftId: string): Ref {
  return { kind: DRAFT_OF_ORDER, key: orderId, value: draftId, keepDays: KEEP_DAYS };
}
